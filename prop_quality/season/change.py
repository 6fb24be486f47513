"""Small changes to a night; each returns another night and leaves the one it was given alone."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from dataclasses import replace
from random import Random
from typing import Any

from prop_quality.season.night import Night, Row
from prop_quality.season.rows import copy_of, reline

Edit = Callable[[Row], Row]
_EVENT_FIELDS = frozenset({"status", "record_count", "records_failed", "timestamp", "duration_seconds"})


def active_rows(night: Night, system_id: str | None = None, *, real_line: bool | None = None) -> list[Row]:
    """The active rows, of one system when it is given, with or without a real line when that is given."""
    return [
        row
        for row in night.rows
        if row["is_active"]
        and system_id in (None, row["system_id"])
        and (real_line is None or (row["line_source"] == "ACTUAL_PROP") is real_line)
    ]


def picked(night: Night, count: int, rng: Random, system_id: str | None = None) -> list[Row]:
    """`count` active rows with a real line, of one system when it is given.

    Raises:
        ValueError: there are fewer.
    """
    return rng.sample(active_rows(night, system_id, real_line=True), count)


def changed(night: Night, rows: Iterable[Row], edit: Edit) -> Night:
    """The night with `edit` done to copies of `rows`, which are rows of it."""
    wanted = {row["prediction_id"] for row in rows}
    return replace(night, rows=[edit(row.copy()) if row["prediction_id"] in wanted else row for row in night.rows])


def dropped(night: Night, gone: Callable[[Row], bool]) -> Night:
    """The night without the rows of which `gone` is true."""
    return replace(night, rows=[row for row in night.rows if not gone(row)])


def added(night: Night, rows: Iterable[Row], *, generated: bool = True) -> Night:
    """The night with more rows, which the event counts among the generated ones unless `generated` is false."""
    more = list(rows)
    night = replace(night, rows=night.rows + more)
    return claimed(night, **{_generated_name(night): generated_rows(night) + len(more)}) if generated else night


def claimed(night: Night, **changes: Any) -> Night:
    """The night with other values in the event: those of the event itself by their name, the rest of its metadata."""
    event = dict(night.event)
    event["metadata"] = dict(event["metadata"])
    for name, value in changes.items():
        (event if name in _EVENT_FIELDS else event["metadata"])[name] = value
    return replace(night, event=event)


def claimed_players(night: Night, players: int) -> Night:
    """The night whose event says, without contradicting itself, that `players` were expected and completed."""
    return claimed(night, record_count=players, expected_players=players, completed_players=players)


def claimed_rows(night: Night, rows: int) -> Night:
    """The night whose event says that `rows` were generated."""
    return claimed(night, **{_generated_name(night): rows})


def generated_rows(night: Night) -> int:
    """How many rows the event says were generated."""
    rows: int = night.event["metadata"][_generated_name(night)]
    return rows


def _generated_name(night: Night) -> str:
    return "completed_predictions" if "completed_predictions" in night.event["metadata"] else "total_predictions"


def setting(**values: Any) -> Edit:
    """An edit that sets columns to fixed values."""
    return lambda row: row | values


def judged(line: float) -> Edit:
    """An edit that judges the same prediction against another line."""

    def edit(row: Row) -> Row:
        reline(row, line)
        return row

    return edit


def moved(line: float) -> Edit:
    """An edit that moves line and prediction together, so that margin and direction stay what they are."""

    def edit(row: Row) -> Row:
        row["predicted_points"] = round(line + (row["line_margin"] or 0.0), 1)
        reline(row, line)
        return row

    return edit


def predicted(points: float, line: float) -> Edit:
    """An edit that predicts `points` against `line`, margin and direction following."""

    def edit(row: Row) -> Row:
        row["predicted_points"] = points
        reline(row, line)
        return row

    return edit


def copies(rows: Iterable[Row], rng: Random, **changes: Any) -> list[Row]:
    """The same rows once more, each with an id of its own and `changes`."""
    return [copy_of(row, rng, **changes) for row in rows]


def players_of(night: Night) -> list[str]:
    """The players with an active row, in order of their names."""
    return sorted({row["player_lookup"] for row in active_rows(night)})


def of_players(names: Collection[str]) -> Callable[[Row], bool]:
    """Whether a row belongs to one of `names`."""
    wanted = set(names)
    return lambda row: row["player_lookup"] in wanted
