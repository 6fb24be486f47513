"""Finds systems that lean to one side."""

from typing import ClassVar

from expectations.levels import exceeds
from expectations.remedies import leanings
from prop_quality.expectation import Answer, Finding, Group, GroupExpectation, Judgement, Scope


class DirectionBalanced(GroupExpectation):
    """No system recommends nearly only OVER, or nearly only UNDER.

    For the operator:
        Books set their lines in the middle. A system that sees one side only has wrong lines or wrong features.
    Example that fails:
        96 of 100 recommendations of `catboost_v8` are UNDER.
    Incident:
        Deduplication that kept base + 2 gave 89 to 100 % UNDER.
    Limits:
        `min_share` and `max_share`: the share of OVER among OVER and UNDER, 0 to 1, both legal (0.15 and 0.85).
        `min_rows`: fewer such rows of a system and date are not judged (10).
    What to do:
        Compare the lines with the books', then the mean margin by system; a shift of all lines shows there.
    """

    columns: ClassVar[tuple[str, ...]] = ("recommendation",)
    optional_columns: ClassVar[tuple[str, ...]] = ("predicted_points", "current_points_line")
    fault: ClassVar[str] = "recommend nearly one direction only"
    nothing: ClassVar[str] = "there is no OVER and no UNDER to look at"
    min_rows: int = 10
    min_share: float = 0.15
    max_share: float = 0.85

    def measures(self, scope: Scope) -> dict[str, str]:
        """Rows of each direction."""
        del scope
        return {name.lower(): f"COUNTIF(recommendation = '{name}')" for name in ("OVER", "UNDER")}

    def look(self, group: Group, answer: Answer) -> Finding | None:
        """The share of one system."""
        del answer
        over, under = self.number(group, "over"), self.number(group, "under")
        both = over + under
        leans = exceeds(over, both, self.max_share) or exceeds(under, both, 1 - self.min_share)
        bad = both >= self.min_rows and leans
        return Finding(
            group.game_date,
            group.system_id,
            examined=both,
            failing=max(over, under) if bad else 0,
            level=self.level if bad else None,
            detail=f"{group.system_id} has {over} OVER and {under} UNDER",
            numbers={"over": over, "under": under},
        )

    def advice(self, answer: Answer, judgement: Judgement) -> str:
        """Directions, margins and lines by system."""
        return leanings(answer, judgement)
