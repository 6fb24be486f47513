"""Files that belong together: definitions in any order, routines, temporary objects, changes, circles."""

from __future__ import annotations

import pytest

from tests.prop_quality.sql.conftest import Check


def test_definitions_are_found_in_whatever_order_the_files_come(findings: Check) -> None:
    assert not findings(
        a_reads="SELECT x + 1 FROM d.c_view WHERE s = 'a'",
        b_view="CREATE VIEW d.b_view AS SELECT x, s FROM d.z_table",
        c_view="CREATE OR REPLACE VIEW p.d.c_view AS SELECT x, s FROM d.b_view",
        z_table="CREATE TABLE `d.z_table` (x INT64, s STRING)",
    )


def test_a_missing_column_shows_in_every_view_that_reads_it(findings: Check) -> None:
    said = findings(
        a="CREATE TABLE d.t (x INT64)",
        b="CREATE VIEW d.v AS SELECT x AS y FROM d.t",
        c="SELECT x FROM d.v",
        d="CREATE VIEW d.w AS SELECT z FROM d.t",
    )
    assert [(one.file, one.code, one.object) for one in said] == [
        ("c.sql", "unknown-name", ""),
        ("d.sql", "unknown-name", "d.w"),
    ]


def test_changes_of_a_table_count_for_other_files_and_its_own_still_sees_what_it_had(findings: Check) -> None:
    said = findings(
        a="CREATE TABLE d.t (x INT64, old STRING)",
        b="UPDATE d.t SET fresh = old WHERE TRUE;"
        "ALTER TABLE d.t ADD COLUMN fresh STRING; ALTER TABLE d.t DROP COLUMN old",
        c="SELECT fresh, x FROM d.t",
        d="SELECT old FROM d.t",
    )
    assert [(one.file, one.code) for one in said] == [("d.sql", "unknown-name")]


def test_a_table_of_the_contract_keeps_its_columns_where_it_is_made_if_it_is_absent(findings: Check) -> None:
    """It is there, so the statement does nothing; what it would make where it is not is told all the same."""
    table = "`nba-props-platform.nba_predictions.player_prop_predictions`"
    said = findings(
        a=f"CREATE TABLE IF NOT EXISTS {table} (prediction_id STRING NOT NULL, game_date DATE NOT NULL)",
        b=f"SELECT current_points_line FROM {table} WHERE game_date = '2026-01-09'",
    )
    assert {(one.file, one.code) for one in said} == {("a.sql", "contract")}
    assert any("loses its column current_points_line" in one.message for one in said)


@pytest.mark.parametrize(
    "sql",
    [
        "CREATE TEMP TABLE t AS SELECT 1 AS a; SELECT a + 1 FROM t",
        "CREATE TEMP FUNCTION f(x INT64) AS (x + 1); SELECT f(2)",
        "CREATE FUNCTION d.f(x ANY TYPE) AS (x); SELECT d.f('a') || 'b', d.f(1) + 1",
        "CREATE TABLE FUNCTION d.g(n INT64) AS SELECT n AS a, 'b' AS s; SELECT a + 1, s || 'c' FROM d.g(3)",
        "CREATE PROCEDURE d.p(IN n INT64, OUT s STRING) BEGIN SET s = CAST(n AS STRING); END;"
        "BEGIN DECLARE s STRING; CALL d.p(1, s); SELECT s || 'a'; END",
        "DECLARE n INT64 DEFAULT 1; FOR r IN (SELECT 'a' AS s) DO SELECT r.s || 'b', n + 1; END FOR;"
        "FOR r IN (SELECT 2 AS i) DO SELECT r.i + 1; END FOR",
        "CREATE TABLE d.a (x INT64); CREATE TABLE d.b LIKE d.a; CREATE TABLE d.c COPY d.a; CREATE TABLE d.e CLONE d.a;"
        "CREATE SNAPSHOT TABLE d.s CLONE d.a; SELECT b.x + c.x + e.x + s.x FROM d.b, d.c, d.e, d.s",
        "CREATE TABLE d.day (x INT64) PARTITION BY _PARTITIONDATE;"
        "SELECT x FROM d.day WHERE _PARTITIONDATE = '2026-01-09'",
        "CREATE TABLE d.events_20260109 (x INT64); SELECT x, _TABLE_SUFFIX FROM `d.events_*`",
        "CREATE EXTERNAL TABLE d.e (x INT64) OPTIONS (format = 'CSV', uris = ['gs://b/a']);"
        "SELECT x, _FILE_NAME FROM d.e",
        "CREATE VIEW d.v (a, b) AS SELECT 1, 'x'; SELECT a + 1, b || 'y' FROM d.v",
        "CREATE TABLE IF NOT EXISTS d.t (x INT64); CREATE TABLE IF NOT EXISTS d.t (x INT64, y INT64);"
        "SELECT x, y FROM d.t",
        "CREATE OR REPLACE TABLE d.a AS SELECT 1 AS x; CREATE OR REPLACE TABLE d.a AS SELECT x FROM d.a",
        "SELECT MAX_BY(x, y), CONTAINS_SUBSTR('a', 'b') FROM (SELECT 1 AS x, 2 AS y)",
        "EXECUTE IMMEDIATE 'SELECT 1'; ASSERT EXISTS (SELECT 1) AS 'something'; BEGIN TRANSACTION; COMMIT TRANSACTION",
    ],
)
def test_what_one_statement_makes_the_next_can_use(findings: Check, sql: str) -> None:
    assert not findings(sql)


