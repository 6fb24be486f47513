"""What was planted, what the engine says, and what an oracle in plain Python says: three ways that must agree.

The oracle (`judge.py`) was written from the interface page alone and shares no code with the engine.
"""

from __future__ import annotations

from pathlib import Path
from random import Random

import pytest

from prop_quality.api import check_batch
from prop_quality.embedded import EmbeddedWarehouse
from prop_quality.season import FAULTS, INCIDENTS, Fault, Incident, NightShape, clean_night, random_shape
from prop_quality.settings import Settings
from prop_quality.verdict import Outcome
from tests.nights import Judge, Slots, failures, slim
from tests.prop_quality.season import judge as oracle
from tests.warehouse import load_night, settings_of

CLEAN_NIGHTS = 8


@pytest.fixture(scope="module")
def judge(warehouse: EmbeddedWarehouse, tmp_path_factory: pytest.TempPathFactory) -> Judge:
    state: Path = tmp_path_factory.mktemp("state")
    return Judge.of(warehouse, settings_of(warehouse, state, book_lines=True))


@pytest.fixture(scope="module")
def slots(warehouse: EmbeddedWarehouse) -> Slots:
    found = Slots(warehouse)
    found.clear()
    return found


def test_every_fault_is_what_it_says_whatever_the_seed() -> None:
    for fault in FAULTS:
        for seed in (1, 2):
            assert_as_planted(fault, oracle.failures(fault.build(seed)))


def assert_as_planted(fault: Fault, found: dict[str, str]) -> None:
    if not fault.detected:
        assert found == {}, fault.id
        return
    assert set(fault.checks) <= set(found) <= {*fault.checks, *fault.may}, fault.id
    assert min(found[check] for check in fault.checks) == fault.severity, fault.id  # critical comes before warning


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.id)
def test_fault_is_found_by_its_checks_and_by_no_other(judge: Judge, slots: Slots, fault: Fault) -> None:
    night = slots.place(fault).build()
    judgements = judge.judgements(night)
    found = failures(judgements)
    assert found == oracle.failures(night)
    assert {judgements[check].outcome for check in fault.doubts} <= {Outcome.INCONCLUSIVE}
    assert_as_planted(fault, found)


@pytest.mark.parametrize("incident", INCIDENTS, ids=lambda incident: incident.id)
def test_a_whole_run_catches_the_incident_and_shows_its_rows(
    warehouse: EmbeddedWarehouse, settings: Settings, tmp_path: Path, incident: Incident
) -> None:
    night = incident.build()
    settings = load_night(warehouse, settings_of(warehouse, tmp_path, book_lines=True), slim(night))
    verdict = check_batch(
        night.event, settings=settings, now=night.now, expect_revision=night.expect_revision, keep=False
    )
    found = {check.id: str(check.severity) for check in verdict.failed()}
    assert found == oracle.failures(night)
    assert set(incident.fails) <= set(found) <= {*incident.fails, *incident.may_fail}
    assert verdict.verdict == incident.verdict
    assert verdict.cost.jobs <= 2


def _clean_shapes() -> list[NightShape]:
    rng = Random(20260117)
    return [random_shape(rng) for _ in range(CLEAN_NIGHTS)]


@pytest.mark.parametrize("shape", _clean_shapes(), ids=lambda shape: f"{shape.game_date}-{shape.seed}")
def test_nothing_is_reported_of_a_clean_night(judge: Judge, slots: Slots, shape: NightShape) -> None:
    slots.clear()
    night = clean_night(shape)
    judgements = judge.judgements(night)
    assert failures(judgements) == {} == oracle.failures(night)
    assert [name for name, one in judgements.items() if one.outcome is Outcome.INCONCLUSIVE] == []
