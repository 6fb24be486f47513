"""Pages that say what is required and what is excused, from the catalogue."""

from __future__ import annotations

from prop_quality.site.render import render
from prop_quality.site.shards import Known
from prop_quality.suite import Catalogue


def suites_page(catalogue: Catalogue, known: Known) -> tuple[str, str]:
    """What each suite requires, as (path, content); checks that only verdicts know stand at its end."""
    documented = {check.id for suite in catalogue.suites for check in suite.checks}
    path = "suites.html"
    values = {"suites": catalogue.suites, "total": len(documented), "registry": catalogue.registry}
    values["strays"] = sorted(set(known.checks) - documented)
    return path, render("suites.html.j2", path, here="Suites and checks", **values)


def waivers_page(catalogue: Catalogue) -> tuple[str, str]:
    """The waivers, active and expired, as (path, content)."""
    active = [waiver for waiver in catalogue.waivers if not waiver.expired]
    expired = [waiver for waiver in catalogue.waivers if waiver.expired]
    path = "waivers.html"
    return path, render("waivers.html.j2", path, here="Waivers", active=active, expired=expired)
