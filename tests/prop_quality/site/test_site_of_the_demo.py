"""The site that `prop-quality demo --site DIR --serve` publishes: real verdicts, crawled as a reader would."""

from __future__ import annotations

import json
from pathlib import Path
from urllib.parse import urldefrag, urljoin

from playwright.sync_api import Page

from prop_quality.site.safe import visible
from prop_quality.verdict import Outcome, Verdict
from tests.prop_quality.site.conftest import Real, watch

LINKS = "Array.from(document.querySelectorAll('[href], [src]')).map((e) => e.href || e.src)"


def verdicts(real: Real) -> list[Verdict]:
    return [Verdict.from_json(json.loads(p.read_text())) for p in sorted((real.state / "results").rglob("*.json"))]


def test_every_page_opens_quietly_and_every_link_of_it_leads_to_a_page_of_the_site(page: Page, real: Real) -> None:
    watched = watch(page)
    waiting, seen, pages = [real.address + "index.html"], set[str](), 0
    while waiting:
        address = waiting.pop()
        if address in seen:
            continue
        seen.add(address)
        if not address.endswith(".html"):
            assert page.request.get(address).status == 200, address
            continue
        answer = page.goto(address)
        assert answer is not None
        assert answer.status == 200, address
        pages += 1
        ids = set(page.evaluate("Array.from(document.querySelectorAll('[id]')).map((e) => e.id)"))
        for link in page.evaluate(LINKS):
            target, fragment = urldefrag(urljoin(address, link))
            assert target.startswith(real.address), f"{address} leads to {link}"
            assert not fragment or target != address or fragment in ids, f"{address} lacks {fragment}"
            waiting.append(target)
    assert watched.complaints == []
    assert [url for url in watched.requests if not url.startswith(real.address)] == []
    assert pages == len(list(real.site.rglob("*.html"))), "a page that no link leads to is lost"


def test_a_run_page_shows_all_that_its_verdict_says(page: Page, real: Real) -> None:
    for verdict in verdicts(real):
        month = f"{verdict.run_id[:4]}-{verdict.run_id[4:6]}"
        page.goto(f"{real.address}runs/{month}/{verdict.run_id}.html")
        text = " ".join((page.locator("main").text_content() or "").split())
        said = [check.reason for check in verdict.checks]
        said += [check.id for check in verdict.checks]
        said += [check.remedy for check in verdict.checks if check.remedy]
        said += [cleared.because for check in verdict.checks for cleared in check.cleared]
        said += [str(row["player_lookup"]) for c in verdict.checks for row in c.sample if row.get("player_lookup")]
        said += [name for system in verdict.coverage for name in (system.system_id, *system.missing)]
        said += [verdict.query or "", verdict.roster_source or "", verdict.provenance.tool_version]
        said += [verdict.provenance.suite_fingerprint, verdict.provenance.query_fingerprint]
        missing = [one for one in said if " ".join(str(visible(one)).split()) not in text]
        assert missing == [], verdict.run_id
        assert page.locator("article.check").count() == len(verdict.checks)


def test_the_front_page_says_what_the_newest_verdict_says(page: Page, real: Real) -> None:
    newest = max(verdicts(real), key=lambda verdict: verdict.evaluated_at)
    page.goto(real.address)
    critical = sum(check.outcome is Outcome.FAILED and check.severity == "critical" for check in newest.checks)
    assert page.locator("h1").inner_text() == f"Tonight's data is not good: {critical} critical checks fail."
    open_now = page.locator("section[aria-labelledby=open]").inner_text()
    for check in newest.failed():
        assert check.id in open_now
    minutes = page.locator("#trends ~ details tbody tr td:nth-of-type(3)").all_text_contents()
    assert all(text != "–" for text in minutes[:3]), "the newest write of a batch is known"
    assert (real.site / "index.html").stat().st_size <= 200_000


def test_the_documentation_of_each_check_has_a_page_and_its_suite_names_it(page: Page, real: Real) -> None:
    page.goto(real.address + "suites.html")
    listed = set(page.locator("main dl a").all_inner_texts())
    judged = {check.id for verdict in verdicts(real) for check in verdict.checks}
    assert judged <= listed
    page.goto(real.address + "checks/line_not_placeholder.html")
    heads = [text.lower() for text in page.locator("section.doc h2").all_inner_texts()]
    assert heads == ["for the operator", "example that fails", "incident", "limits", "what to do"]
    assert page.locator("#history ~ .scroll tbody tr").count() > 0


def test_no_page_names_a_warehouse_address_or_a_path_of_this_machine(real: Real) -> None:
    for path in (p for p in real.site.rglob("*") if p.is_file()):
        content = path.read_text(encoding="utf-8")
        assert "127.0.0.1" not in content, path
        assert str(Path.home()) not in content, path
        assert str(real.state) not in content, path
