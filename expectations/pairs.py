"""What the checks of players × systems share: how much of the roster each expected system has."""

from abc import abstractmethod
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, ClassVar

from expectations.levels import coverage_level, dates_of_systems, no_roster
from prop_quality.expectation import Answer, Finding, Floor, Group, GroupExpectation, Pairs


class PairsExpectation(GroupExpectation):
    """A check of how many of the expected players each expected system has.

    Subclasses say which of them count: the `stored` or the `fresh` ones, and who is `lacking` then.
    """

    counted: ClassVar[str] = ""

    @abstractmethod
    def lacking(self, pairs: Pairs) -> tuple[str, ...]:
        """The players that the system lacks, the highest line first."""

    def says(self, pairs: Pairs) -> str:
        """What the system has, in words."""
        return f"{getattr(pairs, self.counted)} of {pairs.expected} players"

    def floor(self, floor: Floor) -> float:
        """The share of the expected players, 0 to 1, below which the gap is critical."""
        return floor.critical_below

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
        have, floor = getattr(pairs, self.counted), registry.floor(group.system_id)
        level = coverage_level(have, pairs.expected, self.floor(floor), floor.warning_below)
        return Finding(
            group.game_date,
            group.system_id,
            examined=pairs.expected,
            failing=pairs.expected - have if level else 0,
            level=level,
            detail=f"{group.system_id} has {self.says(pairs)}",
            numbers={"expected_players": pairs.expected, f"{self.counted}_players": have},
        )

    def shown(self, answer: Answer) -> list[Mapping[str, Any]]:
        """The players of the systems that fail, by name."""
        return [
            {"player_lookup": name, "system_id": group.system_id, "game_date": str(group.game_date)}
            for group in answer.judged_systems
            if (finding := self.look(group, answer)) is not None and finding.level
            for name in self.lacking(group.pairs)
        ]
