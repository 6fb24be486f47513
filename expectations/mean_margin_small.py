"""Finds lines that are shifted as a whole."""

from typing import ClassVar

from expectations.remedies import leanings
from prop_quality.expectation import Answer, Finding, Group, GroupExpectation, Judgement, Scope


class MeanMarginSmall(GroupExpectation):
    """On average a system's predictions lie close to their lines.

    For the operator:
        Single edges are wide, their mean is not: when it is, all lines or all predictions are shifted.
    Example that fails:
        The rows of `zone_matchup_v1` lie 4.0 points below their lines on average.
    Incident:
        Deduplication that kept base + 2: a mean margin of -4.
    Limits:
        `max_mean`: the largest mean of predicted minus line, in points, on either side (2.0). `min_rows`: fewer active
        rows with a line of a system and date are not judged (10).
    What to do:
        Compare the lines with the books' for a few players; the shift is the same for all of them.
    """

    columns: ClassVar[tuple[str, ...]] = ("predicted_points", "current_points_line")
    fault: ClassVar[str] = "lie far from their lines on average"
    nothing: ClassVar[str] = "there is no active row with a line to look at"
    min_rows: int = 10
    max_mean: float = 2.0

    def measures(self, scope: Scope) -> dict[str, str]:
        """Rows with a line, and the sum of their margins."""
        del scope
        edge = "predicted_points - current_points_line"
        return {"lined": f"COUNT({edge})", "margins": f"SUM({edge})"}

    def look(self, group: Group, answer: Answer) -> Finding | None:
        """The mean of one system, to six decimals so that exactly the limit is legal in every number type."""
        del answer
        lined = self.number(group, "lined")
        mean = round((self.value(group, "margins") or 0.0) / lined, 6) if lined else 0.0
        bad = lined >= self.min_rows and not abs(mean) <= self.max_mean
        return Finding(
            group.game_date,
            group.system_id,
            examined=lined,
            failing=lined if bad else 0,
            level=self.level if bad else None,
            detail=f"{group.system_id} has a mean margin of {mean:+.2f} over {lined} rows",
            numbers={"mean_margin": mean},
        )

    def advice(self, answer: Answer, judgement: Judgement) -> str:
        """Directions, margins and lines by system."""
        return leanings(answer, judgement)
