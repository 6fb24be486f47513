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
from tests.prop_quality.troubled import SEND_JOB, Trouble, closed_port, troubled

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
    assert done.json.roster_source == f"the snapshot of {format_time(NIGHT.started_at)}, as the batch started"
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


def test_a_snapshot_within_the_hour_before_is_used_and_its_age_is_said(prop: Prop) -> None:
    prop.load(NIGHT)
    assert snapshot(prop, -60).code == 0
    source = prop(*prop.event(NIGHT), "--json", "-").json.roster_source
    assert (
        source
        == f"the snapshot of {format_time(NIGHT.started_at - timedelta(hours=1))}, 60 min before the batch started, "
        f"and later rows of {prop.settings.context_table} as of {NIGHT.started_at:%Y-%m-%d %H:%M:%S} UTC"
    )


def test_the_snapshot_of_an_earlier_batch_is_not_used_and_said(prop: Prop) -> None:
    """Taken for the batch of the evening before; who was expected has changed since."""
    early = [{**row, "created_at": NIGHT.started_at - timedelta(hours=20)} for row in NIGHT.context_rows[:3]]
    prop.load(replace(NIGHT, rows=[], context_rows=early))
    assert snapshot(prop, -17.5 * 60).code == 0
    prop.load(NIGHT)
    done = prop(*prop.event(NIGHT), "--json", "-")
    assert done.code == 0, done.json.summary
    assert str(done.json.roster_source).startswith(str(prop.settings.context_table))
    assert any("over an hour before the batch started" in note and "not used" in note for note in done.json.notes)


def rows_since(changes: dict[int, dict[str, object]], hours: float) -> list[dict[str, object]]:
    """Rows that the context job wrote so long after the batch started: players by number, and what is new of them."""
    written = {"created_at": NIGHT.started_at + timedelta(hours=hours)}
    return [{**NIGHT.context_rows[number], **written, **new} for number, new in changes.items()]


def morning(prop: Prop) -> Done:
    """The check of the date with no event, so that nothing says when the batch started."""
    return prop("check", "--from", "2026-01-20", "--no-site", "--json", "-", *at(NIGHT.now + timedelta(hours=12)))


def test_without_a_start_a_player_who_came_after_the_snapshot_is_expected(prop: Prop) -> None:
    prop.load(NIGHT)
    assert snapshot(prop, 0).code == 0
    prop.load(replace(NIGHT, rows=[], context_rows=rows_since({0: {"player_lookup": "traded"}}, 2)))
    done = morning(prop)
    assert done.json.check("players_covered").sample[0]["player_lookup"] == "traded"
    assert {one.expected_players for one in done.json.coverage} == {21}
    source = str(done.json.roster_source)
    assert "the snapshot of " in source
    assert f"and later rows of {prop.settings.context_table} as of" in source


def test_without_a_start_a_player_ruled_out_after_the_snapshot_is_not_missed(prop: Prop) -> None:
    gone = NIGHT.context_rows[0]["player_lookup"]
    prop.load(replace(NIGHT, rows=[row for row in NIGHT.rows if row["player_lookup"] != gone]))
    assert snapshot(prop, 0).code == 0
    prop.load(replace(NIGHT, rows=[], context_rows=rows_since({0: {"player_status": "OUT"}}, 2)))
    done = morning(prop)
    assert done.code == 0, done.json.summary
    assert {one.expected_players for one in done.json.coverage} == {19}


def test_without_a_start_a_snapshot_still_outlives_an_emptied_table(prop: Prop) -> None:
    prop.load(NIGHT)
    assert snapshot(prop, 0).code == 0
    prop.warehouse.truncate(str(prop.settings.context_table))
    assert {one.expected_players for one in morning(prop).json.coverage} == {20}


