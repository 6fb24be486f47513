"""Finds games that are named in another form."""

from typing import ClassVar

from prop_quality.expectation import RowExpectation, Scope

_DAY = "20[0-9]{2}(0[1-9]|1[0-2])(0[1-9]|[12][0-9]|3[01])"
_KNOWN = f"REGEXP_CONTAINS(IFNULL(game_id, ''), r'^({_DAY}_[A-Z]{{3}}_[A-Z]{{3}}|00[1-6][0-9]{{7}})$')"
# Of the two known forms, the one with the teams is the longer one.
_TEAMS = "LENGTH(game_id) > 10"


class GameIdForm(RowExpectation):
    """Every `game_id` has one of the two known forms, and a date uses only one of them.

    For the operator:
        Joins by game lose the rows of the other form without a word, and one game looks like two.
    Example that fails:
        484 rows with `20260115_LAL_BOS` and the like, and one with `0022500611`.
    Incident:
        Both forms are in the table, by date; a date with both would be the work of two writers.
    Limits:
        `YYYYMMDD_AWY_HOM`, or the league's ten digits (001 to 006, then seven more). Where a date has both, the rows of
        the rarer form fail.
    What to do:
        Find the writer of the rows in the other form, correct it, and write its rows again.
    """

    columns: ClassVar[tuple[str, ...]] = ("game_id",)
    listing_order: ClassVar[str] = "game_id, system_id, player_lookup"
    fault: ClassVar[str] = "name their game in no known form, or not in that of their date"

    def row_facts(self, scope: Scope) -> dict[str, str]:
        """How many more active rows of the date name the teams than give the league's digits; negative: fewer."""
        del scope
        surplus = f"SUM(IF(is_active AND {_KNOWN}, IF({_TEAMS}, 1, -1), 0))"
        return {"team_form_surplus": f"{surplus} OVER (PARTITION BY game_date)"}

    def condition(self, scope: Scope) -> str:
        """Neither form, or the rarer one of its date; of two equally frequent ones, the league's."""
        del scope
        return f"NOT {_KNOWN} OR ({_TEAMS}) = (team_form_surplus < 0)"
