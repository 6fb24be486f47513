"""Finds a model that runs against its stop."""

from typing import ClassVar

from expectations.levels import exceeds
from prop_quality.expectation import Answer, Finding, Group, GroupExpectation, Scope


class PointsNotClamped(GroupExpectation):
    """Hardly any row of a system sits at exactly 60 points, where the models clamp.

    For the operator:
        The features are broken and the model ran away; the clamp only hides how far.
    Example that fails:
        11 of 100 rows of `moving_average` predict exactly 60.0.
    Incident:
        Broken features show as many rows at exactly 60, because the models clamp there.
    Limits:
        `ceiling`: the clamp, in points (60). `max_share`: the largest share of a system's rows of a date, 0 to 1, that
        may sit there (0.1).
    What to do:
        Look at the features of these players in the worker's log; write the system again once they are mended.
    """

    columns: ClassVar[tuple[str, ...]] = ("predicted_points",)
    fault: ClassVar[str] = "have too many rows at the clamp"
    ceiling: float = 60.0
    max_share: float = 0.1

    def measures(self, scope: Scope) -> dict[str, str]:
        """Rows at the clamp."""
        return {"clamped": f"COUNTIF({self.failing(scope)})"}

    def failing(self, scope: Scope) -> str:
        """A row at the clamp."""
        del scope
        return f"predicted_points = {self.ceiling!r}"

    def look(self, group: Group, answer: Answer) -> Finding | None:
        """The share of one system."""
        del answer
        rows, clamped = group.count("active_rows"), self.number(group, "clamped")
        bad = exceeds(clamped, rows, self.max_share)
        return Finding(
            group.game_date,
            group.system_id,
            examined=rows,
            failing=clamped if bad else 0,
            level=self.level if bad else None,
            detail=f"{group.system_id} has {clamped} of {rows} rows at {self.ceiling:g}",
        )
