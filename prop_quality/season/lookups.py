"""The two tables that a night is judged against: who was expected to play, and the lines that books posted."""

from __future__ import annotations

from datetime import timedelta
from random import Random

from prop_quality.season.night import Row
from prop_quality.season.people import Player
from prop_quality.season.shape import NightShape

_FIT = ("ACTIVE", "AVAILABLE", "PROBABLE", "questionable")


def context_rows(
    shape: NightShape, expected: tuple[Player, ...], ineligible: tuple[Player, ...], rng: Random
) -> list[Row]:
    """The context table of the night; its latest row of each player as of the batch start says who is expected.

    Some players have an older row that says the opposite. With `context_rewritten` all have a newer one, written after
    the batch, that says the opposite too: neither may count.
    """
    fit = [(player, _fit(shape, player, rng)) for player in expected]
    unfit = [(player, _unfit(shape, player, i, rng)) for i, player in enumerate(ineligible)]
    rows = [row for _, row in (*fit, *unfit)]
    for player, row in (*fit, *unfit):
        if rng.random() < 0.12:
            rows.append(_opposite(row, player, hours=-rng.uniform(4, 20)))
        if shape.context_rewritten:
            rows.append(
                _opposite(row, player, hours=26 + (shape.started_at - row["created_at"]).total_seconds() / 3600)
            )
    return rows


def book_rows(shape: NightShape, players: tuple[Player, ...], rng: Random) -> list[Row]:
    """Snapshots of the posted lines, all taken before the batch started."""
    return [
        {
            "game_date": shape.game_date,
            "player_lookup": player.lookup,
            "bookmaker": player.book,
            "points_line": player.real_line,
            "snapshot_timestamp": shape.started_at - timedelta(minutes=rng.uniform(10, 240)),
        }
        for player in players
        if player.real_line is not None
    ]


def _fit(shape: NightShape, player: Player, rng: Random) -> Row:
    return _context(shape, player, player.minutes, rng.choice(_FIT), True, rng)


def _unfit(shape: NightShape, player: Player, position: int, rng: Random) -> Row:
    minutes, status, ready = (
        (player.minutes, "OUT", True),
        (player.minutes, "Doubtful", True),
        (round(rng.uniform(2, 14.9), 1), "ACTIVE", True),
        (player.minutes, "ACTIVE", False),
        (player.minutes, "out", True),
    )[position % 5]
    return _context(shape, player, minutes, status, ready, rng)


def _context(shape: NightShape, player: Player, minutes: float, status: str, ready: bool, rng: Random) -> Row:
    return {
        "player_lookup": player.lookup,
        "game_id": player.game_id,
        "game_date": shape.game_date,
        "team_abbr": player.team,
        "avg_minutes_per_game_last_7": minutes,
        "has_prop_line": player.real_line is not None,
        "player_status": status,
        "is_production_ready": ready,
        "created_at": shape.started_at - timedelta(minutes=rng.uniform(20, 200)),
    }


def _opposite(row: Row, player: Player, hours: float) -> Row:
    """The row of the same player written `hours` later, which makes an expected player unexpected and back."""
    expected = (
        (row["avg_minutes_per_game_last_7"] >= 15 or row["has_prop_line"])
        and row["player_status"].upper() not in ("OUT", "DOUBTFUL")
        and row["is_production_ready"]
    )
    change = {"player_status": "OUT"} if expected else {"player_status": "ACTIVE", "is_production_ready": True}
    minutes = row["avg_minutes_per_game_last_7"] if expected else max(20.0, player.minutes)
    return (
        row
        | change
        | {
            "avg_minutes_per_game_last_7": minutes,
            "created_at": row["created_at"] + timedelta(hours=hours),
        }
    )
