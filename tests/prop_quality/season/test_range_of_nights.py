"""One query over many nights says of each what its own checkpoint would say, and of the range what is wrong in it."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from prop_quality.api import check_dates
from prop_quality.embedded import EmbeddedWarehouse
from prop_quality.season import FAULTS, Night
from prop_quality.verdict import Outcome
from tests.nights import Slots, slim
from tests.prop_quality.season import judge as oracle
from tests.warehouse import load_night, settings_of

# Without an event nothing says when a batch started or what it claims.
NEED_A_BATCH = {
    *("rows_fresh", "latest_write_recent", "created_at_not_future", "created_near_game"),
    *("claim_consistent", "claim_stored", "claim_not_exceeded", "revision_single"),
}
ONE_A_DATE = (
    *("placeholder_five_rows", "same_prediction_id_twice", "five_keys_twice", "game_id_other_form"),
    *("players_lost_below_95", "model_stuck_at_half", "estimate_out_of_its_time"),
    *("most_lines_missing", "keys_without_line_ten_times", "confidences_on_two_scales", "system_of_yesterday"),
    *("half_of_the_rows_inactive", "nearly_all_over", "confidences_on_the_old_scale"),
)


def nights(warehouse: EmbeddedWarehouse) -> list[Night]:
    slots = Slots(warehouse)
    slots.clear()
    by_id = {fault.id: fault for fault in FAULTS}
    return [slim(slots.place(by_id[fault_id]).build()) for fault_id in ONE_A_DATE]


def test_each_date_of_a_range_fails_by_what_is_wrong_with_it(warehouse: EmbeddedWarehouse, tmp_path: Path) -> None:
    found = nights(warehouse)
    settings = load_night(warehouse, settings_of(warehouse, tmp_path, book_lines=True), *found)
    now = max(night.now for night in found) + timedelta(days=30)
    verdict = check_dates([night.game_date for night in found], settings=settings, now=now, keep=False)
    said = {one.game_date: set(one.failed_checks) for one in verdict.dates}
    assert said == {night.game_date: set(oracle.failures(night)) - NEED_A_BATCH for night in found}
    assert verdict.verdict is Outcome.FAILED
    assert verdict.cost.jobs == 2
    assert verdict.rows_examined == sum(len(night.rows) for night in found)
    failed_somewhere = set().union(*said.values())
    assert {check.id for check in verdict.failed()} == failed_somewhere
