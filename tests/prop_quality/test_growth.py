"""Time outside the warehouse grows with dates × systems and no faster, up to the longest range."""

from __future__ import annotations

import time
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from checkpoints import date_range
from prop_quality import __version__
from prop_quality.checkpoint import Request
from prop_quality.expectation import ScanExpectation
from prop_quality.reporting import Evidence, make_verdict
from prop_quality.scan.answer import read_answer
from prop_quality.scan.compose import compose_scan
from prop_quality.scan.scope import Scope, Source
from prop_quality.settings import Settings
from prop_quality.suite import Check
from prop_quality.terminal import print_verdict
from prop_quality.verdict import Cost, Verdict
from tests.prop_quality.verdicts import valid

FIRST = date(2025, 11, 1)
NOW = datetime(2036, 1, 1, tzinfo=UTC)


def decide(days: int) -> tuple[float, Verdict]:
    """Seconds from an answer of `days` dates, each failing in several ways, to the printed verdict."""
    checkpoint = date_range.checkpoint()
    expectations = [checkpoint.load(c) for s in checkpoint.suites for c in s.checks if isinstance(c, Check)]
    dates = tuple(FIRST + timedelta(days=n) for n in range(days))
    settings = Settings.load({})
    columns = dict.fromkeys((c for e in expectations for c in e.reads_columns), "STRING")
    scope = Scope(
        dates=dates,
        now=NOW,
        registry=checkpoint.registry,
        predictions=Source(settings.table, columns, columns),
        context=Source(settings.context_table, {}, {}),
        book_lines=Source(None, unavailable="not set"),
    )
    rows = [row for day in dates for row in rows_of(day, scope)]
    started = time.process_time()
    verdict = judged(scope, rows, expectations, settings)
    with Path("/dev/null").open("w", encoding="utf-8") as nowhere:
        print_verdict(verdict, "results", nowhere)
    return time.process_time() - started, verdict


def test_a_verdict_made_of_the_longest_lists_is_valid() -> None:
    _, verdict = decide(100)
    valid(verdict.to_json())
    assert max(len(one.missing) for one in verdict.coverage) == 50


def rows_of(day: date, scope: Scope) -> list[dict[str, Any]]:
    """What the scan answers for a date on which half of the players of each system are missing."""
    names = [f"missing {n} player{n}" for n in range(1, 51)]
    pairs = {"expected_players": 120, "stored_players": 60, "fresh_players": 0, "names": names, "context_rows": 150}
    one = {"game_date": day, "all_rows": 60, "active_rows": 60, **pairs}
    systems = scope.registry.systems_on(day)
    rows = 60 * len(systems)
    whole = {"scope": "date", "system_id": None, "all_rows": rows, "active_rows": rows, "all_active_rows": rows}
    return [{**one, "scope": "system", "system_id": system} for system in systems] + [{**one, **whole}]


def judged(
    scope: Scope, rows: list[dict[str, Any]], expectations: list[ScanExpectation], settings: Settings
) -> Verdict:
    answer = read_answer(scope, rows)
    checkpoint = date_range.checkpoint()
    evidence = Evidence(
        checkpoint=checkpoint,
        request=Request(dates=scope.dates, now=NOW),
        registry=scope.registry,
        expectations=expectations,
        suites={c.id: s.name for s in checkpoint.suites for c in s.checks if isinstance(c, Check)},
        fingerprint="sha256:" + "0" * 64,
        tool_version=__version__,
        table=settings.table,
        state_dir=settings.state_dir,
        scope=scope,
        statement=compose_scan([e for e in expectations if e.unavailable(scope) is None], scope),
        judgements={e.check_id: e.evaluate(answer) for e in expectations},
        answer=answer,
    )
    return make_verdict(evidence, Cost())


def test_four_times_the_dates_take_about_four_times_as_long() -> None:
    decide(10)
    small, _ = decide(915)
    large, verdict = decide(3660)
    assert len(verdict.dates) == 3660
    assert len(verdict.query or "") < 256 * 1024, "the text of a query stays small, however many dates it names"
    assert verdict.check("pairs_covered").outcome == "failed"
    assert large < 7 * small, f"{small:.2f} s for 915 dates, {large:.2f} s for 3,660"
    assert large < 15, f"{large:.2f} s"
