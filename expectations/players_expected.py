"""Finds rows of players that nobody expected."""

from collections.abc import Mapping
from typing import Any, ClassVar

from expectations.levels import no_roster
from expectations.remedies import rows_of_players
from prop_quality.expectation import Answer, Finding, Group, GroupExpectation, Judgement


class PlayersExpected(GroupExpectation):
    """No active row belongs to a player who is not expected on its date.

    For the operator:
        Predictions for somebody who does not play: ruled out after an earlier batch, or a wrong date or name.
    Example that fails:
        Three players who are OUT still have active rows.
    Incident:
        Rows of injured players are history and should be inactive; 55 predictions were for a postponed game.
    Limits:
        The roster as of the batch start: at least `min_minutes` (15) or a line, not OUT or DOUBTFUL, production ready.
    What to do:
        Deactivate the rows if the players are out; else correct the context table.
    """

    sources: ClassVar[frozenset[str]] = frozenset({"roster"})
    fault: ClassVar[str] = "have rows of players that the roster does not have"
    unit: ClassVar[str] = "dates"
    per_date: ClassVar[bool] = True

    def look(self, group: Group, answer: Answer) -> Finding | None:
        """The players of one date."""
        pairs = group.pairs
        if not pairs.expected:
            return Finding(group.game_date, None, 0, doubt=no_roster(group, answer))
        said = f"{pairs.unexpected} of {pairs.stored + pairs.unexpected} stored players are not on the roster"
        if pairs.unexpected_names:
            said += f", among them {', '.join(pairs.unexpected_names[:5])}"
        return Finding(
            group.game_date,
            None,
            examined=pairs.stored + pairs.unexpected,
            failing=pairs.unexpected,
            level=self.level if pairs.unexpected else None,
            detail=said,
        )

    def shown(self, answer: Answer) -> list[Mapping[str, Any]]:
        """The players by name."""
        return [
            {"player_lookup": name, "game_date": str(day.game_date)}
            for day in answer.judged_days
            for name in day.pairs.unexpected_names
        ]

    def advice(self, answer: Answer, judgement: Judgement) -> str:
        """Their rows, of those players whom the answer names."""
        everyone = [day.pairs for day in answer.judged_days]
        names = sorted({name for pairs in everyone for name in pairs.unexpected_names})
        unnamed = sum(pairs.unexpected - len(pairs.unexpected_names) for pairs in everyone)
        return rows_of_players(answer, judgement, names, unnamed)
