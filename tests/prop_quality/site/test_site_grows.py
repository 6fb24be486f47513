"""One more run costs the same after many runs; old pages stay as they were; the front page has an upper bound."""

from __future__ import annotations

import dataclasses
import json
import re
import xml.etree.ElementTree as ET
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest

from prop_quality.site import build_site
from prop_quality.site.builder import Published
from prop_quality.site.history_pages import history_pages
from prop_quality.site.shards import Known
from prop_quality.suite import Catalogue
from prop_quality.verdict import DateVerdict, Outcome
from tests.prop_quality.site.conftest import KINDS, Demo
from tests.prop_quality.site.nights import NOW, Night, catalogue, incident, season, store, store_verdict, verdict_of
from tests.prop_quality.site.test_site_is_never_half import broken_links

GOLDEN = Path(__file__).parent / "golden"
# Besides one page of each kind.
OTHERS = ("dates/2026-01/2026-01-09.html", "checks/rows_fresh.html", "feed.atom", "status.json", "badge.svg")


def one_more_after(state: Path, site: Path, night: Night) -> tuple[Published, list[str]]:
    """What publishing `night` wrote, and the run pages of before that changed."""
    before = {path: path.stat().st_mtime_ns for path in site.glob("runs/*/2*.html")}
    store(state, night)
    done = build_site(state, site, catalogue(), now=NOW)
    return done, [path.name for path, at in before.items() if path.stat().st_mtime_ns != at]


def test_one_more_run_costs_the_same_after_a_hundred_and_after_two_hundred(tmp_path: Path) -> None:
    state, site = tmp_path / "state", tmp_path / "site"
    store(state, *season(100, 1, date(2026, 1, 15)))
    assert build_site(state, site, catalogue(), now=NOW).runs_added == 100
    few, changed_few = one_more_after(state, site, Night(date(2026, 1, 16), NOW - timedelta(hours=5)))
    store(state, *season(99, 1, date(2026, 1, 15) - timedelta(days=100)))
    assert build_site(state, site, catalogue(), now=NOW).runs_added == 99
    many, changed_many = one_more_after(state, site, Night(date(2026, 1, 17), NOW - timedelta(hours=4)))
    assert changed_few == changed_many == []
    assert few.runs_added == many.runs_added == 1
    assert abs(many.files_written - few.files_written) <= 3, "which checks failed lately may differ, history may not"
    assert abs(many.bytes_written - few.bytes_written) <= 0.1 * few.bytes_written
    assert many.index.stat().st_size <= 200_000


def history_of(years: int) -> dict[str, str]:
    months = [f"{2026 - n // 12}-{12 - n % 12:02d}" for n in range(12 * years)]
    return dict(history_pages(Known({m: {"good": 120} for m in months}, {m: {"good": 30} for m in months})))


def test_the_list_of_months_is_as_long_after_ten_years_as_after_three(tmp_path: Path) -> None:
    few, many = history_of(3), history_of(10)
    assert len(many["history.html"]) - len(few["history.html"]) < 400, "the names of seven more years"
    assert few["history/2024.html"].replace("2024", "2017") == many["history/2017.html"]
    linked = [m for page in many.values() for m in re.findall(r'href="(?:\.\./)?runs/(\d{4}-\d\d)/', page)]
    assert len(linked) == len(set(linked)) == 120
    store(tmp_path / "state", *season(3, 1, date(2023, 5, 2)), *season(3, 1, date(2025, 1, 2)), incident()[0])
    build_site(tmp_path / "state", tmp_path / "site", catalogue(), now=NOW)
    assert broken_links(tmp_path / "site", ["history.html", "history/2023.html"]) == []
    assert 'href="history/2023.html"' in (tmp_path / "site/history.html").read_text()


