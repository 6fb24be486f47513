"""A 20.0 line is cleared by a book that showed it or by a waiver, never silently: counted, named, and by what."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from random import Random

import pytest

from checkpoints import after_batch
from prop_quality.api import check_batch
from prop_quality.checkpoint import Request, Run
from prop_quality.embedded import EmbeddedWarehouse
from prop_quality.event import read_event
from prop_quality.season import Night, clean_night
from prop_quality.season.change import active_rows, changed, moved
from prop_quality.season.faults.fault import JANUARY
from prop_quality.season.night import Row
from prop_quality.settings import Settings
from prop_quality.tables import TableRef
from prop_quality.verdict import CheckResult, Outcome, Verdict
from prop_quality.waivers import Waiver
from tests.warehouse import load_night, settings_of

Judged = Callable[..., Verdict]


@pytest.fixture
def judged(warehouse: EmbeddedWarehouse, settings: Settings, tmp_path: Path) -> Judged:
    """Load a night into emptied tables and check it, with waivers and with or without the table of book lines."""

    def judge(night: Night, *waivers: Waiver, books: bool = True) -> Verdict:
        found = load_night(warehouse, settings_of(warehouse, tmp_path, book_lines=books), night)
        event = read_event(night.event, table=found.table, now=night.now)
        request = after_batch.request(Request(dates=(night.game_date,), now=night.now, event=event))
        return Run(replace(after_batch.checkpoint(), waivers=waivers), request, found).verdict()

    return judge


def placeholders(count: int, *, shown_minutes_before: float | None = None) -> tuple[Night, list[Row]]:
    """A clean night, `count` rows of which have the line 20.0; a book shows it so long before the batch."""
    night = clean_night(JANUARY)
    real = active_rows(night, "catboost_v8", real_line=True)
    rows = Random(7).sample([row for row in real if row["current_points_line"] != 20.0], count)
    night = changed(night, rows, moved(20.0))
    if shown_minutes_before is None:
        return night, rows
    seen = night.started_at - timedelta(minutes=shown_minutes_before)
    shown = [
        {
            "game_date": night.game_date,
            "player_lookup": row["player_lookup"],
            "bookmaker": "betmgm",
            "points_line": 20.0,
            "snapshot_timestamp": seen,
        }
        for row in rows
    ]
    return replace(night, book_lines=[*night.book_lines, *shown]), rows


def waiver(check: str = "line_not_placeholder", **fields: str) -> Waiver:
    """A waiver of the night's date."""
    return Waiver(
        check=check,
        first_date=JANUARY.game_date,
        last_date=JANUARY.game_date,
        reason="A sportsbook posted it",
        owner="data-quality",
        created=date(2026, 1, 15),
        expires=date(2026, 2, 28),
        **fields,
    )


def of(verdict: Verdict, check_id: str = "line_not_placeholder") -> CheckResult:
    return verdict.check(check_id)


def test_a_line_that_a_book_showed_before_the_write_is_cleared_and_named(judged: Judged) -> None:
    night, (row,) = placeholders(1, shown_minutes_before=30)
    check = of(judged(night))
    assert check.outcome is Outcome.PASSED
    (cleared,) = check.cleared
    assert (cleared.by, cleared.rows) == ("book_lines", 1)
    assert cleared.sample == (
        {"game_date": "2026-01-15", "system_id": "catboost_v8", "player_lookup": row["player_lookup"]},
    )
    assert f"{row['player_lookup']} (catboost_v8)" in cleared.because
    assert "odds_api_player_points_props shows 20.0" in cleared.because


def test_a_line_that_a_book_showed_only_after_the_write_is_not_cleared(judged: Judged) -> None:
    night, _ = placeholders(1, shown_minutes_before=-10)
    check = of(judged(night))
    assert check.outcome is Outcome.FAILED
    assert check.cleared == ()


def test_a_book_with_another_line_clears_nothing(judged: Judged) -> None:
    night, rows = placeholders(1)
    assert any(line["player_lookup"] == rows[0]["player_lookup"] for line in night.book_lines)
    assert of(judged(night)).failing_rows == 1


def test_without_the_table_of_book_lines_nothing_is_cleared_and_note_and_reason_say_so(
    warehouse: EmbeddedWarehouse, settings: Settings
) -> None:
    night, _ = placeholders(1, shown_minutes_before=30)
    found = replace(
        load_night(warehouse, settings, night), book_lines_table=TableRef.parse("nba-props-platform.nba_raw.no_such")
    )
    verdict = check_batch(night.event, settings=found, now=night.now, keep=False)
    assert of(verdict).outcome is Outcome.FAILED
    assert of(verdict).cleared == ()
    assert any(note.startswith("No book line clears anything") and "no_such" in note for note in verdict.notes)
    reason = of(verdict).reason
    assert reason.startswith(
        "1 of 485 active rows has a placeholder line that nothing clears: 1 of catboost_v8. No book"
    )
    assert "nba_raw.no_such is not there; check PROP_QUALITY_BOOK_LINES_TABLE and" in reason


def test_a_table_of_book_lines_without_a_column_clears_nothing_and_stops_nothing(
    warehouse: EmbeddedWarehouse, settings: Settings
) -> None:
    night, _ = placeholders(1, shown_minutes_before=30)
    other = TableRef.parse("nba-props-platform.nba_raw.lines_without_times")
    warehouse.execute(f"CREATE TABLE `{other}` (game_date DATE, player_lookup STRING, points_line NUMERIC)")
    found = replace(load_night(warehouse, settings, night), book_lines_table=other)
    verdict = check_batch(night.event, settings=found, now=night.now, keep=False)
    assert of(verdict).outcome is Outcome.FAILED
    assert any("lines_without_times has no column snapshot_timestamp" in note for note in verdict.notes)
    assert "has no column snapshot_timestamp; check PROP_QUALITY_BOOK_LINES_TABLE." in of(verdict).reason


