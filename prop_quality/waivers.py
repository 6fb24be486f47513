"""Waivers: exceptions that someone answers for, with a reason and an end."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from prop_quality.data_file import Entry, read_yaml
from prop_quality.errors import UsageError

_REQUIRED = ("check", "game_dates", "reason", "owner", "created", "expires")
_OPTIONAL = ("player_lookup", "system_id")


@dataclass(frozen=True)
class Waiver:
    """Rows of one check that are cleared: those of `first_date` to `last_date`, of one player and system when named."""

    check: str
    first_date: date
    last_date: date
    reason: str
    owner: str
    created: date
    expires: date
    player_lookup: str | None = None
    system_id: str | None = None

    def expired(self, today: date) -> bool:
        """Whether the waiver no longer counts: it counts up to and including the day it expires."""
        return today > self.expires

    def touches(self, dates: Iterable[date]) -> bool:
        """Whether any of `dates` lies within its scope."""
        return any(self.first_date <= day <= self.last_date for day in dates)

    @property
    def scope(self) -> str:
        """The scope in words."""
        days = f"{self.first_date}" if self.first_date == self.last_date else f"{self.first_date} to {self.last_date}"
        return ", ".join(filter(None, (days, self.player_lookup, self.system_id)))


def load_waivers(path: Path, known_checks: Collection[str]) -> tuple[Waiver, ...]:
    """Read and validate a file of waivers.

    Raises:
        UsageError: an unknown check, a missing reason, an expiry before its creation …; the message names the waiver.
    """
    data = read_yaml(path)
    if not isinstance(data, list | None):
        raise UsageError(f"{path.name} must be a list of waivers.")
    found: list[Waiver] = []
    for number, entry in enumerate(data or [], start=1):
        where = f"{path.name}, waiver {number}"
        waiver = _waiver(Entry(entry, where, _REQUIRED, _OPTIONAL), known_checks)
        if waiver in found:
            raise UsageError(f"{where}: it repeats waiver {found.index(waiver) + 1}; take one of them out.")
        found.append(waiver)
    return tuple(found)


def _waiver(entry: Entry, known_checks: Collection[str]) -> Waiver:
    check = entry.text("check")
    if check not in known_checks:
        raise entry.error(f"{check!r:.80} is no check; `prop-quality checks` lists them")
    dates = entry.entry("game_dates", ("from", "to"))
    waiver = Waiver(
        check=check,
        first_date=dates.day("from"),
        last_date=dates.day("to"),
        reason=entry.text("reason"),
        owner=entry.text("owner"),
        created=entry.day("created"),
        expires=entry.day("expires"),
        player_lookup=entry.optional_text("player_lookup"),
        system_id=entry.optional_text("system_id"),
    )
    if waiver.last_date < waiver.first_date:
        raise entry.error(f"game_dates end on {waiver.last_date}, before they begin")
    if waiver.expires < waiver.created:
        raise entry.error(f"it expired on {waiver.expires}, before it was created on {waiver.created}")
    return waiver
