"""The same checks as stock Great Expectations expects them to be written: one expectation after another.

What has an expectation of its own is written with it; what is about groups, other tables or a batch is an
`UnexpectedRowsExpectation` with its SQL. `NOT_EXPRESSED` says what is left out. Stock results know pass and fail only:
none of these can say that there was nothing to look at.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import great_expectations as gx
import great_expectations.expectations as gxe
from great_expectations.data_context.types.base import DataContextConfig, InMemoryStoreBackendDefaults

from benchmarks.warehouse import BOOK_LINES, CONTEXT
from expectations.suites import REQUIRED_COLUMNS
from prop_quality.event import CompletionEvent
from prop_quality.warehouse import Client

NOT_EXPRESSED = {
    "claim_consistent": "looks at the event alone, and no event is a table",
    "revision_expected": "skipped: no revision is expected of this batch",
    "revision_single": "skipped: the table has no deployment_revision",
    "games_not_postponed": "skipped: the table has no invalidation_reason",
}
_WRITTEN = "GREATEST(created_at, IFNULL(updated_at, created_at))"
_UUID = r"^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$"
_GAME_ID = r"^([0-9]{8}_[A-Z]{3}_[A-Z]{3}|00225[0-9]{5})$"


class StockSuite:
    """A checkpoint over one batch, made once; `run` validates and says which checks failed."""

    def __init__(self, client: Client, table: str, event: CompletionEvent, systems: tuple[str, ...]) -> None:
        self._event, self._systems = event, systems
        defaults = InMemoryStoreBackendDefaults(init_temp_docs_sites=False)
        settings = {"config_version": 4.0, "analytics_enabled": False, "progress_bars": {"globally": False}}
        config = DataContextConfig(store_backend_defaults=defaults, **settings)  # type: ignore[arg-type] # from YAML, usually
        context = gx.get_context(mode="ephemeral", project_config=config)
        project, dataset, _ = table.split(".")
        source = context.data_sources.add_bigquery(
            "predictions",
            connection_string=f"bigquery://{project}/{dataset}?user_supplied_client=true",
            create_temp_table=False,
            kwargs={"connect_args": {"client": client}},  # type: ignore[call-arg] # passed on to SQLAlchemy
        )
        asset = source.add_query_asset(
            "batch", query=f"SELECT * FROM `{table}` WHERE game_date = DATE '{event.game_date}'"
        )
        self._checks = [(name, e) for name, several in self._expected(event).items() for e in several]
        suite = context.suites.add(gx.ExpectationSuite(name="stock", expectations=[e for _, e in self._checks]))
        batch = asset.add_batch_definition_whole_table("run")
        validation = gx.ValidationDefinition(name="stock", data=batch, suite=suite)
        self._validation = context.validation_definitions.add(validation)

    @property
    def checks(self) -> int:
        """How many of the checks it expresses."""
        return len({name for name, _ in self._checks})

    @property
    def expectations(self) -> int:
        """How many expectations that takes."""
        return len(self._checks)

    def run(self) -> set[str]:
        """The checks that failed; one that raised counts as failed too."""
        results = self._validation.run(result_format="SUMMARY").results
        by_id = {id_: name for (name, _), id_ in zip(self._checks, self._ids(), strict=True)}
        return {by_id[str(r.expectation_config.id)] for r in results if not r.success and r.expectation_config}

    def _ids(self) -> list[str]:
        return [str(e.id) for e in self._validation.suite.expectations]

    def _expected(self, event: CompletionEvent) -> dict[str, list[Any]]:
        return {
            "required_columns_present": [gxe.ExpectColumnToExist(column=name) for name in REQUIRED_COLUMNS],
            **_lines(),
            **_coverage(event, self._systems),
            **_freshness(event),
            **_identity(),
            **_agreement(),
            **_plausibility(),
        }


def _rows(condition: str) -> Any:
    return gxe.UnexpectedRowsExpectation(unexpected_rows_query=f"SELECT * FROM {{batch}} WHERE {condition}")


def _groups(having: str, by: str = "system_id", where: str = "is_active") -> Any:
    query = f"SELECT {by}, COUNT(*) AS n FROM {{batch}} WHERE {where} GROUP BY {by} HAVING {having}"
    return gxe.UnexpectedRowsExpectation(unexpected_rows_query=query)


def _lines() -> dict[str, list[Any]]:
    shown = f"SELECT player_lookup FROM `{BOOK_LINES}` WHERE points_line = 20 AND game_date = b.game_date"
    placeholder = (
        "SELECT * FROM (SELECT * FROM {batch}) AS b "
        f"WHERE is_active AND current_points_line = 20 AND player_lookup NOT IN ({shown})"
    )
    legal = ["ACTUAL_PROP", "VEGAS_BACKFILL", "NO_VEGAS_DATA", "ESTIMATED_AVG"]
    return {
        "line_not_placeholder": [gxe.UnexpectedRowsExpectation(unexpected_rows_query=placeholder)],
        "line_source_known": [
            gxe.ExpectColumnValuesToNotBeNull(column="line_source"),
            gxe.ExpectColumnValuesToBeInSet(column="line_source", value_set=legal),
        ],
        "line_not_constant": [
            gxe.UnexpectedRowsExpectation(
                unexpected_rows_query=(
                    "SELECT system_id, MAX(n) AS most FROM (SELECT system_id, current_points_line, COUNT(*) AS n "
                    "FROM {batch} WHERE is_active AND current_points_line IS NOT NULL GROUP BY 1, 2) "
                    "GROUP BY system_id HAVING SUM(n) >= 10 AND MAX(n) > 0.5 * SUM(n)"
                )
            )
        ],
    }


def _coverage(event: CompletionEvent, systems: tuple[str, ...]) -> dict[str, list[Any]]:
    roster = (
        "SELECT player_lookup FROM "
        "(SELECT c.*, ROW_NUMBER() OVER (PARTITION BY player_lookup ORDER BY created_at DESC) AS age "
        f"FROM `{CONTEXT}` AS c WHERE game_date = DATE '{event.game_date}' AND created_at <= {_time(event)}) "
        "WHERE age = 1 AND (avg_minutes_per_game_last_7 >= 15 OR has_prop_line) AND is_production_ready "
        "AND UPPER(IFNULL(player_status, '')) NOT IN ('OUT', 'DOUBTFUL')"
    )
    stored = "SELECT DISTINCT player_lookup FROM {batch} WHERE is_active"
    expected = ", ".join(f"'{name}'" for name in systems)
    pairs = (
        f"SELECT s, COUNT(DISTINCT r.player_lookup) AS n FROM ({roster}) AS r CROSS JOIN UNNEST([{expected}]) AS s "
        "LEFT JOIN (SELECT * FROM {batch}) AS b "
        "ON b.system_id = s AND b.player_lookup = r.player_lookup AND b.is_active %s"
        "GROUP BY s HAVING COUNTIF(b.player_lookup IS NULL) > IF(s = 'similarity_balanced_v1', 0.25, 0) "
        "* COUNT(DISTINCT r.player_lookup)"
    )
    fresh = f"AND GREATEST(b.created_at, IFNULL(b.updated_at, b.created_at)) >= {_time(event)} "
    queries = {
        "players_covered": f"SELECT player_lookup FROM ({roster}) WHERE player_lookup NOT IN ({stored})",
        "players_expected": f"SELECT * FROM ({stored}) WHERE player_lookup NOT IN ({roster})",
        "pairs_covered": pairs % "",
        "rows_fresh": pairs % fresh,
    }
    sets = {
        "systems_present": gxe.ExpectColumnDistinctValuesToContainSet(column="system_id", value_set=list(systems)),
        "systems_known": gxe.ExpectColumnDistinctValuesToBeInSet(column="system_id", value_set=list(systems)),
    }
    asked = {name: [gxe.UnexpectedRowsExpectation(unexpected_rows_query=sql)] for name, sql in queries.items()}
    return asked | {name: [expectation] for name, expectation in sets.items()}


def _freshness(event: CompletionEvent) -> dict[str, list[Any]]:
    start, completed, generated = _time(event), event.completed_players, event.total_predictions
    written = f"FROM {{batch}} WHERE is_active AND {_WRITTEN} >= {start}"
    players = f"SELECT COUNT(DISTINCT player_lookup) AS players {written}"
    return {
        "latest_write_recent": [_groups(f"MAX({_WRITTEN}) < {start}", by="game_date", where="TRUE")],
        "created_at_not_future": [_rows(f"is_active AND {_WRITTEN} > {_literal(event.completed_at, minutes=8)}")],
        "created_near_game": [_rows("is_active AND DATE(created_at, 'America/New_York') > game_date")],
        "claim_stored": [
            gxe.UnexpectedRowsExpectation(
                unexpected_rows_query=f"SELECT * FROM ({players}) WHERE players < {completed}"
            )
        ],
        "claim_not_exceeded": [
            gxe.UnexpectedRowsExpectation(
                unexpected_rows_query=f"SELECT * FROM (SELECT COUNT(*) AS n {written}) WHERE n > {generated}"
            ),
            _groups("COUNT(*) > 5", by="system_id, player_lookup", where=f"is_active AND {_WRITTEN} >= {start}"),
        ],
    }


def _identity() -> dict[str, list[Any]]:
    key = "game_id, player_lookup, system_id, current_points_line"
    return {
        "prediction_id_unique": [gxe.ExpectColumnValuesToBeUnique(column="prediction_id")],
        "business_key_unique": [_groups("COUNT(*) > 1", by=key)],
        "prediction_id_is_uuid": [gxe.ExpectColumnValuesToMatchRegex(column="prediction_id", regex=_UUID)],
        "game_id_form": [
            gxe.ExpectColumnValuesToMatchRegex(column="game_id", regex=_GAME_ID),
            _groups("COUNT(DISTINCT LENGTH(game_id)) > 1", by="game_date"),
        ],
    }


def _agreement() -> dict[str, list[Any]]:
    contradicts = (
        "line_source = 'ACTUAL_PROP' AND (line_source_api = 'ESTIMATED' OR has_prop_line IS NOT TRUE) "
        "OR line_source IN ('ESTIMATED_AVG', 'NO_PROP_LINE') AND line_source_api IN ('ODDS_API', 'BETTINGPROS') "
        "OR line_source = 'NO_PROP_LINE' AND (has_prop_line IS TRUE OR current_points_line IS NOT NULL) "
        "OR has_prop_line AND current_points_line IS NULL"
    )
    edge = "predicted_points - current_points_line"
    against = (
        f"recommendation = 'OVER' AND IFNULL({edge}, -1) < 0 OR recommendation = 'UNDER' AND IFNULL({edge}, 1) > 0 "
        "OR recommendation = 'NO_LINE' AND current_points_line IS NOT NULL "
        "OR recommendation = 'PASS' AND current_points_line IS NULL"
    )
    legal = ["OVER", "UNDER", "PASS", "NO_LINE"]
    return {
        "line_flag_agrees": [_rows(f"is_active AND ({contradicts})")],
        "margin_agrees": [
            _rows(
                "is_active AND ((current_points_line IS NULL) <> (line_margin IS NULL) "
                f"OR ABS(line_margin - ({edge})) > 0.05)"
            )
        ],
        "direction_agrees": [
            gxe.ExpectColumnValuesToBeInSet(column="recommendation", value_set=legal),
            _rows(f"is_active AND ({against})"),
        ],
        "line_plausible": [
            gxe.ExpectColumnValuesToBeBetween(column="current_points_line", min_value=5, max_value=50),
            _rows("is_active AND MOD(CAST(current_points_line * 10 AS INT64), 5) <> 0"),
        ],
    }


def _plausibility() -> dict[str, list[Any]]:
    edge = "predicted_points - current_points_line"
    sides = "COUNTIF(recommendation IN ('OVER', 'UNDER'))"
    over = "100 * COUNTIF(recommendation = 'OVER')"
    shares = {
        "lines_available": ("current_points_line IS NULL OR recommendation = 'NO_LINE'", "is_active", 0.1),
        "rows_active": ("NOT is_active", "line_source = 'ACTUAL_PROP'", 0.2),
    }
    return {
        "points_plausible": [gxe.ExpectColumnValuesToBeBetween(column="predicted_points", min_value=0, max_value=60)],
        "points_not_clamped": [_groups("COUNTIF(predicted_points = 60) > 0.1 * COUNT(*)")],
        "confidence_scale": [
            gxe.ExpectColumnValuesToBeBetween(column="confidence_score", min_value=0, max_value=1),
            _groups("COUNTIF(confidence_score > 1) BETWEEN 1 AND COUNT(*) - 1"),
        ],
        "confidence_varies": [
            _groups(
                "COUNT(*) >= 10 AND MIN(confidence_score) = MAX(confidence_score) "
                "AND MIN(confidence_score) IN (0.5, 50)"
            )
        ],
        "edge_plausible": [_rows(f"is_active AND ABS({edge}) > 20")],
        "direction_balanced": [_groups(f"{sides} >= 10 AND NOT {over} BETWEEN 15 * {sides} AND 85 * {sides}")],
        "mean_margin_small": [_groups(f"COUNT(line_margin) >= 10 AND ABS(AVG({edge})) > 2")],
        **{
            name: [_groups(f"COUNTIF({part}) > {share} * COUNT(*)", by="game_date", where=whole)]
            for name, (part, whole, share) in shares.items()
        },
    }


def _time(event: CompletionEvent) -> str:
    return _literal(event.started_at)


def _literal(at: datetime, minutes: float = 0) -> str:
    return f"TIMESTAMP '{(at + timedelta(minutes=minutes)).isoformat()}'"
