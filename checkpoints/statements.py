"""Every statement that the checkpoints can send, for those who prove things of all of them.

Which statement is sent depends on the checkpoint, on which sources there are (a roster, book lines, the columns that
come and go), and on which checks failed; each of these forms is composed here as a run would compose it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime, timedelta
from itertools import product

import checkpoints
from checkpoints import after_batch, date_range, watch
from prop_quality.checkpoint import Checkpoint
from prop_quality.event import CompletionEvent
from prop_quality.expectation import ScanExpectation
from prop_quality.judgement import DateOutcome, Judgement
from prop_quality.scan.answer import Answer
from prop_quality.scan.compose import compose_failing, compose_scan
from prop_quality.scan.parameters import Statement
from prop_quality.scan.scope import GivenRoster, Scope, Source
from prop_quality.suite import Check
from prop_quality.tables import TableRef
from prop_quality.verdict import Outcome
from prop_quality.waivers import Waiver

_NOW = datetime(2026, 1, 17, 4, 36, 16, tzinfo=UTC)
_DATES = (date(2026, 1, 9), date(2026, 1, 16))
# Columns that the table had at some time and the contract of mid-January 2026 does not know.
LATER_COLUMNS = {
    "deployment_revision": "STRING",
    "invalidation_reason": "STRING",
    "invalidated_at": "TIMESTAMP",
    "predicted_at": "TIMESTAMP",
}
# Where the expected players come from.
_ROSTERS = {
    "context roster": None,
    "roster file": GivenRoster("a file", ((_DATES[0], "karlanthonytowns"),)),
    "snapshot": GivenRoster("a snapshot", ((_DATES[0], "karlanthonytowns"),), {_DATES[0]: _NOW}),
}
# Remedies that are no SQL.
_COMMANDS = ("prop-quality ", "curl ")
Columns = Mapping[TableRef, Mapping[str, str]]


def every_statement(
    predictions: TableRef, context: TableRef, book_lines: TableRef, columns: Columns
) -> Iterator[tuple[str, Statement]]:
    """Each form with a name that says which it is; `columns` are those of the three tables, with their types."""
    for made in (after_batch.checkpoint(), date_range.checkpoint(), watch.checkpoint()):
        expectations = [made.load(check) for suite in made.suites for check in suite.checks if isinstance(check, Check)]
        for later, with_book, roster in product((False, True), (False, True), _ROSTERS):
            known = {**columns[predictions], **(LATER_COLUMNS if later else {})}
            scope = _scope(
                made,
                Source(predictions, known, known),
                Source(context, columns[context], columns[context]),
                Source(book_lines, columns[book_lines], columns[book_lines])
                if with_book
                else Source(None, unavailable="not configured"),
                roster=_ROSTERS[roster],
            )
            form = f"{made.name}, {'later' if later else 'contract'} columns"
            form += f", {'with' if with_book else 'no'} book lines, {roster}"
            singly = later and with_book and scope.roster is None
            yield from _of_scope(form, expectations, scope, singly=singly)


def _of_scope(
    form: str, expectations: list[ScanExpectation], scope: Scope, *, singly: bool
) -> Iterator[tuple[str, Statement]]:
    """All checks together, and with `singly` each by itself and the listing of its failing rows."""
    possible = [one for one in expectations if one.unavailable(scope) is None]
    sets = [("all", possible)] + ([(one.check_id, [one]) for one in possible] if singly else [])
    for name, some in sets:
        yield f"scan of {name} ({form})", compose_scan(some, scope)
        groups = [(one.check_id, day, "catboost_v8") for one in some for day in scope.dates]
        failing = compose_failing(some, scope, groups)
        if failing is not None:
            yield f"failing rows of {name} ({form})", failing
    for one in possible if singly else ():
        yield from _remedies(one, scope, form)


def _remedies(one: ScanExpectation, scope: Scope, form: str) -> Iterator[tuple[str, Statement]]:
    """What a person pastes when the check has failed: with literals in place of parameters."""
    for systems in ((None,), ("catboost_v8", "xgboost_v1")):
        failed = tuple(DateOutcome(day, Outcome.FAILED, one.level) for day in scope.dates)
        groups = tuple((day, system) for day in scope.dates for system in systems)
        judgement = Judgement(Outcome.FAILED, one.level, "as a form of the statement", groups=groups, dates=failed)
        text = one.remedy(Answer(scope, (), ()), judgement)
        where = "dates" if systems == (None,) else "systems"
        if not text.startswith(_COMMANDS):
            yield f"remedy of {one.check_id} for {where} ({form})", Statement(text)


def _scope(
    made: Checkpoint, predictions: Source, context: Source, book_lines: Source, *, roster: GivenRoster | None
) -> Scope:
    waiver = Waiver(
        check="line_not_placeholder",
        reason="a form of the statement",
        owner="nobody",
        created=date(2026, 1, 9),
        expires=date(2027, 1, 1),
        first_date=_DATES[0],
        last_date=_DATES[-1],
    )
    return Scope(
        dates=_DATES,
        now=_NOW,
        registry=checkpoints.REGISTRY,
        predictions=predictions,
        context=context,
        book_lines=book_lines,
        since=_NOW - timedelta(minutes=2),
        until=_NOW + timedelta(minutes=5),
        roster_as_of=_NOW - timedelta(minutes=2),
        context_window=None if made.name == "after_batch" else watch.around(_DATES),
        roster=roster,
        event=_event() if made.name == "after_batch" else None,
        expected_revision="prediction-worker-00044-g7f",
        waivers=(waiver,),
    )


def _event() -> CompletionEvent:
    return CompletionEvent(
        batch_id="batch_2026-01-09_1768624476",
        game_date=_DATES[0],
        started_at=_NOW - timedelta(seconds=81),
        completed_at=_NOW,
        status="success",
        record_count=150,
        records_failed=0,
        expected_players=150,
        completed_players=150,
        total_predictions=3610,
        worker_revision="prediction-worker-00044-g7f",
    )
