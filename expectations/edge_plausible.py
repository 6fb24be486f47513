"""Finds edges that are too good."""

from typing import ClassVar

from prop_quality.expectation import RowExpectation, Scope


class EdgePlausible(RowExpectation):
    """No prediction lies more than 20 points from its line.

    For the operator:
        An edge of this size is an error of the line or of the prediction, not an opportunity.
    Example that fails:
        34.5 predicted against a line of 11.9.
    Incident:
        Lines averaged over prop types: 11.9 for a scorer of 34.5 points.
    Limits:
        `max_edge`: the widest distance of predicted and line, in points (20). Rows without a line have no edge.
    What to do:
        Compare the line with the book's; mend whichever is wrong before anyone bets on it.
    """

    columns: ClassVar[tuple[str, ...]] = ("predicted_points", "current_points_line")
    fault: ClassVar[str] = "lie too far from their line"
    max_edge: float = 20.0

    def condition(self, scope: Scope) -> str:
        """Not within the limit, which NaN never is, or a line without a prediction."""
        del scope
        edge = "ROUND(ABS(predicted_points - current_points_line), 6)"
        return f"NOT IFNULL({edge} <= {self.max_edge!r}, current_points_line IS NULL)"
