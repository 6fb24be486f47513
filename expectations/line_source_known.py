"""Finds rows whose line comes from nowhere."""

from typing import ClassVar

from prop_quality.expectation import RowExpectation, Scope, literals


class LineSourceKnown(RowExpectation):
    """Every active row says where its line comes from, with a source that was legal on that date.

    For the operator:
        Rows without a source were not written by the worker: look for a backfill or a hand patch.
    Example that fails:
        `line_source` NULL beside line 20.0; NEEDS_BOOTSTRAP; ESTIMATED_AVG for a game of February.
    Incident:
        The backfill job that made the placeholders wrote no `line_source` at all.
    Limits:
        `always`: sources legal on every date; `until`: source to its last game date; `since`: source to its first one.
    What to do:
        Re-run the players, or delete the rows when a backfill wrote them over real ones.
    """

    columns: ClassVar[tuple[str, ...]] = ("line_source",)
    fault: ClassVar[str] = "have no line source that was legal on their date"
    always: tuple[str, ...] = ("ACTUAL_PROP", "VEGAS_BACKFILL", "NO_VEGAS_DATA")
    until: dict[str, str] = {"ESTIMATED_AVG": "2026-01-22"}  # noqa: RUF012 - a field of the model, copied by it
    since: dict[str, str] = {"NO_PROP_LINE": "2026-01-23"}  # noqa: RUF012

    def condition(self, scope: Scope) -> str:
        """NULL, unknown, or of another time."""
        del scope
        legal = [f"line_source IN ({literals(self.always)})"]
        legal += [f"line_source = {literals([s])} AND game_date <= DATE '{day}'" for s, day in self.until.items()]
        legal += [f"line_source = {literals([s])} AND game_date >= DATE '{day}'" for s, day in self.since.items()]
        return f"({' OR '.join(legal)}) IS NOT TRUE"
