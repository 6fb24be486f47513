"""A site of real pages, and a real browser to read it with."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

import pytest
from filelock import FileLock
from playwright.sync_api import Browser, Dialog, Page, Request, sync_playwright

from prop_quality.site import build_site
from prop_quality.site.serve import serve
from tests.prop_quality.site.nights import NOW, catalogue, incident, season, store, store_verdict
from tests.prop_quality.site.ranges import ranged, watched

ROOT = Path(__file__).parents[3]
WIDTHS = (320, 768, 1280, 1920)


@dataclass(frozen=True)
class Demo:
    """A site of forty runs: the incident last, a range and a watch among them. `pages` has one page of each kind."""

    state: Path
    site: Path
    pages: dict[str, str]


def store_demo(state: Path) -> dict[str, str]:
    """Store the runs of `Demo`; returns its pages."""
    store(state, *season(25, 2, date(2026, 1, 8)))
    days = [date(2025, 12, 24) + timedelta(days=n) for n in range(16)]
    whole = store_verdict(state, ranged(days, NOW - timedelta(hours=3), failing=days[5], warned=days[9]))
    seen = store_verdict(state, watched(date(2026, 1, 16), NOW - timedelta(minutes=10)))
    verdicts = store(state, *incident())
    return {
        "now": "index.html",
        "run": f"runs/2026-01/{verdicts[-1].run_id}.html",
        "undecided run": f"runs/2026-01/{verdicts[8].run_id}.html",
        "range": f"runs/2026-01/{whole.run_id}.html",
        "watch": f"runs/2026-01/{seen.run_id}.html",
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


KINDS = (
    "now", "run", "undecided run", "range", "watch", "date", "month of runs", "month of dates", "history",
    "system", "systems", "check", "suites", "waivers",
)  # fmt: skip


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Demo:
    base = tmp_path_factory.mktemp("demo")
    state, site = base / "state", base / "a site"
    pages = store_demo(state)
    build_site(state, site, catalogue(), now=NOW)
    return Demo(state, site, pages)


@pytest.fixture(scope="session")
def served(demo: Demo) -> Iterator[str]:
    """The address that the demo site's folder has on loopback, with a trailing slash."""
    with serve(demo.site) as address:
        yield address.removesuffix("index.html")


@dataclass(frozen=True)
class Real:
    """What `prop-quality demo --site DIR --serve` left, and where it is served now."""

    state: Path
    site: Path
    address: str


@pytest.fixture(scope="session")
def real(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Iterator[Real]:
    """The demo as a user runs it, served until Ctrl-C; run by one worker for all, each of which serves its site."""
    shared = tmp_path_factory.getbasetemp()
    base = (shared if worker_id == "master" else shared.parent) / "real"
    with FileLock(f"{base}.lock"):
        if not (base / "ended well").exists():
            shutil.rmtree(base, ignore_errors=True)
            run_demo(base)
            (base / "ended well").touch()
    with serve(base / "site") as address:
        yield Real(base / "state", base / "site", address.removesuffix("index.html"))


def run_demo(base: Path) -> None:
    """The demo with its state and its site in `base`."""
    base.mkdir()
    command = [
        sys.executable,
        "-c",
        "from prop_quality.cli import main; main()",
        "demo",
        "--site",
        str(base / "site"),
        "--serve",
    ]
    environment = os.environ | {"PROP_QUALITY_STATE_DIR": str(base / "state"), "PYTHONUNBUFFERED": "1"}
    with subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        said = ""
        for line in process.stdout:
            said += line
            if "(Ctrl-C ends it)" in line:
                break
        assert "(Ctrl-C ends it)" in said, said
        with urllib.request.urlopen(said.splitlines()[-1].split()[0], timeout=30) as page:
            assert page.status == 200
        process.send_signal(signal.SIGINT)
        assert process.wait(timeout=30) == 0


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


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    yield context.new_page()
    context.close()


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

    def failed(request: Request) -> None:
        # An icon that had not come when the page was left is no failure; what the policy refuses fails as "csp".
        if request.failure != "net::ERR_ABORTED":
            watched.complaints.append(f"failed: {request.url}: {request.failure}")

    page.on("console", lambda m: watched.complaints.append(m.text) if m.type in ("error", "warning") else None)
    page.on("pageerror", lambda error: watched.complaints.append(str(error)))
    page.on("dialog", refuse)
    page.on("requestfailed", failed)
    page.on("request", lambda request: watched.requests.append(request.url))
    return watched
