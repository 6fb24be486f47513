"""Silences planted into ordinary days: each check of the watch has some on both sides of its limit."""

from __future__ import annotations

import pytest

from checkpoints import watch
from expectations.suites import WATCH
from prop_quality.checkpoint import Request, Run
from prop_quality.embedded import EmbeddedWarehouse
from prop_quality.season import SILENCES
from prop_quality.settings import Settings
from prop_quality.suite import Check
from prop_quality.verdict import Outcome
from tests.nights import slim
from tests.warehouse import load_night

BY_ID = {silence.id: silence for silence in SILENCES}


def test_each_check_of_the_watch_has_silences_above_and_below_its_limit() -> None:
    checks = {check.id for check in WATCH.checks if isinstance(check, Check)}
    for detected in (True, False):
        assert {silence.check for silence in SILENCES if silence.detected is detected} == checks


# Those that no case of the check shows; `make detection` asks about all.
@pytest.mark.parametrize("silence_id", ["in_the_making", "looked_too_soon"])
def test_the_watch_says_what_the_silence_expects(
    silence_id: str, warehouse: EmbeddedWarehouse, settings: Settings
) -> None:
    silence = BY_ID[silence_id]
    scene = silence.build()
    load_night(warehouse, settings, *(slim(night) for night in scene.nights))
    asked = Request(dates=watch.dates(scene.now), now=scene.now, checked_at=scene.checked_at)
    verdict = Run(watch.checkpoint(), watch.request(asked), settings).verdict()
    wrong = {c.id: str(c.severity) for c in verdict.checks if c.outcome in (Outcome.FAILED, Outcome.INCONCLUSIVE)}
    assert wrong == ({silence.check: silence.severity} if silence.detected else {})
