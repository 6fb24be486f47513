"""On the same rows our checks and stock Great Expectations say the same, and count the same."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date, timedelta
from itertools import groupby
from random import Random
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

import checkpoints
import expectations
from checkpoints import after_batch
from prop_quality.checkpoint import Checkpoint, Request, Run
from prop_quality.embedded import EmbeddedWarehouse
from prop_quality.event import read_event
from prop_quality.season import Night, NightShape, Row, clean_night
from prop_quality.season.rows import copy_of
from prop_quality.suite import StockCheck, Suite
from prop_quality.verdict import CheckResult, Outcome
from tests.expectations.play import check_of
from tests.expectations.stock import TWINS, Twin
from tests.warehouse import empty, load_night, settings_of

Mutate = Callable[[Sequence[Row], Night], Sequence[Row]]


def _set(**values: Any) -> Mutate:
    return lambda rows, night: [row | values for row in rows]


def _twice(rows: Sequence[Row], night: Night) -> Sequence[Row]:
    dice = Random(len(rows))
    return [one for row in rows for one in (row, copy_of(row, dice))]


MUTATIONS: dict[str, Mutate] = {
    "placeholder": _set(current_points_line=20.0),
    "between steps": _set(current_points_line=11.9),
    "line too low": _set(current_points_line=4.5),
    "line too high": _set(current_points_line=50.5),
    "no source": _set(line_source=None),
    "source of another time": _set(line_source="NO_PROP_LINE"),
    "bootstrap": _set(line_source="NEEDS_BOOTSTRAP"),
    "no flag": _set(has_prop_line=False),
    "unknown system": _set(system_id="moving_average_baseline_v1"),
    "gone": lambda rows, night: [],
    "players gone": lambda rows, night: [],
    "stranger": _set(player_lookup="somebodyelse"),
    "future": lambda rows, night: [row | {"created_at": night.now + timedelta(hours=5)} for row in rows],
    "same id": _set(prediction_id="5f0c1a52-ab00-4000-a000-0000000000e1"),
    "no uuid": lambda rows, night: [row | {"prediction_id": f"id-{i}"} for i, row in enumerate(rows)],
    "key twice": _twice,
    "odd game": _set(game_id="LAL@BOS"),
    "too many points": _set(predicted_points=72.4),
    "below nothing": _set(predicted_points=-3.1),
    "clamped": _set(predicted_points=60.0),
    "percent": _set(confidence_score=84.0),
    "hold": _set(recommendation="HOLD"),
    "pass without a line": _set(recommendation="PASS", current_points_line=None, line_margin=None),
    "against its numbers": lambda rows, night: [
        row | {"recommendation": "UNDER" if row["predicted_points"] > row["current_points_line"] else "OVER"}
        for row in rows
    ],
    "margin of another line": lambda rows, night: [
        row | {"line_margin": round(row["line_margin"] + 2.0, 2)} for row in rows
    ],
}
# Rows of a system whose confidences were converted by hand lie on another scale, legally.
_NOT_CONVERTED = {"percent"}
CLEAN = clean_night(NightShape(seed=11, game_date=date(2026, 1, 15), games=2, players=12, unlined_share=0.2))


def batch_of(plan: Sequence[tuple[str, int]], seed: int) -> Night:
    """The clean night with each mutation of `plan` done to so many rows, no row twice."""
    dice = Random(seed)
    rows = list(CLEAN.rows)
    dice.shuffle(rows)
    done: list[Row] = []
    for name, count in plan:
        if name == "players gone":
            names = {row["player_lookup"] for row in rows[:count]}
            rows = [row for row in rows if row["player_lookup"] not in names]
            continue
        able = [row for row in rows if name not in _NOT_CONVERTED or row["system_id"] != "catboost_v8"]
        able = [row for row in able if row["line_source"] == "ACTUAL_PROP"][:count]
        chosen = {id(row) for row in able}
        rows = [row for row in rows if id(row) not in chosen]
        done.extend(MUTATIONS[name](able, CLEAN))
    return replace(CLEAN, rows=rows + done)


def verdicts(warehouse: EmbeddedWarehouse, state: Any, night: Night) -> dict[str, list[CheckResult]]:
    """For each twin: what our check says, then what the stock expectations say, in one run of the checkpoint."""
    empty(warehouse)
    loaded = load_night(warehouse, settings_of(warehouse, state), night)
    suites = tuple(_suite(twin) for twin in TWINS)
    checkpoint = Checkpoint("equality", suites, expectations.load, checkpoints.REGISTRY)
    event = read_event(night.event, table=loaded.table, now=night.now)
    request = after_batch.request(Request(dates=(night.game_date,), now=night.now, event=event))
    verdict = Run(checkpoint, request, loaded).verdict()
    assert verdict.error is None, verdict.error
    by_suite = sorted(verdict.checks, key=lambda check: check.suite)
    return {
        suite: sorted(checks, key=lambda check: check.id != suite)
        for suite, checks in groupby(by_suite, key=lambda check: check.suite)
    }


def _suite(twin: Twin) -> Suite:
    _, ours = check_of(twin.check, "after_batch")
    beside = tuple(_beside(one) for one in twin.make(CLEAN))
    return Suite(twin.check, "What stock Great Expectations says too.", (ours, *beside))


def _beside(expectation: Any) -> StockCheck:
    return StockCheck(lambda: expectation)


KINDS = st.lists(st.tuples(st.sampled_from(sorted(MUTATIONS)), st.integers(1, 4)), min_size=1, max_size=9)
EVERYTHING = [(name, 2) for name in sorted(MUTATIONS)]


@settings(max_examples=1)
@given(plan=KINDS, seed=st.integers(0, 2**16))
@example(plan=[], seed=0)
@example(plan=EVERYTHING, seed=1)
@example(plan=[("clamped", 4), ("gone", 9), ("key twice", 3)], seed=2)
def test_verdict_and_count_are_those_of_stock_great_expectations(
    plan: list[tuple[str, int]], seed: int, warehouse: EmbeddedWarehouse, tmp_path_factory: pytest.TempPathFactory
) -> None:
    found = verdicts(warehouse, tmp_path_factory.getbasetemp(), batch_of(plan, seed))
    assert set(found) == {twin.check for twin in TWINS}
    for twin in TWINS:
        ours, *stock = found[twin.check]
        assert len(stock) == len(twin.make(CLEAN))
        assert {one.outcome for one in stock} <= {Outcome.PASSED, Outcome.FAILED}, [one.reason for one in stock]
        failed = any(one.outcome is Outcome.FAILED for one in stock)
        said = f"{twin.check}: {ours.reason} {[one.reason for one in stock]}"
        assert ours.outcome is (Outcome.FAILED if failed else Outcome.PASSED), said
        if twin.counts:
            assert ours.failing_rows == sum(one.failing_rows for one in stock), said
