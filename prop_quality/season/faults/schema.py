"""A table that lost a column, or whose column changed its type."""

from __future__ import annotations

from dataclasses import replace
from random import Random

from prop_quality.season.faults.fault import Fault, Plant, within
from prop_quality.season.night import Night


def lost_column(name: str) -> Plant:
    """The table has no such column."""

    def plant(night: Night, rng: Random) -> Night:
        rows = [{key: value for key, value in row.items() if key != name} for row in night.rows]
        return replace(night, rows=rows, changed_columns={name: None})

    return plant


def numbers_in_place_of_reasons(night: Night, rng: Random) -> Night:
    """A column that only some checks read, and the table need not have, holds numbers."""
    return replace(
        night,
        rows=[row | {"invalidation_reason": None} for row in night.rows],
        extra_columns={"invalidation_reason": "INT64"},
    )


def texts(name: str) -> Plant:
    """The column holds texts instead of what it held."""

    def plant(night: Night, rng: Random) -> Night:
        rows = [row | {name: None if row[name] is None else str(row[name])} for row in night.rows]
        return replace(night, rows=rows, changed_columns={name: "STRING"})

    return plant


_REQUIRED = ("required_columns_present",)

FAULTS = (
    within("optional_column_of_another_type", _REQUIRED[0], numbers_in_place_of_reasons, "1 column nobody requires"),
    Fault("line_source_column_lost", _REQUIRED, "critical", lost_column("line_source"), "1 column"),
    Fault("margin_column_lost", _REQUIRED, "critical", lost_column("line_margin"), "1 column"),
    Fault("line_column_of_texts", _REQUIRED, "critical", texts("current_points_line"), "1 column of another type"),
)
