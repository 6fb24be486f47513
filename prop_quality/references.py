"""The two tables beside the predictions: what the scan reads of them, and why one cannot be read."""

from __future__ import annotations

from collections.abc import Mapping

from prop_quality.ahead import Ahead
from prop_quality.errors import NotFound, PermissionRefused
from prop_quality.scan.scope import Source
from prop_quality.tables import TYPE_FAMILIES, TableRef
from prop_quality.troubles import not_there

CONTEXT_VARIABLE = "PROP_QUALITY_CONTEXT_TABLE"
_BOOK_LINES_VARIABLE = "PROP_QUALITY_BOOK_LINES_TABLE"
_CONTEXT_COLUMNS = {
    "game_date": "date",
    "player_lookup": "text",
    "avg_minutes_per_game_last_7": "number",
    "has_prop_line": "true or false",
    "player_status": "text",
    "is_production_ready": "true or false",
    "created_at": "time",
}
_BOOK_COLUMNS = {"game_date": "date", "player_lookup": "text", "points_line": "number", "snapshot_timestamp": "time"}


def context_source(table: TableRef, asked: Ahead[dict[str, str]]) -> Source:
    """The table that the expected players come from, once its columns have been asked for."""
    return _source(table, asked, _CONTEXT_COLUMNS, CONTEXT_VARIABLE)


def book_lines_source(table: TableRef, asked: Ahead[dict[str, str]]) -> Source:
    """The table of the lines that books really posted, once its columns have been asked for."""
    return _source(table, asked, _BOOK_COLUMNS, _BOOK_LINES_VARIABLE)


def no_book_lines() -> Source:
    """No such table is configured."""
    return Source(None, unavailable=f"{_BOOK_LINES_VARIABLE} is not set")


def _source(table: TableRef, asked: Ahead[dict[str, str]], needed: Mapping[str, str], variable: str) -> Source:
    """One that cannot be read, or would make the warehouse refuse the statement, costs those checks that need it."""
    try:
        columns = asked.result()
    except NotFound:
        return Source(table, unavailable=not_there(table, variable).rstrip("."))
    except PermissionRefused as error:
        return Source(table, unavailable=str(error).rstrip("."))
    absent = [name for name in needed if name not in columns]
    wrong = [
        f"column {name} of type {columns[name]}, which should be {family}"
        for name, family in needed.items()
        if name in columns and columns[name].upper() not in TYPE_FAMILIES[family]
    ]
    problems = ([f"no column {', '.join(absent)}"] if absent else []) + wrong
    why = f"The table {table} has {'; '.join(problems)}; check {variable}" if problems else None
    return Source(table, columns, columns, why)
