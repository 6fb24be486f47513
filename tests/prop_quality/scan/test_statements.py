"""Every statement that a run can send is one that BigQuery accepts, reads named partitions only, and is typed."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta

import pytest

import expectations
from expectations.suites import SUITES
from prop_quality.embedded.warehouse import find_sql_directory
from prop_quality.expectation import Answer, ScanExpectation
from prop_quality.judgement import Judgement
from prop_quality.scan.answer import Group, Pairs
from prop_quality.scan.compose import compose_failing, compose_scan
from prop_quality.scan.parameters import Statement
from prop_quality.scan.scope import Scope
from prop_quality.snapshot import snapshot_sql
from prop_quality.sql.analysis import Analysis
from prop_quality.sql.analyzer import Analyzer
from prop_quality.sql.catalogue import Catalogue, Column, Table
from prop_quality.suite import Check
from prop_quality.validation import slice_query
from prop_quality.verdict import Outcome, Severity
from tests.prop_quality.scan.pruned import unpruned
from tests.prop_quality.scan.scopes import all_checks, kinds_of_runs, tables_of_other_times, watch_checks
from tests.warehouse import CONTEXT, PREDICTIONS

CHECKS = all_checks()
WHOLE = "batch, context, book lines, waivers"
OPTIONAL = {column for check in CHECKS for column in check.reads_columns}


@pytest.fixture(scope="module")
def analyzer() -> Analyzer:
    return Analyzer()


@pytest.fixture(scope="module")
def contract(analyzer: Analyzer) -> Catalogue:
    """The tables of `sql/`, as Google's analyzer reads their definitions."""
    catalogue = Catalogue()
    for path in sorted(find_sql_directory().glob("*/*.sql")):
        text = path.read_text(encoding="utf-8")
        named = re.search(r"CREATE TABLE\s+`?([\w-]+\.\w+\.\w+)`?", text)
        if named:
            answer = analyzer.analyze(text)
            assert isinstance(answer, Analysis), (path, answer)
            catalogue.add(Table(named[1], answer.columns))
    return catalogue


def columns_of(contract: Catalogue) -> dict[str, str]:
    table = contract.table(PREDICTIONS)
    assert table is not None
    return {column.name: column.type for column in table.columns}


def with_columns(analyzer: Analyzer, contract: Catalogue, columns: Mapping[str, str]) -> Catalogue:
    catalogue = contract.copy()
    made = tuple(
        Column.of(name, analyzer.type_message(re.sub(r"\(.*\)", "", type_))) for name, type_ in columns.items()
    )
    catalogue.add(Table(PREDICTIONS, made))
    return catalogue


def assert_sound(analyzer: Analyzer, catalogue: Catalogue, statement: Statement | str) -> None:
    """Accepted by the analyzer, and pruned; parameters have the types that they are sent with, and none is missing."""
    sql = statement if isinstance(statement, str) else statement.sql
    types = {} if isinstance(statement, str) else {name: p.type for name, p in statement.parameters.items()}
    answer = analyzer.analyze(sql, catalogue, types)
    assert isinstance(answer, Analysis), (answer, sql)
    assert unpruned(answer.statement) == [], sql
    assert set(re.findall(r"@(\w+)", sql)) == set(types)


def usable(checks: list[ScanExpectation], scope: Scope) -> list[ScanExpectation]:
    return [check for check in checks if check.unavailable(scope) is None]


def judged(check: ScanExpectation, scope: Scope) -> tuple[Answer, Judgement]:
    """An answer and a judgement in which everything failed, for the remedies."""
    pairs = Pairs(2, 0, 0, ("o'neal", 'x" OR TRUE --'), ("lebronjames",), 1, ("somebody",))
    systems = tuple(Group(day, "catboost_v8", {"all_rows": 1, "active_rows": 1}, pairs) for day in scope.dates)
    days = tuple(Group(day, None, {"all_rows": 1, "context_rows": 1}, pairs) for day in scope.dates)
    groups = tuple((day, "catboost_v8") for day in scope.dates)
    return Answer(scope, systems, days), Judgement(Outcome.FAILED, Severity.CRITICAL, "x", groups=groups)


def test_every_scan_of_every_kind_of_run_is_sound(analyzer: Analyzer, contract: Catalogue) -> None:
    seen = set()
    for kind in kinds_of_runs(columns_of(contract)):
        checks = usable(watch_checks() if "watch" in kind.name else CHECKS, kind.scope)
        statement = compose_scan(checks, kind.scope)
        if (key := (statement.sql, tuple(p.type for p in statement.parameters.values()))) not in seen:
            seen.add(key)
            assert_sound(analyzer, contract, statement)
    assert len(seen) > 15


def test_every_query_for_failing_rows_is_sound(analyzer: Analyzer, contract: Catalogue) -> None:
    seen = set()
    for kind in kinds_of_runs(columns_of(contract)):
        checks = usable(CHECKS, kind.scope)
        groups = [(check.check_id, day, None) for check in checks for day in kind.scope.dates]
        statement = compose_failing(checks, kind.scope, groups)
        if statement is not None and statement.sql not in seen:
            seen.add(statement.sql)
            assert_sound(analyzer, contract, statement)
    assert len(seen) > 10


