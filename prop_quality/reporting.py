"""Putting a verdict together from what a run found out."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

from prop_quality.date_verdicts import date_verdicts
from prop_quality.errors import WarehouseError
from prop_quality.judgement import Judgement, undecided
from prop_quality.scan.answer import Answer
from prop_quality.scan.declaration import KEYS
from prop_quality.scan.parameters import Statement
from prop_quality.scan.scope import Scope
from prop_quality.store import new_run_id
from prop_quality.summary import notes, summary
from prop_quality.verdict import (
    MAX_SAMPLE_ROWS,
    Batch,
    CheckResult,
    Cost,
    Coverage,
    DateVerdict,
    Failure,
    Outcome,
    Provenance,
    Severity,
    Verdict,
    Written,
    decide,
    format_time,
)
from prop_quality.words import discreet, snake_case

if TYPE_CHECKING:
    from prop_quality.checkpoint import Checkpoint, Request
    from prop_quality.expectation import ScanExpectation
    from prop_quality.registry import Registry
    from prop_quality.tables import TableRef


@dataclass
class Evidence:
    """What a run has found out so far; whatever is absent when it ends is a doubt."""

    checkpoint: Checkpoint
    request: Request
    registry: Registry
    expectations: Sequence[ScanExpectation]
    suites: Mapping[str, str]
    fingerprint: str
    tool_version: str
    table: TableRef
    state_dir: Path
    scope: Scope | None = None
    statement: Statement | None = None
    judgements: dict[str, Judgement] = field(default_factory=dict)
    answer: Answer | None = None
    samples: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)
    absent: tuple[str, ...] = ()
    stock: Mapping[str, Severity] = field(default_factory=dict)


def make_verdict(evidence: Evidence, cost: Cost) -> Verdict:
    """The verdict over all that was found out."""
    ours = [_result(expectation, evidence) for expectation in evidence.expectations]
    checks = (*ours, *(_stock_result(check_id, evidence) for check_id in evidence.stock))
    outcome = decide(checks)
    return _verdict(evidence, cost, checks, outcome, date_verdicts(evidence, checks, outcome), error=None)


def error_verdict(evidence: Evidence, error: BaseException, cost: Cost) -> Verdict:
    """The inconclusive verdict of a run that something broke off: every check says so."""
    kind = type(error).__name__
    if isinstance(error, KeyboardInterrupt):
        error, kind = (
            WarehouseError("The run was interrupted before anything was decided; run it again."),
            "Interrupted",
        )
    ours = isinstance(error, WarehouseError)
    said = discreet(" ".join(str(error).split()))
    message = said if ours else f"An unexpected {kind} broke the run off: {said[:300]}"
    levels = {e.check_id: e.level for e in evidence.expectations} | dict(evidence.stock)
    checks = tuple(
        CheckResult(check_id, evidence.suites[check_id], level, Outcome.INCONCLUSIVE, message)
        for check_id, level in levels.items()
    )
    dates = tuple(DateVerdict(day, Outcome.INCONCLUSIVE) for day in evidence.request.dates)
    return _verdict(evidence, cost, checks, Outcome.INCONCLUSIVE, dates, Failure(snake_case(kind), message))


def _verdict(
    evidence: Evidence,
    cost: Cost,
    checks: tuple[CheckResult, ...],
    outcome: Outcome,
    dates: tuple[DateVerdict, ...],
    error: Failure | None,
) -> Verdict:
    request, answer = evidence.request, evidence.answer
    statement = evidence.statement
    query = statement.sql if statement else ""
    run_id = new_run_id(evidence.checkpoint.name, request.now)
    return Verdict(
        run_id=run_id,
        checkpoint=evidence.checkpoint.name,
        verdict=outcome,
        summary=" ".join(summary(evidence, checks, outcome, error).split()),
        batch=_batch(request),
        evaluated_at=request.now,
        rows_examined=answer.rows_examined if answer else 0,
        written=_written(answer),
        coverage=_coverage(answer),
        checks=checks,
        dates=dates,
        cost=cost,
        provenance=Provenance(
            tool_version=evidence.tool_version,
            suite_fingerprint=evidence.fingerprint,
            query_fingerprint="sha256:" + hashlib.sha256(query.encode()).hexdigest() if query else "",
        ),
        error=error,
        notes=tuple(notes(evidence, run_id, dates)),
        roster_source=evidence.scope.roster_source if evidence.scope else None,
        claim=request.event.claim if request.event else None,
        query=statement.with_literals() if statement else None,
        columns=dict(evidence.scope.predictions.seen) if evidence.scope else {},
        table=str(evidence.table),
        systems=request.systems,
    )


def _result(expectation: ScanExpectation, evidence: Evidence) -> CheckResult:
    check_id = expectation.check_id
    judgement = evidence.judgements.get(check_id)
    if judgement is None:
        reason = "Great Expectations returned no result for this check."
        if evidence.absent:
            reason = f"Cannot be decided: the table has no usable {', '.join(evidence.absent)}."
        judgement = undecided(Outcome.INCONCLUSIVE, expectation.level, reason)
    if judgement.outcome is Outcome.INCONCLUSIVE and evidence.answer is not None and not evidence.answer.dates:
        judgement = undecided(Outcome.SKIPPED, expectation.level, "There are no games, so there is nothing to judge.")
    failed = judgement.outcome is Outcome.FAILED
    rows: Sequence[Mapping[str, Any]] = evidence.samples.get(check_id) or judgement.sample
    return replace(
        _told(check_id, judgement, evidence),
        breakdown=judgement.breakdown,
        sample=tuple(_sample_row(row, expectation) for row in rows[:MAX_SAMPLE_ROWS]),
        remedy=_remedy(expectation, judgement, evidence) if failed else None,
        cleared=judgement.cleared,
    )


def _remedy(expectation: ScanExpectation, judgement: Judgement, evidence: Evidence) -> str:
    """What to do next; a table that could not be asked has an answer without rows."""
    assert evidence.scope is not None
    return expectation.remedy(evidence.answer or Answer(evidence.scope, (), ()), judgement)


def _stock_result(check_id: str, evidence: Evidence) -> CheckResult:
    """An ordinary expectation of Great Expectations that stands beside ours: it counts as much."""
    reason = "Great Expectations returned no result for this check."
    judgement = evidence.judgements.get(check_id) or undecided(Outcome.INCONCLUSIVE, evidence.stock[check_id], reason)
    return _told(check_id, judgement, evidence)


def _told(check_id: str, judgement: Judgement, evidence: Evidence) -> CheckResult:
    """What is said of every check, ours or stock."""
    return CheckResult(
        id=check_id,
        suite=evidence.suites[check_id],
        severity=judgement.severity,
        outcome=judgement.outcome,
        reason=judgement.reason,
        rows_examined=judgement.rows_examined,
        failing_rows=judgement.failing_rows,
    )


def _sample_row(row: Mapping[str, Any], expectation: ScanExpectation) -> dict[str, Any]:
    """The keys, then the columns that the check read: nothing else of a row leaves the warehouse's room."""
    shown = [*KEYS, *expectation.reads_columns, "written_at"]
    return {name: _plain(row[name]) for name in dict.fromkeys(shown) if name in row}


def _plain(value: Any) -> Any:
    if isinstance(value, Decimal):
        return float(value)
    if isinstance(value, datetime):
        return format_time(value)
    return str(value) if isinstance(value, date) else value


def _batch(request: Request) -> Batch:
    event = request.event
    return Batch(
        batch_id=event.batch_id if event else None,
        game_dates=request.dates,
        started_at=request.since,
        completed_at=event.completed_at if event else None,
        worker_revision=event.worker_revision if event else None,
    )


def _written(answer: Answer | None) -> Written:
    if answer is None or answer.scope.since is None:
        return Written()
    return Written(answer.total("inserted_rows"), answer.total("updated_rows"), answer.total("stale_rows"))


def _coverage(answer: Answer | None) -> tuple[Coverage, ...]:
    if answer is None:
        return ()
    registry = answer.scope.registry
    return tuple(
        Coverage(
            game_date=group.game_date,
            system_id=str(group.system_id),
            expected_players=group.pairs.expected,
            stored_players=group.pairs.stored,
            fresh_players=group.pairs.fresh,
            missing=group.pairs.missing,
            missing_count=group.pairs.expected - group.pairs.stored,
        )
        for group in answer.judged_systems
        if group.system_id in registry.systems_on(group.game_date)
    )
