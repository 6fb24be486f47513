"""What one run says about each of its dates: of several, a verdict tells only which checks failed on which."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date

from prop_quality.site.digest import (
    MAX_PROBLEMS,
    MAX_SYSTEMS,
    DateRun,
    Problem,
    by_system,
    is_problem,
    problem_of,
    problem_with,
    whole_number,
)
from prop_quality.site.safe import cut
from prop_quality.verdict import CheckResult, Coverage, DateVerdict, Outcome, Severity, Verdict


def digest_dates(verdict: Verdict, key: str, month: str) -> Iterator[tuple[date, DateRun]]:
    """What `verdict` says about each of its dates."""
    said = {d.game_date: d for d in verdict.dates}
    if not said:
        said = {day: DateVerdict(day, verdict.verdict) for day in verdict.batch.game_dates}
    coverage: dict[date, list[Coverage]] = {}
    for one in verdict.coverage:
        coverage.setdefault(one.game_date, []).append(one)
    whole = {c.id: problem_of(c) for c in verdict.checks if is_problem(c)} if len(said) == 1 else None
    started = verdict.batch.started_at is not None
    for day, decided in said.items():
        outcomes = {c.id: _on_date(c, decided, alone=len(said) == 1) for c in verdict.checks}
        yield (
            day,
            DateRun(
                key=key,
                month=month,
                at=verdict.evaluated_at,
                checkpoint=cut(verdict.checkpoint, 60),
                verdict=decided.verdict,
                rows=_rows(verdict, decided, alone=len(said) == 1),
                systems={
                    c.system_id: (
                        c.expected_players,
                        c.stored_players,
                        c.fresh_players if started else None,
                        c.missing_count,
                    )
                    for c in coverage.get(day, [])[:MAX_SYSTEMS]
                },
                problems=_date_problems(verdict, decided, outcomes) if whole is None else whole,
                outcomes=outcomes,
            ),
        )


def _rows(verdict: Verdict, decided: DateVerdict, *, alone: bool) -> int | None:
    """The rows of one of several dates; older verdicts count only all of them."""
    if not verdict.answered:
        return None
    return decided.rows_examined or (verdict.rows_examined if alone else 0)


def _on_date(check: CheckResult, decided: DateVerdict, *, alone: bool) -> Outcome:
    """One check on one of several dates, of which a verdict says only which checks failed: in doubt nothing passed."""
    if alone or check.outcome is Outcome.SKIPPED:
        return check.outcome
    if check.id in decided.failed_checks:
        return Outcome.FAILED
    if not decided.rows_examined:
        return Outcome.SKIPPED if decided.verdict is Outcome.PASSED else Outcome.INCONCLUSIVE
    if check.outcome is Outcome.INCONCLUSIVE:
        sure = decided.verdict is Outcome.PASSED and check.severity is Severity.CRITICAL
        return Outcome.PASSED if sure else Outcome.INCONCLUSIVE
    unknown = check.outcome is Outcome.FAILED and decided.verdict is Outcome.INCONCLUSIVE
    return Outcome.INCONCLUSIVE if unknown else Outcome.PASSED


def _date_problems(verdict: Verdict, decided: DateVerdict, outcomes: Mapping[str, Outcome]) -> dict[str, Problem]:
    """What is wrong on one of several dates; where the date did not fail, no check failed critically on it."""
    day, problems = decided.game_date, dict[str, Problem]()
    for check in verdict.checks:
        if outcomes[check.id] in (Outcome.FAILED, Outcome.INCONCLUSIVE) and len(problems) < MAX_PROBLEMS:
            rows = [row for row in check.breakdown if row.get("game_date") == day.isoformat()]
            by = by_system(rows)
            failing = sum(whole_number(row.get("failing_rows")) for row in rows)
            problem = problem_with(check, outcomes[check.id], failing, 0, by)
            if problem.outcome is Outcome.FAILED and decided.verdict is not Outcome.FAILED:
                problem = replace(problem, severity=max(problem.severity, Severity.WARNING, key=list(Severity).index))
            problems[check.id] = problem
    return problems
