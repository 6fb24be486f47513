"""Finds the 20.0 default."""

from dataclasses import replace
from typing import ClassVar

from prop_quality.expectation import Answer, Cleared, Judgement, RowExpectation, Scope, cleared, counted_rows


class LineNotPlaceholder(RowExpectation):
    """No active row carries the placeholder line 20.0, unless a sportsbook really showed it.

    For the operator:
        A writer put a default in place of a missing line. Every edge, direction and grade of these rows is invented.
    Example that fails:
        LeBron James, `xgboost_v1`: line 20.0, `line_source` NULL, recommendation HOLD.
    Incident:
        24,033 placeholder rows were deleted in January 2026; with them one real 20.0 of Towns (2026-01-09), by mistake.
        A gate that refused every 20.0 made the worker retry 63,000 times.
    Limits:
        `placeholder`: the default line, in points (20.0). A row is cleared when `PROP_QUALITY_BOOK_LINES_TABLE` shows
        that exact line for the player and date at or before the write, or by a waiver. Cleared rows are counted. A
        table of book lines that cannot be read clears nothing, and the reason says so.
    What to do:
        Find the writer by the rows' `line_source` and `prediction_id` form, stop it, then re-run the players.
    """

    columns: ClassVar[tuple[str, ...]] = ("current_points_line",)
    optional_columns: ClassVar[tuple[str, ...]] = ("line_source",)
    sources: ClassVar[frozenset[str]] = frozenset({"book_lines"})
    fault: ClassVar[str] = "have a placeholder line that nothing clears"
    placeholder: float = 20.0

    def condition(self, scope: Scope) -> str:
        """The placeholder, not shown by a book."""
        shown = " AND NOT book_shows_line" if scope.book_lines.available else ""
        return f"current_points_line = {self.placeholder!r}{shown}"

    def row_facts(self, scope: Scope) -> dict[str, str]:
        """Whether a book clears the row."""
        del scope
        return {"cleared_by_book": f"current_points_line = {self.placeholder!r} AND book_shows_line"}

    def measures(self, scope: Scope) -> dict[str, str]:
        """Also how many rows a book clears."""
        shown = counted_rows("shown", "cleared_by_book") if scope.book_lines.available else {}
        return {**super().measures(scope), **shown}

    def judge(self, answer: Answer) -> Judgement:
        """A table that was meant to clear lines and cannot be read is said where its absence tells."""
        judgement, books = super().judge(answer), answer.scope.book_lines
        if books.table is None or books.available:
            return judgement
        return replace(judgement, reason=f"{judgement.reason} No book line clears anything: {books.unavailable}.")

    def cleared(self, answer: Answer) -> list[Cleared]:
        """Rows cleared by a book's line, then by waivers, by name."""
        rows, named = self.counted(answer, "shown")
        table = answer.scope.book_lines.table
        because = f"{table} shows {self.placeholder} for the player and date at or before the write"
        books = [cleared("book_lines", rows, because, named)] if rows else []
        return books + super().cleared(answer)
