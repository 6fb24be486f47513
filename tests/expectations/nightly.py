"""The whole checkpoint over one night: what a batch's operator sees."""

from __future__ import annotations

from pathlib import Path

from prop_quality.api import check_batch
from prop_quality.embedded import EmbeddedWarehouse
from prop_quality.season import Night
from prop_quality.verdict import Outcome, Verdict
from tests.warehouse import empty, load_night, settings_of

# Nothing tells these apart from a night on which all is well: no revision is expected, no column names one, the game
# is none that was postponed, or the batch is a regeneration.
_MAY_BE_SKIPPED = {"revision_expected", "revision_single", "games_not_postponed", "created_near_game"}


def verdict_of(warehouse: EmbeddedWarehouse, state: Path, night: Night) -> Verdict:
    """The verdict of the checkpoint after the batch of `night`, alone in the tables."""
    empty(warehouse)
    settings = load_night(warehouse, settings_of(warehouse, state, book_lines=True), night)
    return check_batch(night.event, settings=settings, now=night.now, expect_revision=night.expect_revision, keep=False)


def failed(verdict: Verdict) -> dict[str, str]:
    """The checks that failed, with the severity that each reached."""
    return {check.id: str(check.severity) for check in verdict.failed()}


def not_passed(verdict: Verdict) -> dict[str, str]:
    """The checks that did not pass, with their reasons; those that may be skipped on a clean night left out."""
    return {
        check.id: check.reason
        for check in verdict.checks
        if check.outcome is not Outcome.PASSED
        and not (check.outcome is Outcome.SKIPPED and check.id in _MAY_BE_SKIPPED)
    }
