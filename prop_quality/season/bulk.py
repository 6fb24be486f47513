"""Many clean nights in a row, for benchmarks: a season of 365,000 rows takes seconds."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from typing import Any

from prop_quality.season.clean import clean_night
from prop_quality.season.night import Night, Row
from prop_quality.season.rows import COLUMNS
from prop_quality.season.shape import SIMILARITY, NightShape, systems_on

_MOST_PLAYERS = 400


def season(first: date, last: date, rows_per_date: int = 1000, *, seed: int = 0) -> Iterator[Night]:
    """A clean night for each date from `first` to `last`, both included, each of about `rows_per_date` active rows.

    Nights are made one at a time, so that memory holds one. No night has more than 400 players.
    """
    for offset in range((last - first).days + 1):
        game_date = first + timedelta(days=offset)
        systems = systems_on(game_date)
        per_player = len(systems) - (0.15 if SIMILARITY in systems else 0.0)
        players = max(1, min(_MOST_PLAYERS, round(rows_per_date / per_player)))
        yield clean_night(NightShape(seed=seed + offset, game_date=game_date, games=15, players=players))


def columns(rows: Iterable[Row], names: Iterable[str] = COLUMNS) -> dict[str, list[Any]]:
    """The rows as one list for each column, as a columnar loader wants them."""
    rows = list(rows)
    return {name: [row[name] for row in rows] for name in names}
