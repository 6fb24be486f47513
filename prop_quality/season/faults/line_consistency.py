"""Fields of one row that contradict each other."""

from __future__ import annotations

from random import Random
from typing import Any

from prop_quality.season.change import Edit, active_rows, changed, moved, picked, setting
from prop_quality.season.faults.fault import LATE_JANUARY, Fault, Plant, within
from prop_quality.season.night import Night, Row

_NO_LINE_BUT_FLAG = {
    "current_points_line": None,
    "line_margin": None,
    "recommendation": "NO_LINE",
    "has_prop_line": True,
}


def real(edit: Edit, count: int = 1) -> Plant:
    """Some rows with a real line are edited."""
    return lambda night, rng: changed(night, picked(night, count, rng), edit)


def estimated(edit: Edit) -> Plant:
    """One row with an estimated line is edited."""
    return lambda night, rng: changed(night, active_rows(night, real_line=False)[:1], edit)


def margin_off(by: float) -> Edit:
    """An edit that adds `by` to the margin alone."""
    return lambda row: row | {"line_margin": round(row["line_margin"] + by, 2)}


def reversed_direction(recommendation: str, count: int) -> Plant:
    """Some rows that say the opposite get this recommendation; their numbers stay."""
    opposite = "UNDER" if recommendation == "OVER" else "OVER"

    def plant(night: Night, rng: Random) -> Night:
        rows = [row for row in active_rows(night, real_line=True) if row["recommendation"] == opposite]
        return changed(night, rng.sample(rows, count), setting(recommendation=recommendation))

    return plant


def passing(night: Night, rng: Random) -> Night:
    """PASS is legal whatever the numbers say, as long as there is a line."""
    return changed(night, picked(night, 30, rng), setting(recommendation="PASS"))


def _api(value: str | None, **more: Any) -> Edit:
    return setting(line_source_api=value, **more)


def _to_ceiling(row: Row) -> Row:
    return moved(50.0)(row | {"line_margin": min(6.0, row["line_margin"])})


def unlined(edit: Edit) -> Plant:
    """One row that has no line, as its source says, is edited."""
    return lambda night, rng: changed(
        night, [r for r in active_rows(night) if r["current_points_line"] is None][:1], edit
    )


_FLAG = ("line_flag_agrees",)
_MARGIN = ("margin_agrees",)
_DIRECTION = ("direction_agrees",)
_PLAUSIBLE = ("line_plausible",)

FAULTS = (
    Fault("actual_line_from_an_estimate", _FLAG, "critical", real(_api("ESTIMATED")), "1 row"),
    Fault("actual_line_without_flag", _FLAG, "critical", real(setting(has_prop_line=False)), "1 row"),
    Fault("actual_line_without_flag_many", _FLAG, "critical", real(setting(has_prop_line=False), 50), "50 rows"),
    Fault("estimate_from_a_book", _FLAG, "critical", estimated(_api("ODDS_API")), "1 row"),
    Fault("flag_without_line", _FLAG, "critical", real(setting(**_NO_LINE_BUT_FLAG)), "1 row", may=_DIRECTION),
    Fault("no_line_but_flag", _FLAG, "critical", unlined(setting(has_prop_line=True)), "1 row", shape=LATE_JANUARY),
    Fault("no_line_of_a_book", _FLAG, "critical", unlined(_api("ODDS_API")), "1 row", shape=LATE_JANUARY),
    Fault("no_line_of_the_second_book", _FLAG, "critical", unlined(_api("BETTINGPROS")), "1 row", shape=LATE_JANUARY),
    Fault(
        "no_line_beside_a_line",
        _FLAG,
        "critical",
        real(setting(line_source="NO_PROP_LINE", line_source_api=None, has_prop_line=False), 4),
        "4 rows",
        shape=LATE_JANUARY,
    ),
    within("flag_that_is_null", _FLAG[0], unlined(setting(has_prop_line=None)), "1 row", LATE_JANUARY),
    within("line_of_the_second_source", _FLAG[0], real(_api("BETTINGPROS", was_line_fallback=True), 20), "20 rows"),
    Fault("margin_just_off", _MARGIN, "critical", real(margin_off(0.06)), "1 row, 0.06 off"),
    Fault("margin_just_off_below", _MARGIN, "critical", real(margin_off(-0.06)), "1 row, -0.06 off"),
    Fault("margin_of_another_line", _MARGIN, "critical", real(margin_off(2.0), 25), "25 rows, 2.0 off"),
    Fault("margin_missing", _MARGIN, "critical", real(setting(line_margin=None)), "1 row", may=(*_FLAG, *_DIRECTION)),
    within("margin_within_rounding", _MARGIN[0], real(margin_off(0.05), 25), "25 rows, 0.05 off"),
    Fault("over_below_the_line", _DIRECTION, "critical", reversed_direction("OVER", 1), "1 row"),
    Fault("under_above_the_line", _DIRECTION, "critical", reversed_direction("UNDER", 8), "8 rows"),
    Fault("no_line_with_a_line", _DIRECTION, "critical", real(setting(recommendation="NO_LINE")), "1 row", may=_FLAG),
    Fault("hold", _DIRECTION, "critical", real(setting(recommendation="HOLD")), "1 row"),
    Fault("lower_case_over", _DIRECTION, "critical", real(setting(recommendation="over")), "1 row"),
    Fault(
        "pass_without_a_line",
        _DIRECTION,
        "critical",
        unlined(setting(recommendation="PASS")),
        "1 row",
        shape=LATE_JANUARY,
    ),
    within("pass_with_a_margin", _DIRECTION[0], passing, "30 rows"),
    Fault(
        "line_just_too_low",
        _PLAUSIBLE,
        "critical",
        real(lambda row: moved(4.5)(row | {"line_margin": 1.5})),
        "1 row at 4.5",
    ),
    Fault("line_just_too_high", _PLAUSIBLE, "critical", real(moved(50.5)), "1 row at 50.5"),
    Fault("line_between_the_steps", _PLAUSIBLE, "critical", real(moved(11.9)), "1 row at 11.9"),
    Fault("lines_between_the_steps", _PLAUSIBLE, "critical", real(moved(21.7), 30), "30 rows at 21.7"),
    within("line_at_its_highest", _PLAUSIBLE[0], real(_to_ceiling), "1 row at 50.0"),
    within(
        "line_at_its_lowest", _PLAUSIBLE[0], real(lambda row: moved(5.0)(row | {"line_margin": 1.5})), "1 row at 5.0"
    ),
)
