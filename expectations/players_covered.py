"""Finds players of whom nothing is stored."""

from collections.abc import Mapping
from typing import Any, ClassVar

from expectations.levels import coverage_level, no_roster
from prop_quality.expectation import Answer, Finding, Group, GroupExpectation, Judgement, missing_players


class PlayersCovered(GroupExpectation):
    """Every expected player of a date has at least one active row.

    For the operator:
        The batch lost players, or never knew them. The missing are named, the highest line first.
    Example that fails:
        121 players expected, 83 stored: 38 missing (69 % covered).
    Incident:
        30 to 40 % of the players were lost silently in each batch; once a mix-up of UTC and Eastern dates skipped a
        whole game with its 12 players; once a day with 10 games had no row and no alert.
    Limits:
        `critical_below`: share of expected players, 0 to 1, under which it is critical (0.95); any other gap is a
        warning.
    What to do:
        Start the coordinator again for the missing players, in the order given.
    """

    sources: ClassVar[frozenset[str]] = frozenset({"roster"})
    fault: ClassVar[str] = "lack expected players"
    unit: ClassVar[str] = "dates"
    per_date: ClassVar[bool] = True
    critical_below: float = 0.95

    def look(self, group: Group, answer: Answer) -> Finding | None:
        """The share of one date."""
        pairs = group.pairs
        if not pairs.expected:
            return Finding(group.game_date, None, 0, doubt=no_roster(group, answer))
        missing = pairs.expected - pairs.stored
        return Finding(
            group.game_date,
            None,
            examined=pairs.expected,
            failing=missing,
            level=coverage_level(pairs.stored, pairs.expected, self.critical_below, 1.0),
            detail=f"{pairs.stored} of {pairs.expected} players stored, {missing} missing",
            numbers={"expected_players": pairs.expected, "stored_players": pairs.stored},
        )

    def shown(self, answer: Answer) -> list[Mapping[str, Any]]:
        """The players by name, the highest line first."""
        return [
            {"player_lookup": name, "game_date": str(group.game_date)}
            for group in answer.judged_days
            for name in group.pairs.missing
        ]

    def advice(self, answer: Answer, judgement: Judgement) -> str:
        """The query that names the missing players in the order to re-run them."""
        return missing_players(answer, judgement, "the players of whom nothing is stored", absent=True)
