"""Which rows a batch wrote."""

from prop_quality.expectation import Scope


def batch_rows(scope: Scope) -> str:
    """SQL that is TRUE for the active rows that the batch wrote; for all active rows where nothing says since when."""
    if scope.since is None:
        return "is_active"
    return "is_active AND fresh" + ("" if scope.until is None else " AND written_at <= @until")
