"""Who watches the watchman?"""

from collections.abc import Mapping
from datetime import timedelta
from typing import ClassVar

from expectations.batch import NEWEST_WRITE
from prop_quality.expectation import (
    Answer,
    Finding,
    Judgement,
    Outcome,
    ScanExpectation,
    Scope,
    conclude,
    some_of,
    undecided,
)


class CheckpointRan(ScanExpectation):
    """The newest write of each date was looked at by a checkpoint.

    For the operator:
        The table moved and nobody checked it: the checkpoint itself is broken, or its trigger is. A run that was
        inconclusive decided nothing, and one narrowed with --systems saw a part; neither counts.
    Example that fails:
        Newest write 16:05 UTC, newest stored verdict for that date 12:31 UTC, now 17:00 UTC.
    Incident:
        A validator that did not run looked like one that had nothing to say.
    Limits:
        `grace_minutes`: how long after a write its verdict may take (30). `trailing_minutes`: rows written that soon
        after a verdict belong to the batch that it judged (5). Any job that moves `updated_at` counts as a write.
    What to do:
        Run prop-quality check --event for the batch, and mend what should have called it.
    """

    sources: ClassVar[frozenset[str]] = frozenset()
    grace_minutes: int = 30
    trailing_minutes: int = 5

    def date_measures(self, scope: Scope) -> Mapping[str, str]:
        """When each date was last written, as of the clock."""
        del scope
        return {"newest_write": NEWEST_WRITE}

    def judge(self, answer: Answer) -> Judgement:
        """Failed when a write is older than the grace and no stored verdict is newer."""
        scope = answer.scope
        findings = []
        for day in answer.judged_days:
            newest = self.moment(day, "newest_write")
            if newest is None:
                continue
            checked = scope.checked_at.get(day.game_date)
            late = scope.now - newest > timedelta(minutes=self.grace_minutes)
            bad = late and (checked is None or checked < newest - timedelta(minutes=self.trailing_minutes))
            seen = f"last checked {checked:%Y-%m-%d %H:%M} UTC" if checked else "never checked"
            seen += f"; {vain}" if (vain := scope.checked_in_vain.get(day.game_date)) else ""
            detail = f"{day.game_date} was written {newest:%Y-%m-%d %H:%M} UTC and {seen}"
            rows = day.count("date_rows")
            findings.append(Finding(day.game_date, None, rows, rows if bad else 0, self.level if bad else None, detail))
        if not findings:
            return undecided(Outcome.SKIPPED, self.level, "Nothing was written that could be checked.", scope.dates)
        bad_days = sum(f.level is not None for f in findings)
        says = some_of(len(findings) - bad_days, len(findings), "dates", "were checked after their newest write")
        return conclude(findings, [f.game_date for f in findings], severity=self.level, says=says)

    def advice(self, answer: Answer, judgement: Judgement) -> str:
        """The command that looks at the dates now."""
        days = sorted({day for day, _ in judgement.groups})
        return "\n".join(f"prop-quality check --from {day} --to {day}" for day in days)
