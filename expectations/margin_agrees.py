"""Finds margins that belong to another line."""

from typing import ClassVar

from prop_quality.expectation import RowExpectation, Scope


class MarginAgrees(RowExpectation):
    """`line_margin` is the prediction minus the line, and is there exactly when the line is.

    For the operator:
        Somebody changed the line or the prediction and left the margin: edges and directions belong to another line.
    Example that fails:
        Predicted 24.5 against 22.5 with a margin of 4.0; a margin of NaN.
    Incident:
        Deduplication that kept base + 2 left directions that contradict the numbers; a margin left behind is the same.
    Limits:
        `max_difference`: how far the margin may lie from predicted minus line, in points (0.05, for rounding).
    What to do:
        Find the job that moved the line, and write the players again.
    """

    columns: ClassVar[tuple[str, ...]] = ("line_margin", "predicted_points", "current_points_line")
    fault: ClassVar[str] = "have a margin that is not predicted minus line"
    max_difference: float = 0.05

    def condition(self, scope: Scope) -> str:
        """Not near, which NaN never is; or one of the numbers is missing, unless neither line nor margin is there."""
        del scope
        difference = "ROUND(ABS(line_margin - (predicted_points - current_points_line)), 6)"
        return (
            f"NOT IFNULL({difference} <= {self.max_difference!r}, current_points_line IS NULL AND line_margin IS NULL)"
        )
