"""Finds players that one system lacks."""

from typing import ClassVar

from expectations.pairs import PairsExpectation
from prop_quality.expectation import Answer, Judgement, Pairs, missing_players


class PairsCovered(PairsExpectation):
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
    counted: ClassVar[str] = "stored"
    fault: ClassVar[str] = "lack expected players"

    def lacking(self, pairs: Pairs) -> tuple[str, ...]:
        """Those without an active row of the system."""
        return pairs.missing

    def advice(self, answer: Answer, judgement: Judgement) -> str:
        """The query that names the missing players by system."""
        return missing_players(answer, judgement, "the players that a system lacks")
