"""Which rows a batch wrote, and when."""

from collections.abc import Mapping

from prop_quality.expectation import Scope

# As of the clock: a row from the future must not hide that nothing is written today. The clock is read seconds before
# the table is, and a batch may end in between; what lies further ahead, `created_at_not_future` calls the future too.
AHEAD_MINUTES = 5
_BY_NOW = f"<= TIMESTAMP_ADD(@now, INTERVAL {AHEAD_MINUTES} MINUTE)"
NEWEST_INSERT = f"MAX(IF(created_at {_BY_NOW}, created_at, NULL))"
# The latest time since when at least half of the active rows were written. A batch writes nearly all of them; an
# enrichment or a postponement moves `updated_at` of some, and must be taken neither for a batch nor for its absence.
MOST_WRITTEN = f"MAX(IF(written_at {_BY_NOW} AND written_since >= 0.5, written_at, NULL))"
# The share of a date's active rows that were written when a row was, or later.
WRITTEN_SINCE: Mapping[str, str] = {
    "written_since": (
        f"CUME_DIST() OVER (PARTITION BY game_date, is_active, written_at {_BY_NOW} ORDER BY written_at DESC)"
    )
}


def batch_rows(scope: Scope) -> str:
    """SQL that is TRUE for the active rows that the batch wrote; for all active rows where nothing says since when."""
    if scope.since is None:
        return "is_active"
    return "fresh" if scope.until is None else "of_batch"
