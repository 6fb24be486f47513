"""Rows that were stored and say something that is not so."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

from prop_quality.season.change import active_rows, changed, judged
from prop_quality.season.clean import clean_night
from prop_quality.season.faults.placeholder_lines import backfill_job, placeholders
from prop_quality.season.faults.plausibility import confidences, stuck, without_lines
from prop_quality.season.faults.provenance import NEW, OLD, expecting
from prop_quality.season.incidents.incident import Incident
from prop_quality.season.night import Night, Row
from prop_quality.season.shape import NightShape, dice


def backfilled() -> Night:
    """The backfill job's rows of 20.0 beside a good night of December."""
    shape = NightShape(
        seed=10,
        game_date=date(2025, 12, 10),
        games=9,
        players=120,
        starts_at=datetime(2026, 1, 17, 14, tzinfo=UTC),
        batch_id="regen_2025-12-10_1768658400",
    )
    return backfill_job(80)(clean_night(shape), dice(10))


def placeholders_of_a_system() -> Night:
    """121 rows of `xgboost_v1` with the line 20.0."""
    shape = NightShape(seed=12, game_date=date(2025, 12, 12), games=9, players=140)
    return placeholders(121, "xgboost_v1", rejudged=True)(clean_night(shape), dice(12))


def confidence_in_percent() -> Night:
    """All of one system's confidences lie at 84–95 on a scale of 0–1."""
    night = clean_night(NightShape(seed=21, game_date=date(2026, 1, 21), games=11, players=149))
    return confidences([84.0, 86.5, 89.0, 92.0, 95.0], "xgboost_v1")(night, dice(21))


def stuck_model() -> Night:
    """`catboost_v8` at 0.50 and PASS throughout."""
    return stuck(0.5, "catboost_v8")(clean_night(NightShape(seed=24, game_date=date(2026, 1, 24))), dice(24))


def all_without_line() -> Night:
    """108 predictions, all of them NO_LINE."""
    shape = NightShape(seed=26, game_date=date(2026, 2, 26), games=3, players=36, later_event=True)
    night = clean_night(shape)
    night = without_lines(1.0)(night, dice(26))
    context = [
        row | {"has_prop_line": False, "avg_minutes_per_game_last_7": max(18.0, row["avg_minutes_per_game_last_7"])}
        if row["has_prop_line"]
        else row
        for row in night.context_rows
    ]
    return replace(night, context_rows=context, book_lines=[])


def averaged_lines() -> Night:
    """Lines at a third of what the players score."""
    night = clean_night(NightShape(seed=14, game_date=date(2026, 1, 14), games=8, players=110))

    def third(row: Row) -> Row:
        return judged(max(3.7, round(row["current_points_line"] * 0.345 + 0.04, 1)))(row)

    night = changed(night, active_rows(night, real_line=True), third)
    best = max(active_rows(night, real_line=True), key=lambda row: row["predicted_points"])
    star = [row for row in active_rows(night) if row["player_lookup"] == best["player_lookup"]]
    return changed(night, star, lambda row: judged(11.9)(row | {"predicted_points": 34.5}))


def kept_base_plus_two() -> Night:
    """Of several lines deduplication kept base + 2, and directions that belong to other lines."""
    shape = NightShape(seed=13, game_date=date(2026, 1, 13), games=7, players=100, unlined_share=0.9)
    night = clean_night(shape)

    def upper(row: Row) -> Row:
        line = row["current_points_line"] + 2.0
        before = row["recommendation"]
        row["predicted_points"] = max(0.0, round(line - 4.0 + row["line_margin"] / 8, 1))
        row = judged(line)(row)
        return row | {"recommendation": "OVER"} if before == "OVER" and int(line) % 6 == 0 else row

    return changed(night, active_rows(night), upper)


def stale_worker() -> Night:
    """All rows re-made by the revision before the fix."""
    shape = NightShape(seed=6, game_date=date(2026, 2, 6), later_event=True, revision=OLD)
    return expecting(NEW)(clean_night(shape), dice(6))


_PLACEHOLDERS = ("line_not_placeholder", "line_source_known", "line_not_constant")

INCIDENTS = (
    Incident(
        "backfilled_placeholders",
        "A backfill that made up its lines",
        "A backfill job wrote rows straight into the table: line 20.0, no source, HOLD, ids that are no UUIDs. They "
        "were among 24,033 placeholder rows deleted later, 15,915 of them from November and December.",
        backfilled,
        (*_PLACEHOLDERS, "systems_known", "prediction_id_is_uuid", "direction_agrees"),
        may_fail=("mean_margin_small", "line_flag_agrees"),
    ),
    Incident(
        "placeholders_of_a_system",
        "One system, one line",
        "`xgboost_v1` carried the line 20.0 in 6,548 rows over 53 dates, 121 of 140 on this one. The predictions were "
        "right; the line that they were judged against was a default.",
        placeholders_of_a_system,
        ("line_not_placeholder", "line_not_constant"),
        may_fail=("mean_margin_small", "direction_balanced", "edge_plausible"),
    ),
    Incident(
        "confidence_in_percent",
        "Confidence of 84 to 95, out of 1",
        "One system wrote its confidence in percent while the table held 0 to 1: 1,192 rows before anyone saw it, "
        "149 on this night.",
        confidence_in_percent,
        ("confidence_scale",),
    ),
    Incident(
        "stuck_model",
        "A model that was not loaded",
        "`catboost_v8` answered 0.50 and PASS for every player, for days: the model file had not been loaded and the "
        "fallback looked like caution.",
        stuck_model,
        ("confidence_varies",),
    ),
    Incident(
        "all_without_line",
        "108 predictions, no line",
        "All 108 predictions of the night were NO_LINE, because the lines arrived after the batch. Nothing in the "
        "batch treats that as an error.",
        all_without_line,
        ("lines_available",),
    ),
    Incident(
        "averaged_lines",
        "Lines averaged over points, rebounds and assists",
        "A join over all prop types made a line of 11.9 for a 34.5-point scorer. Every line was far too low, so nearly "
        "every recommendation was OVER.",
        averaged_lines,
        ("line_plausible", "edge_plausible", "direction_balanced", "mean_margin_small"),
    ),
    Incident(
        "kept_base_plus_two",
        "Deduplication that kept the wrong line",
        "Of five lines a player, deduplication kept base + 2: a mean margin of -4, between 89 and 100 % UNDER, and "
        "directions that contradict the numbers beside them.",
        kept_base_plus_two,
        ("direction_agrees", "direction_balanced", "mean_margin_small"),
    ),
    Incident(
        "stale_worker",
        "Re-made by the worker before the fix",
        "The rows were regenerated to get a fix, by a worker that was 12 hours older than it. They looked new and were "
        "as wrong as before.",
        stale_worker,
        ("revision_expected",),
    ),
)
