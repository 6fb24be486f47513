"""Ranges of dates: a regeneration judged date by date in one query, and what happens when it is broken off."""

from __future__ import annotations

import json
import os
import re
import shlex
import signal
import threading
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from xml.etree import ElementTree

import pytest

from prop_quality import check_dates
from prop_quality.season import Night, NightShape, Row, clean_night
from prop_quality.verdict import Outcome, Verdict
from tests.prop_quality.commands.conftest import Done, Prop, by_id
from tests.prop_quality.troubled import CANCEL_JOB, RESULTS, SEND_JOB, Trouble, troubled
from tests.prop_quality.verdicts import valid

FIRST = date(2025, 11, 15)
REGENERATED_AT = datetime(2026, 1, 17, 20, 0, tzinfo=UTC)
NOW = REGENERATED_AT + timedelta(hours=1)
SYSTEM = "xgboost_v1"
RANGE = ("check", "--no-site", "--now", "2026-01-17T21:00:00Z", "--json", "-")
REGENERATION = ("--systems", SYSTEM, "--written-since", "2026-01-17T20:00:00Z")


def regenerated(row: Row) -> Row:
    return {**row, "updated_at": REGENERATED_AT + timedelta(minutes=3)} if row["system_id"] == SYSTEM else row


def night(day: date, change: Callable[[Row], Row | None] = regenerated) -> Night:
    made = clean_night(NightShape(seed=day.toordinal(), game_date=day, games=1, players=10))
    return replace(made, rows=[new for row in made.rows if (new := change(row)) is not None])


def nights(count: int) -> list[Night]:
    return [night(FIRST + timedelta(days=n)) for n in range(count)]


def lost(row: Row) -> Row | None:
    """The regeneration deleted the system's rows and did not write them again."""
    return None if row["system_id"] == SYSTEM else row


def stale(row: Row) -> Row:
    return row


def sourceless(row: Row) -> Row:
    return {**regenerated(row), "line_source": None}


def test_the_regeneration_of_53_dates_is_proved_with_one_query(prop: Prop) -> None:
    prop.load(*nights(53))
    before = prop.queries()
    done = prop(*RANGE, "--from", "2025-11-15", "--to", "2026-01-06", *REGENERATION)
    assert done.code == 0, done.json.summary
    assert prop.queries() - before == 1
    verdict = done.json
    assert verdict.checkpoint == "date_range"
    assert [day.verdict for day in verdict.dates] == [Outcome.PASSED] * 53
    assert {one.system_id for one in verdict.coverage} == {SYSTEM}
    assert all(one.fresh_players == one.expected_players for one in verdict.coverage)
    assert not verdict.failed()
    assert by_id(verdict)["claim_stored"] == "skipped"
    assert "53 of 53 dates passed" in done.err


def test_without_a_start_freshness_and_reconciliation_are_skipped(prop: Prop) -> None:
    prop.load(*nights(3))
    done = prop(*RANGE, "--from", "2025-11-15", "--to", "2025-11-17")
    assert done.code == 0, done.json.summary
    skipped = {check.id for check in done.json.checks if check.outcome is Outcome.SKIPPED}
    fresh = {"rows_fresh", "latest_write_recent", "created_at_not_future", "created_near_game"}
    assert fresh | {"claim_consistent", "claim_stored", "claim_not_exceeded"} <= skipped


def test_dates_that_the_regeneration_lost_or_left_are_named(prop: Prop, tmp_path: Path) -> None:
    days = [FIRST + timedelta(days=n) for n in range(6)]
    prop.load(*(night(day, {days[1]: lost, days[4]: stale}.get(day, regenerated)) for day in days))
    file = tmp_path / "dates.txt"
    file.write_text("# touched\n\n" + "".join(f"{day}\n" for day in reversed(days)), encoding="utf-8")
    before = prop.queries()
    done = prop(*RANGE, "--dates", file, *REGENERATION, "--junit", tmp_path / "junit.xml")
    assert done.code == 1
    assert prop.queries() - before == 1, "nothing failed that a row could show"
    junit = ElementTree.fromstring((tmp_path / "junit.xml").read_text(encoding="utf-8"))
    failing = [case.attrib["name"] for case in junit.iterfind("testsuite[@name='dates']/testcase[failure]")]
    assert failing == [str(days[1]), str(days[4])]
    failed = {day.game_date: day.failed_checks for day in done.json.dates if day.verdict is Outcome.FAILED}
    assert set(failed) == {days[1], days[4]}
    assert {"systems_present", "pairs_covered", "rows_fresh"} <= set(failed[days[1]])
    assert set(failed[days[4]]) >= {"rows_fresh", "latest_write_recent"}
    assert "systems_known" not in {name for names in failed.values() for name in names}


