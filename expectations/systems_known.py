"""Finds rows of systems that should not be there."""

from typing import ClassVar

from prop_quality.expectation import Answer, Finding, Group, GroupExpectation, Scope, plural


class SystemsKnown(GroupExpectation):
    """No active row belongs to a system that is not expected on its date.

    For the operator:
        A job wrote under a name of its own, or a retired model is still running.
    Example that fails:
        662 rows of `moving_average_baseline_v1`, the backfill job's system, on 2025-12-05.
    Incident:
        The backfill job that made the placeholders wrote as `moving_average_baseline_v1`.
    Limits:
        Which systems are expected on which date is in `expectations/systems.yml`.
    What to do:
        Register the system if it is new; else find the writer, stop it, and deactivate its rows.
    """

    fault: ClassVar[str] = "are not expected on their date"

    def failing(self, scope: Scope) -> str:
        """Rows of the groups that failed; which groups those are, the registry says."""
        del scope
        return "TRUE"

    def look(self, group: Group, answer: Answer) -> Finding | None:
        """A stored system that the registry does not expect."""
        expected = answer.scope.registry.known_on(group.game_date)
        rows = group.count("active_rows")
        if not expected:
            return Finding(
                group.game_date, None, 0, doubt=f"no system is registered for {group.game_date} in systems.yml"
            )
        bad = bool(rows) and group.system_id not in expected
        return Finding(
            group.game_date,
            group.system_id,
            examined=rows,
            failing=rows if bad else 0,
            level=self.level if bad else None,
            detail=f"{group.system_id} has {rows} rows" if group.system_id else f"{plural(rows, 'row')} without a name",
        )