def test_a_temporary_table_is_seen_in_its_own_file_alone(findings: Check) -> None:
    said = findings(a="CREATE TEMP TABLE t AS SELECT 1 AS a", b="SELECT a FROM t")
    assert [(one.file, one.code) for one in said] == [("b.sql", "unknown-table")]


def test_views_in_a_circle_are_all_named_and_nothing_else_suffers(findings: Check) -> None:
    said = findings(
        a="CREATE VIEW d.a AS SELECT x FROM d.b",
        b="CREATE VIEW d.b AS SELECT x FROM d.c",
        c="CREATE VIEW d.c AS SELECT x FROM d.a",
        t="CREATE TABLE d.t (x INT64); CREATE VIEW d.v AS SELECT x FROM d.t; SELECT x FROM d.v",
    )
    assert [(one.file, one.code) for one in said] == [(f"{name}.sql", "cycle") for name in "abc"]
    assert "d.a reads d.b reads d.c reads d.a" in said[0].message


def test_a_view_that_reads_itself_is_a_circle_of_one(findings: Check) -> None:
    said = findings(
        self="CREATE OR REPLACE VIEW p.d.v AS SELECT x FROM p.d.v",
        table="CREATE TABLE d.t (x INT64)",
        filled="CREATE OR REPLACE TABLE d.t AS SELECT x FROM d.t",
        fine="CREATE VIEW d.fine AS WITH fine AS (SELECT x FROM d.t) SELECT x FROM fine",
    )
    assert [(one.file, one.code, one.message) for one in said] == [
        ("self.sql", "cycle", "The view p.d.v reads itself.")
    ]


def test_an_alter_counts_whether_it_names_the_project_or_not(findings: Check) -> None:
    assert not findings(
        a="ALTER TABLE d.t ADD COLUMN y INT64",
        b="CREATE TABLE p.d.t (x INT64)",
        c="CREATE VIEW p.d.v AS SELECT x, y FROM p.d.t",
        d="SELECT x, y FROM d.v",
    )


def test_tables_made_from_each_other_are_a_pipeline_and_no_circle(findings: Check) -> None:
    said = findings(
        a="CREATE OR REPLACE TABLE d.a AS SELECT x FROM d.b", b="CREATE OR REPLACE TABLE d.b AS SELECT x FROM d.a"
    )
    assert "cycle" not in {one.code for one in said}


def test_unknown_tables_are_information_and_an_error_when_asked(findings: Check) -> None:
    assert {str(one.severity) for one in findings("SELECT 1 FROM d.nowhere")} == {"info"}
    assert {str(one.severity) for one in findings("SELECT 1 FROM d.nowhere", strict=True)} == {"error"}


@pytest.mark.parametrize(
    "sql",
    [
        "SELECT table_name FROM d.INFORMATION_SCHEMA.TABLES",
        "SELECT table_id FROM d.__TABLES__",
        "SELECT 1 FROM `p.d.events_*`",
        "CALL BQ.REFRESH_MATERIALIZED_VIEW('p.d.v')",
    ],
)
def test_what_nobody_can_define_is_no_error_even_when_asked(findings: Check, sql: str) -> None:
    assert {str(one.severity) for one in findings(sql, strict=True)} == {"info"}


def test_a_near_miss_of_a_table_name_is_guessed_at(findings: Check) -> None:
    (said,) = findings("SELECT 1 FROM nba_predictions.player_prop_prediction WHERE game_date = '2026-01-09'")
    assert "Did you mean" in said.help
    assert said.column == 15


def test_columns_that_the_names_of_files_give_are_not_guessed(findings: Check) -> None:
    said = findings(
        "CREATE EXTERNAL TABLE d.e (x INT64) WITH PARTITION COLUMNS\n"
        "OPTIONS (format = 'CSV', uris = ['gs://b/*'], hive_partition_uri_prefix = 'gs://b');\n"
        "SELECT x, day FROM d.e"
    )
    assert [(one.code, str(one.severity), one.line) for one in said] == [("unknown-table", "info", 3)]


def test_legacy_sql_is_said_and_fails_nothing_but_defines_nothing_either(findings: Check) -> None:
    (said,) = findings("#legacySQL\nSELECT x FROM [p:d.t$20260109]")
    assert (said.code, str(said.severity)) == ("analyzer-failed", "warning")
    assert "syntax" in {one.code for one in findings("#legacySQL\nCREATE VIEW d.v AS SELECT x FROM [p:d.t]")}
