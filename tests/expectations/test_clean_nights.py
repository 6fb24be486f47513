"""Nights on which all is well, of every shape on record: no check fails, and none is in doubt."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, time
from pathlib import Path
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from prop_quality.embedded import EmbeddedWarehouse
from prop_quality.season import NightShape, clean_night, random_shape
from prop_quality.season.shape import eastern
from prop_quality.verdict import Outcome
from tests.expectations.nightly import failed, not_passed, verdict_of

JANUARY, FEBRUARY = date(2026, 1, 15), date(2026, 2, 10)
ORDINARY = NightShape(seed=7, game_date=JANUARY, games=4, players=48)
SHAPES = {
    "several lines a player": replace(ORDINARY, multi_line=True, unlined_share=0.4),
    "a system that covers fewer players": replace(ORDINARY, similarity_share=0.8),
    "a re-run that only updates": replace(ORDINARY, rerun=True),
    "tomorrow's batch": replace(ORDINARY, starts_at=eastern(date(2026, 1, 14), time(18, 0))),
    "superseded history": replace(ORDINARY, history_share=0.15),
    "the context table rewritten a day later": replace(ORDINARY, context_rewritten=True),
    "ids of the league": replace(ORDINARY, league_ids=True),
    "the later producer's event": replace(ORDINARY, game_date=FEBRUARY, later_event=True),
    "rows and event name their worker": replace(
        ORDINARY, game_date=FEBRUARY, later_event=True, revision="prediction-worker-00050-abc"
    ),
    "books that post exactly 20.0": replace(ORDINARY, real_twenties=2),
    "players without a line": replace(ORDINARY, game_date=date(2026, 1, 27), unlined_share=0.08),
    "a regeneration weeks later": replace(
        ORDINARY, batch_id="regen_2026-01-15_1769900000", starts_at=eastern(date(2026, 2, 1), time(12, 0))
    ),
    "the first era": replace(ORDINARY, game_date=date(2025, 11, 12)),
    "seven systems": replace(ORDINARY, game_date=date(2026, 1, 20)),
    "three systems": replace(ORDINARY, game_date=date(2026, 3, 3), later_event=True),
    "one game, eight players": replace(ORDINARY, games=1, players=8),
    "all of it at once": replace(
        ORDINARY,
        multi_line=True,
        unlined_share=0.3,
        rerun=True,
        history_share=0.1,
        context_rewritten=True,
        league_ids=True,
        real_twenties=1,
    ),
}


@pytest.mark.parametrize("shape", SHAPES.values(), ids=SHAPES.keys())
def test_a_clean_night_raises_no_alarm(shape: NightShape, warehouse: EmbeddedWarehouse, tmp_path: Path) -> None:
    verdict = verdict_of(warehouse, tmp_path, clean_night(shape))
    assert not_passed(verdict) == {}
    assert verdict.verdict is Outcome.PASSED
    assert verdict.cost.jobs == 1


def test_tomorrows_batch_before_the_books_open_raises_no_alarm(warehouse: EmbeddedWarehouse, tmp_path: Path) -> None:
    evening = eastern(date(2026, 1, 26), time(18, 0))
    shape = replace(ORDINARY, game_date=date(2026, 1, 27), starts_at=evening, unlined_share=1.0)
    verdict = verdict_of(warehouse, tmp_path, clean_night(shape))
    assert verdict.verdict is Outcome.PASSED
    assert set(not_passed(verdict)) == {"lines_available", "rows_active", "direction_balanced", "mean_margin_small"}
    assert failed(verdict) == {}


@settings(max_examples=5)
@given(seed=st.integers(0, 2**32))
def test_no_clean_night_of_any_shape_raises_an_alarm(
    seed: int, warehouse: EmbeddedWarehouse, tmp_path_factory: pytest.TempPathFactory
) -> None:
    shape = random_shape(Random(seed))
    small = replace(shape, players=min(shape.players, 60), games=min(shape.games, 5))
    verdict = verdict_of(warehouse, tmp_path_factory.getbasetemp(), clean_night(small))
    assert failed(verdict) == {}
    assert verdict.verdict is Outcome.PASSED
