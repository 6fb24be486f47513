"""Finds what the batch did not write."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, ClassVar

from expectations.levels import coverage_level, dates_of_systems, no_roster
from prop_quality.expectation import Answer, Finding, Group, GroupExpectation, Judgement, missing_players


class RowsFresh(GroupExpectation):
    """Every expected player and system was written, new or again, since the batch started.

    For the operator:
        What you see in the table is older than the batch, or is not there. Do not read the new batch into old rows.
    Example that fails:
        The batch started at 04:34:55; the newest of 990 rows was written at 03:57: 0 of 750 pairs are fresh.
    Incident:
        2026-01-17: "150/150 players, 3,610 predictions, success", and not one new row. Counting bad lines among the new
        rows answered 0, because there were none.
    Limits:
        Written is the later of `created_at` and `updated_at`: a MERGE keeps `created_at`. Critical when a system has
        fewer than `critical_below` (0.95) of the expected players fresh, else a warning; systems with a lower floor in
        `systems.yml` keep it.
    What to do:
        Look for the MERGE of the batch and its staging tables, then run the consolidation again.
    """

    sources: ClassVar[frozenset[str]] = frozenset({"roster", "since"})
    floors_by_system: ClassVar[bool] = True
    fault: ClassVar[str] = "lack rows written since the batch started"
    critical_below: float = 0.95

    def dates(self, answer: Answer) -> Sequence[date]:
        """Not those on which none of the selected systems is expected."""
        return dates_of_systems(answer)

    def look(self, group: Group, answer: Answer) -> Finding | None:
        """The share of one system's players that were written since."""
        pairs, registry = group.pairs, answer.scope.registry
        if group.system_id not in registry.systems_on(group.game_date):
            return None
        if not pairs.expected:
            day = answer.day(group.game_date)
            return Finding(group.game_date, group.system_id, 0, doubt=no_roster(day, answer))
        floor = registry.floor(group.system_id)
        critical = min(self.critical_below, floor.critical_below)
        level = coverage_level(pairs.fresh, pairs.expected, critical, floor.warning_below)
        shown = f", among the old {', '.join(pairs.stale[:3])}" if pairs.stale and pairs.fresh else ""
        return Finding(
            group.game_date,
            group.system_id,
            examined=pairs.expected,
            failing=pairs.expected - pairs.fresh if level else 0,
            level=level,
            detail=f"{group.system_id} has {pairs.fresh} of {pairs.expected} players fresh{shown}",
            numbers={"expected_players": pairs.expected, "fresh_players": pairs.fresh},
        )

    def shown(self, answer: Answer) -> list[Mapping[str, Any]]:
        """The players of the systems that fail, by name, the highest line first."""
        return [
            {"player_lookup": name, "system_id": group.system_id, "game_date": str(group.game_date)}
            for group in answer.judged_systems
            if (finding := self.look(group, answer)) is not None and finding.level
            for name in group.pairs.missing + group.pairs.stale
        ]

    def advice(self, answer: Answer, judgement: Judgement) -> str:
        """The query that names the players to write again."""
        return missing_players(answer, judgement, "the players that the batch did not write", ("missing", "stale"))
