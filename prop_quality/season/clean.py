"""A night on which nothing is wrong: every value legal, every pair stored, every false alarm's excuse present."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from random import Random

from prop_quality.season.event import completion_event
from prop_quality.season.lookups import book_rows, context_rows
from prop_quality.season.night import Night, Row
from prop_quality.season.people import Player, roster
from prop_quality.season.rows import copy_of, prediction, template
from prop_quality.season.shape import (
    MAX_HISTORY_SHARE,
    NO_ESTIMATES_SINCE,
    SIMILARITY,
    SINGLE_LINE_SINCE,
    NightShape,
    dice,
)

_OFFSETS = (0.0, -1.0, 1.0, -2.0, 2.0)
_READ_LATER = timedelta(hours=27)


def clean_night(shape: NightShape) -> Night:
    """The night that `shape` describes; the same shape makes the same night, value for value."""
    rng = dice(shape.seed * 1_000_003 + shape.game_date.toordinal())
    expected, ineligible = roster(shape, rng)
    rows = list(_rows(shape, expected, rng))
    before = _rerun(shape, rows, rng) if shape.rerun else []
    history = _history(shape, rows, ineligible, rng)
    return Night(
        shape=shape,
        game_date=shape.game_date,
        started_at=shape.started_at,
        completed_at=shape.completed_at,
        now=shape.completed_at + (_READ_LATER if shape.context_rewritten else timedelta(minutes=3)),
        event=completion_event(shape, shape.players, _generated(shape, len(rows), rng), rng),
        rows=rows + history,
        context_rows=context_rows(shape, expected, ineligible, rng),
        book_lines=book_rows(shape, expected, rng),
        rows_before=before + history,
        extra_columns={"deployment_revision": "STRING"} if shape.revision else {},
    )


def _rows(shape: NightShape, players: tuple[Player, ...], rng: Random) -> Iterator[Row]:
    lines = {player.lookup: _lines(shape, player, rng) for player in players}
    for system_id in shape.expected_systems:
        shared = template(shape, system_id)
        covered = rng.sample(players, _covered(shape, system_id))
        if shape.before_the_lines:
            # Sides alternate: also among the few with a line, so that no system leans to one of them.
            covered.sort(key=lambda player: player.real_line is None)
        for i, player in enumerate(covered):
            margin = _margin(player, i, rng)
            written = _moment(shape, rng)
            for line in lines[player.lookup]:
                yield prediction(shared, player, line, margin, written, rng)


def _covered(shape: NightShape, system_id: str) -> int:
    """How many players a system predicts: all, but for the one that needs a history of similar games."""
    if system_id != SIMILARITY:
        return shape.players
    return min(shape.players, max(-(-shape.players * 4 // 5), round(shape.players * shape.similarity_share)))


def _lines(shape: NightShape, player: Player, rng: Random) -> tuple[float | None, ...]:
    """The lines that a player is predicted on: the book's, else estimates around the average, else none."""
    if player.real_line is not None:
        return (player.real_line,)
    if shape.game_date >= NO_ESTIMATES_SINCE:
        return (None,)
    many = rng.choice((3, 5, 5)) if shape.multi_line and shape.game_date < SINGLE_LINE_SINCE else 1
    return tuple(player.base_line + offset for offset in _OFFSETS[:many])


def _margin(player: Player, position: int, rng: Random) -> float:
    """Points from the base line: sides alternate, so that no system leans to one direction on any slate."""
    size = min(rng.triangular(0.2, 6.5, 1.8), player.base_line / 2)
    return size if position % 2 else -size


def _moment(shape: NightShape, rng: Random) -> datetime:
    return shape.started_at + timedelta(microseconds=int(shape.seconds * 1e6 * rng.uniform(0.02, 0.98)))


def _generated(shape: NightShape, stored: int, rng: Random) -> int:
    """What the batch says it generated: with several lines a player more than is stored, by design."""
    return stored + (rng.randrange(stored // 4) if shape.multi_line and shape.game_date < SINGLE_LINE_SINCE else 0)


def _rerun(shape: NightShape, rows: list[Row], rng: Random) -> list[Row]:
    """Make `rows` a MERGE over rows of an earlier batch: most keep `created_at`; returns what was there before."""
    earlier = shape.started_at - timedelta(hours=rng.uniform(1.5, 14))
    before = []
    for row in rows:
        if rng.random() < 0.96:
            row["updated_at"] = row["created_at"]
            row["created_at"] = earlier + timedelta(seconds=rng.uniform(0, 90))
            row["prediction_version"] = 2
            before.append(row | {"updated_at": None, "prediction_version": 1})
    return before


def _history(shape: NightShape, rows: list[Row], ineligible: tuple[Player, ...], rng: Random) -> list[Row]:
    """Inactive rows: predictions that newer ones superseded, and those of players who turned out to be injured."""
    count = int(len(rows) * min(shape.history_share, MAX_HISTORY_SHARE))
    if not count:
        return []
    since = shape.started_at - timedelta(hours=30)
    history = [
        copy_of(
            row,
            rng,
            is_active=False,
            superseded_by=row["prediction_id"],
            created_at=since + timedelta(minutes=rng.uniform(0, 300)),
            updated_at=since + timedelta(minutes=rng.uniform(400, 800)),
            prediction_version=1,
        )
        for row in rng.sample(rows, count)
    ]
    for row, player in zip(history[:3], ineligible, strict=False):
        row |= {"player_lookup": player.lookup, "game_id": player.game_id, "superseded_by": None}
        row |= {"injury_flag_at_prediction": True, "injury_status_at_prediction": "OUT"}
    return history
