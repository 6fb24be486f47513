"""Numbers that no model in order would give."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, time
from math import inf, nan
from random import Random

from prop_quality.season.change import active_rows, changed, picked, predicted, setting
from prop_quality.season.faults.fault import FEBRUARY, JANUARY, LATE_JANUARY, Fault, Plant, within
from prop_quality.season.night import Night, Row
from prop_quality.season.shape import NightShape, eastern

SYSTEM = "moving_average"
_NO_LINE = {
    "has_prop_line": False,
    "current_points_line": None,
    "line_margin": None,
    "recommendation": "NO_LINE",
    "line_source": "NO_PROP_LINE",
    "line_source_api": None,
    "sportsbook": None,
    "was_line_fallback": False,
}


def points(value: float, line: float, count: int = 1) -> Plant:
    """Some rows of one system predict `value` against `line`."""
    return lambda night, rng: changed(night, picked(night, count, rng, SYSTEM), predicted(value, line))


def unreal(column: str, value: float, count: int = 1) -> Plant:
    """Some rows of one system hold NaN or an infinity, in a column that the table has as FLOAT64."""

    def plant(night: Night, rng: Random) -> Night:
        night = changed(night, picked(night, count, rng, SYSTEM), setting(**{column: value}))
        return replace(night, changed_columns={**night.changed_columns, column: "FLOAT64"})

    return plant


def confidences(values: Sequence[float], system_id: str = SYSTEM, count: int | None = None) -> Plant:
    """Some rows of one system (all unless `count` is given) carry these confidences in turn."""

    def plant(night: Night, rng: Random) -> Night:
        rows = active_rows(night, system_id)[:count]
        given = {row["prediction_id"]: values[i % len(values)] for i, row in enumerate(rows)}
        return changed(night, rows, lambda row: row | {"confidence_score": given[row["prediction_id"]]})

    return plant


def stuck(value: float, system_id: str = SYSTEM, spared: int = 0) -> Plant:
    """A model that was not loaded: one confidence and PASS throughout, but for `spared` rows.

    Rows without a line stay NO_LINE: there is nothing to pass on.
    """

    def edit(row: Row) -> Row:
        said = "NO_LINE" if row["current_points_line"] is None else "PASS"
        return row | {"confidence_score": value, "recommendation": said}

    def plant(night: Night, rng: Random) -> Night:
        return changed(night, active_rows(night, system_id)[spared:], edit)

    return plant


def margins(values: Sequence[float]) -> Plant:
    """All rows of one system get these margins in equal parts, their lines staying what they are.

    The lowest margins go to the highest lines, so that no prediction falls below 0.
    """

    def plant(night: Night, rng: Random) -> Night:
        rows = sorted(active_rows(night, SYSTEM), key=lambda row: -row["current_points_line"])
        margins = sorted(values[i % len(values)] for i in range(len(rows)))
        given = {row["prediction_id"]: margin for row, margin in zip(rows, margins, strict=True)}

        def edit(row: Row) -> Row:
            line = row["current_points_line"]
            return predicted(round(line + given[row["prediction_id"]], 1), line)(row)

        return changed(night, rows, edit)

    return plant


def without_lines(share: float, extra_rows: int = 0, recommendation: str = "NO_LINE") -> Plant:
    """A share of the date's rows, and `extra_rows` more, have no line and this recommendation."""

    def plant(night: Night, rng: Random) -> Night:
        rows = active_rows(night)
        lined = active_rows(night, real_line=True)
        wanted = int(len(rows) * share) + extra_rows - (len(rows) - len(lined))
        return changed(night, rng.sample(lined, wanted), setting(**_NO_LINE | {"recommendation": recommendation}))

    return plant


_SMALL = replace(JANUARY, players=9, games=1, ineligible=2, unlined_share=0.0)
_JANUARY_29 = replace(LATE_JANUARY, game_date=date(2026, 1, 29))
_EVENING_BEFORE = replace(_JANUARY_29, starts_at=eastern(date(2026, 1, 28), time(18)))
_POINTS = ("points_plausible",)
_CLAMPED = ("points_not_clamped",)
_SCALE = ("confidence_scale",)
_VARIES = ("confidence_varies",)
_EDGE = ("edge_plausible",)
_BALANCED = ("direction_balanced",)
_MEAN = ("mean_margin_small",)
_LINES = ("lines_available",)
# What is reckoned from prediction and line.
_OF_POINTS = ("margin_agrees", "edge_plausible", "mean_margin_small")
_DIRECTION = ("direction_agrees",)


def _one(fault_id: str, checks: tuple[str, ...], plant: Plant, strength: str, shape: NightShape = JANUARY) -> Fault:
    severity = "warning" if checks[0] in (*_EDGE, *_BALANCED, *_MEAN) else "critical"
    return Fault(fault_id, checks, severity, plant, strength, shape=shape)


