"""Rows that the batch did not write, or that carry times which cannot be."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import time, timedelta
from random import Random

from prop_quality.season.change import active_rows, changed, picked
from prop_quality.season.event import stamp
from prop_quality.season.faults.fault import JANUARY, Fault, Plant, within
from prop_quality.season.night import Night, Row
from prop_quality.season.rows import new_id
from prop_quality.season.shape import eastern

_AGO = timedelta(hours=5)


def _aged(row: Row) -> Row:
    updated = row["updated_at"]
    return row | {"created_at": row["created_at"] - _AGO, "updated_at": updated and updated - _AGO}


def stale_pairs(system_id: str, count: int) -> Plant:
    """Some rows of one system are those of an earlier batch."""
    return lambda night, rng: changed(night, picked(night, count, rng, system_id), _aged)


def stale_system(system_id: str) -> Plant:
    """All rows of one system are those of an earlier batch."""
    return lambda night, rng: changed(night, active_rows(night, system_id), _aged)


def stale_night(night: Night, rng: Random) -> Night:
    """Every row is of an earlier batch: this one stored nothing and says that it stored everything."""
    return changed(night, active_rows(night), _aged)


def nothing_new(night: Night, rng: Random, *, minutes_later: float = 37.0, seconds: float = 81.0) -> Night:
    """Another batch runs over the finished night, claims what the first one did, and stores nothing."""
    started = night.completed_at + timedelta(minutes=minutes_later)
    completed = started + timedelta(seconds=seconds)
    event = dict(night.event)
    batch_id = f"batch_{night.game_date}_{int(started.timestamp())}"
    event |= {"execution_id": batch_id, "correlation_id": new_id(rng), "duration_seconds": seconds}
    event |= {"timestamp": stamp(completed), "metadata": event["metadata"] | {"batch_id": batch_id}}
    return replace(
        night,
        started_at=started,
        completed_at=completed,
        now=completed + timedelta(minutes=3),
        event=event,
        rows_before=night.rows,
    )


def ahead(column: str, offset: Mapping[str, float], count: int = 1) -> Plant:
    """Some rows say that they were written so much later than now."""

    def plant(night: Night, rng: Random) -> Night:
        moment = night.now + timedelta(**offset)
        return changed(night, picked(night, count, rng), lambda row: row | {column: moment})

    return plant


def unchanged(night: Night, rng: Random) -> Night:
    """Nothing is planted: the shape alone makes the difference."""
    return night


_AFTER_MIDNIGHT = replace(JANUARY, starts_at=eastern(JANUARY.game_date + timedelta(days=1), time(0, 20)))
_BEFORE_MIDNIGHT = replace(JANUARY, starts_at=eastern(JANUARY.game_date, time(23, 57)))
_RERUN = replace(JANUARY, rerun=True)
_NOTHING = ("rows_fresh", "latest_write_recent", "claim_stored")

FAULTS = (
    Fault("one_stale_pair", ("rows_fresh",), "warning", stale_pairs("catboost_v8", 1), "1 pair of 100"),
    Fault("stale_pairs_down_to_95", ("rows_fresh",), "warning", stale_pairs("catboost_v8", 5), "5 of 100, a warning"),
    Fault("stale_pairs_below_95", ("rows_fresh",), "critical", stale_pairs("catboost_v8", 6), "6 of 100 pairs"),
    Fault("stale_system", ("rows_fresh",), "critical", stale_system("ensemble_v1"), "one system of five"),
    Fault("nothing_written", _NOTHING, "critical", stale_night, "all rows 5 hours old"),
    Fault("phantom_rerun", _NOTHING, "critical", nothing_new, "all rows 37 minutes old"),
    within("rerun_that_only_updates", "rows_fresh", unchanged, "created before, updated by the batch", _RERUN),
    Fault(
        "created_in_the_future", ("created_at_not_future",), "critical", ahead("created_at", {"minutes": 6}), "1 row"
    ),
    Fault(
        "updated_in_the_future",
        ("created_at_not_future",),
        "critical",
        ahead("updated_at", {"hours": 2}, 20),
        "20 rows",
    ),
    within(
        "created_in_four_minutes", "created_at_not_future", ahead("created_at", {"minutes": 4}), "1 row, clock skew"
    ),
    Fault(
        "created_after_the_game_day",
        ("created_near_game",),
        "warning",
        unchanged,
        "20 minutes late",
        shape=_AFTER_MIDNIGHT,
    ),
    within("created_before_midnight", "created_near_game", unchanged, "3 minutes early", _BEFORE_MIDNIGHT),
)
