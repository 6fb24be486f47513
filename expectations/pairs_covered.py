"""Finds players that one system lacks."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, ClassVar

from expectations.levels import coverage_level, dates_of_systems, no_roster
from prop_quality.expectation import Answer, Finding, Group, GroupExpectation, Judgement, missing_players


class PairsCovered(GroupExpectation):
    """Every expected player has an active row of every expected system.

    For the operator:
        Players are there, but not with all systems. The missing are named under coverage, by system.
    Example that fails:
        `xgboost_v1`: 120 of 150 players (80 %), the other systems 150.
    Incident:
        A clean-up without `system_id` in its key switched off 85 % of the rows: each player kept one system of seven.
    Limits:
        Floors are shares of the expected players, 0 to 1, in `expectations/systems.yml`: critical below 0.95 and a
        warning below 1.0, but 0.75 for `similarity_balanced_v1`, which needs a history of games.
    What to do:
        Regenerate the date for the systems named, for the players named.
    """

    sources: ClassVar[frozenset[str]] = frozenset({"roster"})
    floors_by_system: ClassVar[bool] = True
    fault: ClassVar[str] = "lack expected players"

    def dates(self, answer: Answer) -> Sequence[date]:
        """Not those on which none of the selected systems is expected."""
        return dates_of_systems(answer)

    def look(self, group: Group, answer: Answer) -> Finding | None:
        """The share of one system."""
        pairs, registry = group.pairs, answer.scope.registry
        if group.system_id not in registry.systems_on(group.game_date):
            return None
        if not pairs.expected:
            day = answer.day(group.game_date)
            return Finding(group.game_date, group.system_id, 0, doubt=no_roster(day, answer))
        floor = registry.floor(group.system_id)
        level = coverage_level(pairs.stored, pairs.expected, floor.critical_below, floor.warning_below)
        missing = pairs.expected - pairs.stored
        return Finding(
            group.game_date,
            group.system_id,
            examined=pairs.expected,
            failing=missing if level else 0,
            level=level,
            detail=f"{group.system_id} has {pairs.stored} of {pairs.expected} players",
            numbers={"expected_players": pairs.expected, "stored_players": pairs.stored},
        )

    def shown(self, answer: Answer) -> list[Mapping[str, Any]]:
        """The players of the systems that fail, by name, the highest line first."""
        return [
            {"player_lookup": name, "system_id": group.system_id, "game_date": str(group.game_date)}
            for group in answer.judged_systems
            if (finding := self.look(group, answer)) is not None and finding.level
            for name in group.pairs.missing
        ]

    def advice(self, answer: Answer, judgement: Judgement) -> str:
        """The query that names the missing players by system."""
        return missing_players(answer, judgement, "the players that a system lacks")
