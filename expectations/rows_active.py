"""Finds rows that were switched off."""

from collections.abc import Sequence
from datetime import date
from typing import ClassVar

from expectations.levels import share_level
from prop_quality.expectation import Answer, Finding, Group, GroupExpectation, Judgement, Outcome, Scope, undecided


class RowsActive(GroupExpectation):
    """Most rows with a real line are active.

    For the operator:
        A clean-up switched off more than it should have. The rows are still there; switching them on again repairs it.
    Example that fails:
        774 of 910 rows with a real line are inactive.
    Incident:
        A clean-up without `system_id` in its key deactivated 85 % of the rows: one row a player was left.
    Limits:
        The share of inactive rows among a date's rows with `line_source` ACTUAL_PROP, 0 to 1: critical over
        `critical_above` (0.5), a warning over `warning_above` (0.2). Superseded history stays under that.
        Skipped where rows are stored and none has a real line yet, as in an evening batch before the books open.
    What to do:
        Look at when the rows were switched off, stop the job that did it, and switch them on again.
    """

    columns: ClassVar[tuple[str, ...]] = ("line_source",)
    optional_columns: ClassVar[tuple[str, ...]] = ("superseded_by",)
    unit: ClassVar[str] = "dates"
    fault: ClassVar[str] = "have too many inactive rows"
    nothing: ClassVar[str] = "there is no row to look at"
    per_date: ClassVar[bool] = True
    superseded_too: ClassVar[bool] = True
    critical_above: float = 0.5
    warning_above: float = 0.2

    def stored_measures(self, scope: Scope) -> dict[str, str]:
        """Rows with a real line, and the inactive ones among them."""
        return {"real": "COUNTIF(line_source = 'ACTUAL_PROP')", "inactive": f"COUNTIF({self.failing(scope)})"}

    def failing(self, scope: Scope) -> str:
        """An inactive row with a real line."""
        del scope
        return "NOT is_active AND line_source = 'ACTUAL_PROP'"

    def dates(self, answer: Answer) -> Sequence[date]:
        """The dates with a real line, and those with no row at all, which are a doubt."""
        return [
            day.game_date
            for day in answer.judged_days
            if not day.count("all_rows") or self.total(answer.systems_of(day.game_date), "real")
        ]

    def judge(self, answer: Answer) -> Judgement:
        """Skipped where rows are stored and none has a real line."""
        if answer.dates and not self.dates(answer):
            return undecided(Outcome.SKIPPED, self.level, "No row has a real line.", answer.dates)
        return super().judge(answer)

    def look(self, group: Group, answer: Answer) -> Finding | None:
        """The share of one date."""
        systems = answer.systems_of(group.game_date)
        real, inactive = self.total(systems, "real"), self.total(systems, "inactive")
        if group.count("all_rows") and not real:
            return None
        level = share_level(inactive, real, self.critical_above, self.warning_above)
        return Finding(
            group.game_date,
            None,
            examined=real,
            failing=inactive if level else 0,
            level=level,
            detail=f"{inactive:,} of {real:,} rows with a real line are inactive" if real else None,
        )

    def remedy(self, answer: Answer, judgement: Judgement) -> str:
        """When the rows were switched off, by minute: a clean-up shows as one."""
        return self.advice(answer, judgement)
