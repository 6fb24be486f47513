"""What is good, what is open, and since when: over runs of several kinds that look at more or less."""

from __future__ import annotations

import dataclasses
import json
import re
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from prop_quality.api import catalogue as real_catalogue
from prop_quality.site import build_site
from prop_quality.site.charts import Point, Series, draw
from prop_quality.site.date_digest import digest_dates
from prop_quality.site.reference_pages import suites_page
from prop_quality.site.shards import Known
from prop_quality.site.state import DateState, Mark, date_state
from prop_quality.site.words import date_sentence, date_word
from prop_quality.verdict import CheckResult, Cost, DateVerdict, Failure, Outcome, Severity, Verdict, Written
from tests.prop_quality.site.nights import NOW, Night, catalogue, store, store_verdict, verdict_of
from tests.prop_quality.site.ranges import ranged, watched

DAY = date(2026, 1, 16)
DAYS = [DAY - timedelta(days=n) for n in range(3, -1, -1)]


def state_of(day: date, *verdicts: Verdict) -> DateState:
    runs = [run for v in verdicts for d, run in digest_dates(v, v.run_id, "2026-01") if d == day]
    return date_state(day, runs)


def night(hours_ago: float, *failing: str, **kept: Any) -> Verdict:
    return verdict_of(Night(DAY, NOW - timedelta(hours=hours_ago), failing=failing, **kept))


def test_a_date_that_failed_nothing_critical_in_a_range_is_good_with_warnings() -> None:
    verdict = ranged(DAYS, NOW, failing=DAYS[1], warned=DAYS[2])
    assert verdict.check("pairs_covered").severity is Severity.CRITICAL
    assert state_of(DAYS[1], verdict).mark is Mark.FAILED
    assert state_of(DAYS[2], verdict).mark is Mark.WARNING
    assert state_of(DAYS[3], verdict).mark is Mark.GOOD


def test_a_date_without_games_is_not_called_good() -> None:
    quiet = state_of(DAYS[0], ranged(DAYS, NOW))
    assert (quiet.mark, date_word(quiet)) == (Mark.NONE, "no games")
    assert set(quiet.newest.outcomes.values()) == {Outcome.SKIPPED}


def test_a_table_that_did_not_answer_is_not_said_to_hold_no_rows(tmp_path: Path) -> None:
    before = night(2)
    why = Failure("unreachable", "The warehouse could not be reached.")
    undecided = [dataclasses.replace(c, outcome=Outcome.INCONCLUSIVE, rows_examined=0) for c in before.checks]
    broken = dataclasses.replace(
        night(1),
        verdict=Outcome.INCONCLUSIVE,
        error=why,
        checks=tuple(undecided),
        dates=(DateVerdict(DAY, Outcome.INCONCLUSIVE),),
        coverage=(),
        written=Written(),
        rows_examined=0,
        cost=Cost(),
    )
    for verdict in (before, broken):
        store_verdict(tmp_path, verdict)
    build_site(tmp_path, tmp_path / "site", catalogue(), now=NOW)
    page = (tmp_path / f"site/runs/2026-01/{broken.run_id}.html").read_text(encoding="utf-8")
    claimed = page.partition('<table class="facing">')[2].partition("</table>")[0]
    assert "150 completed of 150 expected" in claimed
    assert "not known: the table did not answer" in claimed
    assert "differs" not in claimed
    assert not re.search(r"\b0 (active )?rows?\b|at most 0", page)
    for path in ("index.html", "runs/2026-01/index.html", f"dates/2026-01/{DAY}.html"):
        text = (tmp_path / "site" / path).read_text(encoding="utf-8")
        assert not re.search(r'\b0 rows?\b|→ 0\b|"(Rows[^"]*|New [^"]*)" class="n">0<|<dt>Rows</dt><dd>0<', text), path


def test_a_watch_that_misses_nothing_is_no_verdict_on_the_data() -> None:
    tomorrow = state_of(DAY + timedelta(days=1), watched(DAY, NOW))
    assert tomorrow.mark is Mark.NONE
    assert date_sentence(tomorrow, NOW).endswith("no batch has been judged yet, and the watch misses nothing.")


