"""Finds rows of a worker that should not have written them."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import ClassVar

from expectations.batch import batch_rows
from expectations.levels import dates_of_systems
from expectations.remedies import revisions
from prop_quality.expectation import Answer, Finding, Group, Judgement, Outcome, RowExpectation, Scope, undecided


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
        event's worker revision. Nothing expected: skipped. Expected, and nothing tells, or no row was written, or a row
        that the batch wrote names none: inconclusive, for it could be anybody's.
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
                f"Cannot be decided: revision {scope.expected_revision} is expected, but the table has no usable "
                "column deployment_revision and no event names the worker."
            )
            return undecided(Outcome.INCONCLUSIVE, self.level, why, scope.dates)
        return super().unavailable(scope)

    def rows(self, scope: Scope) -> str:
        """Rows of the batch."""
        return batch_rows(scope)

    def measures(self, scope: Scope) -> Mapping[str, str]:
        """Also how many of them name a revision."""
        name = f"IF({batch_rows(scope)}, deployment_revision, NULL)" if scope.has("deployment_revision") else "NULL"
        return {**super().measures(scope), "named": f"COUNT({name})"}

    def condition(self, scope: Scope) -> str:
        """Another one than expected."""
        return "deployment_revision <> @expected_revision" if scope.has("deployment_revision") else "FALSE"

    def judge(self, answer: Answer) -> Judgement:
        """What the event says is told beside the rows."""
        # Where none of the selected systems is expected nothing was to be written, and no revision is in doubt.
        written = replace(answer, scope=replace(answer.scope, dates=tuple(dates_of_systems(answer))))
        judgement = super().judge(written)
        event = answer.scope.event
        if event is None or event.worker_revision is None:
            return judgement
        told = f"The event names {event.worker_revision}"
        if answer.scope.has("deployment_revision") or judgement.outcome is Outcome.INCONCLUSIVE:
            return replace(judgement, reason=f"{judgement.reason} {told}.")
        rest = (
            f"; {answer.scope.expected_revision} is expected"
            if judgement.outcome is Outcome.FAILED
            else ", as expected"
        )
        return replace(judgement, reason=f"{told}{rest}.")

    def remedy(self, answer: Answer, judgement: Judgement) -> str:
        """Who wrote the rows, and when."""
        return revisions(answer, judgement) or self.advice(answer, judgement)

    def findings(self, answer: Answer) -> list[Finding]:
        """The rows by system, what is in doubt about each date, and the event."""
        found = [
            replace(finding, examined=self.number(group, "named"))
            for finding, group in zip(super().findings(answer), answer.judged_systems, strict=True)
        ]
        found += [
            Finding(day.game_date, None, 0, doubt=doubt)
            for day in answer.judged_days
            if (doubt := self._doubt(answer, answer.systems_of(day.game_date)))
        ]
        event = answer.scope.event
        if event is None or event.worker_revision is None:
            return found
        bad = event.worker_revision != answer.scope.expected_revision
        return [*found, Finding(event.game_date, None, 1, int(bad), self.level if bad else None)]

    def _doubt(self, answer: Answer, systems: Sequence[Group]) -> str | None:
        """Why the rows of a date do not tell who wrote them; without the column the event alone tells."""
        rows, named = self.total(systems, "judged"), self.total(systems, "named")
        if not rows:
            return "no row was written that could be of the expected revision"
        if named < rows and answer.scope.has("deployment_revision"):
            return f"{rows - named:,} of {rows:,} rows that were written name no revision"
        return None
