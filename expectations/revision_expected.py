"""Finds rows of a worker that should not have written them."""

from dataclasses import replace
from typing import ClassVar

from expectations.batch import batch_rows
from expectations.remedies import revisions
from prop_quality.expectation import Answer, Finding, Judgement, Outcome, RowExpectation, Scope, undecided


class RevisionExpected(RowExpectation):
    """The batch was written by the worker revision that was expected.

    For the operator:
        A fix was deployed and another revision did the work: the rows look new and are as wrong as before.
    Example that fails:
        `prediction-worker-00049-jrs` is expected, the rows say `prediction-worker-00044-g7f`.
    Incident:
        Rows were made again to get a fix, by a worker 12 hours older than it. On 2026-01-17 five revisions replaced, in
        half an hour, the only one that refused placeholder lines.
    Limits:
        `deployment_revision` of the rows that the batch wrote (all active rows where nothing says since when), and the
        event's worker revision. Nothing expected: skipped. Expected, and nothing tells: inconclusive.
    What to do:
        Send all traffic to the revision that was expected, then start the coordinator again for the date.
    """

    optional_columns: ClassVar[tuple[str, ...]] = ("deployment_revision",)
    restart: ClassVar[bool] = True
    noun: ClassVar[str] = "rows and events that name a revision"
    fault: ClassVar[str] = "name another revision than the expected one"

    def unavailable(self, scope: Scope) -> Judgement | None:
        """Nothing to compare with, or nothing to compare."""
        if scope.expected_revision is None:
            why = "No worker revision is expected; pass --expect-revision."
            return undecided(Outcome.SKIPPED, self.level, why, scope.dates)
        if not scope.has("deployment_revision") and (scope.event is None or scope.event.worker_revision is None):
            why = (
                f"Cannot be decided: {scope.expected_revision} is expected, but the table has no usable column "
                "deployment_revision and no event names the worker."
            )
            return undecided(Outcome.INCONCLUSIVE, self.level, why, scope.dates)
        return super().unavailable(scope)

    def rows(self, scope: Scope) -> str:
        """Rows of the batch that name a revision."""
        if not scope.has("deployment_revision"):
            return "FALSE"
        return f"{batch_rows(scope)} AND deployment_revision IS NOT NULL"

    def condition(self, scope: Scope) -> str:
        """Another one than expected."""
        return "deployment_revision <> @expected_revision" if scope.has("deployment_revision") else "FALSE"

    def judge(self, answer: Answer) -> Judgement:
        """What the event says is told beside the rows."""
        judgement = super().judge(answer)
        event = answer.scope.event
        if event is None or event.worker_revision is None:
            return judgement
        return replace(judgement, reason=f"{judgement.reason} The event names {event.worker_revision}.")

    def remedy(self, answer: Answer, judgement: Judgement) -> str:
        """Who wrote the rows, and when."""
        return revisions(answer, judgement) or self.advice(answer, judgement)

    def findings(self, answer: Answer) -> list[Finding]:
        """The rows by system, and the event."""
        found = super().findings(answer)
        event = answer.scope.event
        if event is None or event.worker_revision is None:
            return found
        bad = event.worker_revision != answer.scope.expected_revision
        return [*found, Finding(event.game_date, None, 1, int(bad), self.level if bad else None)]
