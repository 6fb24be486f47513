"""The one rule that decides, and the JSON that other programs read."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from prop_quality.verdict import CheckResult, ExitCode, Outcome, Severity, Verdict, decide, parse_time
from tests.prop_quality.test_store import verdict
from tests.prop_quality.verdicts import valid

FAILED, PASSED, DOUBT, SKIPPED = Outcome.FAILED, Outcome.PASSED, Outcome.INCONCLUSIVE, Outcome.SKIPPED


def check(outcome: Outcome, severity: Severity = Severity.CRITICAL) -> CheckResult:
    return CheckResult("a_check", "a_suite", severity, outcome, "It says so.")


@pytest.mark.parametrize(
    ("critical", "warnings", "expected"),
    [
        ([], [], DOUBT),
        ([PASSED], [], PASSED),
        ([PASSED], [FAILED], PASSED),
        ([PASSED], [DOUBT], PASSED),
        ([PASSED, SKIPPED], [], PASSED),
        ([SKIPPED], [PASSED], DOUBT),
        ([PASSED, DOUBT], [], DOUBT),
        ([PASSED, DOUBT, FAILED], [], FAILED),
        ([FAILED], [PASSED], FAILED),
    ],
)
def test_failed_beats_doubt_beats_passed_and_nothing_never_passes(
    critical: list[Outcome], warnings: list[Outcome], expected: Outcome
) -> None:
    checks = [check(one) for one in critical] + [check(one, Severity.WARNING) for one in warnings]
    assert decide(checks) is expected


@given(st.lists(st.sampled_from(Outcome)))
def test_a_run_passes_only_when_a_critical_check_did_and_none_failed_or_was_in_doubt(outcomes: list[Outcome]) -> None:
    passed = decide(check(one) for one in outcomes) is PASSED
    assert passed == (PASSED in outcomes and FAILED not in outcomes and DOUBT not in outcomes)


@pytest.mark.parametrize(
    ("outcome", "code"), [(PASSED, ExitCode.PASSED), (FAILED, ExitCode.FAILED), (DOUBT, ExitCode.INCONCLUSIVE)]
)
def test_each_verdict_has_its_exit_code(outcome: Outcome, code: ExitCode) -> None:
    assert replace(verdict(), verdict=outcome).exit_code is code


def test_exit_codes_are_the_documented_numbers() -> None:
    assert {code.name: code.value for code in ExitCode} == {
        "PASSED": 0,
        "FAILED": 1,
        "USAGE": 2,
        "INCONCLUSIVE": 3,
        "NOT_DELIVERED": 4,
    }


def test_numbers_that_json_does_not_have_are_null() -> None:
    odd = replace(check(FAILED), sample=({"confidence_score": float("nan"), "line": float("inf"), "edge": 0.5},))
    data = replace(verdict(), checks=(odd,)).to_json()
    assert json.loads(json.dumps(data, allow_nan=False))["checks"][0]["sample"] == [
        {"confidence_score": None, "line": None, "edge": 0.5}
    ]


def test_a_verdict_with_every_field_survives_being_written_and_read() -> None:
    whole = replace(verdict(), checks=(check(PASSED),), dates=(), columns={"game_date": "DATE"}, table="p.d.t")
    assert Verdict.from_json(json.loads(json.dumps(whole.to_json()))) == whole


@pytest.mark.parametrize("change", [{"schema_version": 2}, {"verdict": "maybe"}, {"checks": [{}]}, {"batch": None}])
def test_what_is_no_verdict_of_this_version_is_refused(change: dict[str, object]) -> None:
    with pytest.raises(ValueError, match=r"schema_version|maybe|not a verdict"):
        Verdict.from_json({**verdict().to_json(), **change})


def test_the_schema_refuses_a_verdict_with_a_field_too_many() -> None:
    with pytest.raises(AssertionError, match="surprise"):
        valid({**verdict().to_json(), "surprise": 1})


def test_a_time_without_a_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="no time zone"):
        parse_time("2026-01-17T04:36:16")
