"""Does a statement say which partitions it reads, of every table that it reads?"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from prop_quality.sql import tree

_PRUNES = {"$equal", "$between", "$in", "$in_array", "$greater_or_equal", "$less_or_equal", "$greater", "$less"}


def unpruned(statement: Any, column: str = "game_date") -> list[str]:
    """The tables that the resolved `statement` reads without a WHERE on their own `column` that can prune.

    Such a WHERE stands above the scan with no aggregation or window between, is no alternative of an OR, compares the
    bare column, and compares it with parameters and literals alone.
    """
    return [
        scan.table.full_name
        for scan, conditions in _scans(statement, ())
        if not any(_prunes(condition, _column_id(scan, column)) for condition in conditions)
    ]


def _scans(node: Any, conditions: tuple[Any, ...]) -> Iterator[tuple[Any, tuple[Any, ...]]]:
    """Each scan of a table, with the conditions that all its rows meet."""
    kind = tree.kind(node)
    if kind == "table_scan":
        yield node, conditions
    if kind == "filter_scan":
        conditions = (*conditions, *_all_of(tree.unwrap(node.filter_expr)))
    elif "aggregate" in kind or "analytic" in kind:
        conditions = ()
    for child in tree.children(node):
        yield from _scans(child, conditions)


def _all_of(condition: Any) -> Iterator[Any]:
    if _function(condition) == "$and":
        for part in tree.listed(condition, "argument_list"):
            yield from _all_of(tree.unwrap(part))
    else:
        yield condition


def _prunes(condition: Any, column_id: int | None) -> bool:
    if _function(condition) not in _PRUNES:
        return False
    compared, *others = (tree.unwrap(one) for one in tree.listed(condition, "argument_list"))
    bare = tree.kind(compared) == "column_ref" and compared.column.column_id == column_id
    return bare and not any(tree.kind(one) == "column_ref" for other in others for one in tree.concrete(other))


def _function(condition: Any) -> str:
    return str(tree.inherited(condition, "function").name).rpartition(":")[2] if "call" in tree.kind(condition) else ""


def _column_id(scan: Any, column: str) -> int | None:
    return next((int(one.column_id) for one in scan.parent.column_list if one.name == column), None)