def test_every_scan_of_a_table_with_other_columns_is_sound(analyzer: Analyzer, contract: Catalogue) -> None:
    for name, columns in tables_of_other_times(columns_of(contract), OPTIONAL):
        catalogue = with_columns(analyzer, contract, columns)
        for kind in kinds_of_runs(columns):
            if kind.name == "regeneration, context, book lines":
                checks = usable(CHECKS, kind.scope)
                assert checks, name
                assert_sound(analyzer, catalogue, compose_scan(checks, kind.scope))


def test_every_suite_alone_makes_a_sound_scan(analyzer: Analyzer, contract: Catalogue) -> None:
    whole = next(k for k in kinds_of_runs(columns_of(contract)) if k.name == WHOLE)
    for suite in SUITES:
        checks = [expectations.load(check) for check in suite.checks if isinstance(check, Check)]
        assert_sound(analyzer, contract, compose_scan(usable(checks, whole.scope), whole.scope))


@pytest.mark.parametrize("name", [WHOLE, "range, snapshot of one date"])
def test_every_remedy_is_a_statement_that_can_be_pasted(name: str, analyzer: Analyzer, contract: Catalogue) -> None:
    kind = next(k for k in kinds_of_runs(columns_of(contract)) if k.name == name)
    for check in usable(CHECKS, kind.scope):
        answer, judgement = judged(check, kind.scope)
        text = check.remedy(answer, judgement)
        if "INFORMATION_SCHEMA" not in text:
            assert_sound(analyzer, contract, text)


def test_every_scan_with_its_values_written_out_is_sound(analyzer: Analyzer, contract: Catalogue) -> None:
    for kind in kinds_of_runs(columns_of(contract)):
        if kind.name in (WHOLE, "range, context"):
            assert_sound(analyzer, contract, compose_scan(usable(CHECKS, kind.scope), kind.scope).with_literals())


def test_the_roster_snapshot_is_sound(analyzer: Analyzer, contract: Catalogue) -> None:
    types = {"game_date": "DATE", "now": "TIMESTAMP", "min_minutes": "FLOAT64"}
    answer = analyzer.analyze(snapshot_sql(f"`{CONTEXT}`"), contract, types)
    assert isinstance(answer, Analysis), answer
    assert unpruned(answer.statement) == []


def test_what_a_stock_expectation_reads_is_sound(analyzer: Analyzer, contract: Catalogue) -> None:
    for text in {slice_query(kind.scope) for kind in kinds_of_runs(columns_of(contract))}:
        assert_sound(analyzer, contract, text)
        # Great Expectations wraps it for each of its metrics.
        assert_sound(analyzer, contract, f"SELECT COUNT(*) FROM ({text}) AS anon_1")


@pytest.mark.parametrize("step", [1, 3])
def test_the_text_does_not_grow_with_the_dates(step: int, contract: Catalogue) -> None:
    kind = next(k for k in kinds_of_runs(columns_of(contract)) if k.name == "range, context")
    few, many = (
        compose_scan(usable(CHECKS, scope), scope).sql
        for count in (3, 3_660)
        for scope in [
            replace(kind.scope, dates=tuple(date(2016, 1, 1) + timedelta(days=n * step) for n in range(count)))
        ]
    )
    assert many == few
    assert len(many.encode()) < 256 * 1024


@pytest.mark.parametrize(
    "sql",
    [
        f"SELECT COUNT(*) FROM `{PREDICTIONS}`",
        f"SELECT COUNT(*) FROM `{PREDICTIONS}` WHERE EXTRACT(YEAR FROM game_date) = 2026",
        f"SELECT COUNT(*) FROM `{PREDICTIONS}` WHERE game_date = '2026-01-09' OR is_active",
        f"SELECT COUNT(*) FROM `{PREDICTIONS}` WHERE game_date = DATE(created_at)",
        f"SELECT 1 FROM `{PREDICTIONS}` AS a JOIN `{PREDICTIONS}` AS b ON b.game_date = a.game_date"
        " WHERE a.game_date = '2026-01-09'",
        f"SELECT game_date FROM (SELECT game_date, COUNT(*) AS n FROM `{PREDICTIONS}` GROUP BY game_date) WHERE n > 1",
    ],
)
def test_a_read_of_all_partitions_would_be_noticed(sql: str, analyzer: Analyzer, contract: Catalogue) -> None:
    answer = analyzer.analyze(sql, contract)
    assert isinstance(answer, Analysis), answer
    assert unpruned(answer.statement) == [PREDICTIONS]


def test_a_statement_that_bigquery_would_refuse_would_be_noticed(analyzer: Analyzer, contract: Catalogue) -> None:
    statement = Statement(f"SELECT no_such FROM `{PREDICTIONS}` WHERE game_date = '2026-01-09'")
    with pytest.raises(AssertionError, match="no_such"):
        assert_sound(analyzer, contract, statement)
