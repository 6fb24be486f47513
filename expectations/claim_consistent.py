"""Finds events that contradict themselves."""

from typing import ClassVar

from prop_quality.expectation import Answer, Finding, Judgement, ScanExpectation, conclude, missing_players


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
        status is `success`.
    What to do:
        Look at the players that did not complete in the coordinator's log, and start them again.
    """

    sources: ClassVar[frozenset[str]] = frozenset({"event"})

    def judge(self, answer: Answer) -> Judgement:
        """Compare what the event gives."""
        event = answer.scope.event
        assert event is not None
        problems = []
        compared = event.completed_players is not None and event.expected_players is not None
        if compared and event.completed_players != event.expected_players:
            problems.append(f"{event.completed_players} of {event.expected_players} players completed")
        if event.record_count is not None and event.completed_players not in (None, event.record_count):
            problems.append(f"record_count is {event.record_count}, completed_players {event.completed_players}")
        if event.completion_percentage is not None and event.completion_percentage < 100:
            problems.append(f"it says itself that it is {event.completion_percentage:g} % complete")
        if event.records_failed:
            problems.append(f"{event.records_failed} records failed")
        if event.status is not None and event.status != "success":
            problems.append(f"status is {event.status!r:.40}")
        finding = Finding(
            event.game_date,
            None,
            examined=event.record_count or event.completed_players or event.expected_players or 0,
            failing=len(problems),
            level=self.level if problems else None,
            detail="; ".join(problems) or None,
            doubt=None if compared else "the event does not say how many players were expected and completed",
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
