"""The jobs as BigQuery would receive them: typed parameters, labels, a cap on bytes. The emulator forgets all three."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

import expectations
from checkpoints import after_batch
from prop_quality.checkpoint import Checkpoint, Request, Run
from prop_quality.embedded import EmbeddedWarehouse
from prop_quality.event import read_event
from prop_quality.scan.parameters import ERAS, GROUPS, SNAPSHOTS
from prop_quality.scan.scope import GivenRoster
from prop_quality.season import NightShape, clean_night
from prop_quality.waivers import Waiver
from tests.prop_quality.troubled import troubled
from tests.warehouse import empty, load_night, settings_of

DAY = date(2026, 2, 3)
NIGHT = clean_night(
    NightShape(seed=3, game_date=DAY, games=2, players=12, revision="prediction-worker-00050-abc", later_event=True)
)
EXPECTED = {
    "first_date": "DATE",
    "game_dates": "ARRAY<DATE>",
    "since": "TIMESTAMP",
    "until": "TIMESTAMP",
    "now": "TIMESTAMP",
    "roster_dates": "ARRAY<DATE>",
    "roster_players": "ARRAY<STRING>",
    "snapshots": SNAPSHOTS,
    "expected_revision": "STRING",
    "eras": ERAS,
    "waiver_0_from": "DATE",
    "waiver_0_player": "STRING",
    "waiver_0_system": "STRING",
}


def written(type_: dict[str, Any]) -> str:
    """A type of the REST interface as SQL writes it."""
    if "arrayType" in type_:
        return f"ARRAY<{written(type_['arrayType'])}>"
    if "structTypes" in type_:
        fields = (f"{one['name']} {written(one['type'])}" for one in type_["structTypes"])
        return f"STRUCT<{', '.join(fields)}>"
    return str(type_["type"])


@pytest.fixture(scope="module")
def jobs(warehouse: EmbeddedWarehouse, tmp_path_factory: pytest.TempPathFactory) -> list[dict[str, Any]]:
    """The configurations of both queries of a run that fails, with a snapshot, a waiver and an expected worker."""
    empty(warehouse)
    settings = settings_of(warehouse, tmp_path_factory.mktemp("jobs"))
    rows = [row | {"current_points_line": 20.0} for row in NIGHT.rows]
    settings = load_night(warehouse, settings, replace(NIGHT, rows=rows))
    waiver = Waiver("line_not_placeholder", DAY, DAY, "a reason", "an owner", DAY, DAY + timedelta(days=9), "somebody")
    whole = after_batch.checkpoint()
    checkpoint = Checkpoint("after_batch", whole.suites, expectations.load, whole.registry, (waiver,))
    heard: list[Any] = []
    players = tuple((DAY, row["player_lookup"]) for row in NIGHT.rows)
    with troubled(warehouse.endpoint, heard=heard) as address:
        event = read_event(NIGHT.event, table=settings.table, now=NIGHT.now)
        request = Request(
            dates=(DAY,),
            now=NIGHT.now,
            event=event,
            expected_revision="prediction-worker-00050-abc",
            roster=GivenRoster("a snapshot", players, {DAY: NIGHT.started_at}),
        )
        verdict = Run(checkpoint, after_batch.request(request), replace(settings, emulator_host=address)).verdict()
    assert verdict.error is None
    assert verdict.cost.jobs == 2
    return [one["configuration"] for one in heard]


def types_of(job: dict[str, Any]) -> dict[str, str]:
    return {one["name"]: written(one["parameterType"]) for one in job["query"]["queryParameters"]}


def test_both_queries_go_out_as_jobs_and_nothing_else_does(jobs: list[dict[str, Any]]) -> None:
    assert len(jobs) == 2
    assert all(job["query"]["useLegacySql"] is False for job in jobs)


def test_parameters_are_sent_with_the_types_that_the_analyzer_was_told(jobs: list[dict[str, Any]]) -> None:
    scan, failing = map(types_of, jobs)
    assert {name: scan[name] for name in EXPECTED} == EXPECTED
    assert failing["failing_groups"] == GROUPS


def test_every_parameter_that_is_named_is_sent_and_no_other(jobs: list[dict[str, Any]]) -> None:
    for job in jobs:
        assert set(re.findall(r"@`?(\w+)`?", job["query"]["query"])) == set(types_of(job))


def test_values_that_are_not_known_are_sent_as_null(jobs: list[dict[str, Any]]) -> None:
    values = {one["name"]: one["parameterValue"] for one in jobs[0]["query"]["queryParameters"]}
    assert values["waiver_0_system"].get("value") is None
    assert values["waiver_0_player"]["value"] == "somebody"


def test_each_job_is_labelled_and_capped(jobs: list[dict[str, Any]]) -> None:
    for job in jobs:
        assert job["labels"] == {"tool": "prop-quality", "checkpoint": "after_batch"}
        assert int(job["query"]["maximumBytesBilled"]) == 1024**3
