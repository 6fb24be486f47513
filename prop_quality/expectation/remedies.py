"""What an operator runs next: statements to paste, every placeholder filled in."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from prop_quality.judgement import Judgement
from prop_quality.scan.answer import Answer
from prop_quality.scan.compose import compose_missing
from prop_quality.verdict import Outcome

# A statement that a person pastes names at most so many dates; the others are said to be there.
MAX_DATES = 60
_MAX_STARTS = 7


@dataclass(frozen=True)
class FailedSlice:
    """Where a check failed: its dates, and its systems where only these may be shown (empty: all)."""

    dates: tuple[date, ...]
    systems: tuple[str, ...]
    all_dates: int

    @classmethod
    def of(cls, answer: Answer, judgement: Judgement) -> FailedSlice:
        """The failed dates of a judgement, at most 60; all dates of the run when it names none."""
        failed = sorted({one.game_date for one in judgement.dates if one.outcome is Outcome.FAILED})
        dates = failed or list(answer.dates or answer.scope.dates)
        systems = {system for _, system in judgement.groups}
        named = () if None in systems else tuple(sorted(str(system) for system in systems))
        return cls(tuple(dates[:MAX_DATES]), named, len(dates))

    @property
    def words(self) -> str:
        """The dates in words."""
        first, last = self.dates[0], self.dates[-1]
        if len(self.dates) == 1:
            return f"on {first}"
        some = f"the first {len(self.dates)} of {self.all_dates}" if self.all_dates > len(self.dates) else "the"
        return f"on {some} failed dates from {first} to {last}"


def pasted(title: str, sql: str, *after: str) -> str:
    """A statement under a comment that says what it shows, and what to do when it has been looked at."""
    return "\n".join([*(f"-- {line}" for line in (f"{title}:", *after)), sql.strip()])


def start_command(day: date, min_minutes: float, *, force: bool) -> str:
    """The shell command that starts the coordinator for a date; `force` writes again what is there.

    Nobody here knows where the coordinator is: the shell says so where COORDINATOR_URL is not set.
    """
    body = f'{{"game_date": "{day}", "min_minutes": {min_minutes:g}, "force": {str(force).lower()}}}'
    where = '"${COORDINATOR_URL:?set it to the address of the coordinator}/start"'
    return f"curl -sS --fail-with-body -X POST {where} -H 'Content-Type: application/json' -d '{body}'"


def start_again(where: FailedSlice, min_minutes: float) -> list[str]:
    """The commands that have the coordinator write these dates again, as lines for `pasted`."""
    calls = [start_command(day, min_minutes, force=True) for day in where.dates[:_MAX_STARTS]]
    rest = where.all_dates - len(calls)
    more = [f"and so on for {rest} more dates"] if rest else []
    return ["then start the coordinator again, in a shell:", *calls, *more]


def missing_players(
    answer: Answer, judgement: Judgement, title: str, states: Sequence[str] = ("missing",), *, absent: bool = False
) -> str:
    """The query that names expected players with the systems that lack them, the highest line first.

    `states` are those of a pair: `missing` (no active row), `stale` (none since the batch started); with `absent` only
    players without a row of any system.
    """
    where = FailedSlice.of(answer, judgement)
    sql = compose_missing(answer.scope, where.dates, where.systems, states, absent=absent).with_literals()
    return pasted(f"{title} {where.words}", sql, *start_again(where, answer.scope.registry.min_minutes))
