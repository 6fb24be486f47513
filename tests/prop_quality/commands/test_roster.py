"""A roster kept at the batch start is preferred, unless it says less than the context table does."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest

from prop_quality.season import NightShape, clean_night
from prop_quality.verdict import format_time
from tests.prop_quality.commands.conftest import Done, Prop, at
from tests.prop_quality.troubled import closed_port

NIGHT = clean_night(NightShape(seed=51, game_date=date(2026, 1, 20), games=2, players=20))
# Afterwards the table was emptied and filled again: nobody of it is known as of the start.
REWRITTEN = replace(
    NIGHT, context_rows=[{**row, "created_at": NIGHT.now + timedelta(hours=26)} for row in NIGHT.context_rows]
)


def snapshot(prop: Prop, minutes: float) -> Done:
    """Take it so long after the batch started."""
    moment = NIGHT.started_at + timedelta(minutes=minutes)
    return prop("roster", "snapshot", "--game-date", "2026-01-20", *at(moment))


def file_of(prop: Prop) -> Path:
    return prop.settings.state_dir / "rosters" / "2026-01-20.jsonl"


def test_a_snapshot_outlives_a_rewritten_context_table(prop: Prop) -> None:
    prop.load(NIGHT)
    taken = snapshot(prop, 0)
    assert taken.code == 0
    assert taken.out == f"20 players of 2026-01-20 stored in {file_of(prop)}\n"
    prop.warehouse.truncate(str(prop.settings.context_table))
    prop.load(replace(REWRITTEN, rows=[]))
    done = prop(*prop.event(NIGHT), "--json", "-")
    assert done.code == 0, done.json.summary
    assert done.json.roster_source == f"the snapshot of {format_time(NIGHT.started_at)}"
    assert {one.expected_players for one in done.json.coverage} == {20}
    file_of(prop).unlink()
    assert prop(*prop.event(NIGHT), "--json", "-").code == 3


def test_without_a_snapshot_the_table_as_of_the_start_is_said(prop: Prop) -> None:
    prop.load(NIGHT)
    done = prop(*prop.event(NIGHT), "--json", "-")
    as_of = f"{NIGHT.started_at:%Y-%m-%d %H:%M:%S} UTC"
    assert done.json.roster_source == f"{prop.settings.context_table} as of {as_of}"


def test_a_snapshot_taken_after_the_batch_started_is_not_used_and_said(prop: Prop) -> None:
    prop.load(NIGHT)
    assert snapshot(prop, 10).code == 0
    done = prop(*prop.event(NIGHT), "--json", "-")
    assert done.code == 0
    assert str(prop.settings.context_table) in str(done.json.roster_source)
    assert any("after the batch started" in note and "not used" in note for note in done.json.notes)


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("", "no player for 2026-01-20"),
        ('{"game_date": "2026-01-19", "player_lookup": "a", "taken_at": "2026-01-19T00:00:00Z"}\n', "no player for"),
        ('{"game_date": "2026-01-20", "player_lookup": "a"}\n', "does not say when"),
        ("half a li", "line 1"),
    ],
)
def test_a_snapshot_that_is_empty_broken_or_of_another_date_is_not_used(prop: Prop, text: str, names: str) -> None:
    prop.load(NIGHT)
    file_of(prop).parent.mkdir(parents=True)
    file_of(prop).write_text(text, encoding="utf-8")
    done = prop(*prop.event(NIGHT), "--json", "-")
    assert done.code == 0, done.err
    assert any(names in note and "not used" in note for note in done.json.notes)


def test_a_file_given_by_hand_counts_more_than_a_snapshot(prop: Prop, tmp_path: Path) -> None:
    prop.load(NIGHT)
    assert snapshot(prop, 0).code == 0
    given = tmp_path / "mine.jsonl"
    given.write_text(json.dumps({"game_date": "2026-01-20", "player_lookup": "nobody"}) + "\n", encoding="utf-8")
    done = prop(*prop.event(NIGHT), "--roster", given, "--json", "-")
    assert done.code == 1
    assert done.json.roster_source == "the file mine.jsonl"
    assert done.json.check("players_covered").sample[0]["player_lookup"] == "nobody"


def test_a_snapshot_of_nobody_is_not_stored(prop: Prop) -> None:
    done = snapshot(prop, 0)
    assert done.code == 3
    assert "No player is expected on 2026-01-20" in done.err
    assert len(done.err.splitlines()) == 1
    assert not file_of(prop).exists()


def test_a_snapshot_that_cannot_be_taken_or_kept_says_why(prop: Prop, monkeypatch: pytest.MonkeyPatch) -> None:
    prop.load(NIGHT)
    prop.settings.state_dir.write_text("in the way", encoding="utf-8")
    done = snapshot(prop, 0)
    assert done.code == 4
    assert "could not be stored" in done.err
    monkeypatch.setenv("BIGQUERY_EMULATOR_HOST", closed_port())
    done = snapshot(prop, 0)
    assert done.code == 3
    assert "could not be reached" in done.err
