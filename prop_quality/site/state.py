"""What holds of a game date now: its newest verdict, its systems, and the failures that nothing has closed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from prop_quality.site.digest import WATCH, DateRun, Problem, RunDigest
from prop_quality.verdict import Outcome, Severity

EASTERN = ZoneInfo("America/New_York")


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
    """A system on a date by the newest run that counted it: players expected, stored, missing.

    `fresh` players were written by the newest batch whose start was known; None when none was.
    """

    system_id: str
    expected: int
    stored: int
    fresh: int | None
    missing: int
    mark: Mark
    run: DateRun

    @property
    def share(self) -> float | None:
        """Stored over expected players, 0..1; None when none is expected."""
        return self.stored / self.expected if self.expected else None


@dataclass(frozen=True)
class DateState:
    """One game date. `runs` are oldest first; `newest` is a watch only where no run has judged the data yet."""

    game_date: date
    runs: Sequence[DateRun]
    newest: DateRun
    systems: Mapping[str, SystemState]
    open: Sequence[Open]

    @property
    def judged(self) -> bool:
        """Has a run judged the data of this date, rather than a watch its absence?"""
        return self.newest.checkpoint != WATCH

    @property
    def quiet(self) -> bool:
        """Were no games expected, and nothing stored? Nothing else passes over no rows."""
        return self.judged and self.newest.verdict is Outcome.PASSED and not self.newest.rows

    @property
    def mark(self) -> Mark:
        """The worst of the newest verdict and of what is still open."""
        critical = [o for o in self.open if o.problem.severity is Severity.CRITICAL]
        if self.newest.verdict is Outcome.FAILED or critical:
            return Mark.FAILED
        if self.newest.verdict is Outcome.PASSED and not self.open and (self.quiet or not self.judged):
            return Mark.NONE
        return _mark(self.newest.verdict, warned=bool(self.open))

    def system(self, name: str) -> SystemState | None:
        """A system on this date; one that no run counted is there, with no players, when an open check names it."""
        if name in self.systems or not any(name in o.problem.by for o in self.open):
            return self.systems.get(name)
        return SystemState(name, 0, 0, None, 0, _system_mark(name, self.open, self.newest), self.newest)

    @property
    def counts(self) -> tuple[int, int]:
        """(stored, expected) players summed over the systems."""
        return (sum(s.stored for s in self.systems.values()), sum(s.expected for s in self.systems.values()))


def date_state(day: date, runs: Sequence[DateRun]) -> DateState:
    """What holds of `day` after `runs` (oldest first, at least one)."""
    judged = [run for run in runs if run.checkpoint != WATCH]
    still_open = tuple(sorted(_open(day, runs), key=lambda o: (list(Severity).index(o.problem.severity), o.check)))
    newest = (judged or runs)[-1]
    systems: dict[str, SystemState] = {}
    for run in reversed(judged):
        for name, (expected, stored, fresh, missing) in run.systems.items():
            if name not in systems:
                mark = _system_mark(name, still_open, newest)
                systems[name] = SystemState(name, expected, stored, fresh, missing, mark, run)
            elif systems[name].fresh is None:
                systems[name] = replace(systems[name], fresh=fresh)
    return DateState(day, runs, newest, dict(sorted(systems.items())), still_open)


def told(runs: Sequence[RunDigest]) -> tuple[list[RunDigest], list[RunDigest]]:
    """`runs` (oldest first) apart: those that say something, and watches that say what the watch before them said."""
    news: list[RunDigest] = []
    same: list[RunDigest] = []
    before: RunDigest | None = None
    for run in runs:
        if run.checkpoint == WATCH:
            repeats = before is not None and (run.verdict, run.outcomes) == (before.verdict, before.outcomes)
            (same if repeats else news).append(run)
            before = run
        else:
            news.append(run)
    return news, same


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
    """The failures that nothing has closed, each check by the newest run in which it failed."""
    for check in dict.fromkeys(check for run in reversed(runs) for check in run.problems):
        failed: list[DateRun] = []
        for run in runs:
            outcome = run.outcomes.get(check)
            if outcome is Outcome.FAILED and check in run.problems:
                failed.append(run)
            elif outcome is Outcome.PASSED and failed and _closes(run, failed[-1], check):
                failed = []
        if failed:
            yield Open(check, day, failed[-1].problems[check], failed[0], failed[-1], len(failed))


def _closes(passed: DateRun, failed: DateRun, check: str) -> bool:
    """Did `passed` look at all that failed? A watch asks less than a checkpoint, and a run may judge few systems."""
    if passed.checkpoint == WATCH and failed.checkpoint != WATCH:
        return False
    counted = set(failed.problems[check].by) & set(failed.systems)
    return counted <= set(passed.systems)


def _system_mark(name: str, still_open: Sequence[Open], newest: DateRun) -> Mark:
    """What the open checks that name the system say of it: how much coverage is enough is theirs to decide."""
    named = [o.problem for o in still_open if name in o.problem.by]
    if any(p.severity is Severity.CRITICAL for p in named):
        return Mark.FAILED
    if named:
        return Mark.WARNING
    return Mark.UNKNOWN if newest.verdict is Outcome.INCONCLUSIVE else Mark.GOOD


def _mark(verdict: Outcome, *, warned: bool) -> Mark:
    if verdict is Outcome.FAILED:
        return Mark.FAILED
    if verdict is Outcome.PASSED:
        return Mark.WARNING if warned else Mark.GOOD
    return Mark.UNKNOWN