def test_a_long_remedy_is_fetched_with_the_command_that_the_screen_shows(prop: Prop) -> None:
    players = sorted({row["player_lookup"] for row in night(FIRST).rows})[:5]
    prop.load(night(FIRST, lambda row: None if row["player_lookup"] in players else row))
    shown = prop("check", "--from", "2025-11-15", "--no-site", "--now", "2026-01-17T21:00:00Z").out
    command = re.search(r"prop-quality (checks (\w+) --remedy \S+)", shown)
    assert command is not None, shown
    (verdict,) = prop.stored()
    fetched = prop(*shlex.split(command[1]))
    assert (fetched.code, fetched.out) == (0, f"{verdict.check(command[2]).remedy}\n")
    file = shlex.split(command[1])[-1]
    for arguments, said in (
        (("checks", "--remedy", file), "--remedy needs the check"),
        (("checks", "points_plausible", "--remedy", file), "did not fail in the run"),
        (("checks", "no_such_check", "--remedy", file), "'no_such_check' was no check of the run"),
        (("checks", "points_plausible", "--remedy", "pyproject.toml"), "cannot be read as a verdict"),
    ):
        refused = prop(*arguments)
        assert refused.code == 2
        assert said in refused.err


def test_rows_of_other_systems_are_no_alarm_but_unknown_ones_are(prop: Prop) -> None:
    def renamed(row: Row) -> Row:
        return {**row, "system_id": "moving_average_baseline_v1"} if row["system_id"] == "moving_average" else row

    prop.load(night(FIRST), night(FIRST + timedelta(days=1), lambda row: renamed(regenerated(row))))
    done = prop(*RANGE, "--from", "2025-11-15", "--to", "2025-11-16", *REGENERATION)
    assert [day.failed_checks for day in done.json.dates] == [(), ("systems_known",)]


def test_a_date_on_which_the_system_is_not_expected_is_no_alarm_and_said(prop: Prop) -> None:
    days = (date(2026, 1, 8), date(2026, 1, 9))
    prop.load(*map(night, days))
    done = prop(*RANGE, "--from", "2026-01-08", "--to", "2026-01-09", "--systems", SYSTEM)
    assert done.code == 0, done.json.summary
    assert any("is expected on 2026-01-09" in note for note in done.json.notes)
    done = prop(*RANGE, "--from", "2026-01-09", "--systems", SYSTEM)
    assert done.code == 2
    assert "expected on none of the dates" in done.err


def test_a_date_without_games_passes_and_is_said(prop: Prop) -> None:
    prop.load(night(FIRST), night(FIRST + timedelta(days=2)))
    done = prop(*RANGE, "--from", "2025-11-15", "--to", "2025-11-17")
    assert done.code == 0
    assert any("No games on 2025-11-16" in note for note in done.json.notes)


def test_a_roster_file_need_not_name_players_of_a_night_off(prop: Prop, tmp_path: Path) -> None:
    played = [night(FIRST), night(FIRST + timedelta(days=2))]
    prop.load(*played)
    players = {(str(one.game_date), str(row["player_lookup"])) for one in played for row in one.rows}
    lines = (json.dumps({"game_date": day, "player_lookup": name}) + "\n" for day, name in sorted(players))
    (tmp_path / "roster.jsonl").write_text("".join(lines), encoding="utf-8")
    done = prop(*RANGE, "--from", "2025-11-15", "--to", "2025-11-17", "--roster", tmp_path / "roster.jsonl")
    assert done.code == 0, done.err
    assert any("No games on 2025-11-16" in note for note in done.json.notes)
    assert "the file roster.jsonl; nba-props-platform.nba_analytics" in str(done.json.roster_source)


