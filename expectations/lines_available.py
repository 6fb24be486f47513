"""Finds a night without lines."""

from typing import ClassVar

from expectations.levels import share_level
from prop_quality.expectation import Answer, Finding, Group, GroupExpectation, Scope


class LinesAvailable(GroupExpectation):
    """Most rows of a date have a line to be judged against.

    For the operator:
        The batch ran before the lines came. There is nothing to recommend; run it again once they are there.
    Example that fails:
        All 108 predictions of the night are NO_LINE; or PASS, and no line beside any.
    Incident:
        That night: nothing in the batch takes it for an error.
    Limits:
        The share of rows without a line, or that say NO_LINE, among a date's active rows, 0 to 1: critical over
        `critical_above` (0.5), a warning over `warning_above` (0.1).
    What to do:
        Look whether the lines have come, then start the coordinator again for the date.
    """

    columns: ClassVar[tuple[str, ...]] = ("recommendation", "current_points_line")
    restart: ClassVar[bool] = True
    unit: ClassVar[str] = "dates"
    fault: ClassVar[str] = "have too many rows without a line"
    per_date: ClassVar[bool] = True
    critical_above: float = 0.5
    warning_above: float = 0.1

    def measures(self, scope: Scope) -> dict[str, str]:
        """Rows without a line."""
        return {"no_line": f"COUNTIF({self.failing(scope)})"}

    def failing(self, scope: Scope) -> str:
        """A row without a line, whatever it recommends."""
        del scope
        return "is_active AND (current_points_line IS NULL OR recommendation = 'NO_LINE')"

    def look(self, group: Group, answer: Answer) -> Finding | None:
        """The share of one date."""
        systems = answer.systems_of(group.game_date)
        rows, without = sum(system.count("active_rows") for system in systems), self.total(systems, "no_line")
        level = share_level(without, rows, self.critical_above, self.warning_above)
        return Finding(
            group.game_date,
            None,
            examined=rows,
            failing=without if level else 0,
            level=level,
            detail=f"{without:,} of {rows:,} active rows have no line" if rows else None,
        )
