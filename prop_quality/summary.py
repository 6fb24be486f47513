"""What a verdict says in words: one line for a person, and the notes beside it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING

from prop_quality.gravity import weight
from prop_quality.rest import rest_note
from prop_quality.scan.scope import EASTERN, Scope
from prop_quality.verdict import CheckResult, DateVerdict, Failure, Outcome, Severity
from prop_quality.words import plural, undecided_because

if TYPE_CHECKING:
    from prop_quality.reporting import Evidence

_SHOWN = 10


def summary(evidence: Evidence, checks: Sequence[CheckResult], outcome: Outcome, error: Failure | None) -> str:
    """One line for a person: which batch or dates, and the gravest thing that is wrong with it."""
    what = _subject(evidence)
    if error is not None:
        return f"{what}: could not be decided. {error.message}"
    failed = [c for c in checks if c.outcome is Outcome.FAILED]
    critical = [c for c in failed if c.severity is Severity.CRITICAL]
    aside = f" {plural(len(failed) - len(critical), 'warning')}." if len(failed) > len(critical) else ""
    if outcome is Outcome.FAILED:
        return f"{what}: {plural(len(critical), 'critical check')} failed. {gravest(critical).reason}{aside}"
    if outcome is Outcome.INCONCLUSIVE:
        return f"{what}: could not be decided. {_doubt(evidence, checks)}"
    answer = evidence.answer
    if evidence.request.watches:
        return f"{what}: {' '.join(c.reason for c in checks if c.outcome is Outcome.PASSED)}"
    if answer is not None and not answer.dates:
        return f"{what}: no games, so nothing was expected, and nothing is stored."
    passed = sum(c.outcome is Outcome.PASSED for c in checks)
    rows = answer.rows_examined if answer else 0
    return f"{what}: {plural(passed, 'check')} passed over {plural(rows, 'row')}.{aside}"


def notes(evidence: Evidence, run_id: str, dates: Sequence[DateVerdict]) -> list[str]:
    """What a person should know beside the checks."""
    found = list(evidence.notes)
    scope = evidence.scope
    if scope is not None:
        found += [*_expired(scope), *_without_effect(evidence, scope), *_unselected(scope)]
        if scope.book_lines.table is not None and not scope.book_lines.available:
            found.append(f"No book line clears anything: {scope.book_lines.unavailable}")
        found += _drift(evidence.request.previous_columns, scope.predictions.seen)
    if evidence.answer is not None and evidence.answer.dates_without_games and not evidence.request.watches:
        found.append(
            f"No games on {_on(evidence.answer.dates_without_games)}: nothing was expected and nothing is stored"
        )
    unknown = _no_games_unknown(evidence)
    if unknown:
        found.append(unknown)
    rest = rest_note(evidence.request, evidence.state_dir, run_id, dates)
    return [note.rstrip(".") for note in (*found, *([rest] if rest else []))]


def _doubt(evidence: Evidence, checks: Sequence[CheckResult]) -> str:
    """Why a run is inconclusive: what is not known of whole dates before what one check cannot say."""
    unknown = _no_games_unknown(evidence)
    if unknown:
        return f"{unknown}."
    doubts = [c for c in checks if c.outcome is Outcome.INCONCLUSIVE and c.severity is Severity.CRITICAL]
    if not doubts:
        return "No critical check was evaluated."
    first = min(doubts, key=lambda c: c.suite != "coverage")
    said, event = undecided_because(first.reason), evidence.request.event
    if event is not None and first.suite == "coverage" and said != first.reason:
        return f"The batch claims {plural(event.completed_players or 0, 'player')}, and {said}"
    return said[:1].upper() + said[1:]


def _no_games_unknown(evidence: Evidence) -> str | None:
    answer = evidence.answer
    if answer is None or not answer.dates_in_doubt:
        return None
    return f"That there are no games on {_on(answer.dates_in_doubt)} is not known: {answer.doubt}"


def _on(days: Sequence[date]) -> str:
    return _named(days) if len(days) <= _SHOWN else f"{len(days)} dates, from {days[0]} to {days[-1]}"


def _subject(evidence: Evidence) -> str:
    event, days = evidence.request.event, evidence.request.dates
    what = " and ".join(map(str, days)) if len(days) < 3 else f"{len(days)} dates from {days[0]} to {days[-1]}"
    return f"{what} ({event.batch_id})" if event else what


def gravest(failed: Sequence[CheckResult]) -> CheckResult:
    """The failed check that a person should hear of first."""
    return min(failed, key=lambda c: weight(c.severity, c.suite, c.failing_rows, c.rows_examined))


def _expired(scope: Scope) -> list[str]:
    today = scope.now.astimezone(EASTERN).date()
    return [
        f"The waiver of {w.check} for {w.scope} expired on {w.expires} and no longer counts ({w.reason})"
        for w in scope.waivers
        if w.touches(scope.dates) and w.expired(today)
    ]


def _without_effect(evidence: Evidence, scope: Scope) -> list[str]:
    """Waivers that clear nothing, whatever happens: a check of events, or a narrower scope than what is judged."""
    return [
        f"The waiver of {waiver.check} for {waiver.scope} clears nothing: {expectation.check_id} judges no such scope"
        for expectation in evidence.expectations
        for waiver in scope.waivers_of(expectation.check_id)
        if not expectation.waives(waiver)
    ]


def _unselected(scope: Scope) -> list[str]:
    """Dates of a selection of systems on which none of them is expected: their coverage is not judged."""
    days = [day for day in scope.dates if scope.registry.known_on(day) and not scope.registry.systems_on(day)]
    return [f"None of the systems named is expected on {_named(days)}: coverage is not judged there"] if days else []


def _drift(before: Mapping[str, str] | None, now: Mapping[str, str]) -> list[str]:
    """Columns that appeared, vanished or changed type since the previous run; information, no failure."""
    if not before or not now:
        return []
    appeared = [f"{name} ({now[name]})" for name in now if name not in before]
    vanished = [name for name in before if name not in now]
    changed = [f"{name} from {before[name]} to {now[name]}" for name in now if before.get(name, now[name]) != now[name]]
    kinds = (("Columns appeared", appeared), ("Columns vanished", vanished), ("Columns changed type", changed))
    return [f"{what} since the previous run: {_named(names)}" for what, names in kinds if names]


def _named(items: Sequence[date | str]) -> str:
    shown = ", ".join(str(item) for item in items[:_SHOWN])
    return shown if len(items) <= _SHOWN else f"{shown} and {len(items) - _SHOWN} more"