def test_what_a_watch_misses_makes_a_date_not_good() -> None:
    assert state_of(DAY, night(4), watched(DAY, NOW, Outcome.FAILED)).mark is Mark.FAILED


def test_a_watch_that_passes_closes_no_failure_of_a_checkpoint() -> None:
    check = CheckResult("rows_fresh", "watch", Severity.CRITICAL, Outcome.PASSED, "Recent.", 1)
    passing = dataclasses.replace(watched(DAY, NOW), checks=(check,))
    assert [o.check for o in state_of(DAY, night(4, "rows_fresh"), passing).open] == ["rows_fresh"]
    assert state_of(DAY, night(4, "rows_fresh"), passing, night(0)).open == ()


def test_a_run_over_few_systems_closes_only_what_it_looked_at() -> None:
    failed, passed = night(4, "pairs_covered"), night(1)
    some = dataclasses.replace(passed, coverage=passed.coverage[:2])
    assert [o.check for o in state_of(DAY, failed, some).open] == ["pairs_covered"]
    assert state_of(DAY, failed, passed).open == ()


def test_a_run_without_a_start_does_not_hide_what_the_batch_wrote() -> None:
    late = dataclasses.replace(night(0), batch=dataclasses.replace(night(0).batch, started_at=None))
    batch = night(4, stored=150, fresh=40)
    assert state_of(DAY, batch, late).systems["catboost_v8"].fresh == 40
    assert state_of(DAY, late).systems["catboost_v8"].fresh is None


def test_a_system_is_as_good_as_its_checks_say_whatever_its_coverage() -> None:
    covered = state_of(DAY, night(1, players=150, stored=127, fresh=127)).systems["similarity_balanced_v1"]
    assert (covered.stored, covered.mark) == (127, Mark.GOOD)


def test_a_check_that_was_inconclusive_somewhere_passed_nowhere_by_guess() -> None:
    verdict = ranged(DAYS, NOW)
    doubtful = dataclasses.replace(
        verdict,
        checks=tuple(dataclasses.replace(c, outcome=Outcome.INCONCLUSIVE) for c in verdict.checks),
        dates=tuple(dataclasses.replace(d, verdict=Outcome.INCONCLUSIVE) for d in verdict.dates),
    )
    assert set(state_of(DAYS[2], doubtful).newest.outcomes.values()) == {Outcome.INCONCLUSIVE}


def test_the_front_page_does_not_count_a_range_as_a_batch(tmp_path: Path) -> None:
    store(tmp_path / "state", *(Night(day, NOW - timedelta(days=3 - i)) for i, day in enumerate(DAYS)))
    store_verdict(tmp_path / "state", ranged(DAYS, NOW - timedelta(hours=1)))
    page = build_site(tmp_path / "state", tmp_path / "site", catalogue(), now=NOW).index.read_text()
    numbers = page.partition("The numbers of these charts")[2].partition("</table>")[0]
    cells = [re.findall("<td[^>]*>(.*?)</td>", row) for row in numbers.split("<tr>")[2:]]
    rows = [row[3] for row in cells]
    assert (rows.pop(1), len(rows), all(rows)) == ("", len(DAYS), True), "the rows of a range are not those of a batch"


def test_a_drawing_has_a_line_through_all_that_is_known_and_a_cross_where_it_failed() -> None:
    points = tuple(Point(f"{n} Jan", None if n == 2 else 10.0 * n, failed=n in (3, 5)) for n in range(8))
    drawn = str(draw(Series("k", "Rows", "Rows by date.", "rows", points)))
    (line,) = re.findall(r'<path d="M([^"]*)"[^>]*class="s-line"/>', drawn)
    at = [tuple(map(float, place.split(","))) for place in line.split("L")]
    assert len(at) == 7
    assert [x for x, _ in at] == sorted(x for x, _ in at)
    assert [y for _, y in at] == sorted((y for _, y in at), reverse=True), "the higher the value, the higher up"
    assert drawn.count('class="s-failed"') == 2
    assert drawn.count('class="f-line"') == 5


