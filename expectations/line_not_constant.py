"""Finds the next default line, whatever its value."""

from typing import ClassVar

from prop_quality.expectation import Answer, Finding, Group, GroupExpectation, Scope, partition_key


class LineNotConstant(GroupExpectation):
    """No single line value holds most of a system's rows of a date.

    For the operator:
        One value for many players is a default, even when it is not 20.0.
    Example that fails:
        104 of 150 rows of `catboost_v8` have the line 15.5.
    Incident:
        6,548 rows of `xgboost_v1` over 53 dates carried one value. The next default may not be 20.0.
    Limits:
        `min_rows`: fewer active rows of a system and date are not judged (10).
        `max_share`: the largest share of them, 0 to 1, that one value may hold (0.5).
    What to do:
        List the rows, find what wrote the value in place of a missing line, and re-run the players.
    """

    columns: ClassVar[tuple[str, ...]] = ("current_points_line",)
    fault: ClassVar[str] = "have one line value in most of their rows"
    min_rows: int = 10
    max_share: float = 0.5

    def row_facts(self, scope: Scope) -> dict[str, str]:
        """How many active rows share the row's line, and how many there are."""
        same = f"PARTITION BY game_date, system_id, {partition_key(scope, 'current_points_line')}"
        return {
            "same_line_rows": f"COUNT(IF(is_active, current_points_line, NULL)) OVER ({same})",
            "system_rows": "SUM(IF(is_active, 1, 0)) OVER (PARTITION BY game_date, system_id)",
        }

    def measures(self, scope: Scope) -> dict[str, str]:
        """The largest number of rows with one line."""
        del scope
        return {"most": "MAX(same_line_rows)"}

    def failing(self, scope: Scope) -> str:
        """A row that has the line of most."""
        del scope
        return f"system_rows >= {self.min_rows} AND same_line_rows > {self.max_share!r} * system_rows"

    def look(self, group: Group, answer: Answer) -> Finding | None:
        """Too few rows are no default."""
        del answer
        rows, most = group.count("active_rows"), self.number(group, "most")
        if rows < self.min_rows:
            return Finding(group.game_date, group.system_id, rows)
        bad = most > self.max_share * rows
        return Finding(
            group.game_date,
            group.system_id,
            examined=rows,
            failing=most if bad else 0,
            level=self.level if bad else None,
            detail=f"{group.system_id} has one line in {most} of {rows} rows",
        )
