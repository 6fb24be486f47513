"""Finds recommendations against their own numbers."""

from typing import ClassVar

from prop_quality.expectation import RowExpectation, Scope


class DirectionAgrees(RowExpectation):
    """No recommendation contradicts the numbers beside it, and each is one of the four that are legal.

    For the operator:
        The row says OVER where its own prediction lies below the line. Do not publish the night's picks.
    Example that fails:
        OVER with 18.4 predicted against 21.5; PASS without a line; HOLD, the mark of the backfill job.
    Incident:
        Deduplication kept base + 2 with the directions of other lines; the backfill job wrote HOLD.
    Limits:
        OVER needs predicted at or above the line, UNDER at or below it, PASS any line, NO_LINE none: a row without a
        line is always NO_LINE. A number that is missing, or NaN, supports no direction.
    What to do:
        Find what changed line, prediction or direction alone, and write the players again.
    """

    columns: ClassVar[tuple[str, ...]] = ("recommendation", "predicted_points", "current_points_line")
    fault: ClassVar[str] = "recommend what their numbers contradict"

    def condition(self, scope: Scope) -> str:
        """By recommendation; NaN is named, because engines disagree on whether it is less than a number."""
        del scope
        unsaid = "IS_NAN(predicted_points) OR IS_NAN(current_points_line)"
        return (
            "CASE recommendation"
            f" WHEN 'OVER' THEN IFNULL(predicted_points < current_points_line OR {unsaid}, TRUE)"
            f" WHEN 'UNDER' THEN IFNULL(predicted_points > current_points_line OR {unsaid}, TRUE)"
            " WHEN 'NO_LINE' THEN current_points_line IS NOT NULL"
            " WHEN 'PASS' THEN current_points_line IS NULL"
            " ELSE TRUE END"
        )
