"""The embedded warehouse: errors are errors, nothing leaves loopback, statements see no file of this machine."""

from __future__ import annotations

import io
import json
from decimal import Decimal
from pathlib import Path

import psutil
import pytest
from google.api_core.exceptions import BadRequest, GoogleAPICallError
from google.cloud import bigquery

from prop_quality.embedded import EmbeddedWarehouse
from prop_quality.embedded.warehouse import QUERY_SECONDS, find_sql_directory
from prop_quality.errors import UsageError
from prop_quality.settings import Settings
from prop_quality.tables import TableRef
from prop_quality.warehouse import Warehouse
from tests.warehouse import BOOK_LINES, PREDICTIONS

LINE = {
    "game_date": "2026-01-09",
    "player_lookup": "karlanthonytowns",
    "bookmaker": "draftkings",
    "points_line": 20.0,
    "snapshot_timestamp": "2026-01-09T12:00:00Z",
}


def test_a_broken_statement_raises(warehouse: EmbeddedWarehouse) -> None:
    with pytest.raises(GoogleAPICallError):
        warehouse.execute(f"SELECT no_such_column FROM `{PREDICTIONS}` WHERE game_date = '2026-01-09'")


def test_a_broken_statement_raises_through_the_client_of_a_run(
    warehouse: EmbeddedWarehouse, settings: Settings
) -> None:
    client = Warehouse(settings, {}).client
    with pytest.raises(GoogleAPICallError):
        client.query_and_wait(f"SELECT no_such_column FROM `{PREDICTIONS}` WHERE game_date = '2026-01-09'")


def test_a_view_reads_its_tables_as_they_are_now(warehouse: EmbeddedWarehouse) -> None:
    project = "view-tests"
    warehouse.client.create_dataset(f"{project}.lines")
    warehouse.execute(f"CREATE TABLE `{project}.lines.posted` (line NUMERIC)")
    warehouse.execute(
        f"CREATE VIEW `{project}.lines.high` AS SELECT line FROM `{project}.lines.posted` WHERE line > 20"
    )
    warehouse.execute(f"CREATE VIEW `{project}.lines.count` AS SELECT COUNT(*) AS n FROM `{project}.lines.high`")
    warehouse.load(f"{project}.lines.posted", [{"line": 19.5}, {"line": 20.5}])
    assert warehouse.execute(f"SELECT n FROM `{project}.lines.count`") == [{"n": 1}]
    warehouse.execute(f"CREATE OR REPLACE VIEW `{project}.lines.high` AS SELECT line FROM `{project}.lines.posted`")
    assert warehouse.execute(f"SELECT n FROM `{project}.lines.count`") == [{"n": 2}]


def test_a_query_asked_again_sees_what_has_changed_since(warehouse: EmbeddedWarehouse) -> None:
    table = "asked-again.lines.posted"
    question = f"SELECT AVG(line) AS mean FROM `{table}`"
    warehouse.client.create_dataset("asked-again.lines")
    warehouse.execute(f"CREATE TABLE `{table}` (line INT64)")
    warehouse.load(table, [{"line": 20}])
    assert warehouse.execute(question) == [{"mean": 20}]
    warehouse.execute(f"INSERT INTO `{table}` (line) VALUES (21)")
    assert warehouse.execute(question) == [{"mean": 20.5}]
    warehouse.execute(f"CREATE OR REPLACE TABLE `{table}` AS SELECT CAST('7.25' AS NUMERIC) AS line")
    assert warehouse.execute(question) == [{"mean": Decimal("7.25")}]
    warehouse.execute(f"DROP TABLE `{table}`")
    with pytest.raises(GoogleAPICallError):
        warehouse.execute(question)


def test_a_script_that_begins_with_a_query_still_changes_tables(warehouse: EmbeddedWarehouse) -> None:
    warehouse.client.create_dataset("begins-with-a-query.lines")
    table = "begins-with-a-query.lines.posted"
    warehouse.execute(f"SELECT 1; CREATE TABLE `{table}` AS SELECT 20.5 AS line;")
    assert warehouse.execute(f"SELECT line FROM `{table}`") == [{"line": 20.5}]
    assert warehouse.client.get_table(table).schema[0].name == "line"


def test_a_connection_outlives_the_time_between_two_statements(warehouse: EmbeddedWarehouse) -> None:
    """After the server's own 5 s a client that had worked without the wire got no answer to its next statement."""
    assert warehouse._server._fastapi_server.config.timeout_keep_alive > QUERY_SECONDS


def test_it_listens_on_loopback_only(warehouse: EmbeddedWarehouse) -> None:
    listening = [c for c in psutil.Process().net_connections() if c.status == psutil.CONN_LISTEN]
    assert str(warehouse.endpoint).removeprefix("http://") in {f"{c.laddr.ip}:{c.laddr.port}" for c in listening}
    # gRPC opens an IPv6 socket and binds it to the same loopback address in its mapped form.
    assert {c.laddr.ip.removeprefix("::ffff:") for c in listening} == {"127.0.0.1"}


