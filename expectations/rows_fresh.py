"""Finds what the batch did not write."""

from typing import ClassVar

from expectations.pairs import PairsExpectation
from prop_quality.expectation import Answer, Floor, Judgement, Pairs, missing_players


class RowsFresh(PairsExpectation):
    """Every expected player and system was written, new or again, since the batch started.

    For the operator:
        What you see in the table is older than the batch, or is not there. Do not read the new batch into old rows.
    Example that fails:
        The batch started at 04:34:55; the newest of 990 rows was written at 03:57: 0 of 750 pairs are fresh.
    Incident:
        2026-01-17: "150/150 players, 3,610 predictions, success", and not one new row. Counting bad lines among the new
        rows answered 0, because there were none.
    Limits:
        Written is the later of `created_at` and `updated_at`: a MERGE keeps `created_at`. Critical when a system has
        fewer than `critical_below` (0.95) of the expected players fresh, else a warning; systems with a lower floor in
        `systems.yml` keep it.
    What to do:
        Look for the MERGE of the batch and its staging tables, then run the consolidation again.
    """

    sources: ClassVar[frozenset[str]] = frozenset({"roster", "since"})
    floors_by_system: ClassVar[bool] = True
    counted: ClassVar[str] = "fresh"
    fault: ClassVar[str] = "lack rows written since the batch started"
    critical_below: float = 0.95

    def floor(self, floor: Floor) -> float:
        """The limit, or the system's own floor where that is lower."""
        return min(self.critical_below, floor.critical_below)

    def lacking(self, pairs: Pairs) -> tuple[str, ...]:
        """Those without a row of the system, and those whose row is old."""
        return pairs.missing + pairs.stale

    def says(self, pairs: Pairs) -> str:
        """How many are fresh, and some that are not."""
        old = f", among the old {', '.join(pairs.stale[:3])}" if pairs.stale and pairs.fresh else ""
        return f"{super().says(pairs)} fresh{old}"

    def advice(self, answer: Answer, judgement: Judgement) -> str:
        """The query that names the players to write again."""
        return missing_players(answer, judgement, "the players that the batch did not write", ("missing", "stale"))
