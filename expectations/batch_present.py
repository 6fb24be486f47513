"""Is there a batch for the games?"""

from typing import ClassVar

from expectations.levels import no_roster
from expectations.schedule import first_due
from prop_quality.expectation import (
    Answer,
    Finding,
    Group,
    Judgement,
    Outcome,
    ScanExpectation,
    conclude,
    some_of,
    start_command,
    undecided,
)


class BatchPresent(ScanExpectation):
    """Each date with games has active rows of at least half of its expected players by the time its first batch is due.

    For the operator:
        Nothing was predicted, or next to nothing: the coordinator did not start, or what it wrote was lost.
    Example that fails:
        19:00 Eastern, games tomorrow, and no row for tomorrow although the 18:00 batch is due since 18:30.
    Incident:
        Zero rows on a day with 10 games, and no alert.
    Limits:
        The first batch for a date runs at 18:00 US Eastern on the day before; half an hour later it must be there.
        `min_share`: of the expected players, 0 to 1, that must have an active row for it to be called a batch (0.5; the
        worst batch on record that ran stored 69 %). How complete it is, the checkpoint after the batch says.
    What to do:
        Start the coordinator for the date: the command asks its /start, and takes its address from COORDINATOR_URL.
    """

    sources: ClassVar[frozenset[str]] = frozenset({"roster"})
    min_share: float = 0.5

    def judge(self, answer: Answer) -> Judgement:
        """Failed when a date is due and too few of its players have an active row."""
        scope = answer.scope
        due = [day for day in answer.judged_days if first_due(day.game_date) <= scope.now]
        if not due:
            return undecided(Outcome.SKIPPED, self.level, "No batch is due.", scope.dates)
        findings = [self._look(day, answer) for day in due]
        absent = sum(f.level is not None for f in findings)
        says = some_of(len(due) - absent, len(due), "due dates", "have a batch")
        return conclude(findings, [day.game_date for day in due], severity=self.level, says=says)

    def _look(self, day: Group, answer: Answer) -> Finding:
        expected, stored = day.pairs.expected, day.pairs.stored
        if not expected:
            return Finding(day.game_date, None, 0, doubt=no_roster(day, answer))
        bad = stored < self.min_share * expected
        rows = sum(group.count("active_rows") for group in answer.systems_of(day.game_date))
        what = f"rows of {stored} of {expected} expected players only" if rows else "no row"
        since = f"due since {first_due(day.game_date):%Y-%m-%d %H:%M} Eastern"
        level, detail = (self.level if bad else None), f"{what} for {day.game_date}, {since}"
        return Finding(day.game_date, None, expected, expected - stored if bad else 0, level, detail)

    def advice(self, answer: Answer, judgement: Judgement) -> str:
        """The request that starts the batch."""
        least = answer.scope.registry.min_minutes
        return "\n".join(start_command(day, least, force=False) for day in sorted({day for day, _ in judgement.groups}))
