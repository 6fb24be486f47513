"""The columns that a change is held against are those that the scan's own statements read."""

from __future__ import annotations

from collections import defaultdict

import checkpoints
from checkpoints.statements import every_statement
from prop_quality.sql import tree
from prop_quality.sql.analysis import Analysis
from prop_quality.sql.analyzer import Analyzer
from prop_quality.sql.estate import Estate
from prop_quality.sql.impact import BOOK_LINES, CONTEXT, PREDICTIONS, SCAN_COLUMNS, readers
from prop_quality.tables import TableRef

TABLES = (PREDICTIONS, CONTEXT, BOOK_LINES)
# Every clause of the scan and of the listing of its failing rows, and one check of two columns by itself.
FORM = "(after_batch, contract columns, with book lines, context roster)"
ALONE = "(after_batch, later columns, with book lines, context roster)"
ASKED = (
    f"scan of all {FORM}",
    f"failing rows of all {FORM}",
    f"scan of points_plausible {ALONE}",
    f"failing rows of points_plausible {ALONE}",
)


def test_what_the_scan_reads_of_each_table_has_the_checks_as_readers(analyzer: Analyzer, ours: Estate) -> None:
    refs = TableRef.parse(PREDICTIONS), TableRef.parse(CONTEXT), TableRef.parse(BOOK_LINES)
    columns = {table: ours.catalogue.table(table).columns for table in TABLES}  # type: ignore[union-attr]
    types = {TableRef.parse(name): {c.name: c.type.split("(")[0] for c in found} for name, found in columns.items()}
    asked = {name: one for name, one in every_statement(*refs, types) if name in ASKED}
    assert set(asked) == set(ASKED)
    read: dict[str, dict[str, set[str]]] = {name: defaultdict(set) for name in asked}
    for name, one in asked.items():
        answer = analyzer.analyze(one.sql, ours.catalogue, {key: value.type for key, value in one.parameters.items()})
        assert isinstance(answer, Analysis), answer
        for node in tree.concrete(answer.statement):
            if tree.kind(node) == "table_scan":
                read[name][node.table.full_name].update(column.name for column in node.parent.column_list)
    whole = {table: set().union(*(found[table] for found in read.values())) for table in TABLES}
    known = {table: set(found) for table, found in readers().items()}
    assert (whole[CONTEXT], whole[BOOK_LINES]) == (known[CONTEXT], known[BOOK_LINES])
    assert whole[PREDICTIONS] <= known[PREDICTIONS]
    declared = {name for name, who in checkpoints.column_readers().items() if "points_plausible" in dict(who)}
    alone = set().union(
        *(read[f"{what} of points_plausible {ALONE}"][PREDICTIONS] for what in ("scan", "failing rows"))
    )
    assert alone - declared == set(SCAN_COLUMNS)
