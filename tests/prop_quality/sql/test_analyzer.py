"""Google's analyzer speaks BigQuery's dialect, tells places, and survives what breaks it."""

from __future__ import annotations

import subprocess
import sys
import threading
from pathlib import Path

import pytest

from prop_quality.sql.analysis import Analysis, Refusal
from prop_quality.sql.analyzer import Analyzer
from prop_quality.sql.catalogue import Catalogue, Column, Table
from prop_quality.sql.engine import compiling_alone

NIGHTS = "nba-props-platform.nba_predictions.nights"


@pytest.fixture(scope="module")
def catalogue(analyzer: Analyzer) -> Catalogue:
    answer = accepted(
        analyzer.analyze(f"CREATE TABLE `{NIGHTS}` (game_date DATE NOT NULL, line NUMERIC(4, 1), tags ARRAY<STRING>)")
    )
    return Catalogue([Table(NIGHTS, answer.columns)])


def accepted(answer: Analysis | Refusal) -> Analysis:
    assert isinstance(answer, Analysis), answer
    return answer


def refused(answer: Analysis | Refusal) -> Refusal:
    assert isinstance(answer, Refusal), answer
    return answer


@pytest.mark.parametrize(
    "sql",
    [
        "SELECT CAST(1 AS INTEGER), CAST(1 AS BIGINT), CAST('1' AS DECIMAL(3, 1)), ARRAY<SMALLINT>[1]",
        "SELECT x FROM UNNEST([1, 2]) AS x QUALIFY ROW_NUMBER() OVER (ORDER BY x) = 1",
        "SELECT @@project_id, @@error.message",
        "CREATE TABLE d.t (a INT64 DEFAULT 1 NOT NULL, b DATE) PARTITION BY b CLUSTER BY a",
        "CREATE TABLE d.t (a INT64) PARTITION BY _PARTITIONDATE OPTIONS (anything_new = TRUE)",
        "FROM UNNEST([1]) AS x |> WHERE x > 0 |> SELECT x",
        "SELECT COUNTIF(x > 1), SAFE_DIVIDE(1, 0), APPROX_TOP_COUNT(x, 1) FROM UNNEST([1]) AS x GROUP BY ALL",
    ],
)
def test_what_bigquery_takes_is_taken(analyzer: Analyzer, sql: str) -> None:
    accepted(analyzer.analyze(sql))


@pytest.mark.parametrize(
    ("sql", "line", "column", "words"),
    [
        ("SELECT 1 +", 1, 11, "Unexpected end"),
        ("SELECT\n  missing", 2, 3, "Unrecognized name: missing"),
        ("SELECT\t\tmissing", 1, 9, "Unrecognized name"),
        ("SELECT 'é', missing", 1, 13, "Unrecognized name"),
        ("SELECT DATE '2026-01-09' = 1", 1, 8, "No matching signature"),
        ("SELECT 1; SELECT 2", 1, 1, "One statement was expected"),
        ("CREATE TABLE t (a INT64 NOT NULL DEFAULT 1)", 1, 34, "DEFAULT"),
        ("CREATE TABLE t (a INT64) CLUSTER BY a DESC", 1, 39, "DESC"),
        ("UPDATE t SET a = 1", 1, 8, "Table not found"),
    ],
)
def test_a_refusal_names_the_place(analyzer: Analyzer, sql: str, line: int, column: int, words: str) -> None:
    answer = refused(analyzer.analyze(sql))
    assert (answer.line, answer.column) == (line, column)
    assert words in answer.message


@pytest.mark.parametrize(
    "name",
    [
        f"`{NIGHTS}`",
        "nba-props-platform.nba_predictions.nights",
        "`nba-props-platform`.nba_predictions.nights",
        "`nba-props-platform.nba_predictions`.nights",
        "nba_predictions.nights",
        "`nba_predictions.night*`",
    ],
)
def test_a_table_is_found_however_its_name_is_spelled(analyzer: Analyzer, catalogue: Catalogue, name: str) -> None:
    answer = accepted(analyzer.analyze(f"SELECT line FROM {name} WHERE game_date = '2026-01-09'", catalogue))
    assert [read.columns for read in answer.reads] == [("game_date", "line")]
    assert answer.columns[0].type == "NUMERIC"


