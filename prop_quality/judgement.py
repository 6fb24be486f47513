"""From numbers to an outcome: what a check concludes about each group of rows, each date, and the whole run."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from prop_quality.verdict import Cleared, Outcome, Severity

MAX_BREAKDOWN = 400
# More groups than anybody looks at; each goes through Great Expectations' results.
MAX_GROUPS = 2_000


@dataclass(frozen=True)
class Finding:
    """What a check concludes about one system on one date (`system_id` None: about the whole date).

    `level` is the severity reached, None when nothing is wrong. `examined` counts what was looked at; zero makes the
    date inconclusive. `detail` says the worst in words, `numbers` goes into the breakdown.
    """

    game_date: date
    system_id: str | None
    examined: int
    failing: int = 0
    level: Severity | None = None
    detail: str | None = None
    numbers: Mapping[str, Any] = field(default_factory=dict)
    doubt: str | None = None

    @property
    def outcome(self) -> Outcome:
        """The outcome for this group alone."""
        if self.level is not None:
            return Outcome.FAILED
        return Outcome.INCONCLUSIVE if self.examined == 0 or self.doubt else Outcome.PASSED


@dataclass(frozen=True)
class DateOutcome:
    """One check on one date."""

    game_date: date
    outcome: Outcome
    severity: Severity


@dataclass(frozen=True)
class Judgement:
    """What one check says. `groups` are those that failed, at most 2,000, for the query that fetches failing rows."""

    outcome: Outcome
    severity: Severity
    reason: str
    rows_examined: int = 0
    failing_rows: int = 0
    breakdown: tuple[Mapping[str, Any], ...] = ()
    sample: tuple[Mapping[str, Any], ...] = ()
    cleared: tuple[Cleared, ...] = ()
    groups: tuple[tuple[date, str | None], ...] = ()
    dates: tuple[DateOutcome, ...] = ()


def undecided(outcome: Outcome, severity: Severity, reason: str, dates: Iterable[date] = ()) -> Judgement:
    """A judgement without numbers: skipped or inconclusive, for the whole run."""
    return Judgement(outcome, severity, reason, dates=tuple(DateOutcome(d, outcome, severity) for d in dates))


def conclude(
    findings: Sequence[Finding],
    dates: Sequence[date],
    *,
    severity: Severity,
    says: str,
    nothing: str = "there are no active rows to look at",
    cleared: Sequence[Cleared] = (),
    sample: Sequence[Mapping[str, Any]] = (),
) -> Judgement:
    """Sum up findings: per date, then over all `dates`.

    Args:
        findings: one for each group that was looked at.
        dates: the dates to judge; one without a finding that examined anything is inconclusive.
        severity: the check's severity; `Finding.level` may be lower.
        says: the sentence with the numbers, used when something was examined.
        nothing: why a date is inconclusive, as the end of a sentence.
        cleared: what was cleared and by whom.
        sample: failing things to show when they are no rows of the table.
    """
    grouped: dict[date, list[Finding]] = {day: [] for day in dates}
    for finding in findings:
        grouped[finding.game_date].append(finding)
    by_date = {day: _date_outcome(day, found, severity) for day, found in grouped.items()}
    outcome, reached = _overall(list(by_date.values()), severity)
    doubtful = [day for day, one in by_date.items() if one.outcome is Outcome.INCONCLUSIVE]
    return Judgement(
        outcome=outcome,
        severity=reached,
        reason=_reason(findings, doubtful, says, nothing, outcome, len(dates)),
        rows_examined=sum(f.examined for f in findings),
        failing_rows=sum(f.failing for f in findings),
        breakdown=_breakdown(findings),
        sample=tuple(sample),
        cleared=tuple(cleared),
        groups=tuple((f.game_date, f.system_id) for f in findings if f.level is not None)[:MAX_GROUPS],
        dates=tuple(by_date.values()),
    )


def _date_outcome(day: date, findings: Sequence[Finding], severity: Severity) -> DateOutcome:
    levels = [f.level for f in findings if f.level is not None]
    if levels:
        return DateOutcome(day, Outcome.FAILED, min(levels, key=list(Severity).index))
    looked = [f for f in findings if f.examined]
    if not looked or any(f.doubt for f in findings):
        return DateOutcome(day, Outcome.INCONCLUSIVE, severity)
    return DateOutcome(day, Outcome.PASSED, severity)


def _overall(dates: Sequence[DateOutcome], severity: Severity) -> tuple[Outcome, Severity]:
    """Failed at the check's own severity, then doubt, then failed below it: doubt is never hidden by a mere warning."""
    failed = [one.severity for one in dates if one.outcome is Outcome.FAILED]
    worst = min(failed, key=list(Severity).index) if failed else None
    doubt = not dates or any(one.outcome is Outcome.INCONCLUSIVE for one in dates)
    if worst is not None and (worst is severity or not doubt):
        return Outcome.FAILED, worst
    if doubt:
        return Outcome.INCONCLUSIVE, severity
    return Outcome.PASSED, severity


def _reason(
    findings: Sequence[Finding], doubtful: Sequence[date], says: str, nothing: str, outcome: Outcome, dates: int
) -> str:
    parts = []
    if any(f.examined for f in findings):
        parts.append(says[:1].upper() + says[1:])
        details = [f.detail for f in findings if f.level is not None and f.detail]
        if details:
            parts[-1] += f": {details[0]}" + (", among others" if len(details) > 1 else "")
    doubts = [f.doubt for f in findings if f.doubt]
    if doubtful and (outcome is Outcome.INCONCLUSIVE or not parts):
        where = f" on {_days(doubtful)}" if dates > 1 else ""
        parts.append(f"Cannot be decided{where}: {doubts[0] if doubts else nothing}")
    if not dates:
        parts.append("Cannot be decided: no date has games")
    return ". ".join(parts) + "."


def _days(days: Sequence[date]) -> str:
    shown = ", ".join(str(day) for day in days[:3])
    return shown if len(days) <= 3 else f"{shown} and {len(days) - 3} more dates"


def _breakdown(findings: Sequence[Finding]) -> tuple[Mapping[str, Any], ...]:
    """The groups as rows: all of them while they are few, else the failing ones."""
    shown = findings if len(findings) <= 60 else [f for f in findings if f.level is not None][:MAX_BREAKDOWN]
    return tuple(
        {"game_date": str(f.game_date), "system_id": f.system_id, "failing_rows": f.failing, **f.numbers} for f in shown
    )