def test_a_run_that_summed_up_its_dates_is_read_without_repeating_them(tmp_path: Path) -> None:
    verdict = store_verdict(tmp_path / "state", ranged(DAYS, NOW, failing=DAYS[1]))
    build_site(tmp_path / "state", tmp_path / "site", catalogue(), now=NOW)
    page = (tmp_path / f"site/runs/2026-01/{verdict.run_id}.html").read_text()
    assert '<p class="lead"><bdi>1 check failed.</bdi></p>' in page
    assert "What the table holds" in page
    assert "The batch says" not in page
    status = json.loads((tmp_path / "site/status.json").read_text())
    assert [o["check"] for o in status["open"]] == ["pairs_covered"]


def test_watches_every_quarter_of_an_hour_push_nothing_else_off_the_pages(tmp_path: Path) -> None:
    store(tmp_path / "state", Night(DAY, NOW - timedelta(hours=40)))
    times = [NOW - timedelta(minutes=15 * n) for n in range(150, -1, -1)]
    for number, at in enumerate(times):
        store_verdict(tmp_path / "state", watched(DAY, at, Outcome.FAILED if number == 100 else Outcome.PASSED))
    index = build_site(tmp_path / "state", tmp_path / "site", catalogue(), now=NOW).index
    date_page = (tmp_path / "site/dates/2026-01/2026-01-16.html").read_text()
    assert "after_batch" in date_page
    assert date_page.count('<li class="') == 1 + 2 + 1 + 2, "the batch, and the watches that began and ended a stretch"
    last = index.read_text().partition('<h2 id="last">')[2]
    assert last.count("<tr ") == 1 + 1 + 3, "the head, the batch, and the watches whose outcome was new"
    month = (tmp_path / "site/runs/2026-01/index.html").read_text()
    assert "152 runs, the newest first" in month
    assert "And 148 watches that said what the one before said" in month
    assert "Tonight&#39;s data is good." in index.read_text()


def required(check: str) -> str:
    """What the real suites' page says of a check, as text."""
    _, page = suites_page(real_catalogue(NOW), Known())
    row = page.partition(f'checks/{check}.html">')[2].partition("<details>")[0]
    return " ".join(re.sub(r"<[^>]+>", "", row).split())


def test_the_suites_page_says_each_limit_as_one_who_reads_no_code_would() -> None:
    assert required("line_source_known").endswith(
        "critical · always: ACTUAL_PROP, VEGAS_BACKFILL, NO_VEGAS_DATA · ESTIMATED_AVG until 2026-01-22 · "
        "NO_PROP_LINE from 2026-01-23"
    )
    assert required("pairs_covered").endswith(
        "critical below 95 %, else warning · similarity_balanced_v1 critical below 75 %"
    )
    assert required("created_at_not_future").endswith("critical · tolerance: 5 minutes")
    assert required("line_not_constant").endswith("critical · judged from 10 rows on · at most 50 %")
    assert "of another type" not in required("required_columns_present"), "the exact words are folded"
    assert "game_date (date)" in required("required_columns_present")


def test_the_suites_page_says_which_systems_are_expected_when() -> None:
    _, page = suites_page(real_catalogue(NOW), Known())
    systems = page.partition('<h2 id="systems">')[2].partition("</section>")[0]
    text = " ".join(re.sub(r"<[^>]+>", "", systems.replace("</th>", " ")).split())
    assert "From Wed 25 Feb 2026 on moving_average, zone_matchup_v1, catboost_v12" in text
    assert "From Fri 9 Jan 2026 until Fri 16 Jan 2026" in text
    assert "For similarity_balanced_v1 it is 75 %, and no warning." in text
    assert "5 from Sat 1 Nov 2025 on, 1 from Mon 9 Feb 2026 on" in text


def test_a_system_that_nobody_expected_is_shown_by_the_checks_that_name_it(tmp_path: Path) -> None:
    odd = verdict_of(Night(DAY, NOW - timedelta(hours=1), failing=("line_not_placeholder",), system_failing="baseline"))
    store_verdict(tmp_path / "state", odd)
    build_site(tmp_path / "state", tmp_path / "site", catalogue(), now=NOW)
    own = (tmp_path / "site/systems/baseline.html").read_text()
    assert "Not good on Friday 16 January 2026: a check names it, and no player was expected from it." in own
    assert "line_not_placeholder" in own
    row = (tmp_path / "site/systems/index.html").read_text().partition("baseline")[2].partition("</tr>")[0]
    assert "not good" in row
