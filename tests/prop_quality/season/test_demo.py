"""The demo counts an incident as caught when the checks that had to fail did, not when the verdict is merely red."""

from __future__ import annotations

import pytest

from prop_quality.season import DemoNight, demo_nights

NIGHTS = demo_nights()
PLACEHOLDERS = next(night for night in NIGHTS if "line_not_placeholder" in night.fails)


def test_every_incident_names_its_checks_and_every_ordinary_night_names_none() -> None:
    assert [bool(night.fails) for night in NIGHTS] == [night.verdict == "failed" for night in NIGHTS]
    assert sum(bool(night.fails) for night in NIGHTS) == 6


@pytest.mark.parametrize("night", NIGHTS, ids=lambda night: night.title)
def test_what_had_to_fail_is_as_foreseen(night: DemoNight) -> None:
    assert night.as_foreseen(night.verdict, night.fails)
    assert night.as_foreseen(night.verdict, [*night.may_fail, *night.fails])
    assert not night.as_foreseen("inconclusive", night.fails)


def test_a_red_verdict_for_another_reason_is_no_catch() -> None:
    others = [check for check in PLACEHOLDERS.fails if check != "line_not_placeholder"]
    assert PLACEHOLDERS.missed(others) == ("line_not_placeholder",)
    assert not PLACEHOLDERS.as_foreseen("failed", others)


def test_a_check_that_had_no_reason_to_fail_is_a_false_alarm() -> None:
    failed = [*PLACEHOLDERS.fails, "rows_fresh"]
    assert PLACEHOLDERS.unforeseen(failed) == ("rows_fresh",)
    assert not PLACEHOLDERS.as_foreseen("failed", failed)
    ordinary = next(night for night in NIGHTS if not night.fails)
    assert not ordinary.as_foreseen("passed", ["edge_plausible"])
