"""One row of the predictions table with every column of the contract."""

from __future__ import annotations

from datetime import datetime
from random import Random
from typing import Any

from prop_quality.season.night import Row
from prop_quality.season.people import Player
from prop_quality.season.shape import NO_ESTIMATES_SINCE, SCALE_CHANGE, SIMILARITY, NightShape

COLUMNS = (
    *("prediction_id", "system_id", "player_lookup", "universal_player_id", "game_date", "game_id"),
    *("prediction_version", "predicted_points", "confidence_score", "recommendation", "has_prop_line"),
    *("similarity_baseline", "fatigue_adjustment", "shot_zone_adjustment", "referee_adjustment"),
    *("look_ahead_adjustment", "pace_adjustment", "usage_spike_adjustment", "home_away_adjustment"),
    *("other_adjustments", "similar_games_count", "avg_similarity_score", "min_similarity_score"),
    *("current_points_line", "line_margin", "ml_model_id", "line_source", "estimated_line_value"),
    *("estimation_method", "line_source_api", "sportsbook", "was_line_fallback", "prediction_variance"),
    *("system_agreement_score", "contributing_systems", "key_factors", "warnings", "expected_games_count"),
    *("actual_games_count", "missing_games_count", "reprocess_attempt_count", "completeness_percentage"),
    *("is_production_ready", "circuit_breaker_active", "manual_override_required", "season_boundary_detected"),
    *("backfill_bootstrap_mode", "data_quality_issues", "last_reprocess_attempt_at", "circuit_breaker_until"),
    *("processing_decision_reason", "is_active", "superseded_by", "injury_status_at_prediction"),
    *("injury_flag_at_prediction", "injury_reason_at_prediction", "injury_checked_at", "created_at", "updated_at"),
)
_SAME_EVERYWHERE: Row = dict.fromkeys(COLUMNS) | {
    "prediction_version": 1,
    "has_prop_line": False,
    "warnings": "[]",
    "expected_games_count": 10,
    "actual_games_count": 10,
    "missing_games_count": 0,
    "reprocess_attempt_count": 0,
    "completeness_percentage": 100.0,
    "is_production_ready": True,
    "circuit_breaker_active": False,
    "manual_override_required": False,
    "season_boundary_detected": False,
    "backfill_bootstrap_mode": False,
    "data_quality_issues": [],
    "was_line_fallback": False,
    "is_active": True,
    "injury_flag_at_prediction": False,
}


def template(shape: NightShape, system_id: str) -> Row:
    """What all rows of one system and night share."""
    row = _SAME_EVERYWHERE | {
        "system_id": system_id,
        "game_date": shape.game_date,
        "injury_checked_at": shape.started_at,
        "key_factors": f'{{"system": "{system_id}"}}',
    }
    if system_id.startswith(("catboost", "xgboost")):
        row["ml_model_id"] = f"{system_id}_20251115"
    if system_id.startswith("ensemble"):
        row |= {"prediction_variance": 2.4, "system_agreement_score": 0.82, "contributing_systems": 4}
    if shape.revision:
        row["deployment_revision"] = shape.revision
    return row


def prediction(shared: Row, player: Player, line: float | None, margin: float, written: datetime, rng: Random) -> Row:
    """A row of a player, predicted `margin` points from the base line and judged against `line` (None: no line)."""
    row = shared.copy()
    predicted = min(60.0, max(0.0, round(player.base_line + margin, 1)))
    row["prediction_id"] = new_id(rng)
    row["player_lookup"] = player.lookup
    row["universal_player_id"] = f"{player.lookup}_001"
    row["game_id"] = player.game_id
    row["predicted_points"] = predicted
    row["confidence_score"] = confidence(written, rng)
    row["created_at"] = written
    if shared["system_id"] == SIMILARITY:
        row["similarity_baseline"] = predicted
        row["similar_games_count"] = 8 + int(predicted) % 20
        row["avg_similarity_score"] = 72.5
        row["min_similarity_score"] = 61.0
    set_line(row, player, line)
    return row


def set_line(row: Row, player: Player, line: float | None) -> None:
    """Fill the columns that say where the line came from, and those that follow from it."""
    if player.real_line is not None:
        fallback = player.book == "caesars"
        row["has_prop_line"] = True
        row["line_source"] = "ACTUAL_PROP"
        row["line_source_api"] = "BETTINGPROS" if fallback else "ODDS_API"
        row["sportsbook"] = player.book.upper()
        row["was_line_fallback"] = fallback
    elif row["game_date"] < NO_ESTIMATES_SINCE:
        row["line_source"] = "ESTIMATED_AVG"
        row["line_source_api"] = "ESTIMATED"
        row["estimated_line_value"] = player.base_line
        row["estimation_method"] = "points_avg_last_5" if player.minutes < 24 else "points_avg_last_10"
    else:
        row["line_source"] = "NO_PROP_LINE"
    reline(row, line)


def reline(row: Row, line: float | None) -> None:
    """Judge the prediction of `row` against `line`: margin and direction follow."""
    row["current_points_line"] = line
    if line is None:
        row["line_margin"] = None
        row["recommendation"] = "NO_LINE"
        return
    margin = round(row["predicted_points"] - line, 2)
    row["line_margin"] = margin
    row["recommendation"] = "PASS" if abs(margin) < 0.6 else "OVER" if margin > 0 else "UNDER"


def confidence(written: datetime, rng: Random) -> float:
    """A confidence on the scale that was in use at `written`."""
    return round(rng.uniform(46, 94), 2) if written >= SCALE_CHANGE else round(rng.uniform(0.31, 0.94), 2)


def new_id(rng: Random) -> str:
    """A random UUID, from `rng` so that the same seed makes the same night."""
    text = f"{rng.getrandbits(128):032x}"
    return f"{text[:8]}-{text[8:12]}-4{text[13:16]}-a{text[17:20]}-{text[20:]}"


def copy_of(row: Row, rng: Random, **changes: Any) -> Row:
    """Another row with the same values, an id of its own, and `changes`."""
    return row | {"prediction_id": new_id(rng)} | changes
