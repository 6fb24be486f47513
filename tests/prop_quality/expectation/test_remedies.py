"""Every failure comes with something to paste: the statement runs as it stands and shows exactly what failed."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest

from prop_quality.api import check_batch, check_dates
from prop_quality.embedded import EmbeddedWarehouse
from prop_quality.season import FAULTS, Night, clean_night
from prop_quality.season.faults.fault import JANUARY
from prop_quality.season.rows import copy_of
from prop_quality.season.shape import dice
from prop_quality.settings import Settings
from prop_quality.verdict import CheckResult, Verdict
from tests.warehouse import load_night, settings_of

PLANTS = {fault.id: fault for fault in FAULTS}
# One fault a check, so that a single night fails nearly all that rows can fail.
ALL_AT_ONCE = (
    *("placeholder_five_rows", "source_missing_one_row", "constant_line_just_over_half", "third_of_players_lost"),
    *("system_misspelt", "many_uninvited_players", "stale_pairs_below_95", "created_in_the_future"),
    *("one_player_not_completed", "fifty_players_claimed_too_many", "six_lines_for_one_pair"),
    *("same_prediction_id_twice", "five_keys_twice", "uuids_with_a_prefix", "game_id_other_form"),
    *("actual_line_without_flag", "margin_of_another_line", "under_above_the_line", "lines_between_the_steps"),
    *("points_just_too_high", "confidences_in_percent", "edges_below_the_line", "half_of_the_rows_inactive"),
)
ALONE = (
    *("system_absent", "model_stuck_at_half", "nearly_all_over", "most_lines_missing", "game_postponed"),
    *("rows_of_an_old_worker", "no_rows_at_all", "margin_column_lost", "confidences_on_two_scales"),
    *("confidences_on_the_old_scale", "constant_line_just_over_half"),
)

CHANGES = re.compile(r"\b(UPDATE|DELETE|INSERT|MERGE|DROP|TRUNCATE|ALTER|CREATE)\b")


def bad_night() -> Night:
    night, rng = clean_night(JANUARY), dice(5)
    for fault_id in ALL_AT_ONCE:
        night = PLANTS[fault_id].plant(night, rng)
    return night


def checked(warehouse: EmbeddedWarehouse, tmp_path: Path, night: Night) -> Verdict:
    settings = load_night(warehouse, settings_of(warehouse, tmp_path, book_lines=True), night)
    return check_batch(night.event, settings=settings, now=night.now, expect_revision=night.expect_revision, keep=False)


def shows_what_failed(warehouse: EmbeddedWarehouse, check: CheckResult) -> None:
    assert check.remedy is not None
    assert "@" not in check.remedy
    rows = warehouse.execute(check.remedy)
    if check.remedy.startswith("-- the failing rows of"):
        assert len(rows) == check.failing_rows, check.id


@pytest.mark.usefixtures("settings")
def test_the_remedies_of_a_very_bad_night_run_show_what_failed_and_change_nothing(
    warehouse: EmbeddedWarehouse, tmp_path: Path
) -> None:
    verdict = checked(warehouse, tmp_path, bad_night())
    assert len(verdict.failed()) >= 22
    for check in verdict.failed():
        shows_what_failed(warehouse, check)
        assert not CHANGES.search(check.remedy or ""), check.id


@pytest.mark.parametrize("fault_id", ALONE)
@pytest.mark.usefixtures("settings")
def test_the_remedies_of_one_fault_run_and_show_what_failed(
    warehouse: EmbeddedWarehouse, tmp_path: Path, fault_id: str
) -> None:
    verdict = checked(warehouse, tmp_path, PLANTS[fault_id].build())
    assert verdict.failed()
    for check in verdict.failed():
        shows_what_failed(warehouse, check)


@pytest.mark.usefixtures("settings")
def test_the_missing_players_come_in_the_order_in_which_to_run_them_again(
    warehouse: EmbeddedWarehouse, tmp_path: Path
) -> None:
    verdict = checked(warehouse, tmp_path, PLANTS["third_of_players_lost"].build())
    check = verdict.check("players_covered")
    assert check.remedy is not None
    rows = warehouse.execute(check.remedy)
    lines = [float(row["line"] or 0) for row in rows]
    assert len(rows) == check.failing_rows == 33
    assert lines == sorted(lines, reverse=True)
    assert [row["player_lookup"] for row in rows[:20]] == [row["player_lookup"] for row in check.sample]
    assert '-d \'{"game_date": "2026-01-15", "min_minutes": 15, "force": true}\'' in check.remedy


@pytest.mark.usefixtures("settings")
def test_duplicates_stand_beside_their_twins_with_their_ids(warehouse: EmbeddedWarehouse, tmp_path: Path) -> None:
    verdict = checked(warehouse, tmp_path, PLANTS["five_keys_twice"].build())
    remedy = verdict.check("business_key_unique").remedy
    assert remedy is not None
    rows = warehouse.execute(remedy)
    keys = [(row["game_id"], row["player_lookup"], row["system_id"], row["current_points_line"]) for row in rows]
    assert keys[::2] == keys[1::2]
    assert len({row["prediction_id"] for row in rows}) == 10
    assert all(first["written_at"] > second["written_at"] for first, second in zip(rows[::2], rows[1::2], strict=True))


def test_a_remedy_for_many_dates_stays_short_and_says_what_it_leaves_out(
    warehouse: EmbeddedWarehouse, settings: Settings
) -> None:
    first = date(2025, 11, 1)
    days = [first + timedelta(days=2 * n) for n in range(70)]
    rows = [row | {"line_margin": 9.99} for day in days for row in _few_rows(day)]
    night = replace(clean_night(JANUARY), rows=rows, context_rows=[], book_lines=[])
    verdict = check_dates(
        days, settings=load_night(warehouse, settings, night), now=night.now + timedelta(days=200), keep=False
    )
    remedy = verdict.check("margin_agrees").remedy
    assert remedy is not None
    assert "the first 60 of 70 failed dates" in remedy
    assert len(remedy) < 10_000


def _few_rows(day: date) -> list[dict[str, object]]:
    return clean_night(replace(JANUARY, game_date=day, players=2, games=1, ineligible=0, unlined_share=0.0)).rows


@pytest.mark.usefixtures("settings")
def test_the_missing_of_a_roster_from_a_file_are_named_too(warehouse: EmbeddedWarehouse, tmp_path: Path) -> None:
    night = clean_night(JANUARY)
    settings = load_night(warehouse, settings_of(warehouse, tmp_path), replace(night, context_rows=[]))
    names = [*{row["player_lookup"] for row in night.rows}, "nobodyknown", "nobodyelse"]
    roster = tmp_path / "roster.jsonl"
    roster.write_text(
        "\n".join(json.dumps({"game_date": str(night.game_date), "player_lookup": name}) for name in names)
    )
    verdict = check_batch(night.event, settings=settings, now=night.now, roster=roster, keep=False)
    remedy = verdict.check("players_covered").remedy
    assert remedy is not None
    assert [row["player_lookup"] for row in warehouse.execute(remedy)] == ["nobodyelse", "nobodyknown"]


@pytest.mark.usefixtures("settings")
def test_the_rows_of_uninvited_players_say_how_many_players_they_leave_out(
    warehouse: EmbeddedWarehouse, tmp_path: Path
) -> None:
    night = clean_night(JANUARY)
    row, rng = night.rows[0], dice(7)
    uninvited = [copy_of(row, rng, player_lookup=f"nobody{n:02d}") for n in range(60)]
    remedy = checked(warehouse, tmp_path, replace(night, rows=night.rows + uninvited)).check("players_expected").remedy
    assert remedy is not None
    assert remedy.startswith(
        "-- the active rows of players who are not expected on 2026-01-15, 50 of them; 10 more are not named here:"
    )
    assert len(warehouse.execute(remedy)) == 50
