"""Finds predictions that are there twice."""

from typing import ClassVar

from prop_quality.expectation import RowExpectation, Scope, partition_key


class BusinessKeyUnique(RowExpectation):
    """No two active rows of a date share game, player, system and line.

    For the operator:
        The same prediction counts twice in every average, and a MERGE that matches two rows fails.
    Example that fails:
        `catboost_v8` has two active rows for LeBron James in 20260115_LAL_BOS without a line.
    Incident:
        Two MERGEs raced 0.4 seconds apart (5 keys twice). A MERGE that compared NULL lines with = inserted them again
        on each run: ten a player and system, 6,473 extra rows.
    Limits:
        NULL equals NULL: two rows without a line share their key. Inactive rows are history and do not count.
    What to do:
        List the rows by key, keep the one written last, and deactivate the others.
    """

    columns: ClassVar[tuple[str, ...]] = ("game_id", "current_points_line")
    listing_order: ClassVar[str] = "game_id, player_lookup, system_id, current_points_line, written_at DESC"
    fault: ClassVar[str] = "share game, player, system and line with another one"

    def row_facts(self, scope: Scope) -> dict[str, str]:
        """How many active rows have the row's key; a window's partitions take NULL for equal to NULL."""
        line = partition_key(scope, "current_points_line")
        key = f"game_date, game_id, player_lookup, system_id, {line}"
        return {"key_rows": f"SUM(IF(is_active, 1, 0)) OVER (PARTITION BY {key})"}

    def condition(self, scope: Scope) -> str:
        """Another active row has the key."""
        del scope
        return "key_rows > 1"