@pytest.mark.parametrize(
    "sql",
    [
        "INSERT INTO nba_predictions.nights (line) VALUES (1) ON CONFLICT DO NOTHING",
        "DELETE FROM nba_predictions.nights WHERE TRUE THEN RETURN line",
        "UPDATE nba_predictions.nights SET line = 1",
        "SELECT tags FROM nba_predictions.nights GROUP BY game_date",
    ],
)
def test_what_bigquery_does_not_have_is_refused(analyzer: Analyzer, catalogue: Catalogue, sql: str) -> None:
    refused(analyzer.analyze(sql, catalogue))


def test_a_bare_table_name_is_no_table_of_a_dataset(analyzer: Analyzer, catalogue: Catalogue) -> None:
    assert "Table not found" in refused(analyzer.analyze("SELECT 1 FROM nights", catalogue)).message


def test_columns_carry_bounds_and_nullability(catalogue: Catalogue) -> None:
    table = catalogue.table(NIGHTS)
    assert table is not None
    assert [(c.name, c.type, c.nullable) for c in table.columns] == [
        ("game_date", "DATE", False),
        ("line", "NUMERIC(4, 1)", True),
        ("tags", "ARRAY<STRING>", True),
    ]


def test_parameters_have_the_types_that_are_given(analyzer: Analyzer) -> None:
    sql = "SELECT e.day FROM UNNEST(@eras) AS e WHERE e.system = @system"
    typed = {"eras": "ARRAY<STRUCT<day DATE, system STRING>>", "system": "STRING"}
    assert accepted(analyzer.analyze(sql, parameters=typed)).columns[0].type == "DATE"
    assert "No matching signature" in refused(analyzer.analyze(sql, parameters=typed | {"system": "INT64"})).message


def test_parameters_without_a_type_take_the_one_they_need(analyzer: Analyzer) -> None:
    accepted(analyzer.analyze("SELECT @a + 1, UPPER(@b)"))
    accepted(analyzer.analyze("SELECT ? + 1, UPPER(?)"))


def test_variables_are_names_of_their_type(analyzer: Analyzer) -> None:
    day = {"day": Column.of("day", analyzer.type_message("DATE"))}
    accepted(analyzer.analyze("SELECT DATE_ADD(day, INTERVAL 1 DAY)", variables=day))
    assert "Unrecognized name" in refused(analyzer.analyze("SELECT day")).message


def test_a_long_sum_is_no_problem_and_an_endless_one_breaks_nothing(analyzer: Analyzer) -> None:
    accepted(analyzer.analyze("SELECT " + " + ".join(["1"] * 400)))
    answer = refused(analyzer.analyze("SELECT " + " + ".join(["1"] * 20_000)))
    assert answer.failed
    assert "nested too deeply" in answer.message
    accepted(analyzer.analyze("SELECT 1"))


def test_who_waits_for_another_that_compiles_says_so(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    def compiles() -> None:
        with compiling_alone(tmp_path / "module.bin"):
            order.append("second")

    order: list[str] = []
    waiting = threading.Thread(target=compiles)
    with compiling_alone(tmp_path / "module.bin"):
        waiting.start()
        waiting.join(0.3)
        order.append("first")
    waiting.join(10)
    assert order == ["first", "second"]
    assert "Waiting for another process that compiles" in capfd.readouterr().err


def test_two_analyzers_that_start_at_once_both_work() -> None:
    program = "from prop_quality.sql.analyzer import Analyzer; print(Analyzer().analyze('SELECT 1').kind)"
    started = [
        subprocess.Popen([sys.executable, "-W", "error", "-c", program], stdout=subprocess.PIPE, text=True)
        for _ in range(2)
    ]
    assert [process.communicate()[0].strip() for process in started] == ["query", "query"]
