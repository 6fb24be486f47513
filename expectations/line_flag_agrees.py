"""Finds rows whose line contradicts its own origin."""

from typing import ClassVar

from prop_quality.expectation import RowExpectation, Scope


class LineFlagAgrees(RowExpectation):
    """`has_prop_line`, the line, `line_source` and `line_source_api` do not contradict each other.

    For the operator:
        It cannot be said whether the line of these rows is real. Leave them out of every win rate on real lines.
    Example that fails:
        `line_source` ACTUAL_PROP with `line_source_api` ESTIMATED; NO_PROP_LINE beside a line of 20.5.
    Incident:
        None on record by itself. Win rates are counted on real lines alone, so that each such row falsifies one.
    Limits:
        Illegal together: ACTUAL_PROP with the api ESTIMATED, or without the flag; ESTIMATED_AVG with the api ODDS_API
        or BETTINGPROS; NO_PROP_LINE with either api, with the flag, or with a line; the flag without a line. A flag
        that is NULL is not set.
    What to do:
        Find the enrichment that filled one of the columns alone, and write the players again.
    """

    columns: ClassVar[tuple[str, ...]] = ("has_prop_line", "current_points_line", "line_source", "line_source_api")
    fault: ClassVar[str] = "contradict themselves about their line"

    def condition(self, scope: Scope) -> str:
        """Any of the pairs that are illegal together."""
        del scope
        of_a_book = "line_source_api IN ('ODDS_API', 'BETTINGPROS')"
        return (
            "line_source = 'ACTUAL_PROP' AND (line_source_api = 'ESTIMATED' OR has_prop_line IS NOT TRUE)"
            f" OR line_source = 'ESTIMATED_AVG' AND {of_a_book}"
            f" OR line_source = 'NO_PROP_LINE' AND ({of_a_book} OR has_prop_line OR current_points_line IS NOT NULL)"
            " OR has_prop_line AND current_points_line IS NULL"
        )
