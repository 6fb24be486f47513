"""Finds recommendations against their own numbers."""

from typing import ClassVar

from prop_quality.expectation import RowExpectation, Scope


class DirectionAgrees(RowExpectation):
    """No recommendation contradicts the numbers beside it, and each is one of the four that are legal.

    For the operator:
        The row says OVER where its own prediction lies below the line. Do not publish the night's picks.
    Example that fails:
        OVER with 18.4 predicted against 21.5; HOLD, the mark of the backfill job.
    Incident:
        Deduplication kept base + 2 with the directions of other lines; the backfill job wrote HOLD.
    Limits:
        OVER needs predicted at or above the line, UNDER at or below it, NO_LINE no line; PASS is always legal.
    What to do:
        Find what changed line, prediction or direction alone, and write the players again.
    """

    columns: ClassVar[tuple[str, ...]] = ("recommendation", "predicted_points", "current_points_line")
    fault: ClassVar[str] = "recommend what their numbers contradict"

    def condition(self, scope: Scope) -> str:
        """By recommendation; a number that is missing supports no direction."""
        del scope
        return (
            "CASE recommendation"
            " WHEN 'OVER' THEN IFNULL(predicted_points < current_points_line, TRUE)"
            " WHEN 'UNDER' THEN IFNULL(predicted_points > current_points_line, TRUE)"
            " WHEN 'NO_LINE' THEN current_points_line IS NOT NULL"
            " WHEN 'PASS' THEN FALSE"
            " ELSE TRUE END"
        )
