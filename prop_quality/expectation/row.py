"""Checks of single rows."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Mapping
from dataclasses import replace
from typing import ClassVar

from prop_quality.expectation.clearing import cleared_by
from prop_quality.expectation.scan import ScanExpectation
from prop_quality.expectation.sql import player_names, players_where, waiver_condition
from prop_quality.judgement import Finding, Judgement, conclude
from prop_quality.scan.answer import Answer
from prop_quality.scan.scope import Scope
from prop_quality.verdict import Cleared
from prop_quality.waivers import Waiver
from prop_quality.words import some_of


class RowExpectation(ScanExpectation):
    """A check of each row by itself: subclasses say `fault`, what failing rows do, and `condition`.

    Active rows are judged; a subclass that judges fewer says which `rows`, and calls them by another `noun`.
    """

    fault: ClassVar[str] = ""
    noun: ClassVar[str] = "active rows"

    @abstractmethod
    def condition(self, scope: Scope) -> str:
        """SQL that is TRUE for a row that fails; written so that NULL cannot hide one."""

    def rows(self, scope: Scope) -> str:
        """SQL that is TRUE for those of the active rows that are judged; empty: all."""
        del scope
        return ""

    def measures(self, scope: Scope) -> Mapping[str, str]:
        """How many rows fail, how many are judged, and how many a waiver clears."""
        return {} if self.superseded_too else self._counts(scope)

    def stored_measures(self, scope: Scope) -> Mapping[str, str]:
        """The same of all rows, where superseded ones are judged too."""
        return self._counts(scope) if self.superseded_too else {}

    def _counts(self, scope: Scope) -> dict[str, str]:
        found = {"failing": f"COUNTIF({self.failing(scope)})"}
        if rows := self.rows(scope):
            found["judged"] = f"COUNTIF({rows})"
        for number, _ in self._waived(scope):
            found |= counted_rows(f"waiver_{number}", _both(self._raw(scope), waiver_condition(number)))
        return found

    def failing(self, scope: Scope) -> str:
        """A judged row that meets the condition and that no waiver clears."""
        return _both(self._raw(scope), *(f"NOT {waiver_condition(number)}" for number, _ in self._waived(scope)))

    def judge(self, answer: Answer) -> Judgement:
        """Failed as soon as one row fails."""
        findings = self.findings(answer)
        bad, examined = sum(f.failing for f in findings), sum(f.examined for f in findings)
        return conclude(
            [self._named(finding, answer) for finding in findings],
            answer.dates,
            severity=self.level,
            says=some_of(bad, examined, self.noun, self.fault),
            nothing=f"there are no {self.noun} to look at",
            cleared=self.cleared(answer),
        )

    def findings(self, answer: Answer) -> list[Finding]:
        """One for each system of each date."""
        own, all_of_them = bool(self.rows(answer.scope)), "all_rows" if self.superseded_too else "active_rows"
        return [
            Finding(
                group.game_date,
                group.system_id,
                examined=self.number(group, "judged") if own else group.count(all_of_them),
                failing=(bad := self.number(group, "failing")),
                level=self.level if bad else None,
            )
            for group in answer.judged_systems
        ]

    def cleared(self, answer: Answer) -> list[Cleared]:
        """Rows that would fail and that waivers cleared, by name."""
        return [
            cleared_by(waiver, rows, named)
            for number, waiver in self._waived(answer.scope)
            for rows, named in [self.counted(answer, f"waiver_{number}")]
            if rows
        ]

    def counted(self, answer: Answer, name: str) -> tuple[int, list[dict[str, str]]]:
        """How many rows a measure and its `…_players` found, and their keys, at most 20 a system and date."""
        groups = [group for group in answer.judged_systems if self.number(group, name)]
        named = [
            {"game_date": str(group.game_date), "system_id": str(group.system_id), "player_lookup": player}
            for group in groups
            for player in player_names(self.text(group, f"{name}_players"))
        ]
        return self.total(groups, name), named

    def waives(self, waiver: Waiver) -> bool:
        """Every waiver clears the rows of its scope."""
        del waiver
        return True

    def _raw(self, scope: Scope) -> str:
        rows = self.rows(scope)
        return _both(rows, self.condition(scope)) if rows else self.condition(scope)

    def _waived(self, scope: Scope) -> list[tuple[int, Waiver]]:
        counting = scope.waivers_of(self.check_id)
        return [(number, waiver) for number, waiver in enumerate(scope.waivers) if waiver in counting]

    def _named(self, finding: Finding, answer: Answer) -> Finding:
        if finding.level is None:
            return finding
        return replace(finding, detail=f"{finding.failing:,} of {group_name(finding, answer)}")


def _both(*conditions: str) -> str:
    """All of the conditions; a single one as it is."""
    return conditions[0] if len(conditions) == 1 else " AND ".join(f"({condition})" for condition in conditions)


def counted_rows(name: str, condition: str) -> dict[str, str]:
    """Measures of the rows that meet `condition`: how many, and whose; read back with `RowExpectation.counted`."""
    return {name: f"COUNTIF({condition})", f"{name}_players": players_where(condition)}


def group_name(finding: Finding, answer: Answer) -> str:
    """A group in words: the system, and the date when there are several."""
    parts = [finding.system_id or "the date", f"on {finding.game_date}" if len(answer.scope.dates) > 1 else ""]
    return " ".join(part for part in parts if part)