def test_a_morning_after_a_night_off_passes_and_says_so(prop: Prop) -> None:
    prop.load(night(FIRST), replace(night(FIRST + timedelta(days=7)), rows=[]))
    done = prop(*RANGE, "--from", "2025-11-16")
    assert done.code == 0
    assert done.json.summary == "2025-11-16: no games, so nothing was expected, and nothing is stored."
    assert done.json.rows_examined == 0
    assert {one.game_date for one in done.json.coverage} <= {date(2025, 11, 16)}


def test_dates_behind_the_last_that_the_context_table_knows_are_no_nights_off(prop: Prop) -> None:
    """The job that fills it died with the batches: only a date before its last one has no games for certain."""
    prop.load(night(FIRST), night(FIRST + timedelta(days=2)))
    done = prop(*RANGE, "--from", "2025-11-15", "--to", "2025-11-19")
    assert done.code == 3
    outcomes = [str(day.verdict) for day in done.json.dates]
    assert outcomes == ["passed", "passed", "passed", "inconclusive", "inconclusive"]
    assert "has not been written since 2025-11-17" in done.json.summary
    assert "--from 2025-11-18 --to 2025-11-19" in done.json.notes[-1]


def test_weeks_that_both_tables_lost_are_no_weeks_off(prop: Prop) -> None:
    """Neither a date far ahead that the context table names nor its last filling speaks of them."""
    prop.load(night(FIRST), night(FIRST + timedelta(days=20)))
    evening = ("check", "--no-site", "--json", "-", "--now", "2025-12-05T23:30:00Z")
    done = prop(*evening, "--from", "2025-11-15", "--to", "2025-12-05")
    assert done.code == 3
    outcomes = [str(day.verdict) for day in done.json.dates]
    assert outcomes == ["passed", *["inconclusive"] * 9, *["passed"] * 11]
    assert "the context table has no row for any of the 10 days after" in done.json.summary


def test_yesterday_had_no_games_when_the_context_table_was_written_since(prop: Prop) -> None:
    prop.load(night(FIRST))
    morning = ("check", "--no-site", "--json", "-", "--from", "2025-11-16", "--now")
    assert prop(*morning, "2025-11-16T22:00:00Z").code == 0
    assert prop(*morning, "2025-11-17T13:00:00Z").code == 3


def test_a_date_after_tomorrow_is_not_known_to_have_no_games(prop: Prop) -> None:
    prop.load(night(FIRST))
    noon = ("check", "--no-site", "--json", "-", "--now", "2025-11-15T18:00:00Z", "--from", "2025-11-16", "--to")
    assert prop(*noon, "2025-11-16").code == 0
    done = prop(*noon, "2025-11-18")
    assert [str(day.verdict) for day in done.json.dates] == ["passed", "inconclusive", "inconclusive"]
    assert "no games on 2025-11-17, 2025-11-18 is not known" in done.json.summary


def test_a_range_of_nothing_at_all_is_inconclusive(prop: Prop) -> None:
    done = prop(*RANGE, "--from", "2025-11-15", "--to", "2025-11-17")
    assert done.code == 3
    assert {day.verdict for day in done.json.dates} == {Outcome.INCONCLUSIVE}


def test_the_python_call_does_what_the_command_does(prop: Prop) -> None:
    prop.load(*nights(2))
    days = [FIRST, FIRST + timedelta(days=1)]
    verdict = check_dates(days, settings=prop.settings, systems=[SYSTEM], written_since=REGENERATED_AT, now=NOW)
    command = prop(*RANGE, "--from", "2025-11-15", "--to", "2025-11-16", *REGENERATION).json
    assert same(verdict) == same(command)
    assert len(prop.stored()) == 2


