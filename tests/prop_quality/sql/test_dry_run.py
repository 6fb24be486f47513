"""With --dry-run BigQuery is asked what each statement would read, before and after."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from prop_quality.embedded import EmbeddedWarehouse
from prop_quality.settings import Settings
from prop_quality.sql.dry_run import with_dry_run
from prop_quality.sql.estate import Estate
from prop_quality.sql.finding import Level, Report
from prop_quality.sql.gate import Request, check
from prop_quality.sql.workers import Workers

T = "`nba-props-platform.nba_predictions.player_prop_predictions`"
VIEW = f"CREATE VIEW d.v AS SELECT system_id FROM {T} WHERE game_date = '2026-01-09'"


@contextmanager
def sizes(answers: dict[str, int]) -> Iterator[tuple[str, list[str]]]:
    """A server that answers dry runs as BigQuery does, with the bytes of a word in the statement; what it was asked."""
    asked: list[str] = []

    class Handler(BaseHTTPRequestHandler):
        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the library's name
            pass

        def do_POST(self) -> None:
            job = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            query = job["configuration"]["query"]["query"]
            assert job["configuration"]["dryRun"] is True
            asked.append(query)
            size = next((count for word, count in answers.items() if word in query), 1_000_000)
            statistics = {"totalBytesProcessed": str(size), "query": {"totalBytesProcessed": str(size)}}
            reference = {"projectId": "p", "jobId": "j", "location": "us-west2"}
            answer = {**job, "jobReference": reference, "status": {"state": "DONE"}, "statistics": statistics}
            body = json.dumps(answer).encode()
            self.send_response(200)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}", asked
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def dry_run(
    sql: str, endpoint: str, where: tuple[Workers, Estate, Path], before: dict[str, str] | None = None
) -> Report:
    workers, ours, folder = where
    (folder / "x.sql").write_text(sql, encoding="utf-8")
    done = check(Request((folder,), root=folder), workers, ours)
    settings = replace(Settings.load({}), emulator_host=endpoint)
    return with_dry_run(done.report, done.units, before or {}, settings, budget=1_000_000_000)


@pytest.fixture
def where(workers: Workers, ours: Estate, tmp_path: Path) -> tuple[Workers, Estate, Path]:
    return workers, ours, tmp_path


def test_a_statement_over_its_budget_is_an_error_with_both_sizes(where: tuple[Workers, Estate, Path]) -> None:
    with sizes({"old_form": 300_000_000, "system_id": 48_200_000_000}) as (endpoint, asked):
        report = dry_run(VIEW, endpoint, where, {"d.v": "SELECT 1 AS old_form"})
    (said,) = report.findings
    assert (said.code, str(said.severity), said.object) == ("over-budget", "error", "d.v")
    assert said.message == "It would read 48.2 GB; the budget is 1.0 GB, and the old form reads 0.3 GB."
    assert report.changes[0].comparison == {"bytes": {"before": 300_000_000, "after": 48_200_000_000}}
    assert asked[0].startswith("SELECT system_id")
    assert int(report.exit_code) == 1


def test_within_the_budget_the_bytes_are_told_and_nothing_fails(where: tuple[Workers, Estate, Path]) -> None:
    with sizes({}) as (endpoint, _):
        report = dry_run(f"CREATE TABLE d.t (x INT64);\n{VIEW.split(' AS ', 1)[1]}", endpoint, where)
    assert report.findings == ()
    sizes_told = {change.object: change.comparison for change in report.changes}
    assert sizes_told["x.sql:2"] == {"bytes": {"before": None, "after": 1_000_000}}


def test_an_emulator_knows_no_sizes_and_the_report_says_so(
    where: tuple[Workers, Estate, Path], warehouse: EmbeddedWarehouse
) -> None:
    report = dry_run(VIEW, warehouse.endpoint, where)
    (said,) = report.findings
    assert (said.code, said.severity) == ("over-budget", Level.INFO)
    assert "knows no sizes" in said.message


def test_where_bigquery_cannot_be_asked_nothing_passes(where: tuple[Workers, Estate, Path]) -> None:
    report = dry_run(VIEW, "http://127.0.0.1:1", where)
    (said,) = report.findings
    assert (said.severity, int(report.exit_code)) == (Level.WARNING, 3)
    assert "could not be asked" in said.message