def test_the_front_page_stays_under_200_kilobytes_whatever_comes(
    tmp_path: Path,
) -> None:
    state = tmp_path / "state"
    names = [f"system_{number:03d}_" + "x" * 300 for number in range(100)]
    for number in range(0, 95, 8):
        day = date(2026, 1, 16) - timedelta(days=number)
        verdict = verdict_of(Night(day, NOW - timedelta(days=number), failing=("rows_fresh", "pairs_covered")))
        coverage = tuple(dataclasses.replace(verdict.coverage[0], system_id=name) for name in names)
        checks = tuple(
            dataclasses.replace(c, id=f"{c.id}_{i}_{'y' * 200}", reason="<&>" * 4000)
            for i in range(4)
            for c in verdict.checks
        )
        store_verdict(state, dataclasses.replace(verdict, coverage=coverage, checks=checks, summary="&" * 9000))
    build_site(state, tmp_path / "site", Catalogue(()), now=NOW)
    content = (tmp_path / "site/index.html").read_text()
    assert broken_links(tmp_path / "site", ["index.html", *list_of_runs(tmp_path / "site")[:2]]) == []
    assert len(content.encode()) <= 200_000
    assert content.rstrip().endswith("</html>")


def list_of_runs(site: Path) -> list[str]:
    return sorted(path.relative_to(site).as_posix() for path in site.glob("runs/*/2*.html"))


def test_a_range_of_a_year_fills_its_months_and_its_page_stays_readable(tmp_path: Path) -> None:
    one = verdict_of(incident()[0])
    days = [date(2025, 1, 10) + timedelta(days=number) for number in range(365)]
    coverage = tuple(dataclasses.replace(c, game_date=day) for day in days for c in one.coverage)
    dates = tuple(DateVerdict(day, Outcome.PASSED, (), 500) for day in days)
    batch = dataclasses.replace(one.batch, game_dates=tuple(days))
    whole = dataclasses.replace(one, checkpoint="date_range", coverage=coverage, dates=dates, batch=batch)
    store_verdict(tmp_path / "state", whole)
    build_site(tmp_path / "state", tmp_path / "site", catalogue(), now=NOW)
    assert len(list(tmp_path.glob("site/dates/*/20*.html"))) == 365
    page = f"runs/2026-01/{whole.run_id}.html"
    assert (tmp_path / "site" / page).stat().st_size < 500_000
    months = [f"dates/{day:%Y-%m}/index.html" for day in days[::28]]
    assert broken_links(tmp_path / "site", [page, "index.html", "history.html", *months]) == []


def test_every_link_of_the_demo_site_resolves(demo: Demo) -> None:
    assert len(list(demo.site.rglob("*.html"))) > 90
    assert broken_links(demo.site) == []


def test_no_page_names_another_host(demo: Demo) -> None:
    allowed = {"http://www.w3.org/2000/svg", "http://www.w3.org/2005/Atom"}
    for path in (p for p in demo.site.rglob("*") if p.is_file()):
        assert set(re.findall(r"https?://[\w./-]+", path.read_text(encoding="utf-8"))) <= allowed, path


def test_a_silent_site_says_that_tonight_has_no_verdict(tmp_path: Path) -> None:
    store(tmp_path / "state", *incident()[:2])
    build_site(tmp_path / "state", tmp_path / "site", catalogue(), now=NOW + timedelta(days=300))
    page = (tmp_path / "site/index.html").read_text()
    assert '<h1 id="state">Tonight&#39;s data has no verdict.</h1>' in page
    assert "The newest run is" in page
    assert "catboost_v8" in page, "what is known stays in the calendar"


def test_an_empty_site_says_so(tmp_path: Path) -> None:
    done = build_site(tmp_path / "state", tmp_path / "site", Catalogue(()), now=NOW)
    assert "No verdict has been stored yet." in done.index.read_text()
    assert broken_links(tmp_path / "site") == []
    assert json.loads((tmp_path / "site/status.json").read_text())["newest_run"] is None


def test_an_open_failure_lasts_until_its_check_passes_not_until_it_is_skipped(tmp_path: Path) -> None:
    day = date(2026, 1, 16)
    failing = Night(day, NOW - timedelta(hours=3), failing=("rows_fresh",))
    skipped = verdict_of(Night(day, NOW - timedelta(hours=2), checkpoint="date_range"))
    checks = tuple(
        dataclasses.replace(c, outcome=Outcome.SKIPPED) if c.id == "rows_fresh" else c for c in skipped.checks
    )
    store(tmp_path / "state", failing)
    store_verdict(tmp_path / "state", dataclasses.replace(skipped, checks=checks))
    build_site(tmp_path / "state", tmp_path / "site", catalogue(), now=NOW)
    status = json.loads((tmp_path / "site/status.json").read_text())
    assert status["state"] == "failed"
    assert [o["check"] for o in status["open"]] == ["rows_fresh"]
    store(tmp_path / "state", Night(day, NOW - timedelta(hours=1)))
    build_site(tmp_path / "state", tmp_path / "site", catalogue(), now=NOW)
    status = json.loads((tmp_path / "site/status.json").read_text())
    assert (status["state"], status["open"]) == ("good", [])


