"""Which rows a batch wrote."""

from prop_quality.expectation import Scope

# An aggregate: the newest write as of the clock; a row from the future must not hide that nothing is written today.
NEWEST_WRITE = "MAX(IF(written_at <= @now, written_at, NULL))"


def batch_rows(scope: Scope) -> str:
    """SQL that is TRUE for the active rows that the batch wrote; for all active rows where nothing says since when."""
    if scope.since is None:
        return "is_active"
    return "is_active AND fresh" + ("" if scope.until is None else " AND written_at <= @until")
