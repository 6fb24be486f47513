"""The checks that stock Great Expectations can express, in its own words."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import great_expectations.expectations as gxe
from great_expectations.expectations.row_conditions import Column

from prop_quality.season import Night

Make = Callable[[Night], Sequence[Any]]


@dataclass(frozen=True)
class Twin:
    """One check and the stock expectations that say the same together.

    Their unexpected counts, summed, are the check's failing rows; where `counts` is false they are of another thing
    (players, systems), and only the verdict is compared.
    """

    check: str
    make: Make
    counts: bool = True


def expected_systems(night: Night) -> list[str]:
    return list(night.shape.expected_systems)


def expected_players(night: Night) -> list[str]:
    """Those who are predicted in a clean night: `night` is the one before anything was changed."""
    return sorted({row["player_lookup"] for row in night.rows})


def _source(night: Night) -> list[Any]:
    legal = ["ACTUAL_PROP", "ESTIMATED_AVG", "VEGAS_BACKFILL", "NO_VEGAS_DATA"]
    return [
        gxe.ExpectColumnValuesToNotBeNull(column="line_source"),
        gxe.ExpectColumnValuesToBeInSet(column="line_source", value_set=legal),
    ]


def _direction(night: Night) -> list[Any]:
    over, under = Column("recommendation") == "OVER", Column("recommendation") == "UNDER"
    points, line = "predicted_points", "current_points_line"
    return [
        gxe.ExpectColumnValuesToBeInSet(column="recommendation", value_set=["OVER", "UNDER", "PASS"]),
        gxe.ExpectColumnValuesToNotBeNull(column=line, row_condition=Column("recommendation") == "PASS"),
        gxe.ExpectColumnPairValuesAToBeGreaterThanB(column_A=points, column_B=line, or_equal=True, row_condition=over),
        gxe.ExpectColumnPairValuesAToBeGreaterThanB(column_A=line, column_B=points, or_equal=True, row_condition=under),
    ]


def _flag(night: Night) -> list[Any]:
    # A set of truth values is no set to it on BigQuery, so that this takes a query of one's own.
    return [
        gxe.UnexpectedRowsExpectation(
            unexpected_rows_query="SELECT * FROM {batch} WHERE"
            " (line_source = 'ACTUAL_PROP' AND NOT has_prop_line)"
            " OR (line_source = 'ACTUAL_PROP' AND line_source_api = 'ESTIMATED')"
            " OR (line_source IN ('ESTIMATED_AVG', 'NO_PROP_LINE') AND line_source_api IN ('ODDS_API', 'BETTINGPROS'))"
            " OR (line_source = 'NO_PROP_LINE' AND (has_prop_line OR current_points_line IS NOT NULL))"
            " OR (has_prop_line AND current_points_line IS NULL)"
        )
    ]


def _clamped(night: Night) -> list[Any]:
    return [
        gxe.ExpectColumnValuesToNotBeInSet(
            column="predicted_points", value_set=[60], mostly=0.9, row_condition=Column("system_id") == system
        )
        for system in expected_systems(night)
    ]


TWINS = (
    Twin(
        "line_not_placeholder",
        lambda night: [gxe.ExpectColumnValuesToNotBeInSet(column="current_points_line", value_set=[20.0])],
    ),
    Twin("line_source_known", _source),
    Twin(
        "line_plausible",
        lambda night: [
            gxe.ExpectColumnValuesToBeInSet(
                column="current_points_line", value_set=[half / 2 for half in range(10, 101)]
            )
        ],
    ),
    Twin("line_flag_agrees", _flag),
    Twin("direction_agrees", _direction),
    Twin(
        "systems_known",
        lambda night: [gxe.ExpectColumnValuesToBeInSet(column="system_id", value_set=expected_systems(night))],
    ),
    Twin(
        "systems_present",
        lambda night: [
            gxe.ExpectColumnDistinctValuesToContainSet(column="system_id", value_set=expected_systems(night))
        ],
        counts=False,
    ),
    Twin(
        "players_covered",
        lambda night: [
            gxe.ExpectColumnDistinctValuesToContainSet(column="player_lookup", value_set=expected_players(night))
        ],
        counts=False,
    ),
    Twin(
        "players_expected",
        lambda night: [
            gxe.ExpectColumnDistinctValuesToBeInSet(column="player_lookup", value_set=expected_players(night))
        ],
        counts=False,
    ),
    Twin(
        "claim_stored",
        lambda night: [
            gxe.ExpectColumnUniqueValueCountToBeBetween(
                column="player_lookup", min_value=night.event["metadata"]["completed_players"]
            )
        ],
        counts=False,
    ),
    Twin(
        "created_at_not_future",
        lambda night: [
            gxe.ExpectColumnValuesToBeBetween(column="created_at", max_value=night.now + timedelta(minutes=5))
        ],
    ),
    Twin("prediction_id_unique", lambda night: [gxe.ExpectColumnValuesToBeUnique(column="prediction_id")]),
    Twin(
        "business_key_unique",
        lambda night: [
            gxe.ExpectCompoundColumnsToBeUnique(
                column_list=["game_id", "player_lookup", "system_id", "current_points_line"], ignore_row_if="never"
            )
        ],
    ),
    Twin(
        "prediction_id_is_uuid",
        lambda night: [
            gxe.ExpectColumnValuesToMatchRegex(
                column="prediction_id", regex="^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$"
            )
        ],
    ),
    Twin(
        "game_id_form",
        lambda night: [gxe.ExpectColumnValuesToMatchRegex(column="game_id", regex="^[0-9]{8}_[A-Z]{3}_[A-Z]{3}$")],
    ),
    Twin(
        "points_plausible",
        lambda night: [gxe.ExpectColumnValuesToBeBetween(column="predicted_points", min_value=0, max_value=60)],
    ),
    Twin("points_not_clamped", _clamped, counts=False),
    Twin(
        "confidence_scale",
        lambda night: [
            gxe.ExpectColumnValuesToBeBetween(
                column="confidence_score",
                min_value=0,
                max_value=1,
                row_condition=Column("system_id") != "catboost_v8",
            )
        ],
    ),
    Twin(
        "edge_plausible",
        lambda night: [
            gxe.UnexpectedRowsExpectation(
                unexpected_rows_query="SELECT * FROM {batch} WHERE ABS(predicted_points - current_points_line) > 20"
            )
        ],
    ),
    Twin(
        "margin_agrees",
        lambda night: [
            gxe.UnexpectedRowsExpectation(
                unexpected_rows_query="SELECT * FROM {batch} WHERE"
                " ABS(line_margin - (predicted_points - current_points_line)) > 0.051"
                " OR (line_margin IS NULL) <> (current_points_line IS NULL)"
            )
        ],
    ),
    Twin(
        "lines_available",
        lambda night: [gxe.ExpectColumnValuesToNotBeNull(column="current_points_line", mostly=0.9)],
        counts=False,
    ),
)
