"""Rows that were switched off, and rows that should have been."""

from __future__ import annotations

from dataclasses import replace
from random import Random

from prop_quality.season.change import active_rows, added, copies, picked
from prop_quality.season.faults.fault import LATE_JANUARY, Fault, Plant, within
from prop_quality.season.night import Night

POSTPONED = "Game postponed"


def switched_off(share: float, extra_rows: int = 0) -> Plant:
    """Inactive twins stand beside the active rows: `share` (below 1) of all rows with a real line, and some more."""

    def plant(night: Night, rng: Random) -> Night:
        real = active_rows(night, real_line=True)
        wanted = int(len(real) * share / (1 - share) + 1e-9) + extra_rows
        while wanted > 0:
            part = picked(night, min(wanted, len(real)), rng)
            night = added(night, copies(part, rng, is_active=False))
            wanted -= len(part)
        return night

    return plant


def silent(night: Night, rng: Random) -> Night:
    """The column that could tell of a postponed game is there, and nobody fills it."""
    rows = [row | {"invalidation_reason": None} for row in night.rows]
    return replace(night, rows=rows, extra_columns={**night.extra_columns, "invalidation_reason": "STRING"})


def postponed(*, invalidated: bool, said_by: int = 1) -> Plant:
    """A game is postponed, as `said_by` of its rows say; the others say so too only when `invalidated`."""

    def plant(night: Night, rng: Random) -> Night:
        game = rng.choice(sorted({row["game_id"] for row in night.rows}))
        theirs = [row for row in active_rows(night) if row["game_id"] == game]
        told = {row["prediction_id"] for row in (theirs if invalidated else rng.sample(theirs, said_by))}
        rows = [
            row | {"invalidation_reason": POSTPONED if row["prediction_id"] in told else None} for row in night.rows
        ]
        columns = {**night.extra_columns, "invalidation_reason": "STRING"}
        return replace(night, rows=rows, extra_columns=columns)

    return plant


_ACTIVE = ("rows_active",)
_POSTPONED = ("games_not_postponed",)

FAULTS = (
    Fault("fifth_of_the_rows_inactive", _ACTIVE, "warning", switched_off(0.2, 1), "20 % and a row"),
    Fault("half_of_the_rows_inactive", _ACTIVE, "warning", switched_off(0.5), "exactly half"),
    Fault("most_rows_inactive", _ACTIVE, "critical", switched_off(0.5, 1), "half and a row"),
    Fault("nearly_all_rows_inactive", _ACTIVE, "critical", switched_off(0.85), "85 %"),
    Fault("game_postponed", _POSTPONED, "warning", postponed(invalidated=False), "1 game", shape=LATE_JANUARY),
    within("game_postponed_and_invalidated", _POSTPONED[0], postponed(invalidated=True), "1 game", LATE_JANUARY),
    within("game_postponed_and_nobody_says_so", _POSTPONED[0], silent, "a column of NULLs", LATE_JANUARY),
    within("some_rows_inactive", _ACTIVE[0], switched_off(0.2), "20 % of the rows"),
)
