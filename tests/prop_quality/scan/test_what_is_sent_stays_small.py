"""The statement and its answer stay small, however many dates are named and rows are stored."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from checkpoints import date_range
from prop_quality.api import batch_run
from prop_quality.embedded import EmbeddedWarehouse
from prop_quality.expectation import ScanExpectation
from prop_quality.scan.compose import compose_missing, compose_scan
from prop_quality.scan.metric import execute
from prop_quality.scan.parameters import Statement, literal
from prop_quality.scan.scope import Scope, Source
from prop_quality.season import clean_night
from prop_quality.season.change import copies
from prop_quality.season.faults.fault import JANUARY
from prop_quality.season.shape import dice
from prop_quality.settings import Settings
from prop_quality.suite import Check
from tests.nights import Judge, slim
from tests.warehouse import load_night, settings_of

KIB = 1024
FIRST = date(2025, 11, 1)


def scope_of(dates: tuple[date, ...]) -> Scope:
    settings = Settings.load({})
    columns = dict.fromkeys({column for one in expectations() for column in one.reads_columns} | {"updated_at"}, "")
    return Scope(
        dates=dates,
        now=datetime(2046, 1, 1, tzinfo=UTC),
        registry=date_range.checkpoint().registry,
        predictions=Source(settings.table, columns, columns),
        context=Source(settings.context_table, {}, {}),
        book_lines=Source(settings.context_table, {}, {}),
        since=datetime(2025, 11, 1, tzinfo=UTC),
    )


def expectations() -> list[ScanExpectation]:
    made = date_range.checkpoint()
    return [made.load(check) for suite in made.suites for check in suite.checks if isinstance(check, Check)]


def scan(scope: Scope) -> Statement:
    return compose_scan([one for one in expectations() if one.unavailable(scope) is None], scope)


@pytest.mark.parametrize("apart", [1, 2, 3], ids=["in_a_row", "every_other", "every_third"])
def test_the_text_stays_under_256_kib_whichever_dates_are_named(apart: int) -> None:
    scope = scope_of(tuple(FIRST + timedelta(days=apart * n) for n in range(3_660)))
    statement = scan(scope)
    assert len(statement.sql) < 32 * KIB
    assert len(statement.with_literals()) < 256 * KIB


def test_the_text_that_is_sent_does_not_depend_on_the_dates() -> None:
    ranges = [tuple(FIRST + timedelta(days=n) for n in range(count)) for count in (1, 53, 365)]
    assert len({scan(scope_of(dates)).sql for dates in ranges}) == 1


def test_days_in_a_row_are_written_as_a_range() -> None:
    days = [FIRST + timedelta(days=n) for n in range(5)]
    assert literal(days, "ARRAY<DATE>") == "GENERATE_DATE_ARRAY(DATE '2025-11-01', DATE '2025-11-05')"
    assert literal(days[::2], "ARRAY<DATE>") == "ARRAY<DATE>['2025-11-01', '2025-11-03', '2025-11-05']"
    assert literal([], "ARRAY<DATE>") == "ARRAY<DATE>[]"


def test_the_query_for_the_missing_reads_the_dates_that_failed_and_no_other() -> None:
    scope = scope_of(tuple(FIRST + timedelta(days=n) for n in range(365)))
    missing = compose_missing(scope, (FIRST,), (), ("missing",), absent=False)
    assert missing.parameters["game_dates"].value == [FIRST]
    assert missing.parameters["last_date"].value == FIRST


def test_the_answer_does_not_grow_with_the_table(
    warehouse: EmbeddedWarehouse, settings: Settings, tmp_path: Path
) -> None:
    night = slim(clean_night(JANUARY))
    twelve_times = replace(night, rows=[*night.rows, *copies(night.rows * 11, dice(1))])
    sizes = []
    for one in (night, twelve_times):
        found = load_night(warehouse, settings_of(warehouse, tmp_path, book_lines=True), one)
        run = batch_run(one.event, settings=found, now=one.now)
        scope = run.scope()
        statement = compose_scan([e for e in run.expectations if e.unavailable(scope) is None], scope)
        rows = execute(Judge.of(warehouse, found).engine, statement)
        sizes.append((len(rows), len(repr(rows))))
        warehouse.truncate(str(found.table))
        warehouse.truncate(str(found.context_table))
    assert sizes[0][0] == sizes[1][0] == 6
    assert sizes[1][1] < 1.2 * sizes[0][1]
