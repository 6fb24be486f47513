"""What the event claims against itself, and against what is stored."""

from __future__ import annotations

from random import Random
from typing import Any

from prop_quality.season.change import active_rows, added, claimed, claimed_players, claimed_rows, copies, judged
from prop_quality.season.faults.fault import JANUARY, Fault, Plant, within
from prop_quality.season.night import Night


def says(**changes: Any) -> Plant:
    """The event says something else; the tables stay."""
    return lambda night, rng: claimed(night, **changes)


def says_players(count: int) -> Plant:
    """The event says that so many players were expected and completed."""
    return lambda night, rng: claimed_players(night, count)


def says_rows(difference: int) -> Plant:
    """The event says that so many more rows were generated than are stored."""
    return lambda night, rng: claimed_rows(night, len(active_rows(night)) + difference)


def many_lines(lines: int) -> Plant:
    """One estimated player and system has rows on so many different lines."""

    def plant(night: Night, rng: Random) -> Night:
        (row, *_) = active_rows(night, "catboost_v8", real_line=False)
        base = row["current_points_line"]
        return added(night, (judged(base + 1 + i)(copy) for i, copy in enumerate(copies([row] * (lines - 1), rng))))

    return plant


_CONSISTENT = ("claim_consistent",)
_EXCEEDED = ("claim_not_exceeded",)

FAULTS = (
    Fault(
        "one_player_not_completed", _CONSISTENT, "critical", says(completed_players=99, record_count=99), "99 of 100"
    ),
    Fault("record_count_differs", _CONSISTENT, "critical", says(record_count=97), "97 recorded, 100 completed"),
    Fault("one_record_failed", _CONSISTENT, "critical", says(records_failed=1), "1 failed"),
    Fault("status_partial", _CONSISTENT, "critical", says(status="partial"), "status alone"),
    Fault("one_player_claimed_too_many", ("claim_stored",), "critical", says_players(101), "101 claimed, 100 stored"),
    Fault(
        "fifty_players_claimed_too_many", ("claim_stored",), "critical", says_players(150), "150 claimed, 100 stored"
    ),
    within("fewer_players_claimed_than_stored", "claim_stored", says_players(99), "99 claimed, 100 stored"),
    Fault("one_row_more_than_generated", _EXCEEDED, "critical", says_rows(-1), "1 row"),
    within("as_many_rows_as_generated", _EXCEEDED[0], says_rows(0), "no row more"),
    within("four_times_more_generated", _EXCEEDED[0], says_rows(3 * 5 * JANUARY.players), "1,500 rows never stored"),
    Fault("six_lines_for_one_pair", _EXCEEDED, "critical", many_lines(6), "6 rows of one player and system"),
    within("five_lines_for_one_pair", _EXCEEDED[0], many_lines(5), "5 rows of one player and system"),
)
