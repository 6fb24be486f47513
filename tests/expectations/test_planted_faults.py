"""A fault of each kind, planted into a clean night, is found by the check that is named for it, and by no other."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from prop_quality.embedded import EmbeddedWarehouse
from prop_quality.season import FAULTS, Fault
from prop_quality.verdict import Outcome
from tests.expectations.nightly import failed, verdict_of
from tests.expectations.test_every_check_is_complete import CHECKS

KINDS = sorted({check for fault in FAULTS for check in fault.checks if fault.detected})
WITHIN = [fault for fault in FAULTS if not fault.detected]
SEEDS = st.integers(0, 500)


def test_there_is_a_fault_for_every_check_but_those_of_the_watch() -> None:
    without = set(CHECKS) - set(KINDS)
    assert without == {"games_known", "batch_present", "checkpoint_ran"}, "plant one in prop_quality/season/faults/"


@pytest.mark.parametrize("check_id", KINDS)
def test_a_planted_fault_is_found(
    check_id: str, warehouse: EmbeddedWarehouse, tmp_path_factory: pytest.TempPathFactory
) -> None:
    of_this_kind = [fault for fault in FAULTS if fault.detected and check_id in fault.checks]

    @settings(max_examples=1)
    @given(fault=st.sampled_from(of_this_kind), seed=SEEDS)
    def found(fault: Fault, seed: int) -> None:
        verdict = verdict_of(warehouse, tmp_path_factory.getbasetemp(), fault.build(seed))
        said = failed(verdict)
        assert set(fault.checks) <= set(said) <= {*fault.checks, *fault.may}
        assert min(said[check] for check in fault.checks) == fault.severity
        assert verdict.verdict is (Outcome.FAILED if "critical" in said.values() else Outcome.PASSED)
        assert verdict.cost.jobs <= 2

    found()


@settings(max_examples=4)
@given(fault=st.sampled_from(WITHIN), seed=SEEDS)
def test_a_fault_within_the_limits_is_not_reported(
    fault: Fault, seed: int, warehouse: EmbeddedWarehouse, tmp_path_factory: pytest.TempPathFactory
) -> None:
    verdict = verdict_of(warehouse, tmp_path_factory.getbasetemp(), fault.build(seed))
    assert failed(verdict) == {}
