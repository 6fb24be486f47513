"""Rows that are there twice, and names that are none."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from random import Random

from prop_quality.season.change import active_rows, added, changed, copies, picked, setting
from prop_quality.season.faults.fault import LATE_JANUARY, Fault, Plant, within
from prop_quality.season.night import Night, Row


def same_id(night: Night, rng: Random) -> Night:
    """A row carries the prediction_id of another one."""
    first, second = picked(night, 2, rng)
    return changed(night, [second], setting(prediction_id=first["prediction_id"]))


def same_id_in_history(night: Night, rng: Random) -> Night:
    """An inactive row carries the prediction_id of an active one."""
    (row,) = picked(night, 1, rng)
    return added(night, [row | {"is_active": False}])


def raced(count: int, *, seconds: float = 0.4) -> Plant:
    """Two MERGEs race: some rows are there twice, written moments apart, with ids of their own."""

    def plant(night: Night, rng: Random) -> Night:
        later = timedelta(seconds=seconds)
        twins = copies(picked(night, count, rng), rng)
        return added(night, (twin | {"created_at": twin["created_at"] + later} for twin in twins))

    return plant


def twins_without_line(pairs: int, times: int) -> Plant:
    """Rows without a line are there so many times: in the MERGE's key NULL did not equal NULL."""

    def plant(night: Night, rng: Random) -> Night:
        rows = [row for row in active_rows(night) if row["current_points_line"] is None]
        picks = rng.sample(rows, pairs or len(rows))
        return added(night, copies(picks * (times - 1), rng))

    return plant


def deactivated_twin(night: Night, rng: Random) -> Night:
    """The second row of a key is inactive, as it should be."""
    return added(night, copies(picked(night, 20, rng), rng, is_active=False))


def ids(form: Callable[[Row], str], count: int = 1) -> Plant:
    """Some rows have ids that the worker did not make."""

    def edit(row: Row) -> Row:
        return row | {"prediction_id": form(row)}

    return lambda night, rng: changed(night, picked(night, count, rng), edit)


def game_ids(game_id: str, count: int = 1) -> Plant:
    """Some rows name the game differently."""
    return lambda night, rng: changed(night, picked(night, count, rng), setting(game_id=game_id))


_UUID = ("prediction_id_is_uuid",)
_GAME = ("game_id_form",)
_KEY = ("business_key_unique",)

FAULTS = (
    Fault("same_prediction_id_twice", ("prediction_id_unique",), "critical", same_id, "1 id"),
    Fault(
        "same_prediction_id_in_history", ("prediction_id_unique",), "critical", same_id_in_history, "1 inactive twin"
    ),
    Fault("one_key_twice", _KEY, "critical", raced(1), "1 key"),
    Fault("five_keys_twice", _KEY, "critical", raced(5), "5 keys, 0.4 s apart"),
    within("twins_deactivated", _KEY[0], deactivated_twin, "20 keys, one row of each active"),
    Fault("one_key_without_line_twice", _KEY, "critical", twins_without_line(1, 2), "1 key", shape=LATE_JANUARY),
    Fault(
        "keys_without_line_ten_times",
        (*_KEY, "claim_not_exceeded", "lines_available"),
        "critical",
        twins_without_line(0, 10),
        "every key without a line, 10 rows each",
        shape=LATE_JANUARY,
    ),
    Fault("one_id_no_uuid", _UUID, "warning", ids(lambda row: f"{row['game_date']}_{row['player_lookup']}_x"), "1 row"),
    Fault("uuid_too_short", _UUID, "warning", ids(lambda row: row["prediction_id"][:-1]), "1 letter missing"),
    Fault("uuids_with_a_prefix", _UUID, "warning", ids(lambda row: f"pred_{row['prediction_id']}", 30), "30 rows"),
    Fault("game_id_unknown_form", _GAME, "critical", game_ids("GAME-7"), "1 row"),
    Fault("game_id_too_short", _GAME, "critical", game_ids("2026011_BOS_NYK"), "1 digit missing"),
    Fault("game_id_of_no_day", _GAME, "critical", game_ids("20261501_BOS_NYK"), "1 row of month 15"),
    Fault("game_id_other_form", _GAME, "critical", game_ids("0022500611"), "1 row in the league's form"),
    Fault("game_id_other_form_many", _GAME, "critical", game_ids("0022500611", 40), "40 rows in the league's form"),
)