FAULTS = (
    _one("points_just_too_high", _POINTS, points(60.1, 45.5), "1 row at 60.1"),
    _one("points_negative", _POINTS, points(-0.1, 5.5), "1 row at -0.1"),
    within("points_at_zero", _POINTS[0], points(0.0, 5.5), "1 row at 0"),
    _one("points_clamped", _CLAMPED, points(60.0, 50.0, 11), "11 of 100 rows at 60"),
    within("points_clamped_at_a_tenth", _CLAMPED[0], points(60.0, 50.0, 10), "10 of 100 rows at 60"),
    _one("confidence_of_one_row_in_percent", _SCALE, confidences([87.0], count=1), "1 row at 87"),
    _one("confidences_in_percent", _SCALE, confidences([84.0, 89.5, 92.0, 95.0]), "a system at 84-95"),
    _one("confidence_negative", _SCALE, confidences([-0.01], count=1), "1 row at -0.01"),
    _one("confidence_just_above_one", _SCALE, confidences([1.01], count=1), "1 row at 1.01"),
    _one("confidence_just_above_hundred", _SCALE, confidences([100.01], count=1), "1 row at 100.01", FEBRUARY),
    _one("confidences_on_two_scales", _SCALE, confidences([0.87, 0.91], count=40), "40 rows at 0.9 of 100", FEBRUARY),
    _one(
        "confidences_on_the_old_scale", _SCALE, confidences([0.62, 0.81, 0.94]), "a system at 0.6-0.9 of 100", FEBRUARY
    ),
    within("confidence_of_exactly_one", _SCALE[0], confidences([1.0, 0.0], count=2), "1 row at 1, 1 at 0"),
    within("confidence_of_exactly_hundred", _SCALE[0], confidences([100.0], count=1), "1 row at 100", FEBRUARY),
    _one("model_stuck_at_half", _VARIES, stuck(0.5), "a system at 0.50 and PASS"),
    _one("model_stuck_at_fifty", _VARIES, stuck(50.0), "a system at 50 and PASS", FEBRUARY),
    within("model_stuck_but_for_one", _VARIES[0], stuck(0.5, spared=1), "99 of 100 rows at 0.50"),
    within("nine_rows_at_half", _VARIES[0], stuck(0.5), "a system of 9 rows at 0.50", _SMALL),
    _one("edge_just_too_wide", _EDGE, points(30.6, 10.5), "1 row, 20.1 from its line"),
    _one("edges_below_the_line", _EDGE, points(1.0, 22.5, 3), "3 rows, -21.5 from their lines"),
    within("edge_of_twenty", _EDGE[0], points(30.5, 10.5), "1 row, 20.0 from its line"),
    _one("nearly_all_over", _BALANCED, margins([1.0] * 86 + [-1.0] * 14), "86 of 100 OVER"),
    _one("nearly_all_under", _BALANCED, margins([1.0] * 14 + [-1.0] * 86), "14 of 100 OVER"),
    within("many_over", _BALANCED[0], margins([1.0] * 85 + [-1.0] * 15), "85 of 100 OVER"),
    within("many_under", _BALANCED[0], margins([1.0] * 15 + [-1.0] * 85), "15 of 100 OVER"),
    within("nine_rows_all_over", _BALANCED[0], margins([1.0]), "9 of 9 OVER", _SMALL),
    _one("mean_margin_just_too_high", _MEAN, margins([6.1, -2.0]), "mean 2.05"),
    _one("mean_margin_just_too_low", _MEAN, margins([-6.1, 2.0]), "mean -2.05"),
    within("mean_margin_at_its_limit", _MEAN[0], margins([6.0, -2.0]), "mean 2.0"),
    Fault("points_nan", (*_POINTS, *_OF_POINTS), "critical", unreal("predicted_points", nan), "1 row", may=_DIRECTION),
    Fault(
        "points_infinite", (*_POINTS, *_OF_POINTS), "critical", unreal("predicted_points", inf), "1 row", may=_DIRECTION
    ),
    Fault(
        "line_nan",
        ("line_plausible", *_OF_POINTS),
        "critical",
        unreal("current_points_line", nan),
        "1 row",
        may=_DIRECTION,
    ),
    Fault("margins_nan", ("margin_agrees",), "critical", unreal("line_margin", nan, 3), "3 rows"),
    Fault("margin_infinite", ("margin_agrees",), "critical", unreal("line_margin", -inf), "1 row at minus infinity"),
    _one("confidence_nan", _SCALE, unreal("confidence_score", nan), "1 row"),
    Fault("lines_missing", _LINES, "warning", without_lines(0.1, 1), "10 % and a row", shape=_JANUARY_29),
    Fault("half_the_lines_missing", _LINES, "warning", without_lines(0.5), "half of the rows", shape=_JANUARY_29),
    Fault("most_lines_missing", _LINES, "critical", without_lines(0.5, 1), "half and a row", shape=_JANUARY_29),
    within("some_lines_missing", _LINES[0], without_lines(0.1), "10 % of the rows", _JANUARY_29),
    within("no_line_yet", _LINES[0], without_lines(1.0), "all rows, the evening before", _EVENING_BEFORE),
    Fault(
        "all_pass_and_no_line",
        (*_LINES, *_DIRECTION),
        "critical",
        without_lines(1.0, recommendation="PASS"),
        "all rows PASS without a line",
        shape=_JANUARY_29,
    ),
)
