"""A night: the tables as the batch left them, and what the batch says of itself."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from prop_quality.season.shape import NightShape

Row = dict[str, Any]


@dataclass(frozen=True)
class Night:
    """One date of the three tables, and the completion event of the batch that just wrote it.

    Rows hold plain Python values: `date`, aware UTC `datetime`, `float` for NUMERIC (at most two decimals), texts of
    JSON for JSON columns. `rows` is the table after the batch, `rows_before` what it held when the batch started.
    `extra_columns` names columns beside the 59 of the contract with their BigQuery types; each row has them then.
    `changed_columns` names columns of the contract that the table has with another type, or (None) not at all.
    `expect_revision` is the worker revision that the operator would demand, None when none is known.
    """

    shape: NightShape
    game_date: date
    started_at: datetime
    completed_at: datetime
    now: datetime
    event: dict[str, Any]
    rows: list[Row]
    context_rows: list[Row]
    book_lines: list[Row]
    rows_before: list[Row] = field(default_factory=list)
    extra_columns: Mapping[str, str] = field(default_factory=dict)
    changed_columns: Mapping[str, str | None] = field(default_factory=dict)
    expect_revision: str | None = None


def written_at(row: Row) -> datetime:
    """When a row was last written: a MERGE keeps `created_at` and moves `updated_at` only."""
    created: datetime = row["created_at"]
    return max(created, row["updated_at"] or created)
