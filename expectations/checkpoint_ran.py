"""Who watches the watchman?"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import ClassVar

from expectations.batch import MOST_WRITTEN, NEWEST_INSERT, WRITTEN_SINCE
from expectations.schedule import EARLY, GRACE, last_due
from prop_quality.expectation import (
    Answer,
    Finding,
    Group,
    Judgement,
    Outcome,
    ScanExpectation,
    Scope,
    Severity,
    conclude,
    some_of,
    undecided,
)


class CheckpointRan(ScanExpectation):
    """What a batch last wrote of each date was looked at by a checkpoint.

    For the operator:
        The table moved and nobody checked it: the checkpoint itself is broken, or its trigger is. A run that was
        inconclusive decided nothing, and one narrowed with --systems saw a part; neither counts.
    Example that fails:
        Rows written 16:05 UTC, newest stored verdict for that date 12:31 UTC, now 17:00 UTC.
    Incident:
        A validator that did not run looked like one that had nothing to say.
    Limits:
        `grace_minutes`: how long after a write its verdict may take (30). `trailing_minutes`: rows written that soon
        after a verdict belong to the batch that it judged (5). Critical when a row was inserted since the last look, or
        at least half of the active rows were written at a batch's time. A warning when half were updated at another
        time: by a batch started by hand or by an enrichment, which the table does not tell apart. Fewer updated rows
        are the work of enrichment and postponement jobs.
    What to do:
        Run prop-quality check --event for the batch, and mend what should have called it.
    """

    columns: ClassVar[tuple[str, ...]] = ("created_at",)
    grace_minutes: int = 30
    trailing_minutes: int = 5

    def row_facts(self, scope: Scope) -> Mapping[str, str]:
        """How much of the date was written since."""
        del scope
        return WRITTEN_SINCE

    def stored_measures(self, scope: Scope) -> Mapping[str, str]:
        """When each date was last inserted into, as of the clock."""
        del scope
        return {"inserted": NEWEST_INSERT}

    def date_measures(self, scope: Scope) -> Mapping[str, str]:
        """Since when most of each date is written, as of the clock."""
        del scope
        return {"most_written": MOST_WRITTEN}

    def judge(self, answer: Answer) -> Judgement:
        """Failed when a batch wrote longer ago than the grace and no stored verdict is newer."""
        days = [day for day in answer.judged_days if self._times(day)]
        if not days:
            why = "Nothing was written that could be checked."
            return undecided(Outcome.SKIPPED, self.level, why, answer.scope.dates)
        findings = [self._look(day, answer.scope) for day in days]
        bad_days = sum(f.level is not None for f in findings)
        says = some_of(len(findings) - bad_days, len(findings), "dates", "were checked after their newest batch")
        return conclude(findings, [f.game_date for f in findings], severity=self.level, says=says)

    def _look(self, day: Group, scope: Scope) -> Finding:
        checked, level = scope.checked_at.get(day.game_date), self._reached(day, scope)
        seen = f"last checked {checked:%Y-%m-%d %H:%M} UTC" if checked else "never checked"
        seen += f"; {vain}" if (vain := scope.checked_in_vain.get(day.game_date)) else ""
        detail = f"{day.game_date} was written {max(self._times(day)):%Y-%m-%d %H:%M} UTC and {seen}"
        rows = day.count("all_rows")
        return Finding(day.game_date, None, rows, rows if level else 0, level, detail)

    def _reached(self, day: Group, scope: Scope) -> Severity | None:
        checked, due = scope.checked_at.get(day.game_date), last_due(scope.now, day.game_date)
        inserted, most = (self.moment(day, name) for name in ("inserted", "most_written"))
        if self._unseen(inserted, checked, scope.now) or self._batch_missed(most, checked, due, scope.now):
            return self.level
        if most is None or not self._unseen(most, checked, scope.now):
            return None
        by_batch = checked is None or (due is not None and due - EARLY <= most <= due + GRACE)
        return self.level if by_batch else Severity.WARNING

    def _batch_missed(
        self, most: datetime | None, checked: datetime | None, due: datetime | None, now: datetime
    ) -> bool:
        """Whether the batch of `due` wrote the date and nobody looked since it began."""
        if due is None or most is None or checked is None or not checked < due - EARLY <= most:
            return False
        # What another job wrote since must not give the checkpoint more time.
        return min(most, due + GRACE) < now - timedelta(minutes=self.grace_minutes)

    def _unseen(self, written: datetime | None, checked: datetime | None, now: datetime) -> bool:
        """Whether something was written longer ago than the grace and after the last look."""
        if written is None or now - written <= timedelta(minutes=self.grace_minutes):
            return False
        return checked is None or checked < written - timedelta(minutes=self.trailing_minutes)

    def _times(self, day: Group) -> list[datetime]:
        """When the date was inserted into and mostly written, of those that are known."""
        found = (self.moment(day, name) for name in ("inserted", "most_written"))
        return [one for one in found if one is not None]

    def advice(self, answer: Answer, judgement: Judgement) -> str:
        """The command that looks at the dates now."""
        days = sorted({day for day, _ in judgement.groups})
        return "\n".join(f"prop-quality check --from {day} --to {day}" for day in days)
