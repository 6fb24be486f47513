"""Finds predictions that no game allows."""

from typing import ClassVar

from prop_quality.expectation import RowExpectation, Scope


class PointsPlausible(RowExpectation):
    """Every active row predicts a number of points between 0 and 60.

    For the operator:
        The models clamp there: a value outside came from another writer, or from a model without its clamp.
    Example that fails:
        72.4 points; -3.1 points.
    Incident:
        None on record by itself: the models clamp. The backfill job and hand patches write past them.
    Limits:
        `lowest` and `highest`, in points, both legal (0 and 60).
    What to do:
        Find the writer by the rows' system and id form; write the players again.
    """

    columns: ClassVar[tuple[str, ...]] = ("predicted_points",)
    fault: ClassVar[str] = "predict points that no player scores"
    lowest: float = 0.0
    highest: float = 60.0

    def condition(self, scope: Scope) -> str:
        """Not within; NULL and NaN are not."""
        del scope
        return f"NOT IFNULL(predicted_points BETWEEN {self.lowest!r} AND {self.highest!r}, FALSE)"
