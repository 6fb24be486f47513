"""What the warehouse answered: numbers by date and system, and who is missing."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import cached_property
from typing import Any

from prop_quality.errors import QueryRefused
from prop_quality.scan.scope import EASTERN, Scope

# A date that the context table does not name has no games when the table names one within this many days after it
# (longer than the All-Star break; weeks that were lost are no weeks off), or when it was written lately (from the last
# filling before a day off to the first after it) and the date is no longer ago than that.
CONTEXT_MAX_AGE = timedelta(hours=36)
CONTEXT_REACH = timedelta(days=10)


@dataclass(frozen=True)
class Pairs:
    """Expected things (players of a system, or of a date): how many there are, are stored, are fresh, and names."""

    expected: int = 0
    stored: int = 0
    fresh: int = 0
    missing: tuple[str, ...] = ()
    stale: tuple[str, ...] = ()
    unexpected: int = 0
    unexpected_names: tuple[str, ...] = ()


@dataclass(frozen=True)
class Group:
    """One system on one date (`system_id` None: the whole date): the measures that were declared, and coverage."""

    game_date: date
    system_id: str | None
    numbers: Mapping[str, Any]
    pairs: Pairs = field(default_factory=Pairs)

    def count(self, name: str) -> int:
        """A count, 0 where no row fell into the group."""
        return int(self.numbers.get(name) or 0)

    def number(self, name: str) -> float | None:
        """A measure that may be absent."""
        value = self.numbers.get(name)
        return None if value is None else float(value)


@dataclass(frozen=True)
class Answer:
    """The scan's result.

    `systems` has one group for each expected or stored system of each date, `days` one group for each date.
    """

    scope: Scope
    systems: tuple[Group, ...]
    days: tuple[Group, ...]

    @cached_property
    def dates(self) -> tuple[date, ...]:
        """The dates to judge: those with games. A date of a batch is always judged."""
        quiet = set(self.dates_without_games)
        return tuple(day for day in self.scope.dates if day not in quiet)

    @cached_property
    def dates_without_games(self) -> tuple[date, ...]:
        """Dates of a range with nothing in either table, while the context table is alive or the registry knows why."""
        return tuple(day for day in self._silent_dates if self._no_games(day))

    @cached_property
    def dates_in_doubt(self) -> tuple[date, ...]:
        """Dates of a range with nothing in either table, of which nobody knows that they have no games."""
        return tuple(day for day in self._silent_dates if not self._no_games(day))

    @property
    def doubt(self) -> str:
        """Why the dates in doubt are not taken for dates without games, as the end of a sentence."""
        window, written = self.scope.context_window, self._context_written_at
        if window is None or written is None:
            around = window or (self.days[0].game_date, self.days[-1].game_date)
            return f"the context table has no row for any date from {around[0]} to {around[1]}"
        stale = self.scope.now - written > CONTEXT_MAX_AGE
        since = f" and has not been written since {written:%Y-%m-%d %H:%M} UTC" if stale else ""
        return f"the context table has no row for any of the {CONTEXT_REACH.days} days after{since}"

    @cached_property
    def _silent_dates(self) -> tuple[date, ...]:
        if self.scope.event is not None:
            return ()
        uncovered = set(self.scope.uncovered_dates) if self.scope.context.available else set()
        silent = (day for day in self.days if not day.count("context_rows") and not day.count("all_rows"))
        return tuple(day.game_date for day in silent if day.game_date in uncovered)

    def _no_games(self, day: date) -> bool:
        return self._context_alive(day) or self.scope.registry.no_games(day) is not None

    def _context_alive(self, day: date) -> bool:
        """Whether the context table would name the players of `day`: it knows a date soon after, or was written lately.

        What was written lately says nothing of a date long ago, and nothing of one after tomorrow.
        """
        after = bisect_right(self._context_dates, day)
        if after < len(self._context_dates) and self._context_dates[after] - day <= CONTEXT_REACH:
            return True
        written, now = self._context_written_at, self.scope.now
        today = now.astimezone(EASTERN).date()
        near = today - CONTEXT_REACH <= day <= today + timedelta(days=1)
        return near and written is not None and now - written <= CONTEXT_MAX_AGE

    @cached_property
    def _context_dates(self) -> list[date]:
        """The dates that the context table names, in and around the dates to judge."""
        return sorted(self.days[0].numbers.get("context_named_dates") or ())

    @property
    def _context_written_at(self) -> datetime | None:
        written: datetime | None = self.days[0].numbers.get("context_written_at")
        return written

    @cached_property
    def rows_examined(self) -> int:
        """All rows of the dates to judge, inactive ones too."""
        return sum(self.day(day).count("all_rows") for day in self.scope.dates)

    def total(self, name: str) -> int:
        """A count summed over all systems of the dates to judge."""
        return sum(group.count(name) for group in self.judged_systems)

    @cached_property
    def _by_date(self) -> Mapping[date, tuple[Group, ...]]:
        found: dict[date, list[Group]] = {}
        for group in self.systems:
            found.setdefault(group.game_date, []).append(group)
        return {day: tuple(groups) for day, groups in found.items()}

    def systems_of(self, day: date) -> tuple[Group, ...]:
        """The groups of one date."""
        return self._by_date.get(day, ())

    def day(self, day: date) -> Group:
        """One date as a group."""
        return self._days[day]

    @cached_property
    def _days(self) -> Mapping[date, Group]:
        return {group.game_date: group for group in self.days}

    @cached_property
    def judged_systems(self) -> tuple[Group, ...]:
        """The groups of the dates to judge."""
        return tuple(group for day in self.dates for group in self.systems_of(day))

    @cached_property
    def judged_days(self) -> tuple[Group, ...]:
        """The dates to judge, as groups."""
        wanted = set(self.dates)
        return tuple(day for day in self.days if day.game_date in wanted)


def read_answer(scope: Scope, rows: Iterable[Mapping[str, Any]]) -> Answer:
    """Make an answer of the scan's rows.

    Raises:
        QueryRefused: the numbers contradict each other, so that rows would have been lost on the way.
    """
    systems: list[Group] = []
    days: list[Group] = []
    for row in rows:
        if row["scope"] == "system":
            systems.append(Group(row["game_date"], row["system_id"], row, _pairs(row)))
        else:
            days.append(Group(row["game_date"], None, row, _pairs(row)))
    answer = Answer(scope, tuple(sorted(systems, key=_order)), tuple(sorted(days, key=_order)))
    grouped, dated = (sum(group.count("all_rows") for group in groups) for groups in (systems, days))
    active = {sum(group.count("active_rows") for group in groups) for groups in (systems, days)}
    active.add(sum(day.count("all_active_rows") for day in days))
    if len(days) != len(scope.dates) or grouped != dated or len(active) > 1:
        raise QueryRefused(
            f"The scan answered for {len(days)} of {len(scope.dates)} dates, {grouped} of {dated} rows and "
            f"{' or '.join(map(str, sorted(active)))} active ones; that is a defect of the query, please report it."
        )
    return answer


def _order(group: Group) -> tuple[date, str]:
    return group.game_date, group.system_id or ""


def _pairs(row: Mapping[str, Any]) -> Pairs:
    names = _names(row.get("names"))
    return Pairs(
        expected=int(row.get("expected_players") or 0),
        stored=int(row.get("stored_players") or 0),
        fresh=int(row.get("fresh_players") or 0),
        missing=names.get("missing", ()),
        stale=names.get("stale", ()),
        unexpected=int(row.get("unexpected_players") or 0),
        unexpected_names=names.get("unexpected", ()),
    )


def _names(value: Any) -> dict[str, tuple[str, ...]]:
    """Players by state (`missing`, `stale`, `unexpected`) in the order of their rank, from `state rank name`."""
    found: dict[str, list[tuple[int, str]]] = {}
    for item in value or ():
        state, rank, name = item.split(" ", 2)
        found.setdefault(state, []).append((int(rank), name))
    return {state: tuple(name for _, name in sorted(ranked)) for state, ranked in found.items()}
