"""One query by hand that asks what the checks ask: the floor that any framework stands on."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any

from google.cloud import bigquery

from prop_quality.event import CompletionEvent
from prop_quality.season.shape import EASTERN
from prop_quality.warehouse import Client

# What it reports beside what fails.
_FACTS = frozenset(
    (
        *("system_id", "all_rows", "active_rows", "inserted_rows", "updated_rows", "stale_rows", "cleared_by_book"),
        *("expected_players", "missing", "stale", "missing_players", "unexpected_players"),
        *("context_rows", "context_rows_in_time"),
    )
)
SQL = Path(__file__).with_suffix(".sql").read_text(encoding="utf-8")
# Above these shares of a date's rows it is worth a warning.
_SHARES = {"lines_available": 0.1, "rows_active": 0.2}
# The system that needs a history of games may leave out a quarter of the players.
_FLOORS = {"similarity_balanced_v1": 0.25}


def ask(client: Client, event: CompletionEvent, systems: tuple[str, ...], now: Any) -> list[dict[str, Any]]:
    """Send the query and return its rows, one a system."""
    days_late = (event.started_at.astimezone(EASTERN).date() - event.game_date).days
    live = days_late <= 1 and not event.batch_id.startswith("regen_")
    given: list[bigquery.ScalarQueryParameter | bigquery.ArrayQueryParameter] = [
        bigquery.ScalarQueryParameter("game_date", "DATE", event.game_date),
        bigquery.ScalarQueryParameter("started_at", "TIMESTAMP", event.started_at),
        bigquery.ScalarQueryParameter("until", "TIMESTAMP", event.completed_at + timedelta(minutes=5)),
        bigquery.ScalarQueryParameter("now", "TIMESTAMP", now),
        bigquery.ScalarQueryParameter("min_minutes", "FLOAT64", 15.0),
        bigquery.ScalarQueryParameter("max_rows_per_pair", "INT64", 5),
        bigquery.ScalarQueryParameter("expected", "INT64", event.expected_players),
        bigquery.ScalarQueryParameter("completed", "INT64", event.completed_players),
        bigquery.ScalarQueryParameter("recorded", "INT64", event.record_count),
        bigquery.ScalarQueryParameter("failed", "INT64", event.records_failed or 0),
        bigquery.ScalarQueryParameter("generated", "INT64", event.total_predictions),
        bigquery.ScalarQueryParameter("status", "STRING", event.status),
        bigquery.ScalarQueryParameter("live", "BOOL", live),
        bigquery.ArrayQueryParameter("expected_systems", "STRING", list(systems)),
    ]
    config = bigquery.QueryJobConfig(query_parameters=given)
    return [dict(row) for row in client.query_and_wait(SQL, job_config=config)]


def failed(rows: list[dict[str, Any]]) -> set[str]:
    """The checks that the answer says fail; a reader of the numbers would do this by eye."""
    return {name.removesuffix("_by_date") for row in rows for name in row if _fails(row, name)}


def _fails(row: Mapping[str, Any], name: str) -> bool:
    value = row[name]
    if name in _FACTS or value is None:
        return False
    if name in ("pairs_covered", "rows_fresh"):
        return bool(value > _FLOORS.get(row["system_id"], 0.0) * row["expected_players"])
    return bool(value > _SHARES.get(name, 0))