def test_it_connects_to_loopback_only(warehouse: EmbeddedWarehouse) -> None:
    warehouse.execute("SELECT 1 AS one")
    remote = {c.raddr.ip.removeprefix("::ffff:") for c in psutil.Process().net_connections() if c.raddr}
    assert remote == {"127.0.0.1"}


def test_it_has_no_spatial_extension_and_installs_none(warehouse: EmbeddedWarehouse) -> None:
    with pytest.raises(BadRequest, match="spatial"):
        warehouse.execute("SELECT ST_GEOGPOINT(1, 2) AS place")


@pytest.mark.parametrize(
    "statement",
    [
        "SELECT content FROM read_text('{file}')",
        "SELECT content FROM read_blob('{file}')",
        "SELECT * FROM read_csv_auto('{file}')",
        "SELECT * FROM read_csv_auto('{folder}/*')",
        "SELECT * FROM `{file}`",
        "COPY (SELECT 1 AS one) TO '{folder}/copied.csv'",
        "CREATE EXTERNAL TABLE `nba-props-platform.nba_raw.outside` OPTIONS (format = 'CSV', uris = ['file://{file}'])",
        "LOAD DATA INTO `nba-props-platform.nba_raw.outside` FROM FILES (format = 'CSV', uris = ['file://{file}'])",
        "EXPORT DATA OPTIONS (uri = 'file://{folder}/copied-*.csv', format = 'CSV') AS SELECT 1 AS one",
        "EXPORT DATA OPTIONS (uri = 'gs://{folder}/copied-*.csv', format = 'CSV') AS SELECT 1 AS one",
        "SET enable_external_access = true",
        "SET allowed_directories = ['/']",
        "LOAD httpfs",
    ],
)
def test_a_statement_can_reach_no_file(warehouse: EmbeddedWarehouse, tmp_path: Path, statement: str) -> None:
    secret = tmp_path / "secret.csv"
    secret.write_text("a,b\n1,secret\n", encoding="utf-8")
    with pytest.raises(GoogleAPICallError):
        warehouse.execute(statement.format(file=secret, folder=tmp_path))
    assert [path.name for path in tmp_path.iterdir()] == ["secret.csv"]


@pytest.mark.parametrize("form", ["CSV", "NEWLINE_DELIMITED_JSON", "PARQUET", "AVRO"])
def test_a_load_job_can_read_no_file_of_the_machine(warehouse: EmbeddedWarehouse, tmp_path: Path, form: str) -> None:
    secret = tmp_path / "secret"
    secret.write_text(json.dumps(LINE), encoding="utf-8")
    config = bigquery.LoadJobConfig(source_format=form)
    with pytest.raises(BadRequest, match="no file of this machine"):
        warehouse.client.load_table_from_uri(f"file://{secret}", BOOK_LINES, job_config=config).result(timeout=20)


def test_an_upload_is_still_loaded(warehouse: EmbeddedWarehouse, settings: Settings) -> None:
    file = io.BytesIO(json.dumps(LINE).encode())
    config = bigquery.LoadJobConfig(source_format="NEWLINE_DELIMITED_JSON")
    warehouse.client.load_table_from_file(file, BOOK_LINES, job_config=config).result(timeout=20)
    found = warehouse.execute(f"SELECT player_lookup FROM `{BOOK_LINES}` WHERE game_date = '2026-01-09'")
    assert found == [{"player_lookup": "karlanthonytowns"}]


def test_two_warehouses_do_not_see_each_other(warehouse: EmbeddedWarehouse) -> None:
    with EmbeddedWarehouse() as other:
        assert other.endpoint != warehouse.endpoint
        assert [row["one"] for row in other.execute("SELECT 1 AS one")] == [1]
        with pytest.raises(GoogleAPICallError):
            other.execute(f"SELECT 1 FROM `{PREDICTIONS}` WHERE game_date = '2026-01-09'")


def test_it_creates_every_table_that_a_contract_exists_for(warehouse: EmbeddedWarehouse) -> None:
    made = warehouse.client.list_tables("nba-props-platform.nba_predictions")
    assert "player_prop_predictions" in {table.table_id for table in made}
    assert {TableRef.parse(name).dataset for name in (PREDICTIONS, BOOK_LINES)} <= {
        path.parent.name for path in find_sql_directory().glob("*/*.sql")
    }


def test_rows_that_do_not_fit_are_refused_aloud(warehouse: EmbeddedWarehouse, settings: Settings) -> None:
    with pytest.raises(UsageError, match="no column no_such_column"):
        warehouse.load(BOOK_LINES, [LINE | {"no_such_column": 1}])
    with pytest.raises(UsageError, match="takes no NULL in player_lookup"):
        warehouse.load(BOOK_LINES, [LINE, LINE | {"player_lookup": None}])


def test_its_query_jobs_can_be_counted(warehouse: EmbeddedWarehouse) -> None:
    before = len(warehouse.query_jobs())
    warehouse.execute("SELECT 1 AS one")
    warehouse.execute("SELECT 2 AS two")
    assert len(warehouse.query_jobs()) == before + 2
