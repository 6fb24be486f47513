"""A read of a partitioned table without a predicate that can prune."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from zetasql.wasi._pb2.zetasql.public.type_pb2 import TYPE_BOOL

from prop_quality.sql import tree
from prop_quality.sql.catalogue import Table
from prop_quality.sql.codes import CODES
from prop_quality.sql.finding import Finding
from prop_quality.sql.pruning import Pruning, columns_in
from prop_quality.sql.rules.surroundings import Surroundings
from prop_quality.sql.units import Unit


def check(unit: Unit, surroundings: Surroundings) -> Iterator[Finding]:
    """One finding for each scan of a table that requires a filter, where none reaches it."""
    if unit.analysis is None or not unit.analysis.reads:
        return
    if not any(_partition(read.table, surroundings) for read in unit.analysis.reads):
        return
    places: set[tuple[int, int]] = set()
    for scan, reached in Pruning(unit.analysis.statement).scans:
        column = _partition(scan.table.full_name, surroundings)
        if column is None or _ids(scan, column) & reached:
            continue
        span = tree.span(scan)
        at = unit.place(span[0] if span else 0)
        if at not in places:
            places.add(at)
            name = scan.table.full_name
            message = f"{name} is read without a predicate on {column} that can prune its partitions."
            mend = f"Compare the bare column with a constant: {column} BETWEEN … AND …."
            if _in_a_function(unit.analysis.statement, _ids(scan, column)):
                mend = f"A function around {column} prunes nothing. {mend}"
            yield CODES["partition-filter"].at(unit.file.name, *at, message, mend, name)


def _partition(name: str, surroundings: Surroundings) -> str | None:
    """The partition column of a table that requires a filter on it, None for other tables."""
    table = surroundings.estate.catalogue.table(name)
    ours = surroundings.contract.table(name)
    if table is None:
        return None
    required = table.requires_filter or (ours is not None and ours.requires_filter)
    return (table.partitioned_by or _of(ours)) if required else None


def _of(table: Table | None) -> str | None:
    return table.partitioned_by if table else None


def _ids(scan: Any, column: str) -> set[int]:
    names = {column.lower()}
    if column.startswith("_PARTITION"):
        names = {"_partitiontime", "_partitiondate"}
    return {one.column_id for one in scan.parent.column_list if one.name.lower() in names}


def _in_a_function(statement: Any, ids: set[int]) -> bool:
    """Whether a filter makes another value of the column; a comparison, IS NULL, NOT and OR make none."""
    return any(
        tree.kind(call) in {"function_call", "cast"}
        and tree.inherited(call, "type").type_kind != TYPE_BOOL
        and ids & set(columns_in(call))
        for node in tree.concrete(statement)
        if tree.kind(node) == "filter_scan"
        for call in tree.concrete(tree.unwrap(node.filter_expr))
    )