def same(verdict: Verdict) -> Verdict:
    """The verdict without what no two runs share."""
    return replace(verdict, run_id="", cost=replace(verdict.cost, seconds=0))


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("2026-01-09\n2026-02-30\n", "dates.txt, line 2: '2026-02-30' is no date"),
        ("\n# nothing\n", "dates.txt names no date"),
        ("2026-01-09 2026-01-10\n", "dates.txt, line 1"),
        ("\x00\n", "dates.txt, line 1"),
    ],
)
def test_a_file_with_a_bad_date_names_its_line(prop: Prop, tmp_path: Path, text: str, names: str) -> None:
    (tmp_path / "dates.txt").write_text(text, encoding="utf-8")
    done = prop(*RANGE, "--dates", tmp_path / "dates.txt")
    assert done.code == 2
    assert names in done.err
    assert len(done.err.splitlines()) == 1


def test_a_file_that_is_no_text_or_has_too_many_dates_is_refused(prop: Prop, tmp_path: Path) -> None:
    (tmp_path / "dates.txt").write_bytes(b"\xff\xfe\x00")
    assert "dates.txt is not UTF-8 text (byte 1)" in prop(*RANGE, "--dates", tmp_path / "dates.txt").err
    many = "".join(f"{date(2000, 1, 1) + timedelta(days=n)}\n" for n in range(3661))
    (tmp_path / "dates.txt").write_text(many, encoding="utf-8")
    done = prop(*RANGE, "--dates", tmp_path / "dates.txt")
    assert done.code == 2
    assert "3,661 dates are more than the 3,660" in done.err


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ('{"game_date": "2025-11-15", "player_lookup": "a"}\nnope\n', "roster.jsonl, line 2"),
        ('{"game_date": "2025-11-31", "player_lookup": "a"}\n', "roster.jsonl, line 1"),
        ('{"game_date": "2025-11-15"}\n', "player_lookup"),
        ('{"game_date": "2025-11-15", "player_lookup": 7}\n', "player_lookup is 7"),
        ('["2025-11-15", "a"]\n', "roster.jsonl, line 1"),
        ("", "has no player for 2025-11-15"),
    ],
)
def test_a_roster_file_that_is_wrong_names_its_line(prop: Prop, tmp_path: Path, text: str, names: str) -> None:
    (tmp_path / "roster.jsonl").write_text(text, encoding="utf-8")
    done = prop(*RANGE, "--from", "2025-11-15", "--roster", tmp_path / "roster.jsonl")
    assert done.code == 2
    assert names in done.err
    assert len(done.err.splitlines()) == 1


def test_a_time_out_decides_nothing_and_gives_the_command_for_the_rest(
    prop: Prop, monkeypatch: pytest.MonkeyPatch
) -> None:
    prop.load(*nights(2))
    with troubled(prop.warehouse.endpoint, Trouble(RESULTS, kind="hang")) as address:
        monkeypatch.setenv("BIGQUERY_EMULATOR_HOST", address)
        done = prop(*RANGE, "--from", "2025-11-15", "--to", "2025-11-16", *REGENERATION, "--timeout", "1.5")
    assert done.code == 3
    assert done.json.error is not None
    assert done.json.error.kind == "timed_out"
    monkeypatch.setenv("BIGQUERY_EMULATOR_HOST", prop.warehouse.endpoint)
    assert rerun(prop, done.json).code == 0


def rerun(prop: Prop, verdict: Verdict) -> Done:
    """Run the command that the verdict's note gives."""
    note = next(note for note in verdict.notes if "were not decided" in note)
    command = shlex.split(note.split("run them with: prop-quality ")[1])
    return prop(*command, *RANGE[1:])


