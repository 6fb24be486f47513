"""What a reader sees in Chromium: every kind of page, every width, light and dark, with and without scripts."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Literal

import pytest
from axe_playwright_python.sync_playwright import Axe  # type: ignore[import-untyped]
from playwright.sync_api import Browser, Page

from prop_quality.site.serve import serve
from tests.prop_quality.site.conftest import KINDS, WIDTHS, Demo, watch

WCAG = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
LOOKS: tuple[tuple[Literal["light", "dark"], int], ...] = (
    ("light", 1280),
    ("dark", 1280),
    ("light", 320),
    ("dark", 320),
    ("light", 1920),
    ("dark", 1920),
)
# axe takes its time by the element, and after the first look a row or a day of a calendar that is built like one before
# it tells nothing new.
DROP_ALIKE = """() => { const seen = new Set();
  const alike = (table, built) => { const key = table.className + built; return seen.has(key) || !seen.add(key); };
  for (const row of document.querySelectorAll('tbody tr')) {
    const built = row.innerHTML.replace(/>[^<]*</g, '><').replace(/ (href|datetime|data-l|id)="[^"]*"/g, '');
    if (alike(row.closest('table'), built) && row.previousElementSibling) row.remove();
  }
  for (const table of document.querySelectorAll('table.cal'))
    for (let day = table.rows[0].cells.length - 1; day > 1; day -= 1) {
      const cells = Array.from(table.rows, (row) => row.cells[day]);
      if (alike(table, cells.map((cell) => cell.className).join())) cells.forEach((cell) => cell.remove());
    } }"""


@pytest.mark.parametrize("kind", KINDS)
def test_a_page_opens_quietly_asks_only_its_own_site_and_fits_every_width(
    page: Page, demo: Demo, served: str, kind: str
) -> None:
    watched = watch(page)
    page.goto(served + demo.pages[kind])
    assert page.locator("h1").count() == 1
    assert page.locator("html").get_attribute("lang") == "en"
    assert [page.locator(landmark).count() for landmark in ("header", "nav[aria-label=Site]", "main", "footer")] == [
        1, 1, 1, 1,
    ]  # fmt: skip
    assert page.locator("th:not([scope])").count() == 0
    wide = {}
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 800})
        over = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        if over > 0:
            wide[width] = over
    assert wide == {}
    assert watched.complaints == []
    assert [url for url in watched.requests if not url.startswith(served)] == []


@pytest.mark.parametrize("kind", KINDS)
def test_a_page_meets_wcag_in_light_and_dark_wide_and_narrow(page: Page, demo: Demo, served: str, kind: str) -> None:
    found = []
    page.goto(served + demo.pages[kind])
    page.evaluate("document.querySelectorAll('details').forEach((d) => { d.open = true })")
    options = {"runOnly": {"type": "tag", "values": WCAG}, "resultTypes": ["violations"]}
    for scheme, width in LOOKS:
        page.emulate_media(color_scheme=scheme)
        page.set_viewport_size({"width": width, "height": 900})
        for violation in Axe().run(page, options=options).response["violations"]:
            nodes = [node["html"][:160] for node in violation["nodes"][:3]]
            found.append(f"{scheme} {width}: {violation['id']}: {violation['help']}: {nodes}")
        page.evaluate(DROP_ALIKE)
    assert found == []


@pytest.mark.parametrize("kind", KINDS)
def test_a_page_says_the_same_from_a_file_without_scripts(
    page: Page, without_scripts: Page, demo: Demo, served: str, kind: str
) -> None:
    texts = []
    for opened, address in (
        (page, served + demo.pages[kind]),
        (without_scripts, (demo.site / demo.pages[kind]).as_uri()),
    ):
        watched = watch(opened)
        opened.goto(address)
        texts.append((opened.locator("h1").inner_text(), opened.locator("main tbody tr").all_text_contents()))
        assert watched.complaints == []
    assert texts[0] == texts[1]
    assert texts[0][0]
    margin = without_scripts.evaluate("getComputedStyle(document.body).margin")
    assert margin == "0px", "the style sheet did not load from the file"


@pytest.fixture(scope="module")
def without_scripts(browser: Browser) -> Iterator[Page]:
    context = browser.new_context(java_script_enabled=False)
    yield context.new_page()
    context.close()


def test_the_site_works_under_a_path_prefix(page: Page, demo: Demo, tmp_path: Path) -> None:
    shutil.copytree(demo.site, tmp_path / "some" / "prefix", ignore=shutil.ignore_patterns(".*"))
    (tmp_path / "index.html").write_text("elsewhere")
    with serve(tmp_path) as address:
        watched = watch(page)
        page.goto(address.replace("index.html", "some/prefix/index.html"))
        page.locator("#runs tbody a").first.click()
        page.wait_for_load_state("load")
        assert "/some/prefix/runs/2026-01/" in page.url
        assert watched.complaints == []


def test_the_front_page_says_the_state_first(page: Page, demo: Demo, served: str) -> None:
    page.goto(served)
    assert page.locator("h1").inner_text() == "Tonight's data is good."
    assert "Fri 9 Jan 2026, is not good" in page.locator(".banner").inner_text()
    assert "claim_stored" in page.locator("section[aria-labelledby=open]").inner_text()


@pytest.mark.parametrize("kind", ["now", "run", "date", "month of runs", "system", "suites"])
def test_the_keyboard_alone_reaches_everything_and_shows_where_it_is(
    page: Page, demo: Demo, served: str, kind: str
) -> None:
    page.goto(served + demo.pages[kind])
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    page.keyboard.press("Enter")
    page.wait_for_url("**#main")
    wanted = page.evaluate(
        "Array.from(document.querySelectorAll('main a, main summary, main input, main button, main [tabindex]'))"
        ".filter((e) => e.checkVisibility()).length"
    )
    reached: set[int] = set()
    for _ in range(wanted + 30):
        page.keyboard.press("Tab")
        found = page.evaluate(
            """() => { const e = document.activeElement; if (!e.closest('main')) return null;
            const s = getComputedStyle(e); const all = Array.from(document.querySelectorAll('*'));
            return [all.indexOf(e), s.outlineStyle] }"""
        )
        if found is None and reached:
            break
        if found:
            assert found[1] != "none", "focus must be seen"
            reached.add(found[0])
    assert len(reached) >= wanted


def test_the_keyboard_alone_unfolds_filters_and_sorts(page: Page, demo: Demo, served: str) -> None:
    page.goto(served + demo.pages["run"])
    folded = page.locator("article details:not([open])").first
    summary = folded.locator("summary").element_handle()
    summary.focus()
    page.keyboard.press("Enter")
    assert summary.evaluate("e => e.parentElement.open")
    page.goto(served + demo.pages["month of runs"])
    page.get_by_label("Filter runs").focus()
    page.keyboard.type("not decided")
    rows = page.locator("#runs tbody tr:visible")
    assert 0 < rows.count() < page.locator("#runs tbody tr").count()
    page.keyboard.press("Tab")
    while page.evaluate("document.activeElement.textContent") != "Rows":
        page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    assert page.locator("#runs th[aria-sort=ascending]").inner_text().startswith("Rows")


def test_tables_filter_and_sort(page: Page, demo: Demo, served: str) -> None:
    page.goto(served + demo.pages["month of runs"])
    rows = page.locator("#runs tbody tr:visible")
    everything = rows.count()
    page.get_by_label("Filter runs").fill("not decided")
    assert 0 < rows.count() < everything
    assert "not decided" in rows.first.inner_text()
    assert page.get_by_role("status").first.inner_text() == f"{rows.count()} of {everything} shown"
    page.get_by_label("Filter runs").fill("")
    assert rows.count() == everything
    page.get_by_role("button", name="Rows", exact=True).click()
    texts = page.locator("#runs tbody td:nth-child(5)").all_inner_texts()
    numbers = [-1 if text == "–" else int(text.replace(",", "")) for text in texts]
    assert numbers == sorted(numbers), "what is not known comes before every number"
    assert len(set(numbers)) > 2
    assert numbers[0] == -1
    page.get_by_role("button", name="Rows", exact=True).click()
    assert page.locator("#runs th[aria-sort=descending]").count() == 1
    page.get_by_role("button", name="Game date", exact=True).click()
    first_days = page.locator("#runs tbody td:nth-child(3)").evaluate_all(
        "cells => cells.map((cell) => cell.querySelector('time').dateTime)"
    )
    assert first_days == sorted(first_days) != sorted(first_days, reverse=True)


def test_every_chart_has_a_name_a_description_and_its_numbers(page: Page, demo: Demo, served: str) -> None:
    page.goto(served)
    charts = page.locator("figure.trend")
    assert charts.count() == 6
    for index in range(6):
        labelled = (charts.nth(index).locator("svg").get_attribute("aria-labelledby") or "").split()
        said = [page.locator(f"#{name}").text_content() for name in labelled]
        assert len(said) == 2
        assert all(said)
    rows = page.locator("#trends ~ details tbody tr")
    assert rows.count() == 39
    cells = rows.locator("td").all_text_contents()
    for column, count in enumerate((38, 38, 38, 38, 39, 39)):
        assert len(list(filter(None, cells[column::7]))) == count, "batches, and runs for their cost"


def test_times_say_their_zone(page: Page, demo: Demo, served: str) -> None:
    page.goto(served + demo.pages["run"])
    text = page.locator(".banner").inner_text()
    assert re.search(r"2026-01-17 04:37:16 UTC \(Fri 16 Jan 23:37 US Eastern\)", text)


def test_print_shows_the_content_without_the_controls(page: Page, demo: Demo, served: str) -> None:
    page.goto(served + demo.pages["run"])
    closed = page.locator("details:not([open]) > :not(summary)").first
    seen = "e => e.checkVisibility({contentVisibilityAuto: true}) && e.offsetHeight > 0"
    assert not closed.evaluate(seen)
    page.emulate_media(media="print")
    assert not page.locator("header nav").is_visible()
    assert closed.evaluate(seen), "what is folded on the screen is on the paper"
    assert not page.locator(".tools").first.is_visible()
    assert page.locator(".banner").is_visible()


@pytest.mark.parametrize("kind", ["now", "run", "month of runs", "month of dates", "system"])
def test_nothing_is_cut_off_on_paper(page: Page, demo: Demo, served: str, kind: str) -> None:
    page.set_viewport_size({"width": 960, "height": 720})  # US Letter across, within its margins
    page.emulate_media(media="print")
    page.goto(served + demo.pages[kind])
    assert page.evaluate("document.documentElement.scrollWidth") <= 960
    sheet = re.search(rb"/MediaBox \[0 0 ([\d.]+) ([\d.]+)\]", page.pdf(prefer_css_page_size=True))
    assert sheet
    assert float(sheet[1]) > float(sheet[2])


def test_the_badge_and_the_status_are_served_as_what_they_are(page: Page, served: str) -> None:
    badge = page.request.get(served + "badge.svg")
    assert badge.headers["content-type"] == "image/svg+xml"
    page.set_content(badge.text())
    assert page.locator("svg title").text_content() == "tonight's data: good"
    status = page.request.get(served + "status.json")
    assert json.loads(status.text())["state"] == "good"
