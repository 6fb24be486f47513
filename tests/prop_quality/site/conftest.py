"""A site of real pages, and a real browser to read it with."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Dialog, Page, sync_playwright

from prop_quality.site import build_site, serve
from tests.prop_quality.site.nights import NOW, catalogue, incident, season, store

ROOT = Path(__file__).parents[3]
WIDTHS = (320, 768, 1280, 1920)


@dataclass(frozen=True)
class Demo:
    """A site of forty nights: the incident last. `pages` has one page of each kind."""

    state: Path
    site: Path
    pages: dict[str, str]


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Demo:
    base = tmp_path_factory.mktemp("demo")
    state, site = base / "state", base / "a site"
    store(state, *season(30, 2, date(2026, 1, 8)))
    verdicts = store(state, *incident())
    build_site(state, site, catalogue(), now=NOW)
    pages = {
        "now": "index.html",
        "run": f"runs/2026-01/{verdicts[-1].run_id}.html",
        "undecided run": f"runs/2026-01/{verdicts[8].run_id}.html",
        "date": "dates/2026-01/2026-01-12.html",
        "month of runs": "runs/2026-01/index.html",
        "month of dates": "dates/2026-01/index.html",
        "history": "history.html",
        "system": "systems/catboost_v8.html",
        "systems": "systems/index.html",
        "check": "checks/line_not_placeholder.html",
        "suites": "suites.html",
        "waivers": "waivers.html",
    }
    return Demo(state, site, pages)


@pytest.fixture(scope="session")
def served(demo: Demo) -> Iterator[str]:
    """The address that the demo site's folder has on loopback, with a trailing slash."""
    with serve(demo.site) as address:
        yield address.removesuffix("index.html")


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    found = subprocess.run([ROOT / "scripts/browser"], capture_output=True, text=True, timeout=600)
    if found.returncode:
        pytest.fail(found.stderr.strip())
    with sync_playwright() as playwright:
        # Chromium's own sandbox does not run as root in a container; the pages come from this repository alone.
        launched = playwright.chromium.launch(executable_path=found.stdout.strip(), args=["--no-sandbox"])
        yield launched
        launched.close()


@dataclass
class Watched:
    """A page with everything that it complained of or asked for."""

    page: Page
    complaints: list[str]
    requests: list[str]


def watch(page: Page) -> Watched:
    """Listen to `page`: console, errors, dialogs, requests that failed, addresses that were asked for."""
    watched = Watched(page, [], [])

    def refuse(dialog: Dialog) -> None:
        watched.complaints.append(f"dialog: {dialog.message}")
        dialog.dismiss()

    page.on("console", lambda m: watched.complaints.append(m.text) if m.type in ("error", "warning") else None)
    page.on("pageerror", lambda error: watched.complaints.append(str(error)))
    page.on("dialog", refuse)
    page.on("requestfailed", lambda request: watched.complaints.append(f"failed: {request.url}"))
    page.on("request", lambda request: watched.requests.append(request.url))
    return watched


KINDS = (
    "now", "run", "undecided run", "date", "month of runs", "month of dates", "history",
    "system", "systems", "check", "suites", "waivers",
)  # fmt: skip
