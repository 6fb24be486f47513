"""Finds a batch that two revisions wrote."""

from collections.abc import Sequence
from datetime import date
from typing import ClassVar

from expectations.batch import batch_rows
from expectations.levels import dates_of_systems
from expectations.remedies import revisions
from prop_quality.expectation import Answer, Finding, Group, GroupExpectation, Judgement, Outcome, Scope, undecided


class RevisionSingle(GroupExpectation):
    """One batch was written by one worker revision.

    For the operator:
        A deployment happened while the batch ran: some players have the old behaviour, some the new one.
    Example that fails:
        120 rows of `prediction-worker-00044-g7f` among 700 of `prediction-worker-00049-jrs`.
    Incident:
        On 2026-01-17 five worker revisions went live within half an hour, the last while a batch ran.
    Limits:
        `deployment_revision` of the rows that the batch wrote, and the event's worker revision. Rows that name none do
        not count. Skipped where no column tells, where rows were written and none names a revision, or where nothing
        says since when the batch wrote.
    What to do:
        Wait until the deployment is through, then start the coordinator again for the date.
    """

    optional_columns: ClassVar[tuple[str, ...]] = ("deployment_revision",)
    unit: ClassVar[str] = "dates"
    fault: ClassVar[str] = "were written by more than one revision"
    nothing: ClassVar[str] = "there is no row that the batch wrote"
    per_date: ClassVar[bool] = True

    def unavailable(self, scope: Scope) -> Judgement | None:
        """Which rows one batch wrote, and by whom, must be known."""
        why = None
        if scope.since is None:
            why = "Nothing says since when one batch wrote; pass --written-since."
        elif not scope.has("deployment_revision"):
            why = "The table has no usable column deployment_revision: an event names one worker and proves nothing."
        return undecided(Outcome.SKIPPED, self.level, why, scope.dates) if why else super().unavailable(scope)

    def row_facts(self, scope: Scope) -> dict[str, str]:
        """The revision of a row of the batch, how many rows of the batch name it, and how many name any."""
        if not scope.has("deployment_revision"):
            return {}
        named = f"IF({batch_rows(scope)}, deployment_revision, NULL)"
        return {
            "batch_revision": named,
            "revision_rows": f"COUNT({named}) OVER (PARTITION BY game_date, deployment_revision)",
            "named_rows": f"COUNT({named}) OVER (PARTITION BY game_date)",
        }

    def date_measures(self, scope: Scope) -> dict[str, str]:
        """The revisions, and how many rows are of one that did not write most of them."""
        if not scope.has("deployment_revision"):
            return {}
        return {
            "written": f"COUNTIF({batch_rows(scope)})",
            "revisions": "COUNT(DISTINCT batch_revision)",
            "rows": "COUNT(batch_revision)",
            "first": "MIN(batch_revision)",
            "last": "MAX(batch_revision)",
            "odd": f"COUNTIF({self.failing(scope)})",
        }

    def failing(self, scope: Scope) -> str | None:
        """A row of a revision that did not write most of the batch."""
        if not scope.has("deployment_revision"):
            return None
        return "batch_revision IS NOT NULL AND 2 * revision_rows <= named_rows"

    def dates(self, answer: Answer) -> Sequence[date]:
        """The dates of which a row names a revision, and those with no row of the batch, which are a doubt.

        Not those on which none of the selected systems is expected: nothing was to be written there.
        """
        return [
            day
            for day, group in ((day, answer.day(day)) for day in dates_of_systems(answer))
            if self.number(group, "rows") or not self.number(group, "written")
        ]

    def judge(self, answer: Answer) -> Judgement:
        """Skipped where the column is there and nobody fills it."""
        if answer.dates and not self.dates(answer):
            why = "No row that the batch wrote names a revision."
            return undecided(Outcome.SKIPPED, self.level, why, answer.dates)
        return super().judge(answer)

    def look(self, group: Group, answer: Answer) -> Finding | None:
        """The revisions of one date; the event's counts as one of them."""
        event = answer.scope.event
        rows = self.number(group, "rows")
        if not rows:
            return None
        names = {self.text(group, name) for name in ("first", "last")} - {""}
        count = self.number(group, "revisions")
        claimed = event.worker_revision if event else None
        odd = self.number(group, "odd")
        if claimed is not None and claimed not in names:
            # Rows and event contradict each other: then all rows are of another revision than the batch says.
            names, count, odd = names | {claimed}, count + 1, odd or rows
        bad = count > 1
        return Finding(
            group.game_date,
            None,
            examined=rows,
            failing=odd if bad else 0,
            level=self.level if bad else None,
            detail=f"{count} revisions wrote {rows:,} rows, among them {', '.join(sorted(names))}",
            numbers={"revisions": count},
        )

    def remedy(self, answer: Answer, judgement: Judgement) -> str:
        """Who wrote the rows, and when."""
        return revisions(answer, judgement) or self.advice(answer, judgement)
