"""What a change of columns touches: views downstream of it, checks that read it, and the suites of those."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TypeVar

from prop_quality import api
from prop_quality.sql.finding import Change
from prop_quality.sql.lineage import ROWS, ColumnGraph

PREDICTIONS = "nba-props-platform.nba_predictions.player_prop_predictions"
CONTEXT = "nba-props-platform.nba_analytics.upcoming_player_game_context"
BOOK_LINES = "nba-props-platform.nba_raw.odds_api_player_points_props"

# Columns that the statements of the scan name themselves (prop_quality/scan/templates): a test reads them there, and
# what each check declares is asked of the check.
_ROSTER_COLUMNS = (
    *("game_date", "player_lookup", "avg_minutes_per_game_last_7", "has_prop_line", "player_status"),
    *("is_production_ready", "created_at"),
)
_BOOK_COLUMNS = ("game_date", "player_lookup", "points_line", "snapshot_timestamp")
# Every check is judged per date and system over active rows, and names its failing rows by their keys.
SCAN_COLUMNS = (
    *("prediction_id", "player_lookup", "system_id", "game_date", "is_active"),
    *("created_at", "updated_at"),
)

_T = TypeVar("_T")
Readers = Mapping[str, Mapping[str, tuple[tuple[str, str], ...]]]


def readers() -> Readers:
    """For each table that the checks read, and each column of it, the checks that do, as (check id, suite).

    Columns that the scan needs for every check have every check as a reader.
    """
    by_column = dict(api.column_readers())
    every = tuple(dict.fromkeys(reader for found in by_column.values() for reader in found))
    for column in SCAN_COLUMNS:
        by_column[column] = tuple(dict.fromkeys((*by_column.get(column, ()), *every)))
    sources = api.source_readers()
    return {
        PREDICTIONS: by_column,
        CONTEXT: dict.fromkeys(_ROSTER_COLUMNS, sources.get("roster", ())),
        BOOK_LINES: dict.fromkeys(_BOOK_COLUMNS, sources.get("book_lines", ())),
    }


def change_of(table: str, columns: Iterable[str], graph: ColumnGraph, known_readers: Readers | None = None) -> Change:
    """What a change of columns of a table or view touches, as a whole and column by column.

    `columns` may hold `(rows)` for a change of which rows a view has; `known_readers` is `readers()`, asked once.
    """
    found = {column: _touched(table, column, graph, known_readers or readers()) for column in columns}
    return Change(
        table,
        tuple(found),
        downstream=_all(graph_names(one["downstream"]) for one in found.values()),
        checks=_all(one["checks"] for one in found.values()),
        suites=_all(one["suites"] for one in found.values()),
        by_column=found,
    )


def graph_names(columns: Iterable[str]) -> tuple[str, ...]:
    """The views of `view.column` names."""
    return tuple(dict.fromkeys(name.rsplit(".", 1)[0] for name in columns))


def _touched(table: str, column: str, graph: ColumnGraph, known: Readers) -> dict[str, tuple[str, ...]]:
    reached = graph.downstream(table, column)
    of_table = known.get(table, {})
    reading = _all(of_table.values()) if column == ROWS else of_table.get(column, ())
    return {
        "downstream": tuple(f"{view}.{name}" for view, names in reached.items() for name in names),
        "checks": tuple(dict.fromkeys(check for check, _ in reading)),
        "suites": tuple(dict.fromkeys(suite for _, suite in reading)),
    }


def _all(groups: Iterable[Iterable[_T]]) -> tuple[_T, ...]:
    return tuple(dict.fromkeys(one for group in groups for one in group))
