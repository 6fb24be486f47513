"""Verdicts over several dates, as a range and a watch leave them."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from datetime import date, datetime, timedelta

from prop_quality.verdict import Batch, CheckResult, DateVerdict, Outcome, Severity, Verdict, Written, decide
from tests.prop_quality.site.nights import Night, verdict_of


def ranged(days: Sequence[date], at: datetime, *, failing: date | None = None, warned: date | None = None) -> Verdict:
    """One verdict over `days`: on `failing` a fifth of each system's pairs is missing, on `warned` one pair is.

    The first date has no games. There is no event and no start, so freshness and reconciliation are skipped.
    """
    nights = [Night(day, at, stored=120 if day == failing else 150, fresh=0) for day in days]
    one = verdict_of(nights[0])
    coverage = tuple(c for night in nights[1:] for c in verdict_of(night).coverage)
    rows = sum(c.stored_players for c in coverage)
    checks = tuple(_over_dates(check, rows, failing, warned) for check in one.checks)
    said = {d: ("pairs_covered",) if d in (failing, warned) else () for d in days}
    dates = tuple(
        DateVerdict(d, Outcome.FAILED if d == failing else Outcome.PASSED, said[d], 0 if d == days[0] else 750)
        for d in days
    )
    return dataclasses.replace(
        one,
        run_id=f"{at:%Y%m%dT%H%M%SZ}-date_range-00000000",
        checkpoint="date_range",
        verdict=decide(checks),
        summary=f"{len(days)} dates from {days[0]} to {days[-1]}: {'1 check failed' if failing else 'all good'}.",
        batch=Batch(None, tuple(days)),
        evaluated_at=at,
        rows_examined=rows,
        written=Written(),
        coverage=coverage,
        checks=checks,
        dates=dates,
        claim=None,
        notes=(f"No games on {days[0]}: nothing was expected and nothing is stored",),
    )


def watched(today: date, at: datetime, outcome: Outcome = Outcome.PASSED) -> Verdict:
    """A watch over `today` and the day after, for which no batch is due yet."""
    reason = "0 of 1 due date has a batch." if outcome is Outcome.FAILED else "Rows are there."
    failing = int(outcome is Outcome.FAILED)
    check = CheckResult("batch_present", "watch", Severity.CRITICAL, outcome, reason, 1, failing)
    tomorrow = today + timedelta(days=1)
    named = (check.id,) if failing else ()
    return dataclasses.replace(
        verdict_of(Night(today, at)),
        run_id=f"{at:%Y%m%dT%H%M%SZ}-watch-00000000",
        checkpoint="watch",
        verdict=outcome,
        summary=f"2 dates from {today} to {tomorrow}: {reason}",
        batch=Batch(None, (today, tomorrow)),
        evaluated_at=at,
        written=Written(),
        coverage=(),
        checks=(check,),
        dates=(DateVerdict(today, outcome, named, 750), DateVerdict(tomorrow, Outcome.PASSED, (), 0)),
        claim=None,
    )


def _over_dates(check: CheckResult, rows: int, failing: date | None, warned: date | None) -> CheckResult:
    if check.suite in ("freshness", "reconciliation"):
        return dataclasses.replace(
            check, outcome=Outcome.SKIPPED, reason="There is no event.", breakdown=(), rows_examined=0
        )
    missing = {day: count for day, count in ((failing, 30), (warned, 1)) if day is not None}
    if check.id != "pairs_covered" or not missing:
        return dataclasses.replace(check, rows_examined=rows)
    return dataclasses.replace(
        check,
        severity=Severity.CRITICAL if failing else Severity.WARNING,
        outcome=Outcome.FAILED,
        reason="Expected pairs are missing: catboost_v8 has 120 of 150 players.",
        rows_examined=rows,
        failing_rows=sum(missing.values()),
        breakdown=tuple(
            {"game_date": day.isoformat(), "system_id": "catboost_v8", "failing_rows": count}
            for day, count in missing.items()
        ),
        sample=(),
    )
