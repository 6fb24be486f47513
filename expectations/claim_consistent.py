"""Finds events that contradict themselves."""

from typing import ClassVar

from prop_quality.expectation import (
    Answer,
    Finding,
    Judgement,
    ScanExpectation,
    conclude,
    in_words,
    missing_players,
    quoted,
)

_COUNTS = ("record_count", "records_failed", "expected_players", "completed_players")


class ClaimConsistent(ScanExpectation):
    """The completion event does not contradict itself.

    For the operator:
        The coordinator itself reports a loss, even where its status says success.
    Example that fails:
        `completed_players` 83, `expected_players` 121, status `success`.
    Incident:
        The event is unconditional: it says success even when nothing was stored.
    Limits:
        Completed equals expected, `record_count` equals completed, the completion is 100 %, no record failed, and the
        status is `success`. Not decided where the event leaves out one of the counts; a percentage left out is no
        doubt, because the counts say it. An event without a status is refused before anything is asked.
    What to do:
        Look at the players that did not complete in the coordinator's log, and start them again.
    """

    sources: ClassVar[frozenset[str]] = frozenset({"event"})

    def judge(self, answer: Answer) -> Judgement:
        """Compare what the event gives."""
        event = answer.scope.event
        assert event is not None
        problems = []
        if None not in (event.completed_players, event.expected_players) and (
            event.completed_players != event.expected_players
        ):
            problems.append(f"{event.completed_players} of {event.expected_players} players completed")
        if event.record_count is not None and event.completed_players not in (None, event.record_count):
            problems.append(f"record_count is {event.record_count}, completed_players {event.completed_players}")
        if event.completion_percentage is not None and event.completion_percentage < 100:
            problems.append(f"it says itself that it is {event.completion_percentage:g} % complete")
        if event.records_failed:
            problems.append(f"{event.records_failed} record{'' if event.records_failed == 1 else 's'} failed")
        if event.status != "success":
            problems.append(f"status is {quoted(event.status, 40)}")
        unclaimed = [name for name in _COUNTS if getattr(event, name) is None]
        claimed = event.record_count or event.completed_players or event.expected_players or 0
        finding = Finding(
            event.game_date,
            None,
            # What it does not say is not looked at, and what it says wrongly is.
            examined=claimed or len(problems) if problems or not unclaimed else 0,
            failing=len(problems),
            level=self.level if problems else None,
            detail="; ".join(problems) or None,
            doubt=f"the event does not say {in_words(unclaimed)}" if unclaimed else None,
        )
        says = "The event contradicts itself" if problems else "The event agrees with itself"
        nothing = "the event claims no player at all"
        return conclude([finding], answer.dates, severity=self.level, says=says, nothing=nothing)

    def advice(self, answer: Answer, judgement: Judgement) -> str:
        """The players that did not complete, where it is known who was expected."""
        scope = answer.scope
        if not scope.context.available and scope.uncovered_dates:
            return super().advice(answer, judgement)
        return missing_players(answer, judgement, "the players that the batch did not write", ("missing", "stale"))
