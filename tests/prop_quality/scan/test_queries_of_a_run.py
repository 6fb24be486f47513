"""One query when everything passes, two when anything fails: counted in the warehouse's own list of jobs."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from checkpoints import after_batch
from expectations.suites import SUITES
from prop_quality.api import check_batch, check_dates, watch_run
from prop_quality.checkpoint import Checkpoint, Request, Run
from prop_quality.embedded import EmbeddedWarehouse
from prop_quality.event import read_event
from prop_quality.scan.declaration import KEYS
from prop_quality.season import Night, NightShape, clean_night
from prop_quality.settings import Settings
from prop_quality.store import Store
from prop_quality.suite import Suite
from prop_quality.verdict import Outcome, Verdict
from tests.warehouse import empty, load_night, settings_of

FIRST = date(2025, 11, 1)
MANY = 365
NOW = datetime(2026, 11, 15, 12, tzinfo=UTC)
NIGHT = clean_night(NightShape(seed=3, game_date=date(2026, 1, 15), games=2, players=12))
DATES = tuple(FIRST + timedelta(days=n) for n in range(MANY))


@contextmanager
def counted(warehouse: EmbeddedWarehouse) -> Iterator[Callable[[], int]]:
    """How many query jobs the warehouse has run since the block began."""
    before = len(warehouse.query_jobs())
    yield lambda: len(warehouse.query_jobs()) - before


def one_check_of(night: Night, settings: Settings, suites: tuple[Suite, ...]) -> Verdict:
    whole = after_batch.checkpoint()
    event = read_event(night.event, table=settings.table, now=night.now)
    request = after_batch.request(Request(dates=(night.game_date,), now=night.now, event=event))
    return Run(Checkpoint("some", suites, whole.load, whole.registry), request, settings).verdict()


ALONE = [replace(suite, checks=suite.checks[-1:]) for suite in SUITES]


@pytest.mark.parametrize(
    "suites", [SUITES, *((suite,) for suite in ALONE), SUITES[:1]], ids=lambda s: f"{len(s)}-{s[0].name}"
)
def test_a_batch_that_passes_costs_one_query_whatever_the_number_of_checks(
    suites: tuple[Suite, ...], warehouse: EmbeddedWarehouse, settings: Settings
) -> None:
    load_night(warehouse, settings, NIGHT)
    with counted(warehouse) as queries:
        verdict = one_check_of(NIGHT, settings, suites)
        assert queries() == 1 == verdict.cost.jobs
    assert not verdict.failed()


def test_a_batch_that_fails_in_many_checks_costs_two_queries(warehouse: EmbeddedWarehouse, settings: Settings) -> None:
    rows = [row | {"current_points_line": 20.0, "line_source": None, "prediction_id": "x"} for row in NIGHT.rows]
    load_night(warehouse, settings, replace(NIGHT, rows=rows[5:]))
    with counted(warehouse) as queries:
        verdict = check_batch(NIGHT.event, settings=settings, now=NIGHT.now, keep=False)
        assert queries() == 2 == verdict.cost.jobs
    assert len(verdict.failed()) > 5
    assert all(check.remedy for check in verdict.failed())


def test_runs_in_threads_of_one_process_do_not_take_each_others_answers(
    warehouse: EmbeddedWarehouse, settings: Settings
) -> None:
    lost = clean_night(NightShape(seed=4, game_date=date(2026, 1, 16), games=2, players=12))
    lost = replace(lost, rows=[row for row in lost.rows if row["system_id"] != "catboost_v8"])
    load_night(warehouse, settings, NIGHT, lost)
    nights = [NIGHT, lost, NIGHT, lost]
    with ThreadPoolExecutor(len(nights)) as threads:
        verdicts = list(threads.map(lambda n: check_batch(n.event, settings=settings, now=n.now), nights))
    assert [verdict.batch.game_dates for verdict in verdicts] == [(night.game_date,) for night in nights]
    assert [verdict.verdict for verdict in verdicts] == [Outcome.PASSED, Outcome.FAILED] * 2
    assert [verdict.rows_examined for verdict in verdicts] == [len(night.rows) for night in nights]
    assert len(list(Store(settings.state_dir).paths())) == len(nights)


def test_a_failure_that_has_no_rows_to_fetch_costs_no_second_query(
    warehouse: EmbeddedWarehouse, settings: Settings
) -> None:
    load_night(warehouse, settings, NIGHT)
    coverage = tuple(suite for suite in SUITES if suite.name == "reconciliation")
    event = NIGHT.event | {"record_count": 13, "metadata": NIGHT.event["metadata"] | {"completed_players": 13}}
    with counted(warehouse) as queries:
        verdict = one_check_of(replace(NIGHT, event=event), settings, coverage)
        assert {check.id for check in verdict.failed()} == {"claim_consistent", "claim_stored"}
        assert queries() <= 2


def test_what_is_shown_is_what_was_sent(warehouse: EmbeddedWarehouse, settings: Settings) -> None:
    load_night(warehouse, settings, NIGHT)
    verdict = check_batch(NIGHT.event, settings=settings, now=NIGHT.now, keep=False)
    # sqlalchemy-bigquery writes the names of parameters in backticks.
    sent = re.sub(r"@`(\w+)`", r"@\1", warehouse.query_jobs()[-1].query)
    assert verdict.provenance.query_fingerprint == "sha256:" + hashlib.sha256(sent.encode()).hexdigest()
    assert "2026-01-1" not in sent, "dates travel as parameters"
    assert "DATE '2026-01-15'" in (verdict.query or "")


def test_the_watch_costs_one_query(warehouse: EmbeddedWarehouse, settings: Settings) -> None:
    load_night(warehouse, settings, NIGHT)
    with counted(warehouse) as queries:
        watch_run(settings=settings, now=NIGHT.now).verdict()
        assert queries() == 1


@pytest.fixture(scope="module")
def season(warehouse: EmbeddedWarehouse, tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """A year of nights with three players each, all clean."""
    empty(warehouse)
    settings = settings_of(warehouse, tmp_path_factory.mktemp("season"))
    shapes = (NightShape(seed=n, game_date=day, games=1, players=3, ineligible=0) for n, day in enumerate(DATES))
    load_night(warehouse, settings, *(clean_night(shape) for shape in shapes))
    return settings


@pytest.mark.parametrize("dates", [1, 53, 365])
def test_a_range_that_passes_costs_one_query_whatever_the_number_of_dates(
    dates: int, season: Settings, warehouse: EmbeddedWarehouse
) -> None:
    with counted(warehouse) as queries:
        verdict = check_dates(DATES[:dates], settings=season, now=NOW, keep=False)
        assert queries() == 1 == verdict.cost.jobs
    assert verdict.verdict is Outcome.PASSED
    assert len(verdict.dates) == dates


def test_dates_that_are_not_asked_for_are_not_counted_in(season: Settings) -> None:
    alone = check_dates(DATES[:1], settings=season, now=NOW, keep=False)
    assert alone.rows_examined == sum(
        row["game_date"] == FIRST
        for row in clean_night(NightShape(seed=0, game_date=FIRST, games=1, players=3, ineligible=0)).rows
    )


@pytest.fixture(scope="module")
def broken(season: Settings, warehouse: EmbeddedWarehouse) -> Settings:
    """The same year with a placeholder line on every night."""
    warehouse.execute(
        f"UPDATE `{season.table}` SET current_points_line = 20.0"
        f" WHERE game_date >= '{FIRST}' AND system_id = 'moving_average'"
    )
    return season


@pytest.mark.parametrize("dates", [1, 53, 365])
def test_a_range_that_fails_costs_two_queries_whatever_the_number_of_dates(
    dates: int, broken: Settings, warehouse: EmbeddedWarehouse
) -> None:
    with counted(warehouse) as queries:
        verdict = check_dates(DATES[:dates], settings=broken, now=NOW, keep=False)
        assert queries() == 2 == verdict.cost.jobs
    assert sum(day.verdict is Outcome.FAILED for day in verdict.dates) == dates
    placeholders = next(check for check in verdict.checks if check.id == "line_not_placeholder")
    assert placeholders.failing_rows == 3 * dates
    assert len(placeholders.sample) == min(20, 3 * dates)
    keys_and_what_it_read = {*KEYS, "current_points_line", "line_source", "written_at"}
    assert {name for row in placeholders.sample for name in row} == keys_and_what_it_read
