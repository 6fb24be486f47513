"""The base of all our expectations."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any, ClassVar

from great_expectations.expectations.expectation import BatchExpectation

from prop_quality.expectation.remedies import FailedSlice, pasted, start_again
from prop_quality.expectation.sql import in_words
from prop_quality.judgement import Judgement, undecided
from prop_quality.scan.answer import Answer, Group
from prop_quality.scan.compose import compose_listing, measure_name
from prop_quality.scan.metric import METRIC, keep_judgement
from prop_quality.scan.parameters import literal
from prop_quality.scan.scope import Scope
from prop_quality.verdict import Outcome, Severity
from prop_quality.waivers import Waiver


class ScanExpectation(BatchExpectation):
    """One check: what it needs of the scan, and what it concludes.

    Subclasses set `columns` (of the predictions table; one absent: skipped), `optional_columns` (read where they
    are), `sources` (`roster`, `book_lines`, `since`, `event`; one absent: `unavailable` says so), and
    `optional_sources` (asked where they are). Limits are ordinary fields, so that suites can set them;
    `floors_by_system`: those of the registry hold too. For the remedy:
    `listing_order`, of the failing rows, and `restart`, whether the coordinator should write the dates again. Active
    rows are meant wherever a row can fail, unless `superseded_too`.
    """

    columns: ClassVar[tuple[str, ...]] = ()
    optional_columns: ClassVar[tuple[str, ...]] = ()
    sources: ClassVar[frozenset[str]] = frozenset()
    optional_sources: ClassVar[frozenset[str]] = frozenset()
    floors_by_system: ClassVar[bool] = False
    listing_order: ClassVar[str] = "game_date, system_id, player_lookup"
    restart: ClassVar[bool] = False
    superseded_too: ClassVar[bool] = False
    metric_dependencies = (METRIC,)

    @property
    def check_id(self) -> str:
        """The id under which everyone knows the check: the file's name."""
        return str(type(self).expectation_type)

    @property
    def level(self) -> Severity:
        """The severity that the suite gave."""
        return Severity(str(getattr(self.severity, "value", self.severity)))

    @property
    def reads_columns(self) -> tuple[str, ...]:
        """Columns of the predictions table that its SQL names."""
        return (*self.columns, *self.optional_columns)

    @property
    def reads_sources(self) -> frozenset[str]:
        """Sources beside the predictions table."""
        return self.sources | self.optional_sources

    def limits(self) -> dict[str, Any]:
        """The limits in force: the fields that the class adds to those of every expectation."""
        return {name: getattr(self, name) for name in type(self).__fields__ if name not in BatchExpectation.__fields__}

    def row_facts(self, scope: Scope) -> Mapping[str, str]:
        """Values of a row that need other rows, or that several measures need: name to expression over the slice."""
        del scope
        return {}

    def measures(self, scope: Scope) -> Mapping[str, str]:
        """Aggregates over the active rows of one system on one date: name to expression over `facts`."""
        del scope
        return {}

    def date_measures(self, scope: Scope) -> Mapping[str, str]:
        """Aggregates over the active rows of a date that are no sum over its systems."""
        del scope
        return {}

    def stored_measures(self, scope: Scope) -> Mapping[str, str]:
        """Aggregates over all stored rows, superseded ones too, of one system on one date and of a date."""
        del scope
        return {}

    def failing(self, scope: Scope) -> str | None:
        """The condition that a failing row of `facts` meets; None when failing is no property of rows."""
        del scope
        return None

    def usable(self, columns: Mapping[str, str]) -> Mapping[str, str]:
        """Those of the table's columns that other checks may read; the schema check takes out the broken ones."""
        return columns

    def judge_schema(self, scope: Scope) -> Judgement | None:
        """The judgement when it needs no query; None when it does."""
        del scope
        return None

    @abstractmethod
    def judge(self, answer: Answer) -> Judgement:
        """What the numbers mean."""

    def unavailable(self, scope: Scope) -> Judgement | None:
        """Why the check cannot be evaluated in this run, None when it can."""
        absent = [column for column in self.columns if column not in scope.predictions.columns]
        if absent:
            return self._skipped(scope, f"The table has no usable column {in_words(absent)}")
        if "event" in self.reads_sources and scope.event is None:
            return self._skipped(scope, "No completion event claims anything here")
        if "since" in self.reads_sources and scope.since is None:
            return self._skipped(scope, "Nothing says since when rows should have been written; pass --written-since")
        if "roster" in self.reads_sources - self.optional_sources and not scope.roster_known:
            return self._doubtful(scope, f"The expected players are unknown: {scope.context.unavailable}")
        return None

    def number(self, group: Group, name: str) -> int:
        """A count that this check declared, of one group."""
        return group.count(measure_name(self.check_id, name))

    def value(self, group: Group, name: str) -> float | None:
        """A measure that this check declared, of one group; None where there was none."""
        return group.number(measure_name(self.check_id, name))

    def moment(self, group: Group, name: str) -> datetime | None:
        """A time that this check declared, of one group; None where there was none."""
        found: datetime | None = group.numbers.get(measure_name(self.check_id, name))
        return found

    def text(self, group: Group, name: str) -> str:
        """A text that this check declared, of one group; empty where there was none."""
        return str(group.numbers.get(measure_name(self.check_id, name)) or "")

    def total(self, groups: Iterable[Group], name: str) -> int:
        """A count that this check declared, summed over groups."""
        return sum(self.number(group, name) for group in groups)

    def waives(self, waiver: Waiver) -> bool:
        """Whether a waiver of this check can clear anything; one that cannot is said to be without effect."""
        del waiver
        return False

    def remedy(self, answer: Answer, judgement: Judgement) -> str:
        """What an operator runs next: by default, the query that lists the failing rows."""
        where = FailedSlice.of(answer, judgement)
        listing = compose_listing(self, answer.scope, where.dates, where.systems, self.listing_order)
        if listing is None:
            return self.advice(answer, judgement)
        return pasted(
            f"the failing rows of {self.check_id} {where.words}",
            listing.with_literals(),
            *self._afterwards(where, answer.scope),
        )

    def advice(self, answer: Answer, judgement: Judgement) -> str:
        """The remedy of a check whose failure is no property of rows: the rows by system and minute of writing."""
        where, scope = FailedSlice.of(answer, judgement), answer.scope
        updated = "updated_at" if scope.has("updated_at") else "CAST(NULL AS TIMESTAMP)"
        sql = (
            f"SELECT game_date, system_id, is_active, TIMESTAMP_TRUNC({updated}, MINUTE) AS updated,\n"
            "  TIMESTAMP_TRUNC(created_at, MINUTE) AS created, COUNT(*) AS n,\n"
            "  COUNT(DISTINCT player_lookup) AS players\n"
            f"FROM {scope.predictions.table_sql}\n"
            f"WHERE game_date IN UNNEST({literal(list(where.dates), 'ARRAY<DATE>')})\n"
            "GROUP BY 1, 2, 3, 4, 5\nORDER BY 1, 2, 5"
        )
        title = f"what is stored {where.words}, by system and minute of writing"
        return pasted(title, sql, *self._afterwards(where, scope))

    def evaluate(self, answer: Answer) -> Judgement:
        """The judgement, or why there is none."""
        return self.unavailable(answer.scope) or self.judge(answer)

    def _afterwards(self, where: FailedSlice, scope: Scope) -> list[str]:
        return start_again(where, scope.registry.min_minutes) if self.restart else []

    def _validate(
        self,
        metrics: dict[str, Any],
        runtime_configuration: dict[str, Any] | None = None,
        execution_engine: Any = None,
    ) -> dict[str, Any]:
        answer: Answer = metrics[METRIC]
        judgement = self.evaluate(answer)
        keep_judgement(execution_engine, self.check_id, judgement)
        return {
            "success": judgement.outcome in (Outcome.PASSED, Outcome.SKIPPED),
            "result": {
                "observed_value": judgement.reason,
                "element_count": judgement.rows_examined,
                "unexpected_count": judgement.failing_rows,
                "details": {"outcome": str(judgement.outcome), "severity": str(judgement.severity)},
            },
        }

    def _skipped(self, scope: Scope, why: str) -> Judgement:
        return undecided(Outcome.SKIPPED, self.level, f"{why}.", scope.dates)

    def _doubtful(self, scope: Scope, why: str) -> Judgement:
        return undecided(Outcome.INCONCLUSIVE, self.level, f"{why}.", scope.dates)
