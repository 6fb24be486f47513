#!/usr/bin/env python3
"""What `make sql` calls: our own SQL through the gate, and every statement that the checkpoints can send.

Exit 1 on an error or a warning, 3 when nothing was checked.
"""

from __future__ import annotations

import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from checkpoints.statements import LATER_COLUMNS, every_statement  # noqa: E402
from prop_quality.scan.parameters import Statement  # noqa: E402
from prop_quality.sql import contract  # noqa: E402
from prop_quality.sql.analyzer import Analyzer  # noqa: E402
from prop_quality.sql.catalogue import Catalogue, Column  # noqa: E402
from prop_quality.sql.estate import Estate  # noqa: E402
from prop_quality.sql.finding import Finding, Level, Report  # noqa: E402
from prop_quality.sql.formats import render  # noqa: E402
from prop_quality.sql.gate import Request, check, check_statement, in_order  # noqa: E402
from prop_quality.sql.rules import Surroundings  # noqa: E402
from prop_quality.sql.workers import Workers  # noqa: E402
from prop_quality.tables import TableRef  # noqa: E402
from prop_quality.verdict import Outcome  # noqa: E402

PROJECT = "nba-props-platform"
TABLES = tuple(
    TableRef.parse(f"{PROJECT}.{name}")
    for name in (
        "nba_predictions.player_prop_predictions",
        "nba_analytics.upcoming_player_game_context",
        "nba_raw.odds_api_player_points_props",
    )
)
# The columns that our remedies read of it.
INFORMATION_SCHEMA = {
    "TABLES": {"table_name": "STRING", "creation_time": "TIMESTAMP"},
    "COLUMNS": {"table_name": "STRING", "column_name": "STRING", "data_type": "STRING", "ordinal_position": "INT64"},
}


def main() -> int:
    """Both, one report after the other."""
    with Workers() as workers:
        files = check(Request((ROOT / "sql",), root=ROOT, strict=True), workers).report
        sys.stdout.write(render(files, "text"))
        catalogue = contract.catalogue(workers)
        sent = sent_statements(catalogue, Estate((), workers, with_later_columns(catalogue)), workers)
    sys.stdout.write(render(sent, "text"))
    loud = [one for one in (*files.findings, *sent.findings) if one.severity is not Level.INFO]
    return 1 if loud else max(int(files.exit_code), int(sent.exit_code))


def sent_statements(catalogue: Catalogue, estate: Estate, workers: Workers) -> Report:
    """The report of every statement that the checkpoints can send; each text is checked once."""
    started = time.perf_counter()
    surroundings = Surroundings(estate, catalogue)
    columns = {table: {c.name: c.type.split("(")[0] for c in found_columns(catalogue, table)} for table in TABLES}
    predictions, context, book_lines = TABLES
    seen: dict[str, tuple[str, Statement]] = {}
    for name, statement in every_statement(predictions, context, book_lines, columns):
        seen.setdefault(statement.sql, (name, statement))

    def findings_of(analyzer: Analyzer, named: tuple[str, Statement]) -> list[Finding]:
        name, statement = named
        types = {parameter: value.type for parameter, value in statement.parameters.items()}
        return check_statement(name, statement.sql, types, surroundings, analyzer)

    findings = [one for found in workers.map(findings_of, seen.values()) for one in found]
    report = Report(Outcome.PASSED, len(seen), len(seen), time.perf_counter() - started)
    sources = {name: tuple(sql.split("\n")) for sql, (name, _) in seen.items()}
    return report.with_findings(in_order(findings), sources=sources)


def with_later_columns(catalogue: Catalogue) -> Catalogue:
    """The contract with the columns that the table had at other times, and what BigQuery says of its tables itself."""
    from dataclasses import replace

    from prop_quality.sql.catalogue import Table
    from prop_quality.sql.types import simple

    later = tuple(Column.of(name, simple(type_)) for name, type_ in LATER_COLUMNS.items())
    known = catalogue.copy()
    table = known.table(str(TABLES[0]))
    assert table is not None
    known.add(replace(table, columns=table.columns + later))
    for view, described in INFORMATION_SCHEMA.items():
        columns = tuple(Column.of(name, simple(type_)) for name, type_ in described.items())
        known.add(Table(f"{PROJECT}.{TABLES[0].dataset}.INFORMATION_SCHEMA.{view}", columns, kind="view"))
    return known


def found_columns(catalogue: Catalogue, table: TableRef) -> tuple[Column, ...]:
    """The columns of a table of the contract."""
    found = catalogue.table(str(table))
    assert found is not None
    return found.columns


if __name__ == "__main__":
    sys.exit(main())
