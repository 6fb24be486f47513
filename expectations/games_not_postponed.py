"""Finds predictions for games that are not played."""

from collections.abc import Mapping
from dataclasses import replace
from typing import ClassVar

from prop_quality.expectation import Answer, Judgement, Outcome, RowExpectation, Scope, undecided

_SAYS_NOTHING = "TRIM(IFNULL(invalidation_reason, '')) = ''"


class GamesNotPostponed(RowExpectation):
    """No active row is a prediction for a postponed game that does not say so.

    For the operator:
        Rows of postponed games stay active and carry an `invalidation_reason`. These do not: they will be published.
    Example that fails:
        One row of 20260129_BOS_CHI says "Game postponed"; 55 other active rows of that game say nothing.
    Incident:
        55 predictions were made for a postponed game.
    Limits:
        A game counts as postponed when any row of it on that date, active or not, has an `invalidation_reason` that
        speaks of a postponement ("postponed", "PPD", in any case). Nothing else in the table tells: dates on which no
        row gives any reason are not judged, and where that is all of them the check is skipped.
    What to do:
        Run the job that invalidates postponed games once more, or mark the rows by hand.
    """

    columns: ClassVar[tuple[str, ...]] = ("game_id", "invalidation_reason")
    listing_order: ClassVar[str] = "game_id, system_id, player_lookup"
    fault: ClassVar[str] = "are of a postponed game without saying so"

    def row_facts(self, scope: Scope) -> dict[str, str]:
        """How many rows of the game speak of a postponement."""
        del scope
        told = "REGEXP_CONTAINS(LOWER(invalidation_reason), r'postpon|ppd')"
        return {"postponed_rows": f"SUM(IF({told}, 1, 0)) OVER (PARTITION BY game_date, game_id)"}

    def stored_measures(self, scope: Scope) -> Mapping[str, str]:
        """How many rows, active or not, give a reason."""
        del scope
        return {"told": "COUNTIF(TRIM(invalidation_reason) <> '')"}

    def condition(self, scope: Scope) -> str:
        """No reason, in a game for which another row has one."""
        del scope
        return f"postponed_rows > 0 AND {_SAYS_NOTHING}"

    def judge(self, answer: Answer) -> Judgement:
        """Of the dates on which something is said, and of those without a row, which are a doubt."""
        silent = {
            day.game_date
            for day in answer.judged_days
            if day.count("all_rows") and not self.total(answer.systems_of(day.game_date), "told")
        }
        judged = tuple(day for day in answer.dates if day not in silent)
        if silent and not judged:
            why = "No row says anything in invalidation_reason, so nothing tells of a postponed game."
            return undecided(Outcome.SKIPPED, self.level, why, answer.dates)
        return super().judge(replace(answer, scope=replace(answer.scope, dates=judged)))
