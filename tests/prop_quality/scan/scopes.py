"""Every kind of run that can be asked for, as scopes over the contract's tables."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from itertools import product
from typing import Any

import checkpoints
import expectations
from expectations.suites import SUITES, WATCH
from prop_quality.event import CompletionEvent
from prop_quality.expectation import ScanExpectation
from prop_quality.scan.scope import GivenRoster, Scope, Source
from prop_quality.suite import Check
from prop_quality.tables import TableRef
from prop_quality.waivers import Waiver
from tests.warehouse import BOOK_LINES, CONTEXT, PREDICTIONS

DAY = date(2026, 1, 9)
STARTED = datetime(2026, 1, 17, 4, 34, 55, tzinfo=UTC)
COMPLETED = datetime(2026, 1, 17, 4, 36, 16, tzinfo=UTC)
NOW = COMPLETED + timedelta(minutes=3)
LATER_COLUMNS = {"deployment_revision": "STRING", "invalidation_reason": "STRING", "build_commit_sha": "STRING"}
NEEDED = ("prediction_id", "player_lookup", "system_id", "game_date", "is_active", "created_at")
WAIVED = ("line_not_placeholder", "line_source_known", "business_key_unique", "players_covered")


def event_of(batch_id: str = "batch_2026-01-09_1768624476") -> CompletionEvent:
    return CompletionEvent(
        batch_id, DAY, STARTED, COMPLETED, "success", 150, 0, 150, 150, 3610, "prediction-worker-00049-jrs"
    )


def waiver(check: str, **scope: str) -> Waiver:
    return Waiver(check, DAY, DAY, "a reason", "an owner", DAY, DAY + timedelta(days=90), **scope)


WAIVERS = tuple(
    waiver(check, **scope)
    for check in WAIVED
    for scope in ({}, {"player_lookup": "karlanthonytowns"}, {"system_id": "catboost_v8"})
)


def all_checks() -> list[ScanExpectation]:
    return [expectations.load(check) for suite in SUITES for check in suite.checks if isinstance(check, Check)]


def watch_checks() -> list[ScanExpectation]:
    return [expectations.load(check) for check in WATCH.checks if isinstance(check, Check)]


@dataclass(frozen=True)
class Kind:
    """A scope, and the words that name it in a test's id."""

    name: str
    scope: Scope

    def __str__(self) -> str:
        return self.name


def kinds_of_runs(columns: Mapping[str, str]) -> Iterator[Kind]:
    """Runs of every kind over a table of `columns`: with and without a start, an event, a roster, lines, waivers."""
    base = Scope(
        dates=(DAY,),
        now=NOW,
        registry=checkpoints.REGISTRY,
        predictions=_source(PREDICTIONS, columns),
        context=_source(CONTEXT, {}),
        book_lines=Source(None, unavailable="PROP_QUALITY_BOOK_LINES_TABLE is not set"),
    )
    for (i, run), (j, roster) in product(enumerate(_RUNS), enumerate(_ROSTERS)):
        # Any two of the four choices meet in every combination; the text depends on no three of them together.
        lines, waivers = (i + j) % 2 == 0, (i // 2 + j) % 2 == 0
        scope = replace(base, **_RUNS[run], **_ROSTERS[roster], waivers=WAIVERS if waivers else ())
        if lines:
            scope = replace(scope, book_lines=_source(BOOK_LINES, {}))
        words = [run, roster, *(["book lines"] if lines else []), *(["waivers"] if waivers else [])]
        yield Kind(", ".join(words), scope)


_NUMBERS = ("current_points_line", "predicted_points", "line_margin", "confidence_score")


def tables_of_other_times(columns: Mapping[str, str], optional: set[str]) -> Iterator[tuple[str, Mapping[str, str]]]:
    """The table as it is, grew, and could shrink: without each column that a check reads, and with the least."""
    yield "the contract", columns
    yield "later columns", {**columns, **LATER_COLUMNS}
    for type_ in ("FLOAT64", "INT64"):
        yield f"numbers of {type_}", {**columns, **dict.fromkeys(_NUMBERS, type_)}
    yield "the least", {name: columns[name] for name in NEEDED}
    for gone in sorted(optional - {*NEEDED, *LATER_COLUMNS}):
        yield f"without {gone}", {name: type_ for name, type_ in columns.items() if name != gone}


_RUNS: dict[str, dict[str, Any]] = {
    "batch": {"event": event_of(), "since": STARTED, "until": COMPLETED, "roster_as_of": STARTED},
    "batch of an expected worker": {
        "event": event_of(),
        "since": STARTED,
        "until": COMPLETED,
        "roster_as_of": STARTED,
        "expected_revision": "prediction-worker-00050-abc",
    },
    "regeneration": {
        "event": event_of("regen_2026-01-09_1"),
        "since": STARTED,
        "until": COMPLETED,
        "roster_as_of": STARTED,
    },
    "range": {
        "dates": (DAY, DAY + timedelta(days=1), DAY + timedelta(days=4)),
        "roster_as_of": NOW,
        "context_window": (DAY - timedelta(days=10), DAY + timedelta(days=14)),
    },
    "range with a first write": {"dates": (DAY, DAY + timedelta(days=1)), "since": STARTED, "roster_as_of": STARTED},
    "watch": {
        "dates": (DAY, DAY + timedelta(days=1)),
        "context_window": (DAY - timedelta(days=10), DAY + timedelta(days=11)),
    },
}
_ROSTERS: dict[str, dict[str, Any]] = {
    "context": {},
    "file": {
        "roster": GivenRoster("a file", tuple((DAY + timedelta(days=n), name) for n in range(-1, 5) for name in "ab"))
    },
    "snapshot of one date": {
        "roster": GivenRoster("a snapshot", ((DAY, "lebronjames"),), {DAY: STARTED - timedelta(minutes=5)})
    },
    "nobody": {"context": Source(TableRef.parse(CONTEXT), unavailable="The table is not there.")},
}


def _source(name: str, columns: Mapping[str, str]) -> Source:
    return Source(TableRef.parse(name), columns, columns)
