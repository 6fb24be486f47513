"""Finds a night without lines."""

from collections.abc import Sequence
from datetime import date
from typing import ClassVar

from expectations.levels import share_level
from expectations.schedule import before_the_lines
from prop_quality.expectation import (
    Answer,
    Finding,
    Group,
    GroupExpectation,
    Judgement,
    Outcome,
    Scope,
    Severity,
    undecided,
)


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
        `critical_above` (0.5), a warning over `warning_above` (0.1). The evening before the game the books may not have
        opened: of a batch that started before 06:30 US Eastern of the day of the game (without a batch: until 07:30)
        rows with `line_source` NO_PROP_LINE are no fault; a date that would fail by them is skipped, and says so.
    What to do:
        Look whether the lines have come, then start the coordinator again for the date.
    """

    columns: ClassVar[tuple[str, ...]] = ("recommendation", "current_points_line")
    optional_columns: ClassVar[tuple[str, ...]] = ("line_source",)
    restart: ClassVar[bool] = True
    unit: ClassVar[str] = "dates"
    fault: ClassVar[str] = "have too many rows without a line"
    per_date: ClassVar[bool] = True
    critical_above: float = 0.5
    warning_above: float = 0.1

    def measures(self, scope: Scope) -> dict[str, str]:
        """Rows without a line, and those among them that do not say themselves that no book has one."""
        without = self.failing(scope)
        unsaid = f"COUNTIF(({without}) AND IFNULL(line_source, '') <> 'NO_PROP_LINE')"
        return {"no_line": f"COUNTIF({without})", **({"unsaid": unsaid} if scope.has("line_source") else {})}

    def failing(self, scope: Scope) -> str:
        """A row without a line, whatever it recommends."""
        del scope
        return "current_points_line IS NULL OR recommendation = 'NO_LINE'"

    def dates(self, answer: Answer) -> Sequence[date]:
        """Not those whose lines are still to come."""
        return [day for day in answer.dates if not self._to_come(day, answer)]

    def judge(self, answer: Answer) -> Judgement:
        """Skipped where nothing but lines that are still to come is missing."""
        if not answer.dates or self.dates(answer):
            return super().judge(answer)
        rows, without = self._counts(answer.judged_systems)
        why = (
            f"{without:,} of {rows:,} active rows have no line yet; the books may not have opened before 07:00 Eastern "
            "of the day of the game, whose first batch must find lines."
        )
        return undecided(Outcome.SKIPPED, self.level, why, answer.dates)

    def look(self, group: Group, answer: Answer) -> Finding | None:
        """The share of one date."""
        rows, without = self._counts(answer.systems_of(group.game_date))
        level = self._reached(without, rows)
        return Finding(
            group.game_date,
            None,
            examined=rows,
            failing=without if level else 0,
            level=level,
            detail=f"{without:,} of {rows:,} active rows have no line" if rows else None,
        )

    def _counts(self, systems: Sequence[Group]) -> tuple[int, int]:
        """Active rows, and those without a line."""
        return sum(system.count("active_rows") for system in systems), self.total(systems, "no_line")

    def _reached(self, without: int, rows: int) -> Severity | None:
        return share_level(without, rows, self.critical_above, self.warning_above)

    def _early(self, day: date, scope: Scope) -> bool:
        return before_the_lines(day, started_at=scope.event.started_at if scope.event else None, now=scope.now)

    def _to_come(self, day: date, answer: Answer) -> bool:
        """Whether the date would fail, and would not by rows that do not say themselves that no book has a line."""
        scope, systems = answer.scope, answer.systems_of(day)
        if not scope.has("line_source") or not self._early(day, scope):
            return False
        rows, without = self._counts(systems)
        return self._reached(without, rows) is not None and self._reached(self.total(systems, "unsaid"), rows) is None
