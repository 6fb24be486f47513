"""Finds ids that are there twice."""

from typing import ClassVar

from prop_quality.expectation import RowExpectation, Scope


class PredictionIdUnique(RowExpectation):
    """No `prediction_id` is in the table twice, active or not.

    For the operator:
        Whatever joins on the id (grading, win rates) counts such a prediction twice.
    Example that fails:
        An active row and a superseded one both carry `5f0c…e1`.
    Incident:
        Two MERGEs 0.4 seconds apart left five keys twice, with ids of their own; hand patches write ids as they please.
    Limits:
        Every row of the dates that are read counts, inactive ones too; an id on two dates counts as twice.
    What to do:
        List the rows by id, keep the one written last, and delete the others.
    """

    columns: ClassVar[tuple[str, ...]] = ("prediction_id",)
    superseded_too: ClassVar[bool] = True
    noun: ClassVar[str] = "rows"
    listing_order: ClassVar[str] = "prediction_id, written_at DESC"
    fault: ClassVar[str] = "share their prediction_id with another row"

    def row_facts(self, scope: Scope) -> dict[str, str]:
        """How many rows have the row's id."""
        del scope
        return {"id_rows": "COUNT(*) OVER (PARTITION BY prediction_id)"}

    def condition(self, scope: Scope) -> str:
        """Another row has the id."""
        del scope
        return "id_rows > 1"
