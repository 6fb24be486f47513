"""The watch as a scheduler runs it: against the warehouse, with what the checkpoints left in the state directory."""

from __future__ import annotations

import os
import subprocess
from dataclasses import replace
from datetime import date, timedelta

import pytest

from prop_quality.season import NightShape, clean_night
from tests.prop_quality.commands.conftest import Done, Prop, at, by_id
from tests.warehouse import load_night

NIGHT = clean_night(NightShape(seed=41, game_date=date(2026, 1, 20), games=2, players=20))
NEXT = clean_night(replace(NIGHT.shape, game_date=date(2026, 1, 26), starts_at=NIGHT.started_at))
BATCH_DONE = NIGHT.completed_at


def watch(prop: Prop, minutes: float) -> Done:
    """The watch so long after the batch was completed."""
    return prop("watch", "--no-site", "--json", "-", *at(BATCH_DONE + timedelta(minutes=minutes)))


def test_a_checked_batch_is_quiet_and_one_query(prop: Prop) -> None:
    prop.load(NIGHT)
    assert prop(*prop.event(NIGHT)).code == 0
    before = prop.queries()
    done = watch(prop, 40)
    assert done.code == 0, done.json.summary
    assert prop.queries() - before == 1
    assert set(by_id(done.json).values()) == {"passed"}
    assert "20 players expected on 2026-01-20 and no games known yet on 2026-01-21" in done.json.summary
    assert done.json.batch.game_dates == (date(2026, 1, 20), date(2026, 1, 21))


def test_a_batch_that_nobody_checked_is_seen_after_half_an_hour(prop: Prop) -> None:
    prop.load(NIGHT)
    assert watch(prop, 20).code == 0
    done = watch(prop, 40)
    assert done.code == 1
    ran = done.json.check("checkpoint_ran")
    assert ran.outcome == "failed"
    assert ran.remedy == "prop-quality check --from 2026-01-20 --to 2026-01-20"
    assert "never checked" in done.json.summary


def test_a_checkpoint_that_could_not_ask_has_not_looked(prop: Prop) -> None:
    prop.load(NIGHT)
    assert prop(*prop.event(NIGHT), "--timeout", "0.1").code == 3
    ran = watch(prop, 40).json.check("checkpoint_ran")
    assert ran.outcome == "failed"
    assert f"never checked; a run at {NIGHT.now:%Y-%m-%d %H:%M} UTC was inconclusive" in ran.reason
    assert prop("check", "--from", "2026-01-20", "--no-site", *at(BATCH_DONE + timedelta(minutes=41))).code == 0
    assert by_id(watch(prop, 45).json)["checkpoint_ran"] == "passed"


def test_a_run_that_was_narrowed_to_some_systems_or_could_not_decide_has_not_looked(prop: Prop) -> None:
    prop.load(NIGHT)
    check = ("check", "--from", "2026-01-20", "--no-site")
    assert prop(*check, "--systems", "catboost_v8", *at(BATCH_DONE + timedelta(minutes=35))).code == 0
    ran = watch(prop, 40).json.check("checkpoint_ran")
    assert ran.outcome == "failed"
    assert "looked at catboost_v8 only" in ran.reason
    prop.warehouse.truncate(str(prop.settings.context_table))
    assert prop(*check, *at(BATCH_DONE + timedelta(minutes=41))).code == 3
    assert "was inconclusive" in watch(prop, 42).json.check("checkpoint_ran").reason


def test_the_request_that_starts_a_batch_says_when_the_shell_does_not_know_the_coordinator(prop: Prop) -> None:
    prop.load(replace(NIGHT, rows=[]))
    remedy = watch(prop, 5).json.check("batch_present").remedy
    assert remedy is not None
    shell = subprocess.run(
        ["bash", "-c", remedy],
        capture_output=True,
        text=True,
        timeout=20,
        check=False,
        env={"PATH": os.environ["PATH"]},
    )
    assert shell.returncode != 0
    assert "COORDINATOR_URL: set it to the address of the coordinator" in shell.stderr


def test_games_without_a_batch_fail_with_the_request_that_starts_one(prop: Prop) -> None:
    prop.load(replace(NIGHT, rows=[]))
    done = watch(prop, 5)
    assert done.code == 1
    present = done.json.check("batch_present")
    assert "no row for 2026-01-20, due since 2026-01-19 18:30 Eastern" in present.reason
    assert present.remedy is not None
    assert '/start" ' in present.remedy
    assert '"game_date": "2026-01-20"' in present.remedy


def test_a_night_off_passes_and_says_so(prop: Prop) -> None:
    prop.load(NIGHT, replace(NEXT, rows=[]))
    done = watch(prop, 2 * 24 * 60)
    assert done.code == 0
    assert "No games on 2026-01-22 and no games known yet on 2026-01-23" in done.json.summary


def test_a_context_table_that_nobody_writes_any_more_is_no_night_off(prop: Prop) -> None:
    prop.load(NIGHT)
    done = watch(prop, 2 * 24 * 60)
    assert done.code == 3
    known = "the context table has no row for any of the 10 days after and has not been written since 2026-01-20"
    assert known in done.json.summary


def test_an_empty_context_table_is_inconclusive(prop: Prop) -> None:
    done = watch(prop, 0)
    assert done.code == 3
    known = (
        "no games on 2026-01-20 is not known, the context table has no row for any date from 2026-01-10 to 2026-01-31"
    )
    assert known in done.json.check("games_known").reason


@pytest.mark.parametrize(("column", "type_"), [("game_date", "STRING"), ("created_at", "DATETIME")])
def test_a_column_that_changed_its_type_is_named(
    prop: Prop, monkeypatch: pytest.MonkeyPatch, column: str, type_: str
) -> None:
    """No check of the watch is about columns; what the warehouse or Python says of a wrong type helps nobody."""
    unlike = replace(NIGHT, changed_columns={column: type_}, rows=[])
    monkeypatch.setenv("PROP_QUALITY_TABLE", str(load_night(prop.warehouse, prop.settings, unlike).table))
    done = watch(prop, 40)
    assert done.code == 3
    assert done.json.summary.endswith(f"could not be decided. The table has no usable {column}.")
