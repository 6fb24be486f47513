"""The expected players of one date, asked of the context table by itself."""

from __future__ import annotations

from datetime import date, datetime

from google.cloud import bigquery

from prop_quality.errors import NotFound, WarehouseError
from prop_quality.references import CONTEXT_VARIABLE
from prop_quality.settings import Settings
from prop_quality.troubles import not_there, translated
from prop_quality.verdict import format_time
from prop_quality.warehouse import Warehouse


def expected_players(
    game_date: date, *, settings: Settings, now: datetime, min_minutes: float, timeout_seconds: float
) -> list[str]:
    """Who is expected to play on `game_date`, as the context table says at `now`, by name.

    Raises:
        WarehouseError: the table did not answer, or expects nobody.
    """
    warehouse = Warehouse(settings, {"tool": "prop-quality", "checkpoint": "roster_snapshot"}, timeout_seconds)
    config = bigquery.QueryJobConfig(
        query_parameters=[
            bigquery.ScalarQueryParameter("game_date", "DATE", game_date),
            bigquery.ScalarQueryParameter("now", "TIMESTAMP", now),
            bigquery.ScalarQueryParameter("min_minutes", "FLOAT64", min_minutes),
        ]
    )
    table = settings.context_table
    try:
        with translated(table):
            rows = warehouse.client.query_and_wait(snapshot_sql(table.sql), job_config=config)
            players = [str(row["player_lookup"]) for row in rows]
    except NotFound as error:
        raise NotFound(not_there(table, CONTEXT_VARIABLE)) from error
    if not players:
        raise WarehouseError(
            f"No player is expected on {game_date} in {table} as of {format_time(now)}; "
            "nothing was stored, take the snapshot once the table is filled."
        )
    return players


def snapshot_sql(context_table: str) -> str:
    """The statement, over a table name in backticks."""
    return f"""SELECT player_lookup
FROM (
  SELECT
    player_lookup,
    avg_minutes_per_game_last_7,
    has_prop_line,
    player_status,
    is_production_ready,
    ROW_NUMBER() OVER (PARTITION BY player_lookup ORDER BY created_at DESC) AS age
  FROM {context_table}
  WHERE game_date = @game_date AND created_at <= @now
)
WHERE age = 1
  AND (avg_minutes_per_game_last_7 >= @min_minutes OR has_prop_line)
  AND IFNULL(UPPER(player_status), '') NOT IN ('OUT', 'DOUBTFUL')
  AND is_production_ready
ORDER BY player_lookup
"""
