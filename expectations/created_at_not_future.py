"""Finds rows of the future."""

from typing import ClassVar

from prop_quality.expectation import RowExpectation, Scope


class CreatedAtNotFuture(RowExpectation):
    """No active row says that it was written in the future.

    For the operator:
        A clock or a time zone is wrong at a writer; every freshness check would believe such rows for hours.
    Example that fails:
        `created_at` 2026-01-17 09:36 UTC, read at 04:37 UTC: an Eastern time stored as UTC with the sign reversed.
    Incident:
        Mix-ups of UTC and Eastern time are on record; one skipped a game.
    Limits:
        `tolerance_minutes`: how far ahead of now a time may lie (5).
    What to do:
        Find the writer by the rows' columns and mend its clock; correct the times by hand.
    """

    columns: ClassVar[tuple[str, ...]] = ("created_at",)
    sources: ClassVar[frozenset[str]] = frozenset({"since"})
    fault: ClassVar[str] = "were written in the future"
    tolerance_minutes: int = 5

    def condition(self, scope: Scope) -> str:
        """Either time lies after now."""
        del scope
        return f"written_at > TIMESTAMP_ADD(@now, INTERVAL {self.tolerance_minutes} MINUTE)"