def test_a_watch_does_not_stand_for_a_verdict_and_its_alarm_is_shown(tmp_path: Path) -> None:
    store(tmp_path / "state", Night(date(2026, 1, 16), NOW - timedelta(hours=5)))
    alarm = verdict_of(
        Night(date(2026, 1, 16), NOW - timedelta(minutes=9), checkpoint="watch", failing=("rows_fresh",))
    )
    quiet = dataclasses.replace(alarm, coverage=(), summary="The newest write is 9 h old.")
    store_verdict(tmp_path / "state", quiet)
    build_site(tmp_path / "state", tmp_path / "site", catalogue(), now=NOW)
    page = (tmp_path / "site/index.html").read_text()
    assert "The watch says: The newest write is 9 h old." in page
    assert json.loads((tmp_path / "site/status.json").read_text())["dates"][0]["verdict"] == "passed"


def test_the_feed_holds_each_change_of_verdict_once(demo: Demo) -> None:
    feed = ET.fromstring((demo.site / "feed.atom").read_text())
    space = {"a": "http://www.w3.org/2005/Atom"}
    titles = [e.text or "" for e in feed.findall("a:entry/a:title", space)]
    ids = [e.text for e in feed.findall("a:entry/a:id", space)]
    assert len(ids) == len(set(ids)) <= 50
    assert "Friday 16 January 2026: passed, was inconclusive" in titles
    assert all((demo.site / (e.get("href") or "")).is_file() for e in feed.findall("a:entry/a:link", space))


def atom_troubles(feed: str) -> list[str]:
    """What RFC 4287 asks of a feed and `feed` lacks."""
    space = {"a": "http://www.w3.org/2005/Atom"}
    root = ET.fromstring(feed)
    found = [] if root.tag == "{http://www.w3.org/2005/Atom}feed" else [root.tag]
    for node in [root, *root.findall("a:entry", space)]:
        for name in ("id", "title", "updated"):
            held = [one.text or "" for one in node.findall(f"a:{name}", space)]
            if len(held) != 1 or not held[0].strip():
                found.append(f"{node.tag} has {len(held)} {name}")
            elif name == "updated" and datetime.fromisoformat(held[0]).tzinfo is None:
                found.append(f"{held[0]} has no zone")
            elif name == "id" and not re.fullmatch(r"[a-z][a-z0-9+.-]*:\S+", held[0]):
                found.append(f"{held[0]} is no IRI")
    if not root.findall("a:author/a:name", space) or not root.findall("a:link[@rel='self']", space):
        found.append("no author, or no address of its own")
    return found


def test_the_feed_is_valid_atom_also_when_it_is_empty(demo: Demo, tmp_path: Path) -> None:
    build_site(tmp_path / "state", tmp_path / "site", Catalogue(()), now=NOW)
    for site in (demo.site, tmp_path / "site"):
        assert atom_troubles((site / "feed.atom").read_text()) == []


def test_what_the_verdict_json_says_is_what_was_stored(demo: Demo) -> None:
    path = next((demo.state / "results").glob("*/20260117T0437*.json"))
    published = json.loads((demo.site / "runs/2026-01" / path.name).read_text())
    assert published == json.loads(path.read_text())


@pytest.mark.parametrize("kind", [*KINDS, *OTHERS])
def test_a_page_of_each_kind_is_the_golden_one(demo: Demo, kind: str) -> None:
    """After an intended change: python -m tests.prop_quality.site.golden_pages, and read the difference."""
    page = demo.pages.get(kind, kind)
    assert lasting((demo.site / page).read_text()) == (GOLDEN / page.replace("/", "_")).read_text()


def lasting(text: str) -> str:
    """`text` without what changes with every edit of the style sheet or version of the charting library."""
    text = re.sub(r"(</desc>).*?(</svg>)", r"\1DRAWING\2", text, flags=re.DOTALL)
    return re.sub(r"(site|icon)-[0-9a-f]{10}\.", r"\1-HASH.", text)
