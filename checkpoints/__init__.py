"""When the table is checked: after each batch, over a range of dates, and on a watch that notices silence."""

from dataclasses import replace
from datetime import datetime
from pathlib import Path

import expectations
from expectations.suites import SUITES, WATCH
from prop_quality.catalogue import columns_of, read_catalogue, sources_of
from prop_quality.registry import load_registry
from prop_quality.suite import Catalogue, Check
from prop_quality.waivers import Waiver, load_waivers

REGISTRY = load_registry(expectations.FOLDER / "systems.yml")
WAIVERS_FILE = expectations.FOLDER / "waivers.yml"


def known_checks() -> frozenset[str]:
    """The ids of all checks of all suites."""
    return frozenset(check.id for suite in SUITES for check in suite.checks if isinstance(check, Check))


def waivers(path: Path = WAIVERS_FILE) -> tuple[Waiver, ...]:
    """The waivers in force and those that have expired."""
    return load_waivers(path, known_checks())


def catalogue(now: datetime) -> Catalogue:
    """The suites, the pages of their checks, and the waivers as they stand at `now`."""
    known = known_checks()
    own = tuple(check for check in WATCH.checks if isinstance(check, Check) and check.id not in known)
    suites = (*SUITES, replace(WATCH, checks=own))
    return read_catalogue(suites, expectations.FOLDER, waivers(), now, REGISTRY)


def column_readers() -> dict[str, tuple[tuple[str, str], ...]]:
    """For each column of the predictions table, the checks that read it, as (check id, suite)."""
    found: dict[str, list[tuple[str, str]]] = {}
    for suite in SUITES:
        for check in suite.checks:
            if isinstance(check, Check):
                for column in columns_of(expectations.FOLDER / f"{check.id}.py", check):
                    found.setdefault(column, []).append((check.id, suite.name))
    return {column: tuple(readers) for column, readers in found.items()}


def source_readers() -> dict[str, tuple[tuple[str, str], ...]]:
    """For each further source, `roster` (the context table) and `book_lines` among them, the checks that read it."""
    found: dict[str, list[tuple[str, str]]] = {}
    for suite in SUITES:
        for check in suite.checks:
            if isinstance(check, Check):
                for source in sources_of(expectations.FOLDER / f"{check.id}.py"):
                    found.setdefault(source, []).append((check.id, suite.name))
    return {source: tuple(readers) for source, readers in found.items()}
