"""The verdict of each date of a run."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING

from prop_quality.verdict import CheckResult, DateVerdict, Outcome, decide

if TYPE_CHECKING:
    from prop_quality.reporting import Evidence


def date_verdicts(evidence: Evidence, checks: Sequence[CheckResult], outcome: Outcome) -> tuple[DateVerdict, ...]:
    """One verdict a date; of a single date it is that of the run."""
    days = evidence.request.dates
    if len(days) == 1:
        failed = tuple(c.id for c in checks if c.outcome is Outcome.FAILED)
        return (DateVerdict(days[0], outcome, failed, evidence.answer.rows_examined if evidence.answer else 0),)
    quiet = set(evidence.answer.dates_without_games) if evidence.answer else set()
    results = _results_by_date(evidence)
    return tuple(_date_verdict(day, evidence, results[day], quiet=day in quiet) for day in days)


def _results_by_date(evidence: Evidence) -> dict[date, list[CheckResult]]:
    """What each check says of each date. A date that a judgement does not name passed."""
    found: dict[date, list[CheckResult]] = {day: [] for day in evidence.request.dates}
    for expectation in evidence.expectations:
        judgement = evidence.judgements.get(expectation.check_id)
        said = {one.game_date: one for one in judgement.dates} if judgement else {}
        otherwise = Outcome.PASSED
        if judgement is None or (not said and judgement.outcome in (Outcome.SKIPPED, Outcome.INCONCLUSIVE)):
            otherwise = judgement.outcome if judgement else Outcome.INCONCLUSIVE
        for day, results in found.items():
            one = said.get(day)
            severity, outcome = (one.severity, one.outcome) if one else (expectation.level, otherwise)
            results.append(CheckResult(expectation.check_id, "", severity, outcome, ""))
    return found


def _date_verdict(day: date, evidence: Evidence, results: Sequence[CheckResult], *, quiet: bool) -> DateVerdict:
    """The verdict of one date of several. A date without games passes: nothing was expected and nothing is stored."""
    if quiet:
        return DateVerdict(day, Outcome.PASSED)
    failed = tuple(r.id for r in results if r.outcome is Outcome.FAILED)
    rows = evidence.answer.day(day).count("all_rows") if evidence.answer else 0
    return DateVerdict(day, decide(results), failed, rows)
