"""Nights of `prop_quality.season`, loaded and judged in a fraction of a second each.

`Judge` sends the scan of a run itself and asks every expectation, as a run does through Great Expectations, which takes
longer than the query. It is for judging nights by the hundred; that a whole run says the same is tested on fewer.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, timedelta

import sqlalchemy as sa
from great_expectations.execution_engine import SqlAlchemyExecutionEngine

from prop_quality.api import batch_run, column_readers
from prop_quality.embedded import EmbeddedWarehouse
from prop_quality.judgement import Judgement
from prop_quality.scan.answer import read_answer
from prop_quality.scan.compose import compose_scan
from prop_quality.scan.metric import execute
from prop_quality.season import Fault, Night
from prop_quality.season.night import Row
from prop_quality.settings import Settings
from prop_quality.verdict import Outcome
from prop_quality.warehouse import Warehouse
from tests.warehouse import empty, load_night

# Dates within one era of systems, lines and scale each, so that several nights of a fault's shape fit into one table.
_ERAS = (
    (date(2026, 1, 9), date(2026, 1, 16)),
    (date(2026, 1, 23), date(2026, 1, 29)),
    (date(2026, 2, 9), date(2026, 2, 24)),
)
# What no check reads is NULL here: 39 of 59 columns, which only cost time.
_KEYS = frozenset({"prediction_id", "player_lookup", "system_id", "game_date", "is_active", "created_at", "updated_at"})
_READ = _KEYS | set(column_readers()) | {"deployment_revision", "invalidation_reason"}


@dataclass(frozen=True)
class Judge:
    """Judges nights in the tables of `settings`."""

    warehouse: EmbeddedWarehouse
    settings: Settings
    engine: SqlAlchemyExecutionEngine

    @classmethod
    def of(cls, warehouse: EmbeddedWarehouse, settings: Settings) -> Judge:
        """A judge with an engine of its own; it serves any number of nights."""
        table = settings.table
        engine = sa.create_engine(
            f"bigquery://{table.project}/{table.dataset}?user_supplied_client=true",
            connect_args={"client": Warehouse(settings, {}, timeout_seconds=3600).client},
        )
        return cls(warehouse, settings, SqlAlchemyExecutionEngine(engine=engine))

    def judgements(self, night: Night, *, load: bool = True) -> dict[str, Judgement]:
        """What each check says of the night, which is loaded before unless it is there already."""
        settings = load_night(self.warehouse, self.settings, slim(night)) if load else self.settings
        run = batch_run(night.event, settings=settings, now=night.now, expect_revision=night.expect_revision)
        scope = run.scope()
        asked = [expectation for expectation in run.expectations if expectation.unavailable(scope) is None]
        answer = read_answer(scope, execute(self.engine, compose_scan(asked, scope)))
        return {expectation.check_id: expectation.evaluate(answer) for expectation in run.expectations}


def failures(judgements: dict[str, Judgement]) -> dict[str, str]:
    """The checks that fail, with the severity that they reach."""
    return {name: str(one.severity) for name, one in judgements.items() if one.outcome is Outcome.FAILED}


def slim(night: Night) -> Night:
    """The night with the columns that some check reads."""
    kept = _READ | set(night.extra_columns)
    return replace(night, rows=[_slim(row, kept) for row in night.rows])


def _slim(row: Row, kept: Iterable[str]) -> Row:
    return {name: row[name] for name in kept if name in row}


class Slots:
    """Free game dates of one set of tables: a fault is moved to one within its era; when full, all are emptied."""

    def __init__(self, warehouse: EmbeddedWarehouse) -> None:
        self._warehouse = warehouse
        self._taken: set[date] = set()

    def place(self, fault: Fault) -> Fault:
        """The same fault on a date of which the tables hold nothing."""
        day = fault.shape.game_date
        first, last = next((era for era in _ERAS if era[0] <= day <= era[1]), (day, day))
        days = [first + timedelta(days=n) for n in range((last - first).days + 1)]
        free = [one for one in days if one not in self._taken]
        if not free:
            self.clear()
            free = days
        self._taken.add(free[0])
        starts = fault.shape.starts_at
        moved = starts + (free[0] - day) if starts else None
        return replace(fault, shape=replace(fault.shape, game_date=free[0], starts_at=moved))

    def clear(self) -> None:
        """Empty the tables."""
        empty(self._warehouse)
        self._taken.clear()