def test_a_player_who_came_between_the_snapshot_and_the_start_is_expected(prop: Prop) -> None:
    prop.load(NIGHT)
    assert snapshot(prop, -50).code == 0
    prop.load(replace(NIGHT, rows=[], context_rows=rows_since({0: {"player_lookup": "late"}}, -0.5)))
    done = prop(*prop.event(NIGHT), "--json", "-")
    assert done.json.check("players_covered").sample[0]["player_lookup"] == "late"


def test_over_a_range_each_snapshot_is_named_with_its_time(prop: Prop) -> None:
    prop.load(NIGHT)
    assert snapshot(prop, 0).code == 0
    line = {"game_date": "2026-01-21", "player_lookup": "a", "taken_at": "2026-01-21T12:00:00Z"}
    (file_of(prop).parent / "2026-01-21.jsonl").write_text(json.dumps(line) + "\n", encoding="utf-8")
    done = prop("check", "--from", "2026-01-20", "--to", "2026-01-22", "--no-site", "--json", "-", *at(NIGHT.now))
    taken = f"2026-01-20 ({format_time(NIGHT.started_at)}), 2026-01-21 (2026-01-21T12:00:00Z)"
    as_of = f"{prop.settings.context_table} as of {NIGHT.now:%Y-%m-%d %H:%M:%S} UTC"
    source = f"the snapshots of {taken}, and later rows of {as_of}; {as_of} for the other 1 of 3 dates"
    assert done.json.roster_source == source


def test_over_a_range_one_sentence_says_how_many_snapshots_are_not_used(prop: Prop) -> None:
    prop.load(NIGHT)
    for day in (20, 21, 22):
        line = {"game_date": f"2026-01-{day}", "player_lookup": "a", "taken_at": "2026-01-17T12:00:00Z"}
        file_of(prop).parent.mkdir(parents=True, exist_ok=True)
        (file_of(prop).parent / f"2026-01-{day}.jsonl").write_text(json.dumps(line) + "\n", encoding="utf-8")
    done = prop("check", "--from", "2026-01-20", "--to", "2026-01-22", "--no-site", "--json", "-", *at(NIGHT.now))
    said = [note for note in done.json.notes if "snapshot" in note]
    assert len(said) == 1
    assert "3 days before the game; the snapshot is not used, nor are 2 more" in said[0]


def test_the_watch_asks_the_context_table_whatever_snapshots_there_are(prop: Prop) -> None:
    prop.load(NIGHT)
    assert snapshot(prop, 0).code == 0
    prop.warehouse.truncate(str(prop.settings.context_table))
    done = prop("watch", "--no-site", "--json", "-", *at(NIGHT.now))
    assert done.code == 3
    assert done.json.check("games_known").outcome == "inconclusive"


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


@pytest.mark.parametrize("table", ["nba_analytics.no_such", "no_such.upcoming"])
def test_a_context_table_that_is_not_there_is_said_in_our_own_words(
    prop: Prop, monkeypatch: pytest.MonkeyPatch, table: str
) -> None:
    monkeypatch.setenv("PROP_QUALITY_CONTEXT_TABLE", f"nba-props-platform.{table}")
    done = snapshot(prop, 0)
    assert done.code == 3
    said = "is not there; check PROP_QUALITY_CONTEXT_TABLE and PROP_QUALITY_LOCATION."
    assert done.err == f"Error: The table nba-props-platform.{table} {said}\n"


def test_a_refused_permission_is_said_without_the_number_of_the_job(
    prop: Prop, monkeypatch: pytest.MonkeyPatch
) -> None:
    message = "Access Denied: Table nba_analytics.x: User does not have permission to query table"
    trouble = Trouble(SEND_JOB, kind="failed_job", reason="accessDenied", message=message)
    with troubled(prop.warehouse.endpoint, trouble) as address:
        monkeypatch.setenv("BIGQUERY_EMULATOR_HOST", address)
        done = snapshot(prop, 0)
    assert done.code == 3
    assert f"upcoming_player_game_context: {message}; grant bigquery.jobs.create and read access" in done.err