def test_what_was_decided_is_kept_and_the_rest_is_a_command(prop: Prop) -> None:
    """Two dates of four have rows and no roster: they cannot be decided, whatever the others say."""
    days = [FIRST + timedelta(days=n) for n in range(4)]
    whole = [night(day) for day in days]
    prop.load(*(replace(one, context_rows=[]) if n in (0, 2) else one for n, one in enumerate(whole)))
    done = prop(*RANGE, "--from", "2025-11-15", "--to", "2025-11-18", *REGENERATION)
    assert done.code == 3
    outcomes = [day.verdict for day in done.json.dates]
    assert outcomes == [Outcome.INCONCLUSIVE, Outcome.PASSED, Outcome.INCONCLUSIVE, Outcome.PASSED]
    note = next(note for note in done.json.notes if "were not decided" in note)
    assert note.startswith("2 of 4 dates were not decided")
    file = re.search(r"--dates (\S+)", note)
    assert file is not None
    assert Path(file[1]).read_text(encoding="utf-8") == "2025-11-15\n2025-11-17\n"
    prop.load(*(replace(whole[n], rows=[]) for n in (0, 2)))
    assert rerun(prop, done.json).code == 0


@pytest.mark.parametrize(("where", "after"), [(RESULTS, 0), (SEND_JOB, 1)])
def test_ctrl_c_keeps_what_was_decided_until_then(
    prop: Prop, monkeypatch: pytest.MonkeyPatch, where: str, after: int
) -> None:
    prop.load(night(FIRST, sourceless), night(FIRST + timedelta(days=1)))
    cancelled, trouble = Trouble(CANCEL_JOB, times=0), Trouble(where, kind="hang", after=after)
    with troubled(prop.warehouse.endpoint, cancelled, trouble) as address:
        monkeypatch.setenv("BIGQUERY_EMULATOR_HOST", address)
        threading.Thread(target=press_ctrl_c, args=(trouble,), daemon=True).start()
        done = prop(*RANGE, "--from", "2025-11-15", "--to", "2025-11-16", *REGENERATION)
    verdict = done.json
    assert prop.stored() == [verdict]
    if after:
        assert done.code == 1
        assert [day.verdict for day in verdict.dates] == [Outcome.FAILED, Outcome.PASSED]
        assert any("the run was interrupted" in note for note in verdict.notes)
    else:
        assert done.code == 3
        assert verdict.error is not None
        assert verdict.error.kind == "interrupted"
        assert any("2 of 2 dates were not decided" in note for note in verdict.notes)
        assert cancelled.seen == 1


@pytest.mark.parametrize(
    "trouble",
    [
        Trouble(SEND_JOB, kind="reset", after=1),
        Trouble(SEND_JOB, 200, kind="garbage", after=1),
        Trouble(SEND_JOB, kind="failed_job", reason="bytesBilledLimitExceeded", message="Query exceeded 1", after=1),
    ],
    ids=lambda trouble: trouble.reason or trouble.kind,
)
def test_a_fault_after_the_first_query_keeps_what_it_decided(
    prop: Prop, monkeypatch: pytest.MonkeyPatch, trouble: Trouble
) -> None:
    prop.load(night(FIRST, sourceless), night(FIRST + timedelta(days=1)))
    with troubled(prop.warehouse.endpoint, replace(trouble)) as address:
        monkeypatch.setenv("BIGQUERY_EMULATOR_HOST", address)
        done = prop(*RANGE, "--from", "2025-11-15", "--to", "2025-11-16", *REGENERATION)
    assert done.code == 1
    assert prop.stored() == [done.json]
    assert [day.verdict for day in done.json.dates] == [Outcome.FAILED, Outcome.PASSED]
    assert any("The failing rows could not be fetched" in note for note in done.json.notes)


def press_ctrl_c(trouble: Trouble) -> None:
    """As soon as the request is waiting."""
    for _ in range(2000):
        if trouble.seen > trouble.after:
            time.sleep(0.2)
            os.kill(os.getpid(), signal.SIGINT)
            return
        time.sleep(0.01)


def test_every_verdict_of_a_long_range_is_valid_and_compact_on_the_screen(prop: Prop) -> None:
    prop.load(*nights(2), night(FIRST + timedelta(days=3), lost), replace(night(date(2026, 11, 15)), rows=[]))
    done = prop("check", "--from", "2025-11-15", "--to", "2026-11-14", "--no-site", "--now", "2026-11-15T23:00:00Z")
    assert done.code == 1
    verdict = valid(prop.stored()[0].to_json())
    assert len(verdict.dates) == 365
    assert "2025-11-18" in done.out
    assert len(done.out.splitlines()) < 70