def test_book_lines_of_another_type_clear_nothing_and_stop_nothing(
    warehouse: EmbeddedWarehouse, settings: Settings
) -> None:
    night, _ = placeholders(1, shown_minutes_before=30)
    other = TableRef.parse("nba-props-platform.nba_raw.lines_as_texts")
    warehouse.execute(
        f"CREATE TABLE `{other}` "
        "(game_date DATE, player_lookup STRING, points_line STRING, snapshot_timestamp TIMESTAMP)"
    )
    found = replace(load_night(warehouse, settings, night), book_lines_table=other)
    verdict = check_batch(night.event, settings=found, now=night.now, keep=False)
    assert (of(verdict).outcome, of(verdict).failing_rows) == (Outcome.FAILED, 1)
    said = f"The table {other} has column points_line of type STRING, which should be number"
    assert f"{said}; check PROP_QUALITY_BOOK_LINES_TABLE." in of(verdict).reason
    assert of(verdict, "players_covered").outcome is Outcome.PASSED


def test_a_context_table_without_a_column_leaves_coverage_undecided_and_judges_the_rest(
    warehouse: EmbeddedWarehouse, settings: Settings
) -> None:
    night = clean_night(JANUARY)
    other = TableRef.parse("nba-props-platform.nba_analytics.context_without_minutes")
    warehouse.execute(f"CREATE TABLE `{other}` (game_date DATE, player_lookup STRING, created_at TIMESTAMP)")
    found = replace(load_night(warehouse, settings, night), context_table=other)
    verdict = check_batch(night.event, settings=found, now=night.now, keep=False)
    assert verdict.verdict is Outcome.INCONCLUSIVE
    assert "has no column avg_minutes_per_game_last_7" in of(verdict, "players_covered").reason
    assert of(verdict, "margin_agrees").outcome is Outcome.PASSED


def test_a_context_table_of_another_type_leaves_coverage_undecided_and_judges_the_rest(
    warehouse: EmbeddedWarehouse, settings: Settings
) -> None:
    night = clean_night(JANUARY)
    other = TableRef.parse("nba-props-platform.nba_analytics.context_with_texts")
    warehouse.execute(
        f"CREATE TABLE `{other}` (game_date DATE, player_lookup STRING, avg_minutes_per_game_last_7 STRING, "
        "has_prop_line STRING, player_status STRING, is_production_ready BOOL, created_at TIMESTAMP)"
    )
    found = replace(load_night(warehouse, settings, replace(night, context_rows=[])), context_table=other)
    verdict = check_batch(night.event, settings=found, now=night.now, keep=False)
    assert (verdict.verdict, verdict.error) == (Outcome.INCONCLUSIVE, None)
    assert (
        f"{other} has column avg_minutes_per_game_last_7 of type STRING, which should be number; "
        "column has_prop_line of type STRING, which should be true or false; check PROP_QUALITY_CONTEXT_TABLE."
    ) in of(verdict, "players_covered").reason
    assert of(verdict, "margin_agrees").outcome is Outcome.PASSED


def test_a_waiver_of_one_player_clears_that_player_alone_and_says_why(judged: Judged) -> None:
    night, rows = placeholders(2)
    check = of(judged(night, waiver(player_lookup=rows[0]["player_lookup"])))
    assert (check.outcome, check.failing_rows) == (Outcome.FAILED, 1)
    (cleared,) = check.cleared
    assert (cleared.by, cleared.rows, cleared.sample[0]["player_lookup"]) == ("waiver", 1, rows[0]["player_lookup"])
    assert "A sportsbook posted it (data-quality, until 2026-02-28)" in cleared.because


def test_many_cleared_rows_are_all_counted_and_twenty_are_named(judged: Judged) -> None:
    night, _ = placeholders(30)
    check = of(judged(night, waiver()))
    assert check.outcome is Outcome.PASSED
    (cleared,) = check.cleared
    assert (cleared.rows, len(cleared.sample)) == (30, 20)
    assert cleared.because.endswith("and 27 more")


def test_a_clearing_costs_no_query_of_its_own(judged: Judged) -> None:
    night, _ = placeholders(3, shown_minutes_before=30)
    verdict = judged(night)
    assert verdict.verdict is Outcome.PASSED
    assert verdict.cost.jobs == 1


def test_a_waived_system_passes_by_name(judged: Judged) -> None:
    night, _ = placeholders(60)
    verdict = judged(night, waiver(), waiver("line_not_constant", system_id="catboost_v8"))
    check = of(verdict, "line_not_constant")
    assert (check.outcome, check.failing_rows) == (Outcome.PASSED, 0)
    (cleared,) = check.cleared
    assert cleared.sample == ({"game_date": "2026-01-15", "system_id": "catboost_v8"},)
    assert cleared.rows == 60
    assert cleared.because.endswith(": catboost_v8"), "sixty rows of one system are no sixty systems"


@pytest.mark.parametrize(
    ("check", "fields"), [("claim_stored", {}), ("line_not_constant", {"player_lookup": "karlanthonytowns"})]
)
def test_a_waiver_that_can_clear_nothing_is_said_to(judged: Judged, check: str, fields: dict[str, str]) -> None:
    verdict = judged(clean_night(JANUARY), waiver(check, **fields))
    assert any(f"The waiver of {check}" in note and "clears nothing" in note for note in verdict.notes)


def test_what_was_cleared_survives_the_store(judged: Judged) -> None:
    night, _ = placeholders(1, shown_minutes_before=30)
    verdict = judged(night)
    assert Verdict.from_json(verdict.to_json()).check("line_not_placeholder").cleared == of(verdict).cleared
