"""Lines that no book posted, and rows that do not say where their line came from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from random import Random
from typing import Any

from prop_quality.season.change import Edit, active_rows, added, changed, copies, judged, moved, picked, setting
from prop_quality.season.faults.fault import LATE_JANUARY, Fault, Plant, within
from prop_quality.season.night import Night, Row

BACKFILL_SYSTEM = "moving_average_baseline_v1"
PLACEHOLDER = 20.0
_ESTIMATED = {
    "line_source": "ESTIMATED_AVG",
    "line_source_api": "ESTIMATED",
    "has_prop_line": False,
    "sportsbook": None,
    "was_line_fallback": False,
    "estimation_method": "points_avg_last_5",
}


def placeholders(count: int, system_id: str | None = None, *, rejudged: bool = False) -> Plant:
    """Some rows get the line 20.0; with `rejudged` their predictions stay, so margins and directions shift."""
    edit = judged(PLACEHOLDER) if rejudged else moved(PLACEHOLDER)
    return lambda night, rng: changed(night, picked(night, count, rng, system_id), edit)


def half_placeholders(system_id: str) -> Plant:
    """Every second row of a system gets the line 20.0."""
    return lambda night, rng: placeholders(len(active_rows(night, system_id)) // 2, system_id)(night, rng)


def backfill_job(players: int) -> Plant:
    """The backfill job writes straight into the table: HOLD at 20.0, no source, an id that is no UUID."""

    def plant(night: Night, rng: Random) -> Night:
        rows = picked(night, players, rng, night.shape.expected_systems[0])
        return added(night, [_backfilled(night, row) for row in rows])

    return plant


def _backfilled(night: Night, row: Row) -> Row:
    written = night.started_at - timedelta(hours=3)
    return row | {
        "prediction_id": f"{night.game_date}_{row['player_lookup']}_xgboost_v1",
        "system_id": BACKFILL_SYSTEM,
        "recommendation": "HOLD",
        "has_prop_line": False,
        "current_points_line": PLACEHOLDER,
        "line_margin": round(row["predicted_points"] - PLACEHOLDER, 2),
        "line_source": None,
        "line_source_api": None,
        "sportsbook": None,
        "was_line_fallback": False,
        "created_at": written,
        "updated_at": None,
    }


def sources(values: Mapping[str, Any], count: int = 1) -> Plant:
    """Some rows with a real line get other values in the columns that say where it came from."""
    return lambda night, rng: changed(night, picked(night, count, rng), setting(**values))


def constant_line(system_id: str, extra_rows: int, line: float = 12.5) -> Plant:
    """Half of a system's rows, and `extra_rows` more, have one and the same line."""

    def plant(night: Night, rng: Random) -> Night:
        rows = active_rows(night, system_id)
        others = [row for row in rows if row["current_points_line"] != line]
        wanted = len(rows) // 2 + extra_rows - (len(rows) - len(others))
        return changed(night, rng.sample(others, wanted), moved(line))

    return plant


def cleared_by_a_book(edit: Edit, minutes_before_start: float) -> Plant:
    """A row gets the line 20.0, and a book shows 20.0 for that player at that time before the batch started."""

    def plant(night: Night, rng: Random) -> Night:
        (row,) = picked(night, 1, rng)
        shown = {
            "game_date": night.game_date,
            "player_lookup": row["player_lookup"],
            "bookmaker": "betmgm",
            "points_line": PLACEHOLDER,
            "snapshot_timestamp": night.started_at - timedelta(minutes=minutes_before_start),
        }
        return replace(changed(night, [row], edit), book_lines=[*night.book_lines, shown])

    return plant


def inactive_placeholder(night: Night, rng: Random) -> Night:
    """A placeholder that has been deactivated is history, no fault."""
    return added(night, copies(picked(night, 1, rng), rng, is_active=False, current_points_line=PLACEHOLDER))


_LINE = ("line_not_placeholder",)
_SOURCE = ("line_source_known",)
_FLAGS = ("line_flag_agrees",)

FAULTS = (
    Fault("placeholder_one_row", _LINE, "critical", placeholders(1), "one row of 485"),
    Fault("placeholder_five_rows", _LINE, "critical", placeholders(5, "catboost_v8"), "5 rows of one system"),
    Fault("placeholder_half_a_system", _LINE, "critical", half_placeholders("catboost_v8"), "half of a system"),
    within(
        "placeholder_posted_by_a_book", _LINE[0], cleared_by_a_book(moved(PLACEHOLDER), 30), "one row, a book says so"
    ),
    within("placeholder_deactivated", _LINE[0], inactive_placeholder, "one inactive row"),
    Fault(
        "backfill_one_row",
        ("line_not_placeholder", "line_source_known", "systems_known", "prediction_id_is_uuid", "direction_agrees"),
        "critical",
        backfill_job(1),
        "one row of the backfill job",
        may=_FLAGS,
    ),
    Fault("source_missing_one_row", _SOURCE, "critical", sources({"line_source": None}), "one row", may=_FLAGS),
    Fault("source_missing_many", _SOURCE, "critical", sources({"line_source": None}, 60), "60 rows", may=_FLAGS),
    Fault(
        "source_needs_bootstrap",
        _SOURCE,
        "critical",
        sources({"line_source": "NEEDS_BOOTSTRAP"}),
        "one row",
        may=_FLAGS,
    ),
    Fault("estimate_out_of_its_time", _SOURCE, "critical", sources(_ESTIMATED), "one row", shape=LATE_JANUARY),
    within("estimate_in_its_time", _SOURCE[0], sources(_ESTIMATED), "one row before 2026-01-23"),
    within("source_of_patched_history", _SOURCE[0], sources({"line_source": "VEGAS_BACKFILL"}, 20), "20 rows"),
    Fault("constant_line_just_over_half", ("line_not_constant",), "critical", constant_line("catboost_v8", 1), "51 %"),
    within("constant_line_at_half", "line_not_constant", constant_line("catboost_v8", 0), "exactly half"),
)
