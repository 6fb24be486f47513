"""What other programs rely on keeps its name: checks, commands and options, settings, keys of the verdict.

A new name may join; one that goes, or a check that weighs less, breaks somebody's gate without a word.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import click
import pytest

from expectations.suites import SUITES
from prop_quality.cli import root
from prop_quality.settings import EMULATOR_VARIABLE, SETTINGS
from prop_quality.suite import Check

CRITICAL = {
    "schema": "required_columns_present",
    "placeholder_lines": "line_not_placeholder line_source_known line_not_constant",
    "coverage": "players_covered systems_present systems_known pairs_covered",
    "freshness": "rows_fresh latest_write_recent created_at_not_future",
    "reconciliation": "claim_consistent claim_stored claim_not_exceeded",
    "identity": "prediction_id_unique business_key_unique game_id_form",
    "line_consistency": "line_flag_agrees margin_agrees direction_agrees line_plausible",
    "plausibility": "points_plausible points_not_clamped confidence_scale confidence_varies lines_available",
    "activity": "rows_active",
    "provenance": "revision_expected revision_single",
}
WARNING = {
    "coverage": "players_expected",
    "freshness": "created_near_game",
    "identity": "prediction_id_is_uuid",
    "plausibility": "edge_plausible direction_balanced mean_margin_small",
    "activity": "games_not_postponed",
}
OPTIONS = {
    "demo": "--site --serve",
    "check": "--event --started-at --expect-revision --roster --now --json --junit --site --no-site --explain "
    "--from --to --dates --systems --written-since --debug",
    "watch": "--now --json --debug",
    "sql check": "--base --catalog --format --output --now --debug",
    "site build": "--now",
    "site serve": "",
    "site publish": "--to",
    "checks": "",
}
SETTING_NAMES = "TABLE CONTEXT_TABLE BOOK_LINES_TABLE LOCATION STATE_DIR MAX_BYTES_BILLED"
VERDICT = {
    "": "schema_version run_id checkpoint verdict summary batch evaluated_at rows_examined written coverage checks "
    "dates cost provenance error",
    "batch": "batch_id game_dates started_at completed_at worker_revision",
    "written": "inserted updated stale",
    "coverage": "game_date system_id expected_players stored_players fresh_players missing missing_count",
    "checks": "id suite severity outcome reason rows_examined failing_rows breakdown sample remedy",
    "dates": "game_date verdict failed_checks",
    "cost": "jobs bytes_processed bytes_billed seconds",
    "provenance": "tool_version suite_fingerprint query_fingerprint",
}


@pytest.mark.parametrize(("severity", "promised"), [("critical", CRITICAL), ("warning", WARNING)])
def test_every_check_is_in_its_suite_and_weighs_what_it_did(severity: str, promised: dict[str, str]) -> None:
    found = {(s.name, c.id, str(c.severity)) for s in SUITES for c in s.checks if isinstance(c, Check)}
    assert {(suite, id_, severity) for suite, ids in promised.items() for id_ in ids.split()} <= found


@pytest.mark.parametrize(("path", "options"), OPTIONS.items())
def test_every_command_has_its_options(path: str, options: str) -> None:
    command: Any = root
    for name in path.split():
        command = command.get_command(click.Context(command), name)
    assert set(options.split()) <= {option for parameter in command.params for option in parameter.opts}


def test_every_setting_has_its_variable() -> None:
    assert {f"PROP_QUALITY_{name}" for name in SETTING_NAMES.split()} <= {setting.variable for setting in SETTINGS}
    assert EMULATOR_VARIABLE == "BIGQUERY_EMULATOR_HOST"


@pytest.mark.parametrize(("place", "keys"), VERDICT.items())
def test_a_verdict_without_a_promised_key_does_not_meet_its_schema(place: str, keys: str) -> None:
    schema = json.loads((Path(__file__).parents[1] / "docs/verdict.schema.json").read_text(encoding="utf-8"))
    found = schema["properties"][place] if place else schema
    found = found.get("items", found)
    if "$ref" in found:
        found = schema["$defs"][found["$ref"].rpartition("/")[2]]
    assert set(keys.split()) <= set(found["required"])
