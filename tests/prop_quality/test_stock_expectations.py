"""Ordinary expectations of Great Expectations beside ours: they are asked, they are shown, and they count."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import great_expectations.expectations as gxe
import pytest
from great_expectations.expectations.metadata_types import FailureSeverity

import checkpoints
import expectations
from prop_quality.checkpoint import Checkpoint, Request, Run
from prop_quality.embedded import EmbeddedWarehouse
from prop_quality.season import NightShape, clean_night
from prop_quality.settings import Settings
from prop_quality.suite import Check, Severity, StockCheck, Suite
from prop_quality.verdict import Outcome, Verdict
from tests.prop_quality.troubled import closed_port
from tests.prop_quality.verdicts import valid
from tests.warehouse import load_night

NIGHT = clean_night(NightShape(seed=61, game_date=date(2026, 1, 20), games=1, players=10))
OURS = Check("line_source_known", Severity.CRITICAL)


def run(settings: Settings, *stock: StockCheck) -> Verdict:
    suite = Suite("mine", "What this team adds.", (OURS, *stock))
    checkpoint = Checkpoint("date_range", (suite,), expectations.load, checkpoints.REGISTRY)
    verdict = Run(checkpoint, Request((NIGHT.game_date,), NIGHT.now), settings).verdict()
    return valid(verdict.to_json())


@pytest.fixture
def loaded(warehouse: EmbeddedWarehouse, settings: Settings) -> Settings:
    load_night(warehouse, settings, NIGHT)
    return settings


def test_a_stock_expectation_that_holds_is_shown_as_passed(loaded: Settings) -> None:
    verdict = run(
        loaded,
        StockCheck(lambda: gxe.ExpectColumnValuesToNotBeNull(column="game_id", severity=FailureSeverity.CRITICAL)),
    )
    assert [check.id for check in verdict.checks] == [
        "line_source_known",
        "expect_column_values_to_not_be_null_game_id",
    ]
    assert verdict.checks[1].outcome is Outcome.PASSED
    assert verdict.checks[1].rows_examined == len([row for row in NIGHT.rows if row["is_active"]])
    assert verdict.verdict is Outcome.PASSED


def test_one_that_does_not_hold_fails_the_verdict(loaded: Settings) -> None:
    check = StockCheck(lambda: gxe.ExpectColumnValuesToBeNull(column="game_id", severity=FailureSeverity.CRITICAL))
    verdict = run(loaded, check, check)
    assert [c.id for c in verdict.failed()] == [
        "expect_column_values_to_be_null_game_id",
        "expect_column_values_to_be_null_game_id_2",
    ]
    assert verdict.verdict is Outcome.FAILED
    assert verdict.failed()[0].failing_rows == verdict.failed()[0].rows_examined


def test_a_warning_of_one_is_a_warning(loaded: Settings) -> None:
    check = StockCheck(lambda: gxe.ExpectColumnValuesToBeNull(column="game_id", severity=FailureSeverity.WARNING))
    verdict = run(loaded, check)
    assert verdict.failed()[0].severity is Severity.WARNING
    assert verdict.verdict is Outcome.PASSED


def test_one_that_cannot_be_evaluated_is_inconclusive(loaded: Settings) -> None:
    check = StockCheck(
        lambda: gxe.ExpectColumnValuesToNotBeNull(column="no_such_column", severity=FailureSeverity.CRITICAL)
    )
    verdict = run(loaded, check)
    assert verdict.checks[1].outcome is Outcome.INCONCLUSIVE
    assert verdict.verdict is Outcome.INCONCLUSIVE


def test_over_no_rows_it_is_inconclusive_where_great_expectations_passes(settings: Settings) -> None:
    check = StockCheck(lambda: gxe.ExpectColumnValuesToNotBeNull(column="game_id", severity=FailureSeverity.CRITICAL))
    assert run(settings, check).checks[1].outcome is Outcome.INCONCLUSIVE


def test_what_is_required_beside_ours_is_part_of_the_fingerprint(settings: Settings) -> None:
    elsewhere = replace(settings, emulator_host=closed_port())
    for_null, for_value = (
        StockCheck(lambda: gxe.ExpectColumnValuesToBeNull(column="game_id", severity=FailureSeverity.CRITICAL)),
        StockCheck(lambda: gxe.ExpectColumnValuesToNotBeNull(column="game_id", severity=FailureSeverity.CRITICAL)),
    )
    verdicts = [run(elsewhere, one) for one in (for_null, for_value)]
    assert verdicts[0].provenance.suite_fingerprint != verdicts[1].provenance.suite_fingerprint
    assert {check.outcome for check in verdicts[0].checks} == {Outcome.INCONCLUSIVE}
    assert len(verdicts[0].checks) == 2
