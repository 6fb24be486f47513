"""The base classes of our expectations: declare what to ask, judge what came back.

An expectation is an ordinary `BatchExpectation` of Great Expectations. It depends on one metric, the scan, which is
asked once for all of them; it declares its part of that query, and `judge` turns its numbers into an outcome.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any, ClassVar

from great_expectations.expectations.expectation import BatchExpectation

from prop_quality.judgement import Finding, Judgement, conclude, undecided
from prop_quality.scan.answer import Answer, Group
from prop_quality.scan.compose import compose_listing, measure_name
from prop_quality.scan.metric import METRIC
from prop_quality.scan.parameters import literal
from prop_quality.scan.scope import Scope
from prop_quality.verdict import MAX_SAMPLE_ROWS, Cleared, Outcome, Severity

__all__ = [
    "Answer",
    "Cleared",
    "Finding",
    "Group",
    "GroupExpectation",
    "Judgement",
    "Outcome",
    "RowExpectation",
    "ScanExpectation",
    "Scope",
    "Severity",
    "conclude",
    "in_words",
    "literal",
    "literals",
    "partition_key",
    "undecided",
]


_ACTIVE = "is_active"


class ScanExpectation(BatchExpectation):
    """One check: what it needs of the scan, and what it concludes.

    Subclasses set `columns` (of the predictions table; one absent: skipped), `optional_columns` (read where they
    are), and `sources` (`roster`, `book_lines`, `since`, `event`; one absent: `unavailable` says so). Limits are
    ordinary fields, so that suites can set them.
    """

    columns: ClassVar[tuple[str, ...]] = ()
    optional_columns: ClassVar[tuple[str, ...]] = ()
    sources: ClassVar[frozenset[str]] = frozenset()
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
        return self.sources

    def limits(self) -> dict[str, Any]:
        """The limits in force: the fields that the class adds to those of every expectation."""
        return {name: getattr(self, name) for name in type(self).__fields__ if name not in BatchExpectation.__fields__}

    def row_facts(self, scope: Scope) -> Mapping[str, str]:
        """Values of a row that depend on other rows: name to window expression over the slice."""
        del scope
        return {}

    def measures(self, scope: Scope) -> Mapping[str, str]:
        """Aggregates over one system on one date: name to expression over `facts`."""
        del scope
        return {}

    def date_measures(self, scope: Scope) -> Mapping[str, str]:
        """Aggregates over a whole date that are no sum over its systems."""
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

    def judge(self, answer: Answer) -> Judgement:
        """What the numbers mean."""
        raise NotImplementedError

    def unavailable(self, scope: Scope) -> Judgement | None:
        """Why the check cannot be evaluated in this run, None when it can."""
        absent = [column for column in self.columns if column not in scope.predictions.columns]
        if absent:
            return self._skipped(scope, f"The table has no usable column {in_words(absent)}")
        if "event" in self.reads_sources and scope.event is None:
            return self._skipped(scope, "No completion event claims anything here")
        if "since" in self.reads_sources and scope.since is None:
            return self._skipped(scope, "Nothing says since when rows should have been written; pass --written-since")
        if "roster" in self.reads_sources and scope.uncovered_dates and not scope.context.available:
            return self._doubtful(scope, f"The expected players are unknown: {scope.context.unavailable}")
        return None

    def number(self, group: Group, name: str) -> int:
        """A count that this check declared, of one group."""
        return group.count(measure_name(self.check_id, name))

    def value(self, group: Group, name: str) -> float | None:
        """A measure that this check declared, of one group; None where there was none."""
        return group.number(measure_name(self.check_id, name))

    def text(self, group: Group, name: str) -> str:
        """A text that this check declared, of one group; empty where there was none."""
        return str(group.numbers.get(measure_name(self.check_id, name)) or "")

    def total(self, groups: Iterable[Group], name: str) -> int:
        """A count that this check declared, summed over groups."""
        return sum(self.number(group, name) for group in groups)

    def remedy(self, answer: Answer, judgement: Judgement) -> str:
        """What an operator runs next: by default, the query that lists the failing rows."""
        dates = sorted({day for day, _ in judgement.groups}) or list(answer.dates)
        listing = compose_listing(self, answer.scope, dates)
        return listing.with_literals() if listing else self.advice(answer, judgement)

    def advice(self, answer: Answer, judgement: Judgement) -> str:
        """The remedy of a check whose failure is no property of rows: the rows by system and minute of writing."""
        days = ", ".join(f"DATE '{day}'" for day in sorted({day for day, _ in judgement.groups}) or answer.dates[:50])
        return (
            "SELECT game_date, system_id, is_active, TIMESTAMP_TRUNC(updated_at, MINUTE) AS updated, "
            "TIMESTAMP_TRUNC(created_at, MINUTE) AS created, COUNT(*) AS n, COUNT(DISTINCT player_lookup) AS players\n"
            f"FROM {answer.scope.predictions.table_sql}\nWHERE game_date IN ({days})\n"
            "GROUP BY 1, 2, 3, 4, 5\nORDER BY 1, 2, 5"
        )

    def evaluate(self, answer: Answer) -> Judgement:
        """The judgement, or why there is none."""
        return self.unavailable(answer.scope) or self.judge(answer)

    def _validate(
        self,
        metrics: dict[str, Any],
        runtime_configuration: dict[str, Any] | None = None,
        execution_engine: Any = None,
    ) -> dict[str, Any]:
        answer: Answer = metrics[METRIC]
        judgement = self.evaluate(answer)
        return {
            "success": judgement.outcome in (Outcome.PASSED, Outcome.SKIPPED),
            "result": {
                "observed_value": judgement.reason,
                "element_count": judgement.rows_examined,
                "unexpected_count": judgement.failing_rows,
                "details": judgement.to_json(),
            },
        }

    def _skipped(self, scope: Scope, why: str) -> Judgement:
        return undecided(Outcome.SKIPPED, self.level, f"{why}.", scope.dates)

    def _doubtful(self, scope: Scope, why: str) -> Judgement:
        return undecided(Outcome.INCONCLUSIVE, self.level, f"{why}.", scope.dates)


class RowExpectation(ScanExpectation):
    """A check of each row by itself: subclasses say `fault`, what failing rows do, and `condition`.

    Active rows are judged, unless a subclass gives other `rows` and calls them by another `noun`.
    """

    fault: ClassVar[str] = ""
    noun: ClassVar[str] = "active rows"

    def condition(self, scope: Scope) -> str:
        """SQL that is TRUE for a row that fails; written so that NULL cannot hide one."""
        raise NotImplementedError

    def rows(self, scope: Scope) -> str:
        """SQL that is TRUE for the rows that are judged."""
        del scope
        return _ACTIVE

    def measures(self, scope: Scope) -> Mapping[str, str]:
        """How many rows fail, how many are judged, and how many a waiver clears."""
        found = {"failing": f"COUNTIF({self.failing(scope)})"}
        if self.rows(scope) != _ACTIVE:
            found["judged"] = f"COUNTIF({self.rows(scope)})"
        for number, _ in self._waived(scope):
            found[f"waiver_{number}"] = f"COUNTIF({self._raw(scope)} AND {_waiver_condition(number)})"
        return found

    def failing(self, scope: Scope) -> str:
        """A judged row that meets the condition and that no waiver clears."""
        waived = "".join(f" AND NOT {_waiver_condition(number)}" for number, _ in self._waived(scope))
        return self._raw(scope) + waived

    def judge(self, answer: Answer) -> Judgement:
        """Failed as soon as one row fails."""
        findings = self.findings(answer)
        bad, examined = sum(f.failing for f in findings), sum(f.examined for f in findings)
        return conclude(
            [self._named(finding, answer) for finding in findings],
            answer.dates,
            severity=self.level,
            says=f"{bad:,} of {examined:,} {self.noun} {self.fault}",
            nothing=f"there are no {self.noun} to look at",
            cleared=self.cleared(answer),
        )

    def findings(self, answer: Answer) -> list[Finding]:
        """One for each system of each date."""
        own = self.rows(answer.scope) != _ACTIVE
        return [
            Finding(
                group.game_date,
                group.system_id,
                examined=self.number(group, "judged") if own else group.count("active_rows"),
                failing=(bad := self.number(group, "failing")),
                level=self.level if bad else None,
            )
            for group in answer.judged_systems
        ]

    def cleared(self, answer: Answer) -> list[Cleared]:
        """Rows that would fail and that waivers cleared."""
        return [
            Cleared(by="waiver", rows=rows, because=f"{waiver.reason} ({waiver.owner}, until {waiver.expires})")
            for number, waiver in self._waived(answer.scope)
            if (rows := sum(self.number(group, f"waiver_{number}") for group in answer.systems))
        ]

    def _raw(self, scope: Scope) -> str:
        return f"{self.rows(scope)} AND ({self.condition(scope)})"

    def _waived(self, scope: Scope) -> list[tuple[int, Any]]:
        counting = scope.waivers_of(self.check_id)
        return [(number, waiver) for number, waiver in enumerate(scope.waivers) if waiver in counting]

    def _named(self, finding: Finding, answer: Answer) -> Finding:
        if finding.level is None:
            return finding
        return replace(finding, detail=f"{finding.failing:,} of {group_name(finding, answer)}")


class GroupExpectation(ScanExpectation):
    """A check of one system on one date as a whole. Subclasses declare `measures`, and look at one group at a time."""

    unit: ClassVar[str] = "systems"
    fault: ClassVar[str] = ""
    nothing: ClassVar[str] = "there are no active rows to look at"
    per_date: ClassVar[bool] = False

    def shown(self, answer: Answer) -> list[Mapping[str, Any]]:
        """Failing things that are no rows of the table, such as missing players; at most 20 are shown."""
        del answer
        return []

    def look(self, group: Group, answer: Answer) -> Finding | None:
        """What one group shows; None when the check has nothing to say about it (too few rows)."""
        raise NotImplementedError

    def dates(self, answer: Answer) -> Sequence[date]:
        """The dates that can be judged; one of them without a finding is inconclusive."""
        return answer.dates

    def judge(self, answer: Answer) -> Judgement:
        """Failed as soon as one group fails."""
        groups = answer.judged_days if self.per_date else answer.judged_systems
        findings = self.waived([f for group in groups if (f := self.look(group, answer)) is not None], answer)
        if self.per_date and len(answer.dates) == 1 and len(findings) == 1 and findings[0].detail:
            alone = replace(findings[0], detail=None)
            says = findings[0].detail or ""
            return self._concluded([alone], answer, says)
        bad = sum(f.level is not None for f in findings)
        unit = self.unit if self.per_date or len(answer.dates) == 1 else "system-dates"
        return self._concluded(findings, answer, f"{bad} of {len(findings)} {unit} {self.fault}")

    def _concluded(self, findings: Sequence[Finding], answer: Answer, says: str) -> Judgement:
        failed = any(f.level for f in findings)
        return conclude(
            findings,
            self.dates(answer),
            severity=self.level,
            says=says,
            nothing=self.nothing,
            cleared=self.cleared(answer),
            sample=self.shown(answer)[:MAX_SAMPLE_ROWS] if failed else (),
        )

    def waived(self, findings: Sequence[Finding], answer: Answer) -> list[Finding]:
        """The findings, with those that a waiver of the whole date or system covers no longer failing."""
        waivers = [w for w in answer.scope.waivers_of(self.check_id) if w.player_lookup is None]
        return [
            replace(f, level=None)
            if any(w.touches([f.game_date]) and w.system_id in (None, f.system_id) for w in waivers)
            else f
            for f in findings
        ]

    def cleared(self, answer: Answer) -> list[Cleared]:
        """Groups that would fail and that waivers cleared."""
        waivers = [w for w in answer.scope.waivers_of(self.check_id) if w.player_lookup is None]
        if not waivers:
            return []
        groups = answer.judged_days if self.per_date else answer.judged_systems
        raw = [f for group in groups if (f := self.look(group, answer)) is not None and f.level is not None]
        return [
            Cleared(by="waiver", rows=rows, because=f"{w.reason} ({w.owner}, until {w.expires})")
            for w in waivers
            if (rows := sum(f.failing for f in raw if w.touches([f.game_date]) and w.system_id in (None, f.system_id)))
        ]


def group_name(finding: Finding, answer: Answer) -> str:
    """A group in words: the system, and the date when there are several."""
    parts = [finding.system_id or "the date", f"on {finding.game_date}" if len(answer.scope.dates) > 1 else ""]
    return " ".join(part for part in parts if part)


def in_words(items: Sequence[object]) -> str:
    """`a`, `a and b`, `a, b and c`."""
    texts = [str(item) for item in items]
    return texts[0] if len(texts) == 1 else f"{', '.join(texts[:-1])} and {texts[-1]}"


def partition_key(scope: Scope, column: str) -> str:
    """A number to partition a window by: BigQuery refuses FLOAT64 there."""
    is_float = scope.predictions.columns.get(column, "").upper().startswith("FLOAT")
    return f"CAST({column} AS STRING)" if is_float else column


def literals(texts: Sequence[str]) -> str:
    """Texts of our own as an SQL list."""
    return ", ".join(json.dumps(text) for text in texts)


def _waiver_condition(number: int) -> str:
    name = f"@waiver_{number}"
    return (
        f"(game_date BETWEEN {name}_from AND {name}_to"
        f" AND ({name}_player IS NULL OR player_lookup = {name}_player)"
        f" AND ({name}_system IS NULL OR system_id = {name}_system))"
    )
