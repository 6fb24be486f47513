"""The scan as a metric of Great Expectations: asked once by its own engine, however many expectations wait."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any
from weakref import WeakKeyDictionary

import sqlalchemy as sa
import sqlalchemy_bigquery
from great_expectations.execution_engine import SqlAlchemyExecutionEngine
from great_expectations.expectations.metrics.metric_provider import MetricProvider, metric_value

from prop_quality.ahead import Ahead
from prop_quality.errors import QueryRefused, WarehouseError
from prop_quality.judgement import Judgement
from prop_quality.scan.answer import Answer, read_answer
from prop_quality.scan.compose import compose_scan
from prop_quality.scan.declaration import Declaration
from prop_quality.scan.parameters import ERAS, GROUPS, SNAPSHOTS, Statement
from prop_quality.scan.scope import Scope
from prop_quality.troubles import translate

METRIC = "prop_quality.scan"

_TYPES: Mapping[str, Any] = {
    "DATE": sa.Date,
    "TIMESTAMP": sa.TIMESTAMP,
    "STRING": sa.String,
    "FLOAT64": sa.Float,
    "ARRAY<DATE>": sa.ARRAY(sa.Date),
    "ARRAY<STRING>": sa.ARRAY(sa.String),
    ERAS: sa.ARRAY(sqlalchemy_bigquery.STRUCT(from_date=sa.Date, until_date=sa.Date, system_id=sa.String)),
    GROUPS: sa.ARRAY(sqlalchemy_bigquery.STRUCT(check_id=sa.String, game_date=sa.Date, system_id=sa.String)),
    SNAPSHOTS: sa.ARRAY(sqlalchemy_bigquery.STRUCT(game_date=sa.Date, taken_at=sa.TIMESTAMP)),
}


class ScanSession:
    """One run's scan: composed once, sent once, its answer (or its error) kept for every validation that asks."""

    def __init__(self, scope: Scope, declarations: Sequence[Declaration]) -> None:
        self.scope = scope
        self.statement = compose_scan(declarations, scope)
        self.error: WarehouseError | None = None
        self.judgements: dict[str, Judgement] = {}
        self._answer: Answer | None = None
        self._asked: Ahead[list[dict[str, Any]]] | None = None

    @property
    def known(self) -> Answer:
        """The answer that is already there.

        Raises:
            QueryRefused: nobody has asked yet, or the warehouse refused.
        """
        if self._answer is None:
            raise self.error or QueryRefused("The scan was never sent: no check of this run needs it.")
        return self._answer

    @property
    def active_rows(self) -> int | None:
        """How many active rows the dates have; None while nobody has asked."""
        return None if self._answer is None else self._answer.total("active_rows")

    def ask(self, engine: SqlAlchemyExecutionEngine) -> None:
        """Send the query now; what Great Expectations prepares until it needs the answer then costs no time."""
        if self._asked is None:
            self._asked = Ahead(partial(execute, engine, self.statement))

    def answer(self, engine: SqlAlchemyExecutionEngine) -> Answer:
        """The answer, sending the query when nobody asked before.

        Raises:
            WarehouseError: the warehouse did not answer; raised again to each that asks, without asking again.
        """
        if self.error is not None:
            raise self.error
        if self._answer is None:
            self.ask(engine)
            assert self._asked is not None
            try:
                self._answer = read_answer(self.scope, self._asked.result())
            except WarehouseError as error:
                self.error = error
                raise
        return self._answer


_sessions: WeakKeyDictionary[SqlAlchemyExecutionEngine, ScanSession] = WeakKeyDictionary()


def bind(engine: SqlAlchemyExecutionEngine, session: ScanSession) -> None:
    """Let every expectation that runs on `engine` share the scan of `session`."""
    _sessions[engine] = session


def keep_judgement(engine: Any, check_id: str, judgement: Judgement) -> None:
    """Keep what a check concluded beside Great Expectations' result of it.

    A result is copied, compared and serialised several times on its way; a range of a year would carry thousands of
    numbers along.
    """
    session = _sessions.get(engine)
    if session is not None:
        session.judgements[check_id] = judgement


class Scan(MetricProvider):
    """The metric that all our expectations depend on."""

    metric_name = METRIC

    @metric_value(engine=SqlAlchemyExecutionEngine)
    def _scan(cls, execution_engine: SqlAlchemyExecutionEngine, **_: Any) -> Answer:  # noqa: N805 - as the library calls it
        session = _sessions.get(execution_engine)
        if session is None:
            raise QueryRefused(
                "This expectation runs inside a checkpoint of prop-quality only; use prop-quality check."
            )
        return session.answer(execution_engine)


def execute(engine: SqlAlchemyExecutionEngine, statement: Statement) -> list[dict[str, Any]]:
    """Send one statement through Great Expectations' engine.

    Raises:
        WarehouseError: the warehouse refused, or did not answer.
    """
    text = sa.text(re.sub(r"@(\w+)", r":\1", statement.sql)).bindparams(
        *(sa.bindparam(name, p.value, type_=_TYPES[p.type]) for name, p in statement.parameters.items())
    )
    try:
        return [dict(row) for row in engine.execute_query(text).mappings().fetchall()]
    except Exception as error:
        known = translate(error)
        if known is None:
            raise
        raise known from error
