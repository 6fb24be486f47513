"""Finds lines that no book would post."""

from typing import ClassVar

from prop_quality.expectation import RowExpectation, Scope


class LinePlausible(RowExpectation):
    """Every line is one that a book could have posted for a player's points.

    For the operator:
        The line is of another kind (rebounds, an average of several props) or of another unit. Its edges are invented.
    Example that fails:
        11.9 for a scorer of 34.5 points a game.
    Incident:
        A join over all prop types averaged points, rebounds and assists into one line.
    Limits:
        `lowest` and `highest`, in points, both legal (5 and 50), in steps of `step` (0.5). No line is legal.
    What to do:
        Look at the join that brings the lines in; write the players again with lines of the right kind.
    """

    columns: ClassVar[tuple[str, ...]] = ("current_points_line",)
    fault: ClassVar[str] = "have a line that no book would post"
    lowest: float = 5.0
    highest: float = 50.0
    step: float = 0.5

    def condition(self, scope: Scope) -> str:
        """Out of bounds or between the steps; said by what is legal, so that a NaN is not."""
        del scope
        steps = f"current_points_line * {1 / self.step!r}"
        return (
            "current_points_line IS NOT NULL AND NOT ("
            f"current_points_line BETWEEN {self.lowest!r} AND {self.highest!r}"
            f" AND ABS({steps} - FLOOR({steps} + 0.5)) < 0.000001)"
        )
