"""Checks of one system on one date as a whole, or of a date."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any, ClassVar

from prop_quality.expectation.clearing import cleared_by, covers
from prop_quality.expectation.scan import ScanExpectation
from prop_quality.judgement import Finding, Judgement, conclude
from prop_quality.scan.answer import Answer, Group
from prop_quality.verdict import MAX_SAMPLE_ROWS, Cleared
from prop_quality.waivers import Waiver
from prop_quality.words import some_of


class GroupExpectation(ScanExpectation):
    """A check of one system on one date as a whole. Subclasses declare `measures`, and look at one group at a time."""

    unit: ClassVar[str] = "systems"
    fault: ClassVar[str] = ""
    nothing: ClassVar[str] = "there are no active rows to look at"
    per_date: ClassVar[bool] = False

    def shown(self, answer: Answer) -> list[Mapping[str, Any]]:
        """Failing things that are no rows of the table, such as missing players; at most 20 are shown."""
        del answer
        return []

    @abstractmethod
    def look(self, group: Group, answer: Answer) -> Finding | None:
        """What one group shows; None when the check has nothing to say about it (too few rows)."""

    def dates(self, answer: Answer) -> Sequence[date]:
        """The dates that can be judged; one of them without a finding is inconclusive."""
        return answer.dates

    def judge(self, answer: Answer) -> Judgement:
        """Failed as soon as one group fails."""
        days = set(self.dates(answer))
        groups = [g for g in (answer.judged_days if self.per_date else answer.judged_systems) if g.game_date in days]
        raw = [_dated(f, answer) for group in groups if (f := self.look(group, answer)) is not None]
        findings = self._waived(raw, answer)
        if self.per_date and len(answer.dates) == 1 and len(findings) == 1 and findings[0].detail:
            return self._concluded([replace(findings[0], detail=None)], answer, findings[0].detail, raw)
        bad = sum(f.level is not None for f in findings)
        unit = self.unit if self.per_date or len(answer.dates) == 1 else "system-dates"
        return self._concluded(findings, answer, some_of(bad, len(findings), unit, self.fault), raw)

    def waives(self, waiver: Waiver) -> bool:
        """A whole system or date can be waived; one player cannot, and no system where dates are judged."""
        return waiver.player_lookup is None and not (self.per_date and waiver.system_id)

    def _concluded(self, findings: Sequence[Finding], answer: Answer, says: str, raw: Sequence[Finding]) -> Judgement:
        failed = any(f.level for f in findings)
        return conclude(
            findings,
            self.dates(answer),
            severity=self.level,
            says=says,
            nothing=self.nothing,
            cleared=self._cleared(raw, answer),
            sample=self.shown(answer)[:MAX_SAMPLE_ROWS] if failed else (),
        )

    def _waivers(self, answer: Answer) -> list[Waiver]:
        return [waiver for waiver in answer.scope.waivers_of(self.check_id) if self.waives(waiver)]

    def _waived(self, findings: Sequence[Finding], answer: Answer) -> list[Finding]:
        """The findings, with those that a waiver covers no longer failing."""
        waivers = self._waivers(answer)
        return [replace(f, level=None, failing=0) if any(covers(w, f) for w in waivers) else f for f in findings]

    def _cleared(self, raw: Sequence[Finding], answer: Answer) -> list[Cleared]:
        """Groups that would fail and that waivers cleared, by name."""
        found = []
        for waiver in self._waivers(answer):
            covered = [f for f in raw if f.level is not None and covers(waiver, f)]
            if covered:
                named = [{"game_date": str(f.game_date), "system_id": f.system_id} for f in covered]
                found.append(cleared_by(waiver, sum(f.failing for f in covered), named))
        return found


def _dated(finding: Finding, answer: Answer) -> Finding:
    """The finding whose words say of which date they speak, where there are several."""
    if finding.detail is None or len(answer.scope.dates) == 1:
        return finding
    return replace(finding, detail=f"on {finding.game_date} {finding.detail}")
