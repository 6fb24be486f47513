"""Filling the embedded warehouse: nights of `prop_quality.season` into tables that a test may call its own."""

from __future__ import annotations

from dataclasses import replace
from itertools import count
from pathlib import Path

from google.cloud import bigquery

from prop_quality.embedded import EmbeddedWarehouse
from prop_quality.embedded.direct import Direct
from prop_quality.season import Night
from prop_quality.settings import EMULATOR_VARIABLE, Settings
from prop_quality.tables import TableRef

PREDICTIONS = "nba-props-platform.nba_predictions.player_prop_predictions"
CONTEXT = "nba-props-platform.nba_analytics.upcoming_player_game_context"
BOOK_LINES = "nba-props-platform.nba_raw.odds_api_player_points_props"

_numbers = count(1)


def environment_of(warehouse: EmbeddedWarehouse, state: Path, *, book_lines: bool = False) -> dict[str, str]:
    """The environment variables that point `prop-quality` at the warehouse, for a command in a process of its own."""
    lines = {"PROP_QUALITY_BOOK_LINES_TABLE": BOOK_LINES} if book_lines else {}
    return {EMULATOR_VARIABLE: warehouse.endpoint, "PROP_QUALITY_STATE_DIR": str(state), **lines}


def settings_of(warehouse: EmbeddedWarehouse, state: Path, *, book_lines: bool = False) -> Settings:
    """The settings that point a run at the warehouse's contract tables."""
    return Settings.load(environment_of(warehouse, state, book_lines=book_lines))


def empty(warehouse: EmbeddedWarehouse) -> None:
    """Empty the contract's tables, straight in the engine: every test begins with it."""
    direct = Direct(warehouse)
    for table in (PREDICTIONS, CONTEXT, BOOK_LINES):
        direct.empty(table)


def load_night(warehouse: EmbeddedWarehouse, settings: Settings, *nights: Night) -> Settings:
    """Append nights to the tables of `settings`; returns the settings to run with.

    A night whose table has other columns than the contract gets a predictions table of its own, which the returned
    settings name.
    """
    shape = {**nights[0].changed_columns, **nights[0].extra_columns}
    if shape:
        settings = replace(settings, table=_table_like(warehouse, settings.table, shape))
    gone = {name for name, type_ in shape.items() if type_ is None}
    rows = [{k: v for k, v in row.items() if k not in gone} for night in nights for row in night.rows]
    warehouse.load(str(settings.table), rows)
    warehouse.load(str(settings.context_table), (row for night in nights for row in night.context_rows))
    if settings.book_lines_table is not None:
        warehouse.load(str(settings.book_lines_table), (row for night in nights for row in night.book_lines))
    return settings


def _table_like(warehouse: EmbeddedWarehouse, table: TableRef, changes: dict[str, str | None]) -> TableRef:
    """A new, empty table with the columns of `table` but for `changes`: column to its type, None for not at all."""
    client = warehouse.client
    # The event names dataset and table, so that the other table can differ from the contract's by its project only.
    name = TableRef(f"other-tables-{next(_numbers)}", table.dataset, table.table)
    schema = [field for field in client.get_table(str(table)).schema if field.name not in changes]
    schema += [bigquery.SchemaField(column, type_) for column, type_ in changes.items() if type_ is not None]
    client.create_dataset(f"{name.project}.{name.dataset}")
    client.create_table(bigquery.Table(str(name), schema=schema))
    return name
