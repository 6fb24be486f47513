"""Waivers: exceptions that someone answers for, with a reason and an end."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from prop_quality.errors import UsageError
from prop_quality.registry import read_yaml

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
    data = read_yaml(path) or []
    if not isinstance(data, list):
        raise UsageError(f"{path.name} must be a list of waivers.")
    return tuple(_waiver(entry, f"{path.name}, waiver {i}", known_checks) for i, entry in enumerate(data, start=1))


def _waiver(entry: Any, where: str, known_checks: Collection[str]) -> Waiver:
    if not isinstance(entry, dict):
        raise UsageError(f"{where}: it must have the fields {', '.join(_REQUIRED)}.")
    for name in _REQUIRED:
        if not entry.get(name):
            raise UsageError(f"{where}: {name} is missing; say it, or take the waiver out.")
    for name in entry:
        if name not in (*_REQUIRED, *_OPTIONAL):
            raise UsageError(f"{where}: {name} is no field of a waiver.")
    if entry["check"] not in known_checks:
        raise UsageError(f"{where}: {entry['check']!r} is no check; `prop-quality checks` lists them.")
    dates = entry["game_dates"] if isinstance(entry["game_dates"], dict) else {}
    waiver = Waiver(
        check=entry["check"],
        first_date=_date(dates, "from", where),
        last_date=_date(dates, "to", where),
        reason=_text(entry, "reason", where),
        owner=_text(entry, "owner", where),
        created=_date(entry, "created", where),
        expires=_date(entry, "expires", where),
        player_lookup=_text(entry, "player_lookup", where) if "player_lookup" in entry else None,
        system_id=_text(entry, "system_id", where) if "system_id" in entry else None,
    )
    if waiver.last_date < waiver.first_date:
        raise UsageError(f"{where}: game_dates end on {waiver.last_date}, before they begin.")
    if waiver.expires < waiver.created:
        raise UsageError(f"{where}: it expired on {waiver.expires}, before it was created on {waiver.created}.")
    return waiver


def _date(entry: Mapping[str, Any], name: str, where: str) -> date:
    value = entry.get(name)
    if type(value) is not date:
        raise UsageError(f"{where}: {name} is {value!r}; it must be a date like 2026-01-09.")
    return value


def _text(entry: Mapping[str, Any], name: str, where: str) -> str:
    value = entry[name]
    if not isinstance(value, str) or not value.strip():
        raise UsageError(f"{where}: {name} is {value!r}; it must be a text.")
    return value.strip()
