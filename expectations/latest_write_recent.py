"""Finds a table that stands still."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import ClassVar

from expectations.batch import MOST_WRITTEN, WRITTEN_SINCE
from expectations.levels import dates_of_systems, no_roster
from expectations.remedies import staging_tables
from expectations.schedule import EARLY, last_due
from prop_quality.expectation import (
    Answer,
    Finding,
    Group,
    GroupExpectation,
    Judgement,
    Outcome,
    Scope,
    conclude,
    plural,
    undecided,
)


class LatestWriteRecent(GroupExpectation):
    """The newest write of a date is not older than the limit.

    For the operator:
        Nothing has been written since the batch started (or for hours): the batch that reported success stored nothing.
    Example that fails:
        Newest write 2026-01-17 03:57:40 UTC, batch start 04:34:55 UTC.
    Incident:
        After the phantom batch the table held the same 990 rows; none was new, and nobody was told.
    Limits:
        After a batch: its own start. On watch, for today and for tomorrow each: `max_age_hours` before now (8), unless
        no batch was due for that date since its newest write; and half of the active rows must be so new, because other
        jobs than the batch update some. Rows more than 5 minutes ahead of now are no write. Nothing set and no batch:
        skipped.
    What to do:
        Look for the MERGE of the batch, then run the consolidation again.
    """

    fault: ClassVar[str] = "have no row written recently enough"
    unit: ClassVar[str] = "dates"
    restart: ClassVar[bool] = True
    per_date: ClassVar[bool] = True
    max_age_hours: float | None = None

    @property
    def reads_sources(self) -> frozenset[str]:
        """On watch the roster, which tells the nights without games; after a batch none."""
        return frozenset({"roster"} if self.max_age_hours is not None else ())

    def row_facts(self, scope: Scope) -> Mapping[str, str]:
        """On watch, how much of the date was written since."""
        del scope
        return {} if self.max_age_hours is None else WRITTEN_SINCE

    def date_measures(self, scope: Scope) -> Mapping[str, str]:
        """On watch, since when most of each date is written, as of the clock."""
        del scope
        return {} if self.max_age_hours is None else {"most_written": MOST_WRITTEN}

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

    def dates(self, answer: Answer) -> Sequence[date]:
        """Not those on which none of the selected systems is expected: nothing was to be written there."""
        return dates_of_systems(answer)

    def judge(self, answer: Answer) -> Judgement:
        """On watch each date to be played has been written since its last batch was due, or within the limit."""
        if self.max_age_hours is None:
            return super().judge(answer)
        if not answer.dates:
            return undecided(Outcome.SKIPPED, self.level, "No games, no writes.")
        due = [day for day in answer.judged_days if last_due(answer.scope.now, day.game_date)]
        if not due:
            return undecided(Outcome.SKIPPED, self.level, "No batch is due yet.", answer.dates)
        looked = [self._watched(day, answer.scope) for day in due if day.pairs.expected]
        if not looked:
            why = f"Cannot be decided: {no_roster(due[0], answer)}."
            return undecided(Outcome.INCONCLUSIVE, self.level, why, answer.dates)
        findings, said = [finding for finding, _ in looked], [words for _, words in looked]
        return conclude(findings, [f.game_date for f in findings], severity=self.level, says="; ".join(said))

    def _watched(self, day: Group, scope: Scope) -> tuple[Finding, str]:
        """One date to be played whose first batch is due, and the times in words."""
        due, recent = last_due(scope.now, day.game_date), self.since(scope)
        assert due is not None
        assert recent is not None
        limit, newest = min(recent, due - EARLY), self.moment(day, "most_written")
        rows = max(day.count("all_rows"), 1)
        bad = newest is None or newest < limit
        finding = Finding(day.game_date, None, rows, rows if bad else 0, self.level if bad else None)
        return finding, f"{self._said(day, newest)}, needed since {limit:%Y-%m-%d %H:%M} UTC"

    def _said(self, day: Group, newest: datetime | None) -> str:
        if newest is not None:
            return f"most rows for {day.game_date} last written at {newest:%Y-%m-%d %H:%M} UTC"
        if ahead := day.count("active_rows"):
            return f"{plural(ahead, 'active row')} for {day.game_date}, all of the future"
        return f"no active row for {day.game_date}"

    def advice(self, answer: Answer, judgement: Judgement) -> str:
        """What the batch left behind; without a batch, what is stored."""
        return staging_tables(answer) or super().advice(answer, judgement)

    def look(self, group: Group, answer: Answer) -> Finding | None:
        """The newest write of one date."""
        newest, limit = group.numbers.get("last_written_at"), self.since(answer.scope)
        if newest is None or limit is None:
            return Finding(group.game_date, None, 0, doubt="the table has no row to have been written")
        bad = newest < limit
        return Finding(
            group.game_date,
            None,
            examined=group.count("all_rows"),
            failing=group.count("all_rows") if bad else 0,
            level=self.level if bad else None,
            detail=f"newest write {newest:%Y-%m-%d %H:%M:%S} UTC, needed since {limit:%Y-%m-%d %H:%M:%S} UTC",
            numbers={"last_written_at": f"{newest:%Y-%m-%dT%H:%M:%SZ}"},
        )
