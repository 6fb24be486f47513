"""Is there a batch for the games?"""

import json
from typing import ClassVar

from expectations.levels import no_roster
from expectations.schedule import first_due
from prop_quality.expectation import (
    Answer,
    Finding,
    Judgement,
    Outcome,
    ScanExpectation,
    conclude,
    undecided,
)


class BatchPresent(ScanExpectation):
    """Each date with games has active rows by the time its first batch is due.

    For the operator:
        Nothing was predicted: the coordinator did not start, or everything it wrote was lost.
    Example that fails:
        19:00 Eastern, games tomorrow, and no row for tomorrow although the 18:00 batch is due since 18:30.
    Incident:
        Zero rows on a day with 10 games, and no alert.
    Limits:
        The first batch for a date runs at 18:00 US Eastern on the day before; half an hour later it must be there.
    What to do:
        Start the coordinator for the date: POST /start with the game date.
    """

    sources: ClassVar[frozenset[str]] = frozenset({"roster"})

    def judge(self, answer: Answer) -> Judgement:
        """Failed when a date is due and has no active row."""
        scope = answer.scope
        due = [day for day in answer.judged_days if first_due(day.game_date) <= scope.now]
        if not due:
            return undecided(Outcome.SKIPPED, self.level, "No batch is due.", scope.dates)
        findings = []
        for day in due:
            rows = sum(group.count("active_rows") for group in answer.systems_of(day.game_date))
            if not rows and not day.pairs.expected:
                findings.append(Finding(day.game_date, None, 0, doubt=no_roster(day, answer)))
                continue
            level = None if rows else self.level
            detail = f"no row for {day.game_date}, due since {first_due(day.game_date):%Y-%m-%d %H:%M} Eastern"
            findings.append(Finding(day.game_date, None, rows or 1, int(not rows), level, detail))
        absent = sum(f.level is not None for f in findings)
        says = f"{len(due) - absent} of {len(due)} dates that are due have active rows"
        return conclude(findings, [day.game_date for day in due], severity=self.level, says=says)

    def advice(self, answer: Answer, judgement: Judgement) -> str:
        """The request that starts the batch."""
        least = answer.scope.registry.min_minutes
        days = sorted({day for day, _ in judgement.groups})
        bodies = (json.dumps({"game_date": str(day), "min_minutes": least, "force": False}) for day in days)
        return "\n".join(
            f"curl -X POST \"$COORDINATOR_URL/start\" -H 'Content-Type: application/json' -d '{b}'" for b in bodies
        )
