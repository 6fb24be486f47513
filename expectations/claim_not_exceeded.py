"""Finds a MERGE that wrote too much."""

from typing import ClassVar

from expectations.remedies import rows_by_pair
from prop_quality.expectation import Answer, Finding, Judgement, ScanExpectation, Scope, conclude


class ClaimNotExceeded(ScanExpectation):
    """The batch wrote no more rows than it generated, and no player and system has more rows than is legal.

    For the operator:
        The MERGE matched wrongly and multiplied rows, or somebody else wrote while the batch ran.
    Example that fails:
        911 predictions generated, 20,851 rows written.
    Incident:
        2026-01-30: 911 rows, then 20,851 after a wrong MERGE.
    Limits:
        Rows written between the start and the completion of the batch (five minutes' grace), against
        `total_predictions`. Rows a player and system: 5 until 2026-02-08, 1 from 2026-02-09 (`systems.yml`).
    What to do:
        List the rows by player and system, correct the MERGE's key, and deactivate the surplus.
    """

    sources: ClassVar[frozenset[str]] = frozenset({"event", "since"})

    def row_facts(self, scope: Scope) -> dict[str, str]:
        """How many fresh rows the row's player and system have."""
        if scope.since is None:
            return {}
        return {"pair_rows": "SUM(IF(fresh, 1, 0)) OVER (PARTITION BY game_date, system_id, player_lookup)"}

    def measures(self, scope: Scope) -> dict[str, str]:
        """Rows written by the batch, and the most that one player and system have."""
        if scope.since is None or scope.until is None:
            return {}
        return {
            "rows": "COUNTIF(of_batch)",
            "most": "MAX(pair_rows)",
        }

    def failing(self, scope: Scope) -> str | None:
        """A row of a player and system with too many."""
        if scope.since is None or scope.event is None:
            return None
        return f"fresh AND pair_rows > {scope.registry.max_rows_per_pair(scope.event.game_date)}"

    def judge(self, answer: Answer) -> Judgement:
        """More than generated, or more than legal, fails."""
        event = answer.scope.event
        assert event is not None
        rows = sum(self.number(group, "rows") for group in answer.judged_systems)
        limit = answer.scope.registry.max_rows_per_pair(event.game_date)
        generated = event.total_predictions
        findings, surplus = [], 0
        if generated is not None and rows > generated:
            surplus = rows - generated
            detail = f"{surplus:,} row{'' if surplus == 1 else 's'} more than were generated"
            findings.append(Finding(event.game_date, None, rows, surplus, self.level, detail))
        if generated is None:
            unknown = "the event does not say how many rows were generated"
            findings.append(Finding(event.game_date, None, examined=0, doubt=unknown))
        for group in answer.judged_systems:
            most = self.number(group, "most")
            bad = most > limit
            detail = f"{group.system_id} has {most} rows for one player, {limit} is the most"
            findings.append(
                Finding(
                    group.game_date,
                    group.system_id,
                    examined=self.number(group, "rows"),
                    failing=most - limit if bad else 0,
                    level=self.level if bad else None,
                    detail=detail,
                )
            )
        claimed = "" if generated is None else f", {generated:,} were generated"
        says = f"{rows:,} rows were written by the batch{claimed}"
        nothing = "no row was written since the batch started"
        later = sum(group.count("inserted_rows") + group.count("updated_rows") for group in answer.judged_systems)
        if later:
            nothing = f"no row was last written while the batch ran; {later:,} were written after its completion"
        return conclude(findings, answer.dates, severity=self.level, says=says, nothing=nothing)

    def remedy(self, answer: Answer, judgement: Judgement) -> str:
        """Players and systems with several rows: the wrong key shows in what they share."""
        return rows_by_pair(answer, judgement)
