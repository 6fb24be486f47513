"""The checkpoint after a batch, as a command: its exit codes, the verdict in all its places, doubt where it belongs."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from datetime import date
from pathlib import Path
from xml.etree import ElementTree

import pytest
from google.cloud import bigquery

from prop_quality import check_batch
from prop_quality.errors import DeliveryError
from prop_quality.season import NightShape, clean_night
from prop_quality.settings import Settings
from prop_quality.verdict import Outcome
from tests.prop_quality.commands.conftest import Prop, by_id
from tests.prop_quality.troubled import closed_port
from tests.prop_quality.verdicts import read, valid
from tests.warehouse import PREDICTIONS, load_night

NIGHT = clean_night(NightShape(seed=21, game_date=date(2026, 1, 20), games=2, players=20))
SOURCELESS = replace(NIGHT, rows=[{**row, "line_source": None} for row in NIGHT.rows])


def test_a_clean_batch_passes_with_one_query_and_says_so_everywhere(prop: Prop, tmp_path: Path) -> None:
    prop.load(NIGHT)
    before = prop.queries()
    done = prop(*prop.event(NIGHT), "--json", tmp_path / "out" / "verdict.json", "--junit", tmp_path / "junit.xml")
    assert done.code == 0, done.err
    assert done.err == ""
    assert prop.queries() - before == 1
    verdict = read(tmp_path / "out" / "verdict.json")
    assert prop.stored() == [verdict]
    assert verdict.cost.jobs == 1
    assert f"PASSED  2026-01-20 ({NIGHT.event['metadata']['batch_id']})" in done.out
    assert verdict.written.inserted == len(NIGHT.rows)
    assert verdict.table == str(prop.settings.table)
    assert verdict.columns["game_date"] == "DATE"
    junit_is_right(tmp_path / "junit.xml", failures=0)


def test_a_failed_batch_is_exit_1_with_at_most_two_queries(prop: Prop, tmp_path: Path) -> None:
    prop.load(SOURCELESS)
    before = prop.queries()
    done = prop(*prop.event(NIGHT), "--json", "-", "--junit", tmp_path / "junit.xml")
    assert done.code == 1
    assert prop.queries() - before == 2
    verdict = done.json
    assert prop.stored() == [verdict]
    assert " FAILED " in done.err
    check = verdict.check("line_source_known")
    assert check.failing_rows == len(NIGHT.rows)
    assert len(check.sample) == 20
    assert check.remedy is not None
    assert "@" not in check.remedy
    failed = len([c for c in verdict.failed() if c.severity == "critical"])
    junit_is_right(tmp_path / "junit.xml", failures=failed)


def junit_is_right(path: Path, failures: int) -> None:
    root = ElementTree.fromstring(path.read_text(encoding="utf-8"))
    assert root.tag == "testsuites"
    assert int(root.attrib["failures"]) == failures
    assert int(root.attrib["tests"]) == len(root.findall("testsuite/testcase"))
    names = [case.attrib["name"] for case in root.iter("testcase")]
    assert len(names) == len(set(names))
    for suite in root:
        assert suite.tag == "testsuite"
        assert int(suite.attrib["tests"]) == len(suite.findall("testcase"))
        for case in suite:
            assert {"name", "classname", "time"} <= set(case.attrib)
            assert next(child.tag for child in case) in ("failure", "error", "skipped", "system-out")


def test_what_cannot_be_asked_is_exit_3_with_the_cause_in_the_verdict(
    prop: Prop, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BIGQUERY_EMULATOR_HOST", closed_port())
    done = prop(*prop.event(NIGHT), "--json", "-")
    assert done.code == 3
    assert done.json.error is not None
    assert done.json.error.kind == "unreachable"
    assert prop.stored() == [done.json]


def test_a_wrong_event_is_exit_2_and_nothing_is_stored(prop: Prop) -> None:
    done = prop(*prop.event(NIGHT, output_table="prediction_accuracy"))
    assert done.code == 2
    assert done.out == ""
    assert len(done.err.splitlines()) == 1
    assert "output_table" in done.err
    assert prop.stored() == []


@pytest.mark.parametrize("place", ["state", "site", "json", "junit"])
def test_a_passed_verdict_that_cannot_be_kept_or_published_is_exit_4(
    prop: Prop, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, place: str
) -> None:
    prop.load(NIGHT)
    in_the_way = tmp_path / "file"
    in_the_way.write_text("", encoding="utf-8")
    options = {"json": ("--json", in_the_way / "x"), "junit": ("--junit", in_the_way / "x")}.get(place, ())
    event = prop.event(NIGHT)
    if place == "site":
        event, options = event[:-1], ("--site", in_the_way / "x")
    if place == "state":
        monkeypatch.setenv("PROP_QUALITY_STATE_DIR", str(in_the_way / "x"))
        options = ("--json", tmp_path / "verdict.json")
    done = prop(*event, *options)
    assert done.code == 4
    assert " PASSED " in done.out
    assert str(in_the_way) in done.err
    assert "Traceback" not in done.err
    assert read(tmp_path / "verdict.json").verdict == "passed" if place == "state" else len(prop.stored()) == 1


def test_a_state_directory_that_cannot_even_be_looked_at_costs_no_verdict(
    prop: Prop, monkeypatch: pytest.MonkeyPatch
) -> None:
    prop.load(NIGHT)
    monkeypatch.setenv("PROP_QUALITY_STATE_DIR", "x" * 300)
    done = prop(*prop.event(NIGHT), "--json", "-")
    assert done.code == 4
    assert done.json.verdict == "passed"
    assert "File name too long" in done.err
    assert any("the snapshot is not used" in note for note in done.json.notes)


def test_a_failed_verdict_stays_exit_1_when_it_cannot_be_kept(
    prop: Prop, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    prop.load(SOURCELESS)
    (tmp_path / "file").write_text("", encoding="utf-8")
    monkeypatch.setenv("PROP_QUALITY_STATE_DIR", str(tmp_path / "file" / "x"))
    done = prop(*prop.event(NIGHT))
    assert done.code == 1
    assert "could not be stored" in done.err


def test_the_site_is_published_unless_it_is_not_wanted(prop: Prop, tmp_path: Path) -> None:
    prop.load(NIGHT)
    assert prop(*prop.event(NIGHT)[:-1], "--site", tmp_path / "site").code == 0
    assert (tmp_path / "site" / "index.html").is_file()


def test_explain_prints_the_query_and_the_checks_and_asks_nothing(prop: Prop) -> None:
    before = prop.queries()
    done = prop(*prop.event(NIGHT), "--explain")
    assert done.code == 0
    assert prop.queries() == before
    assert "game_date BETWEEN DATE '2026-01-20' AND DATE '2026-01-20'" in done.out
    assert "@" not in done.out.split("\n-- ")[0]
    assert done.out.startswith("-- 35 checks in one query")
    listed = re.search(r"^-- 35 checks: (.*)$", done.out, re.MULTILINE)
    assert listed is not None
    assert len(listed[1].split(", ")) == 35
    assert "\n-- left out: revision_expected. No worker revision is expected; pass --expect-revision.\n" in done.out
    assert prop.stored() == []


def test_an_event_comes_from_standard_input_too(prop: Prop, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    import io
    import sys

    prop.load(NIGHT)
    text = io.TextIOWrapper(io.BytesIO(json.dumps(NIGHT.event).encode()))
    monkeypatch.setitem(sys.__dict__, "stdin", text)
    path = prop.event(NIGHT)[2]
    done = prop(*["-" if one == path else one for one in prop.event(NIGHT)])
    assert done.code == 0, done.err


def test_zero_rows_never_pass(prop: Prop) -> None:
    prop.load(replace(NIGHT, rows=[]))
    done = prop(*prop.event(NIGHT), "--json", "-")
    assert done.code == 1
    outcomes = by_id(done.json)
    assert outcomes["players_covered"] == outcomes["rows_fresh"] == outcomes["claim_stored"] == "failed"
    passed = {name for name, outcome in outcomes.items() if outcome == "passed"}
    assert passed <= {"required_columns_present", "claim_consistent"}
    assert done.json.rows_examined == 0


def test_an_empty_roster_on_a_day_with_games_is_inconclusive(prop: Prop) -> None:
    prop.load(replace(NIGHT, context_rows=[]))
    done = prop(*prop.event(NIGHT), "--json", "-")
    assert done.code == 3
    assert done.json.error is None
    for name in ("players_covered", "pairs_covered", "rows_fresh", "players_expected"):
        check = done.json.check(name)
        assert check.outcome is Outcome.INCONCLUSIVE
        assert "no player is expected on 2026-01-20" in check.reason
    assert by_id(done.json)["line_not_placeholder"] == "passed"


def test_a_missing_context_table_leaves_its_checks_undecided_and_says_why(
    prop: Prop, monkeypatch: pytest.MonkeyPatch
) -> None:
    prop.load(NIGHT)
    monkeypatch.setenv("PROP_QUALITY_CONTEXT_TABLE", "nba-props-platform.nba_analytics.not_there")
    done = prop(*prop.event(NIGHT), "--json", "-")
    assert done.code == 3
    assert "not_there is not there" in done.json.check("players_covered").reason
    assert by_id(done.json)["claim_stored"] == "passed"


def test_a_missing_book_lines_table_clears_nothing_and_says_so(prop: Prop, monkeypatch: pytest.MonkeyPatch) -> None:
    prop.load(NIGHT)
    monkeypatch.setenv("PROP_QUALITY_BOOK_LINES_TABLE", "nba-props-platform.nba_raw.not_there")
    done = prop(*prop.event(NIGHT), "--json", "-")
    assert done.code == 0
    assert any("No book line clears anything" in note and "not_there" in note for note in done.json.notes)


def test_a_missing_column_fails_the_schema_and_is_named_by_what_needs_it(
    prop: Prop, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    renamed = replace(NIGHT, changed_columns={"current_points_line": None})
    elsewhere = load_night(prop.warehouse, settings, renamed)
    verdict = check_batch(NIGHT.event, settings=elsewhere, now=NIGHT.now)
    valid(verdict.to_json())
    assert verdict.verdict is Outcome.FAILED
    schema = verdict.check("required_columns_present")
    assert schema.outcome is Outcome.FAILED
    assert "current_points_line missing" in schema.reason
    for name in ("line_not_placeholder", "line_not_constant", "margin_agrees"):
        check = verdict.check(name)
        assert check.outcome is Outcome.SKIPPED
        assert "current_points_line" in check.reason


def test_a_table_without_its_keys_is_a_failed_schema_and_doubt_for_the_rest(prop: Prop, settings: Settings) -> None:
    elsewhere = load_night(prop.warehouse, settings, replace(NIGHT, changed_columns={"is_active": None}))
    verdict = check_batch(NIGHT.event, settings=elsewhere, now=NIGHT.now)
    valid(verdict.to_json())
    assert verdict.verdict is Outcome.FAILED
    assert verdict.cost.jobs == 0
    rest = {check.outcome for check in verdict.checks if check.id != "required_columns_present"}
    assert rest == {Outcome.INCONCLUSIVE}
    assert "is_active" in verdict.check("rows_fresh").reason


def test_columns_that_come_and_go_are_reported_as_information(prop: Prop, settings: Settings) -> None:
    elsewhere = load_night(prop.warehouse, settings, replace(NIGHT, extra_columns={"build_commit_sha": "STRING"}))
    first = check_batch(NIGHT.event, settings=elsewhere, now=NIGHT.now)
    assert not any("since the previous run" in note for note in first.notes)
    client = prop.warehouse.client
    old = client.get_table(str(elsewhere.table)).schema
    gone = ("build_commit_sha", "shot_zone_adjustment")
    new = [("shot_zone_adjustment", "STRING"), ("predicted_at", "TIMESTAMP")]
    schema = [field for field in old if field.name not in gone] + [bigquery.SchemaField(*column) for column in new]
    client.delete_table(str(elsewhere.table))
    client.create_table(bigquery.Table(str(elsewhere.table), schema=schema))
    rows = [{k: str(v) if k in gone else v for k, v in row.items()} for row in NIGHT.rows]
    prop.warehouse.load(str(elsewhere.table), rows)
    second = check_batch(NIGHT.event, settings=elsewhere, now=NIGHT.now)
    assert second.verdict is first.verdict
    assert [note for note in second.notes if "since the previous run" in note] == [
        "Columns appeared since the previous run: predicted_at (TIMESTAMP)",
        "Columns vanished since the previous run: build_commit_sha",
        "Columns changed type since the previous run: shot_zone_adjustment from NUMERIC to STRING",
    ]
    other = check_batch(NIGHT.event, settings=settings, now=NIGHT.now)
    assert not any("since the previous run" in note for note in other.notes), "another table has another history"


def test_hostile_texts_are_shown_as_text(prop: Prop, tmp_path: Path) -> None:
    evil = "batch\x1b[2J[red]<script>\u202e‮%s{x}"
    prop.load(NIGHT)
    prop.warehouse.execute(
        f"UPDATE `{PREDICTIONS}` SET player_lookup = '[bold]\\x1b]0;x\\x07<b>' WHERE TRUE AND game_date = '2026-01-20'"
    )
    event = {**NIGHT.event, "execution_id": evil, "metadata": {**NIGHT.event["metadata"], "batch_id": evil}}
    done = prop(*prop.event(NIGHT, **event), "--json", tmp_path / "v.json", "--junit", tmp_path / "j.xml")
    assert done.code == 1
    assert "\x1b" not in done.out
    assert "\u202e" not in done.out
    assert "[red]<script>" in done.out
    assert "[bold]" in done.out
    assert read(tmp_path / "v.json").batch.batch_id == evil
    ElementTree.fromstring((tmp_path / "j.xml").read_text(encoding="utf-8"))


def test_a_run_that_breaks_off_shows_its_traceback_with_debug_only(prop: Prop, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BIGQUERY_EMULATOR_HOST", closed_port())
    done = prop(*prop.event(NIGHT), "--debug", "--json", "-")
    assert done.code == 3
    assert "Traceback" in done.err
    assert "Connection refused" in done.err
    assert done.json.error is not None
    assert "Traceback" not in done.json.error.message
    assert "Traceback" not in prop(*prop.event(NIGHT)).err


def test_the_python_call_keeps_its_verdict_and_says_each_step(prop: Prop) -> None:
    prop.load(NIGHT)
    steps: list[str] = []
    verdict = check_batch(NIGHT.event, settings=prop.settings, now=NIGHT.now, progress=steps.append)
    assert prop.stored() == [verdict]
    assert steps == ["Reading the tables' columns", "Asking one query for 36 checks over 2026-01-20"]
    check_batch(json.dumps(NIGHT.event), settings=prop.settings, now=NIGHT.now, keep=False)
    assert len(prop.stored()) == 1


def test_the_python_call_that_cannot_keep_its_verdict_still_gives_it(prop: Prop) -> None:
    prop.load(NIGHT)
    prop.settings.state_dir.write_text("in the way", encoding="utf-8")
    with pytest.raises(DeliveryError) as refused:
        check_batch(NIGHT.event, settings=prop.settings, now=NIGHT.now)
    assert refused.value.verdict is not None
    assert refused.value.verdict.verdict is Outcome.PASSED
