"""Finds a table that stands still."""

from datetime import datetime, timedelta
from typing import ClassVar

from prop_quality.expectation import Answer, Finding, Group, GroupExpectation, Judgement, Outcome, Scope, undecided


class LatestWriteRecent(GroupExpectation):
    """The newest write of a date is not older than the limit.

    For the operator:
        Nothing has been written since the batch started (or for hours): the batch that reported success stored nothing.
    Example that fails:
        Newest write 2026-01-17 03:57:40 UTC, batch start 04:34:55 UTC.
    Incident:
        After the phantom batch the table held the same 990 rows; none was new, and nobody was told.
    Limits:
        After a batch: its own start. On watch: `max_age_hours` before now (8). Nothing set and no batch: skipped.
    What to do:
        Look for the MERGE of the batch, then run the consolidation again.
    """

    fault: ClassVar[str] = "have no row written recently enough"
    unit: ClassVar[str] = "dates"
    per_date: ClassVar[bool] = True
    max_age_hours: float | None = None

    def unavailable(self, scope: Scope) -> Judgement | None:
        """Without a start and without a limit there is nothing to compare with."""
        if self.since(scope) is None:
            why = "Nothing says since when rows should have been written; pass --written-since."
            return undecided(Outcome.SKIPPED, self.level, why, scope.dates)
        return super().unavailable(scope)

    def since(self, scope: Scope) -> datetime | None:
        """The oldest time that still counts as recent."""
        if self.max_age_hours is not None:
            return scope.now - timedelta(hours=self.max_age_hours)
        return scope.since

    def look(self, group: Group, answer: Answer) -> Finding | None:
        """The newest write of one date."""
        newest, limit = group.numbers.get("last_written_at"), self.since(answer.scope)
        if newest is None or limit is None:
            return Finding(group.game_date, None, 0, doubt="the table has no row to have been written")
        bad = newest < limit
        return Finding(
            group.game_date,
            None,
            examined=group.count("date_rows"),
            failing=group.count("date_rows") if bad else 0,
            level=self.level if bad else None,
            detail=f"newest write {newest:%Y-%m-%d %H:%M:%S} UTC, needed since {limit:%Y-%m-%d %H:%M:%S} UTC",
            numbers={"last_written_at": f"{newest:%Y-%m-%dT%H:%M:%SZ}"},
        )
