"""What holds of a game date now: its newest verdict, its systems, and the failures that nothing has closed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from prop_quality.site.digest import WATCH, DateRun, Problem, RunDigest
from prop_quality.verdict import Outcome, Severity

EASTERN = ZoneInfo("America/New_York")
ENOUGH_COVERAGE = 0.95


class Mark(StrEnum):
    """The state of a date, a system or a run, as pages show it: a word, a sign and a colour, in that order."""

    GOOD = "good"
    WARNING = "warning"
    FAILED = "failed"
    UNKNOWN = "unknown"
    NONE = "none"


@dataclass(frozen=True)
class Open:
    """A check that failed on a date and has not passed there since, over `runs` runs in a row."""

    check: str
    game_date: date
    problem: Problem
    since: DateRun
    newest: DateRun
    runs: int


@dataclass(frozen=True)
class SystemState:
    """A system on a date by the newest run that counted it: players expected, stored, fresh, missing."""

    system_id: str
    expected: int
    stored: int
    fresh: int
    missing: int
    mark: Mark
    run: DateRun

    @property
    def share(self) -> float | None:
        """Stored over expected players, 0..1; None when none is expected."""
        return self.stored / self.expected if self.expected else None


@dataclass(frozen=True)
class DateState:
    """One game date. `runs` are oldest first; watches count only where nothing else was said."""

    game_date: date
    runs: Sequence[DateRun]
    newest: DateRun
    systems: Mapping[str, SystemState]
    open: Sequence[Open]

    @property
    def mark(self) -> Mark:
        """The worst of the newest verdict and of what is still open."""
        critical = [o for o in self.open if o.problem.severity is Severity.CRITICAL]
        if self.newest.verdict is Outcome.FAILED or critical:
            return Mark.FAILED
        return _mark(self.newest.verdict, warned=bool(self.open))

    @property
    def counts(self) -> tuple[int, int]:
        """(stored, expected) players summed over the systems."""
        return (sum(s.stored for s in self.systems.values()), sum(s.expected for s in self.systems.values()))


def date_state(day: date, runs: Sequence[DateRun]) -> DateState:
    """What holds of `day` after `runs` (oldest first, at least one)."""
    judged = [run for run in runs if run.checkpoint != WATCH] or list(runs)
    still_open = tuple(sorted(_open(day, runs), key=lambda o: (list(Severity).index(o.problem.severity), o.check)))
    newest = judged[-1]
    systems: dict[str, SystemState] = {}
    for run in reversed(judged):
        for name, (expected, stored, fresh, missing) in run.systems.items():
            if name not in systems:
                mark = _system_mark(name, expected, stored, still_open, newest)
                systems[name] = SystemState(name, expected, stored, fresh, missing, mark, run)
    return DateState(day, runs, newest, dict(sorted(systems.items())), still_open)


def run_mark(run: RunDigest | DateRun) -> Mark:
    """The state that one run found."""
    return _mark(run.verdict, warned=any(p.outcome is Outcome.FAILED for p in run.problems.values()))


def today_eastern(now: datetime) -> date:
    """The game date of `now`: dates of games are dates of US Eastern time."""
    return now.astimezone(EASTERN).date()


def tonight(states: Mapping[date, DateState], now: datetime) -> list[DateState]:
    """The dates still to be played or just played, the next one first, yesterday's last."""
    today = today_eastern(now)
    coming = [states[day] for day in sorted(states) if day >= today]
    return coming + [states[day] for day in (today - timedelta(days=1),) if day in states]


def changes(states: Iterable[DateState]) -> list[tuple[DateState, DateRun, DateRun | None]]:
    """Each run whose verdict differs from the one before it on the same date, newest first; the first run counts."""
    found = []
    for state in states:
        before: DateRun | None = None
        for run in state.runs:
            if before is None or run.verdict is not before.verdict:
                found.append((state, run, before))
            before = run
    return sorted(found, key=lambda change: (change[1].at, change[1].key, change[0].game_date), reverse=True)


def _open(day: date, runs: Sequence[DateRun]) -> Iterable[Open]:
    """Walk back from the newest run: a check that was skipped or undecided closes nothing."""
    decided: set[str] = set()
    for position in range(len(runs) - 1, -1, -1):
        for check, outcome in runs[position].outcomes.items():
            if check in decided or outcome not in (Outcome.PASSED, Outcome.FAILED):
                continue
            decided.add(check)
            if outcome is Outcome.FAILED:
                failed = _failing_back(check, runs[: position + 1])
                problem = runs[position].problems.get(check)
                if problem is not None:
                    yield Open(check, day, problem, failed[-1], runs[position], len(failed))


def _failing_back(check: str, runs: Sequence[DateRun]) -> list[DateRun]:
    failed = []
    for run in reversed(runs):
        outcome = run.outcomes.get(check)
        if outcome is Outcome.PASSED:
            break
        if outcome is Outcome.FAILED:
            failed.append(run)
    return failed


def _system_mark(name: str, expected: int, stored: int, still_open: Sequence[Open], newest: DateRun) -> Mark:
    named = [o.problem for o in still_open if name in o.problem.by]
    if any(p.severity is Severity.CRITICAL for p in named):
        return Mark.FAILED
    if named or stored < expected * ENOUGH_COVERAGE:
        return Mark.WARNING
    return _mark(newest.verdict, warned=False) if newest.verdict is Outcome.INCONCLUSIVE else Mark.GOOD


def _mark(verdict: Outcome, *, warned: bool) -> Mark:
    if verdict is Outcome.FAILED:
        return Mark.FAILED
    if verdict is Outcome.PASSED:
        return Mark.WARNING if warned else Mark.GOOD
    return Mark.UNKNOWN
