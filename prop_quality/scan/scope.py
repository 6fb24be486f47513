"""What one run judges: the dates, the clock, the batch, the roster and the tables as they are right now."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from zoneinfo import ZoneInfo

from prop_quality.event import CompletionEvent
from prop_quality.registry import Registry
from prop_quality.tables import TableRef
from prop_quality.waivers import Waiver

EASTERN = ZoneInfo("America/New_York")


@dataclass(frozen=True)
class Source:
    """A table as it was found, or the reason why it cannot be read.

    `seen` are its columns with their types; `columns` those of them that can be used, being of the type that is
    required.
    """

    table: TableRef | None
    columns: Mapping[str, str] = field(default_factory=dict)
    seen: Mapping[str, str] = field(default_factory=dict)
    unavailable: str | None = None

    @property
    def table_sql(self) -> str:
        """The name as it stands in a statement."""
        assert self.table is not None
        return self.table.sql

    @property
    def available(self) -> bool:
        """Whether the table can be read."""
        return self.unavailable is None


@dataclass(frozen=True)
class GivenRoster:
    """Expected players that do not come from the context table: a file, or snapshots of it, each with its time."""

    name: str
    players: tuple[tuple[date, str], ...]
    taken_at: Mapping[date, datetime] = field(default_factory=dict)

    @property
    def dates(self) -> tuple[date, ...]:
        """The dates that it covers."""
        return tuple(sorted({game_date for game_date, _ in self.players}))


@dataclass(frozen=True)
class Scope:
    """All that expectations may know when they declare what they need and when they judge.

    `since` is when the batch started (or `--written-since`), None when nothing says; `until` is when it completed, with
    a grace. Rows written at or after `since` are fresh. `context_window` are the first and the last game date over
    which the context table is asked whether it is alive; `checked_at` is when each date was last checked, and
    `checked_in_vain` says which run since decided nothing of it.
    """

    dates: tuple[date, ...]
    now: datetime
    registry: Registry
    predictions: Source
    context: Source
    book_lines: Source
    since: datetime | None = None
    until: datetime | None = None
    roster_as_of: datetime | None = None
    roster: GivenRoster | None = None
    event: CompletionEvent | None = None
    expected_revision: str | None = None
    waivers: tuple[Waiver, ...] = ()
    context_window: tuple[date, date] | None = None
    checked_at: Mapping[date, datetime] = field(default_factory=dict)
    checked_in_vain: Mapping[date, str] = field(default_factory=dict)

    @property
    def live(self) -> bool:
        """Whether this is a batch for games still to be played when it started, not a regeneration of past dates."""
        if self.event is None or self.event.batch_id.startswith("regen_"):
            return False
        return (self.event.started_at.astimezone(EASTERN).date() - self.event.game_date).days <= 1

    @property
    def uncovered_dates(self) -> tuple[date, ...]:
        """The dates whose roster must come from the context table."""
        given = set(self.roster.dates) if self.roster else set()
        return tuple(day for day in self.dates if day not in given)

    @property
    def snapshots(self) -> Mapping[date, datetime]:
        """When each snapshot was taken that the context table is asked about: what it says later of a player counts."""
        return self.roster.taken_at if self.roster and self.context.available else {}

    @property
    def context_dates(self) -> tuple[date, ...]:
        """The dates of which the context table is asked."""
        uncovered, snapshots = set(self.uncovered_dates), self.snapshots
        return tuple(day for day in self.dates if day in uncovered or day in snapshots)

    @property
    def roster_known(self) -> bool:
        """Whether it can be asked who is expected."""
        return self.context.available or not self.uncovered_dates

    @property
    def roster_source(self) -> str:
        """Where the expected players come from, in words."""
        as_of = f" as of {self.roster_as_of:%Y-%m-%d %H:%M:%S} UTC" if self.roster_as_of else ""
        parts = [self.roster.name] if self.roster else []
        if any(self.roster_as_of is None or taken < self.roster_as_of for taken in self.snapshots.values()):
            parts[0] += f", and later rows of {self.context.table}{as_of}"
        if self.uncovered_dates:
            others = f" for the other {len(self.uncovered_dates)} of {len(self.dates)} dates" if self.roster else ""
            parts.append(f"{self.context.table}{as_of}{others}")
        return "; ".join(parts)

    def has(self, *columns: str) -> bool:
        """Whether the predictions table has all of `columns`."""
        return all(column in self.predictions.columns for column in columns)

    def waivers_of(self, check_id: str) -> tuple[Waiver, ...]:
        """The waivers of one check that count today and touch the dates."""
        today = self.now.astimezone(EASTERN).date()
        return tuple(w for w in self.waivers if w.check == check_id and not w.expired(today) and w.touches(self.dates))
