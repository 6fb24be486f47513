"""Reconciles what a batch claims with what is stored."""

from typing import ClassVar

from expectations.remedies import staging_tables
from prop_quality.expectation import Answer, Finding, Judgement, ScanExpectation, Scope, conclude


class ClaimStored(ScanExpectation):
    """As many players were written as the event says completed.

    For the operator:
        The batch did its work and the table did not get it: the consolidation lost it, or never ran.
    Example that fails:
        150 players completed, 0 written since the batch started.
    Incident:
        2026-01-17, 04:36 UTC: 150 of 150 players claimed, none written. On other nights 83 of 121.
    Limits:
        Distinct players with an active row written since the batch started, against `completed_players` (or
        `record_count`). Rows are not compared: up to five generated rows a player and system become one, by design.
    What to do:
        Look for staging tables of the batch that were not merged, and run the consolidation again.
    """

    sources: ClassVar[frozenset[str]] = frozenset({"event", "since"})

    def date_measures(self, scope: Scope) -> dict[str, str]:
        """Distinct players written since the start."""
        return {"players": "COUNT(DISTINCT IF(fresh, player_lookup, NULL))"} if scope.since else {}

    def judge(self, answer: Answer) -> Judgement:
        """Fewer stored than claimed fails."""
        event = answer.scope.event
        assert event is not None
        stored = sum(self.number(day, "players") for day in answer.judged_days)
        claimed = event.completed_players
        missing = max(0, (claimed or 0) - stored)
        finding = Finding(
            event.game_date,
            None,
            examined=claimed or 0,
            failing=missing,
            level=self.level if missing else None,
            doubt=None if claimed else "the event claims no completed player",
            numbers={"claimed_players": claimed, "written_players": stored},
        )
        players = "player was" if stored == 1 else "players were"
        says = f"{stored} {players} written since the batch started, {claimed} were claimed"
        return conclude([finding], answer.dates, severity=self.level, says=says)

    def advice(self, answer: Answer, judgement: Judgement) -> str:
        """What the batch left behind."""
        return staging_tables(answer) or super().advice(answer, judgement)
