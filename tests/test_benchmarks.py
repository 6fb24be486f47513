"""The benchmark compares like with like: the query by hand and the stock suite find what the checkpoint finds."""

from __future__ import annotations

from datetime import date

import pytest

from benchmarks.hand_written import ask, failed
from prop_quality.api import check_batch
from prop_quality.embedded import EmbeddedWarehouse
from prop_quality.event import read_event
from prop_quality.season import INCIDENTS, Night, NightShape, clean_night, systems_on
from prop_quality.settings import Settings
from prop_quality.warehouse import Warehouse
from tests.warehouse import load_night, settings_of

CLEAN = clean_night(NightShape(seed=7, game_date=date(2026, 1, 15), players=60, games=5, multi_line=True, rerun=True))
# A third of the incidents; those with columns of their own lie in another table than the query's.
BY_HAND = {incident.id: incident.build() for incident in INCIDENTS[::3] if not incident.build().extra_columns}
# What the query by hand does not look at: it has no columns for it, or is of one date and one table of January.
UNASKED = {"revision_single", "revision_expected", "games_not_postponed", "required_columns_present"}


def by_hand(night: Night, settings: Settings) -> set[str]:
    event = read_event(night.event, table=settings.table, now=night.now)
    return failed(ask(Warehouse(settings, {}).client, event, systems_on(night.game_date), night.now))


def checkpoint(night: Night, settings: Settings) -> set[str]:
    verdict = check_batch(night.event, settings=settings, now=night.now, keep=False)
    return {check.id for check in verdict.failed()} - UNASKED


@pytest.mark.parametrize("name", ["clean", *BY_HAND])
def test_the_query_by_hand_finds_what_the_checkpoint_finds(
    name: str, warehouse: EmbeddedWarehouse, settings: Settings
) -> None:
    night = CLEAN if name == "clean" else BY_HAND[name]
    settings = load_night(warehouse, settings_of(warehouse, settings.state_dir, book_lines=True), night)
    assert by_hand(night, settings) == checkpoint(night, settings)
