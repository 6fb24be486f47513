"""Finds rows that the worker did not write."""

from typing import ClassVar

from prop_quality.expectation import RowExpectation, Scope


class PredictionIdIsUuid(RowExpectation):
    """Every active row has an id of the form that the worker makes: a UUID.

    For the operator:
        Somebody else wrote these rows: a backfill job or a hand patch. Do not trust their other columns.
    Example that fails:
        `2026-01-09_lebronjames_xgboost_v1`.
    Incident:
        The backfill job, by all signs the true origin of 24,033 placeholder rows, made ids of date, player and system.
    Limits:
        Eight, four, four, four and twelve hexadecimal digits with dashes between; upper or lower case.
    What to do:
        Find the writer by the form of its ids, and stop it; then judge whether its rows may stay.
    """

    columns: ClassVar[tuple[str, ...]] = ("prediction_id",)
    fault: ClassVar[str] = "have an id that is no UUID"

    def condition(self, scope: Scope) -> str:
        """Another form, or none."""
        del scope
        form = "^[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}$"
        return f"NOT REGEXP_CONTAINS(IFNULL(prediction_id, ''), r'{form}')"
