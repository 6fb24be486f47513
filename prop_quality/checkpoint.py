"""The runner: from a request to a verdict, whatever happens on the way."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from prop_quality import __version__
from prop_quality.errors import UsageError, WarehouseError
from prop_quality.event import CompletionEvent
from prop_quality.expectation import ScanExpectation
from prop_quality.judgement import Judgement
from prop_quality.loading import check_id, fingerprint, load, ours, stock
from prop_quality.references import book_lines_source, context_source, no_book_lines
from prop_quality.registry import Registry
from prop_quality.reporting import Evidence, error_verdict, make_verdict
from prop_quality.scan.answer import Answer
from prop_quality.scan.compose import compose_failing
from prop_quality.scan.metric import ScanSession
from prop_quality.scan.parameters import Statement
from prop_quality.scan.scope import GivenRoster, Scope, Source
from prop_quality.settings import DEFAULT_TIMEOUT_SECONDS, Settings
from prop_quality.suite import Check, Suite
from prop_quality.tables import TYPE_FAMILIES
from prop_quality.verdict import Outcome, Verdict
from prop_quality.waivers import Waiver
from prop_quality.warehouse import Warehouse
from prop_quality.words import plural

# Without these, each of its type family, nothing can be grouped, counted or dated.
_INDISPENSABLE = {
    "prediction_id": "text",
    "player_lookup": "text",
    "system_id": "text",
    "game_date": "date",
    "is_active": "true or false",
    "created_at": "time",
}
# Each has a failing row at least, and 20 rows a check are shown.
_MAX_FAILING_GROUPS = 400
_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Checkpoint:
    """When something is checked: a name, the suites, what they know, and how their expectations are made."""

    name: str
    suites: tuple[Suite, ...]
    load: Callable[[Check], ScanExpectation]
    registry: Registry
    waivers: tuple[Waiver, ...] = ()


@dataclass(frozen=True)
class Request:
    """What one run is asked to judge; see `prop_quality.scan.scope.Scope`.

    `watches`: silence is looked for, not the rows of dates. `previous_columns` are those of the previous run; `repeat`
    are the options of the command that would run it again.
    """

    dates: tuple[date, ...]
    now: datetime
    event: CompletionEvent | None = None
    since: datetime | None = None
    until: datetime | None = None
    roster_as_of: datetime | None = None
    roster: GivenRoster | None = None
    expected_revision: str | None = None
    systems: tuple[str, ...] = ()
    context_window: tuple[date, date] | None = None
    watches: bool = False
    checked_at: Mapping[date, datetime] = field(default_factory=dict)
    checked_in_vain: Mapping[date, str] = field(default_factory=dict)
    notes: tuple[str, ...] = ()
    previous_columns: Mapping[str, str] = field(default_factory=dict)
    repeat: tuple[str, ...] = ()
    timeout_seconds: float = DEFAULT_TIMEOUT_SECONDS
    progress: Callable[[str], None] = field(default=lambda _: None)


@dataclass(frozen=True)
class Explanation:
    """What a run would send: the statement, the checks that it serves, and the others by why they are left out."""

    statement: Statement
    checks: tuple[str, ...]
    others: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


class Run:
    """One run of a checkpoint; `verdict()` never raises, it says what could not be decided."""

    def __init__(self, checkpoint: Checkpoint, request: Request, settings: Settings) -> None:
        if not request.dates:
            raise UsageError("There is no date to check.")
        self._checkpoint = checkpoint
        self._request = request
        self._settings = settings
        self._suites = load(checkpoint)
        self._expectations = ours(self._suites)
        registry = checkpoint.registry.only(request.systems) if request.systems else checkpoint.registry
        self._registry = registry
        labels = {"tool": "prop-quality", "checkpoint": checkpoint.name}
        self._warehouse = Warehouse(settings, labels, request.timeout_seconds)

    def explain(self) -> Explanation:
        """The scan as it would be sent over the contract's tables, without asking the warehouse anything."""
        required = {c for e in self._expectations for c in e.reads_columns}
        columns = dict.fromkeys(sorted(required | {*_INDISPENSABLE, "updated_at"}), "")
        table, context, book = self._settings.table, self._settings.context_table, self._settings.book_lines_table
        scope = self._scope(
            Source(table, columns, columns),
            Source(context, {}, {}),
            Source(book) if book else Source(None, unavailable="no book lines are configured"),
        )
        asked = self._scannable(scope)
        others: dict[str, tuple[str, ...]] = {}
        for expectation in self._expectations:
            if (judgement := expectation.unavailable(scope)) is not None:
                others[judgement.reason] = (*others.get(judgement.reason, ()), expectation.check_id)
        return Explanation(ScanSession(scope, asked).statement, tuple(e.check_id for e in asked), others)

    @property
    def expectations(self) -> tuple[ScanExpectation, ...]:
        """What is judged: our own expectations of all suites, in order."""
        return tuple(self._expectations)

    def scope(self) -> Scope:
        """What the run knows before it asks; reads the tables' columns.

        Raises:
            WarehouseError: the predictions table is not there, or cannot be asked.
        """
        return self._scope(*self._describe())

    def verdict(self) -> Verdict:
        """Decide. Anything that goes wrong on the way is an inconclusive verdict that says so."""
        started = time.monotonic()
        evidence = Evidence(
            checkpoint=self._checkpoint,
            request=self._request,
            registry=self._registry,
            expectations=self._expectations,
            suites={check_id(e): suite.name for suite in self._suites for e in suite.expectations},
            fingerprint=fingerprint(self._checkpoint, self._suites),
            tool_version=__version__,
            table=self._settings.table,
            state_dir=self._settings.state_dir,
            notes=list(self._request.notes),
            stock=stock(self._suites),
        )
        try:
            return self._decide(evidence, started)
        except (Exception, KeyboardInterrupt) as error:  # each is a doubt, and a doubt never passes
            _log.debug("The run was broken off", exc_info=True)
            self._warehouse.give_up()
            return error_verdict(evidence, error, self._warehouse.cost(time.monotonic() - started))

    def _decide(self, evidence: Evidence, started: float) -> Verdict:
        from prop_quality.validation import Validation

        self._request.progress("Reading the tables' columns")
        scope = self.scope()
        evidence.scope = scope
        usable = scope.predictions.columns
        absent = [n for n, kind in _INDISPENSABLE.items() if usable.get(n, "").upper() not in TYPE_FAMILIES[kind]]
        if absent:
            return self._undescribed(evidence, absent, started)
        session = ScanSession(scope, self._scannable(scope))
        evidence.statement = session.statement
        self._request.progress(f"Asking one query for {len(self._expectations)} checks over {_dates(scope.dates)}")
        validation = Validation(self._warehouse, session, self._suites, self._checkpoint.name)
        evidence.judgements = validation.run()
        if session.error is not None:
            return error_verdict(evidence, session.error, self._warehouse.cost(time.monotonic() - started))
        evidence.answer = session.known
        evidence.samples = self._samples(evidence.judgements, session.known, validation, evidence)
        return make_verdict(evidence, self._warehouse.cost(time.monotonic() - started))

    def _undescribed(self, evidence: Evidence, absent: Sequence[str], started: float) -> Verdict:
        """The table cannot be asked: the schema check says what is wrong with it, the others cannot be decided."""
        assert evidence.scope is not None
        evidence.judgements = {
            e.check_id: judgement
            for e in self._expectations
            if (judgement := e.judge_schema(evidence.scope)) is not None
        }
        evidence.absent = tuple(absent)
        return make_verdict(evidence, self._warehouse.cost(time.monotonic() - started))

    def _samples(
        self, judgements: dict[str, Judgement], answer: Answer, validation: Any, evidence: Evidence
    ) -> dict[str, list[dict[str, Any]]]:
        """At most 20 failing rows of each check that failed: the second query, sent only when something did."""
        failed = {e.check_id: e for e in self._expectations if judgements[e.check_id].outcome is Outcome.FAILED}
        groups = [(c, day, system) for c in failed for day, system in judgements[c].groups[:_MAX_FAILING_GROUPS]]
        statement = compose_failing(list(failed.values()), answer.scope, groups) if failed else None
        if statement is None:
            return {}
        self._request.progress(f"Fetching the failing rows of {plural(len(failed), 'check')}")
        try:
            rows = validation.rows(statement)
        except (Exception, KeyboardInterrupt) as error:
            # The verdict stands without its samples, whatever broke the query off; it says why they are absent.
            _log.debug("The second query was broken off", exc_info=True)
            evidence.notes.append(f"The failing rows could not be fetched: {_why(error)}")
            return {}
        found: dict[str, list[dict[str, Any]]] = {}
        for row in rows:
            found.setdefault(row["check_id"], []).append(row)
        return found

    def _scannable(self, scope: Scope) -> list[ScanExpectation]:
        return [e for e in self._expectations if e.unavailable(scope) is None]

    def _scope(self, predictions: Source, context: Source, book_lines: Source) -> Scope:
        request = self._request
        return Scope(
            dates=request.dates,
            now=request.now,
            registry=self._registry,
            predictions=predictions,
            context=context,
            book_lines=book_lines,
            since=request.since,
            until=request.until,
            roster_as_of=request.roster_as_of or request.since or request.now,
            roster=request.roster,
            event=request.event,
            expected_revision=request.expected_revision,
            waivers=self._checkpoint.waivers,
            context_window=request.context_window,
            checked_at=request.checked_at,
            checked_in_vain=request.checked_in_vain,
        )

    def _describe(self) -> tuple[Source, Source, Source]:
        """The three tables as they are now, all asked for at once."""
        table, context, book = self._settings.table, self._settings.context_table, self._settings.book_lines_table
        asked = [self._warehouse.columns(one) for one in (table, context, book) if one]
        seen = usable = asked[0].result()
        for expectation in self._expectations:
            usable = dict(expectation.usable(usable))
        return (
            Source(table, usable, seen),
            context_source(context, asked[1]),
            book_lines_source(book, asked[2]) if book else no_book_lines(),
        )


def _why(error: BaseException) -> str:
    """Why something was broken off, in words."""
    if isinstance(error, KeyboardInterrupt):
        return "the run was interrupted"
    known = isinstance(error, WarehouseError)
    return str(error) if known else f"{type(error).__name__}: {' '.join(str(error).split())[:300]}"


def _dates(days: Sequence[date]) -> str:
    return f"{len(days):,} dates" if len(days) > 1 else str(days[0])
