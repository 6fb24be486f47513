"""Finds a model that was not loaded."""

from typing import ClassVar

from prop_quality.expectation import Answer, Finding, Group, GroupExpectation, Scope


class ConfidenceVaries(GroupExpectation):
    """No system gives every player the confidence of a model that was not loaded.

    For the operator:
        The model file is missing and the fallback answers: one confidence, mostly PASS. Its rows say nothing.
    Example that fails:
        All 130 rows of `catboost_v8` carry 0.50.
    Incident:
        A model stood at 0.50 and PASS for days, and nobody saw that it was not loaded.
    Limits:
        `values`: the fallback's confidence on either scale (0.5 and 50). `min_rows`: fewer active rows of a system and
        date are not judged (10).
    What to do:
        Look for the model's load error in the worker's log; deploy the model, then write the system again.
    """

    columns: ClassVar[tuple[str, ...]] = ("confidence_score",)
    optional_columns: ClassVar[tuple[str, ...]] = ("recommendation",)
    fault: ClassVar[str] = "give every player the confidence of a model that was not loaded"
    values: tuple[float, ...] = (0.5, 50.0)
    min_rows: int = 10

    def measures(self, scope: Scope) -> dict[str, str]:
        """Rows with the fallback's confidence."""
        return {"stuck": f"COUNTIF({self.failing(scope)})"}

    def failing(self, scope: Scope) -> str:
        """A row with the fallback's confidence."""
        del scope
        return f"confidence_score IN ({', '.join(map(repr, self.values))})"

    def look(self, group: Group, answer: Answer) -> Finding | None:
        """All rows of one system, or not."""
        del answer
        rows, stuck = group.count("active_rows"), self.number(group, "stuck")
        bad = rows >= self.min_rows and stuck == rows
        return Finding(
            group.game_date,
            group.system_id,
            examined=rows,
            failing=stuck if bad else 0,
            level=self.level if bad else None,
            detail=f"{group.system_id} has it in all {rows} rows",
        )
