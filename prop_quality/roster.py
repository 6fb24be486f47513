"""Rosters that do not come from the context table: a file that the operator gives, or a snapshot taken at the start."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import date
from pathlib import Path

from prop_quality.errors import DeliveryError, UsageError
from prop_quality.scan.scope import GivenRoster
from prop_quality.store import write_atomically


def read_roster(path: Path, dates: Sequence[date]) -> GivenRoster:
    """Read JSON lines of `{"game_date", "player_lookup"}`; only those of `dates` count.

    Raises:
        UsageError: unreadable, or a line is not what it should be; the message names the line.
    """
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(f"The roster {path} cannot be read: {error}.") from error
    players = [_player(line, f"{path.name}, line {i}") for i, line in enumerate(lines, start=1) if line.strip()]
    asked = set(dates)
    wanted = sorted({(day, name) for day, name in players if day in asked})
    known = {day for day, _ in wanted}
    missing = [day for day in dates if day not in known]
    if missing:
        raise UsageError(f"The roster {path.name} has no player for {missing[0]}; add them, or leave --roster out.")
    return GivenRoster(f"the file {path.name}", tuple(wanted))


class Snapshots:
    """Rosters as they were when a batch started: `STATE/rosters/<game_date>.jsonl`."""

    def __init__(self, state_dir: Path) -> None:
        self.folder = state_dir / "rosters"

    def path(self, game_date: date) -> Path:
        """The file of one date."""
        return self.folder / f"{game_date}.jsonl"

    def save(self, game_date: date, players: Sequence[str]) -> Path:
        """Keep the expected players of a date, replacing what was kept.

        Raises:
            DeliveryError: the disk refused.
        """
        text = "".join(
            json.dumps({"game_date": str(game_date), "player_lookup": name}, ensure_ascii=False) + "\n"
            for name in players
        )
        try:
            write_atomically(self.path(game_date), text)
        except OSError as error:
            raise DeliveryError(f"The snapshot could not be stored at {self.path(game_date)}: {error}.") from error
        return self.path(game_date)

    def read(self, dates: Sequence[date]) -> GivenRoster | None:
        """The snapshots of those of `dates` that have one; None when none has."""
        found = [day for day in dates if self.path(day).is_file()]
        if not found:
            return None
        players = [player for day in found for player in read_roster(self.path(day), [day]).players]
        return GivenRoster("a snapshot taken at the batch start", tuple(players))


def _player(line: str, where: str) -> tuple[date, str]:
    try:
        data = json.loads(line)
        day, name = date.fromisoformat(data["game_date"]), data["player_lookup"]
    except (ValueError, KeyError, TypeError) as error:
        raise UsageError(
            f'{where} is not like {{"game_date": "2026-01-09", "player_lookup": "name"}} ({error}).'
        ) from error
    if not isinstance(name, str) or not name:
        raise UsageError(f"{where}: player_lookup is {name!r}; it must be a text.")
    return day, name
