"""Rosters that do not come from the context table: a file that the operator gives, or a snapshot taken at the start."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from pathlib import Path

from prop_quality.dates import parse_day, read_lines
from prop_quality.errors import DeliveryError, UsageError
from prop_quality.fields import described
from prop_quality.scan.scope import EASTERN, GivenRoster
from prop_quality.store import write_atomically
from prop_quality.verdict import format_time, parse_time

_CLOCK_SKEW = timedelta(minutes=1)
_LINE = '{"game_date": "2026-01-09", "player_lookup": "name"}'
# How long before a batch a snapshot may have been taken: less than what lies between two batches for one date.
_BEFORE_START = timedelta(hours=1)
# Where no start is known: the first batch for a date runs the evening before.
_DAYS_BEFORE_GAME = 1
# So many snapshots of a range are named with their times.
_NAMED = 10


def read_roster(path: Path, dates: Sequence[date]) -> GivenRoster:
    """Read JSON lines of `{"game_date", "player_lookup"}`; only those of `dates` count.

    A date that the file does not name may be a night off: the context table is asked about it.

    Raises:
        UsageError: unreadable, no player of any date, or a line is not what it should be; the message names the line.
    """
    lines = read_lines(path, "The roster")
    players = [_player(line, f"{path.name}, line {i}") for i, line in enumerate(lines, start=1) if line.strip()]
    asked = set(dates)
    wanted = sorted({(day, name) for day, name in players if day in asked})
    if not wanted:
        raise UsageError(f"The roster {path.name} has no player for {dates[0]}; add them, or leave --roster out.")
    return GivenRoster(f"the file {path.name}", tuple(wanted))


class Snapshots:
    """Rosters as of a batch start: `STATE/rosters/<game_date>.jsonl`, in the form that `--roster` takes."""

    def __init__(self, state_dir: Path) -> None:
        self.folder = state_dir / "rosters"

    def path(self, game_date: date) -> Path:
        """The file of one date."""
        return self.folder / f"{game_date}.jsonl"

    def save(self, game_date: date, players: Sequence[str], taken_at: datetime) -> Path:
        """Keep the expected players of a date, replacing what was kept.

        Raises:
            DeliveryError: the disk refused.
        """
        common = {"game_date": str(game_date), "taken_at": format_time(taken_at)}
        lines = (json.dumps({**common, "player_lookup": name}, ensure_ascii=False) + "\n" for name in players)
        try:
            write_atomically(self.path(game_date), "".join(lines))
        except OSError as error:
            why = error.strerror
            raise DeliveryError(f"The snapshot could not be stored at {self.path(game_date)}: {why}.") from error
        return self.path(game_date)

    def read(self, dates: Sequence[date], started_at: datetime | None) -> tuple[GivenRoster | None, list[str]]:
        """The usable snapshots of those of `dates` that have one, and why others are not used.

        One taken after the batch started (`started_at`, when known), or for an earlier batch, says less than the
        context table as of the start. What the table says of a player after the snapshot and before the start counts.
        """
        players: list[tuple[date, str]] = []
        taken: dict[date, datetime] = {}
        unused = []
        for day in dates:
            try:
                if not self.path(day).is_file():
                    continue
                found, taken_at = self._usable(day, started_at)
            except (UsageError, OSError) as error:
                unused.append(f"{str(error).rstrip('.')}; the snapshot is not used")
                continue
            players += found
            taken[day] = taken_at
        rest = len(unused) - 1
        more = f", nor {'is' if rest == 1 else 'are'} {rest} more" if rest > 0 else ""
        notes = [unused[0] + more] if unused else []
        return (GivenRoster(_name(taken, started_at), tuple(players), taken) if players else None), notes

    def _usable(self, day: date, started_at: datetime | None) -> tuple[tuple[tuple[date, str], ...], datetime]:
        path = self.path(day)
        players = read_roster(path, [day]).players
        try:
            taken_at = parse_time(json.loads(path.read_text(encoding="utf-8").splitlines()[0])["taken_at"])
        except (KeyError, TypeError, ValueError) as error:
            raise UsageError(f"The snapshot {path.name} does not say when it was taken") from error
        refused = _refused(day, taken_at, started_at)
        if refused:
            raise UsageError(f"The snapshot of {day} was taken at {format_time(taken_at)}, {refused}")
        return players, taken_at


def _refused(day: date, taken_at: datetime, started_at: datetime | None) -> str | None:
    """Why a snapshot does not say who was expected when the batch started; None when it does."""
    if started_at is None:
        early = (day - taken_at.astimezone(EASTERN).date()).days
        return f"{early} days before the game" if early > _DAYS_BEFORE_GAME else None
    if taken_at > started_at + _CLOCK_SKEW:
        return f"after the batch started at {format_time(started_at)}"
    if taken_at < started_at - _BEFORE_START:
        return f"over an hour before the batch started at {format_time(started_at)}"
    return None


def _name(taken: Mapping[date, datetime], started_at: datetime | None) -> str:
    """Which snapshots were used, and how old they are."""
    if not taken:
        return ""
    if len(taken) > 1:
        named = [f"{day} ({format_time(at)})" for day, at in taken.items()]
        rest = f" and {len(named) - _NAMED} more" if len(named) > _NAMED else ""
        return f"the snapshots of {', '.join(named[:_NAMED])}{rest}"
    (taken_at,) = taken.values()
    if started_at is None:
        return f"the snapshot of {format_time(taken_at)}"
    seconds = (started_at - taken_at).total_seconds()
    age = f"{round(seconds / 60)} min before" if seconds >= 60 else "as"
    return f"the snapshot of {format_time(taken_at)}, {age} the batch started"


def _player(line: str, where: str) -> tuple[date, str]:
    try:
        data = json.loads(line)
    except (ValueError, RecursionError):
        data = None
    if not isinstance(data, dict):
        raise UsageError(f"{where} is no JSON object; write it like {_LINE}.")
    try:
        day = parse_day(data.get("game_date"))
    except ValueError:
        raise UsageError(f"{where}: game_date {described(data.get('game_date'))}; write it like {_LINE}.") from None
    name = data.get("player_lookup")
    if not isinstance(name, str) or not name.strip():
        raise UsageError(f"{where}: player_lookup {described(name)}; write it like {_LINE}.")
    return day, name
