"""Whether two forms of a view compute a column in the same way, however they are written."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from typing import Any

from prop_quality.sql import tree
from prop_quality.sql.analysis import Analysis
from prop_quality.sql.lineage import ROWS

_NO_MEANING = frozenset({"parse_location_range", "name", "node_source", "alias", "is_ordered", "with_query_name"})
_ROWS = {
    "filter_scan": ("filter_expr",),
    "join_scan": ("join_type", "join_expr"),
    "aggregate_scan": ("group_by_list",),
    "limit_offset_scan": ("limit", "offset"),
    "array_scan": ("array_expr_list", "join_expr", "is_outer"),
    "set_operation_scan": ("op_type",),
    "sample_scan": ("size", "method"),
}


def changed_columns(old: Analysis, new: Analysis) -> tuple[str, ...]:
    """The output columns that are new, gone, retyped or computed otherwise, and `(rows)` where the rows are."""
    before, after = _Forms(old.statement), _Forms(new.statement)
    was, is_now = before.outputs(), after.outputs()
    types_before = {column.name: column.type for column in old.columns}
    types_after = {column.name: column.type for column in new.columns}
    names = [
        name
        for name in dict.fromkeys((*was, *is_now))
        if was.get(name) != is_now.get(name) or types_before.get(name) != types_after.get(name)
    ]
    return (*names, ROWS) if before.rows() != after.rows() else tuple(names)


class _Forms:
    """How the columns of a resolved statement are computed, from the columns of tables on."""

    def __init__(self, statement: Any) -> None:
        self._statement = statement
        self._made: dict[int, list[Any]] = {}
        self._known: dict[int, str] = {}
        for node in tree.concrete(statement):
            self._remember(node)

    def outputs(self) -> Mapping[str, str]:
        """A fingerprint of each output column."""
        listed = tree.listed(self._statement, "output_column_list")
        return {one.name: self._column(one.column.column_id) for one in listed}

    def rows(self) -> list[str]:
        """A fingerprint of all that decides which rows there are."""
        found = []
        for node in tree.concrete(self._statement):
            kind = tree.kind(node)
            if kind == "table_scan":
                found.append(f"table {(node.table.full_name or node.table.name).lower()}")
            for name in _ROWS.get(kind, ()):
                value = tree.inherited(node, name)
                if name == "group_by_list":
                    value = sorted(self._column(one.column.column_id) for one in value)
                found.append(f"{kind} {name} {self._value(value)}")
        return sorted(found)

    def _remember(self, node: Any) -> None:
        remember = getattr(self, f"_of_{tree.kind(node)}", None)
        if remember is not None:
            remember(node)

    def _of_computed_column(self, node: Any) -> None:
        self._made.setdefault(node.column.column_id, []).append(tree.unwrap(node.expr))

    _of_deferred_computed_column = _of_computed_column

    def _of_table_scan(self, node: Any) -> None:
        table = (node.table.full_name or node.table.name).lower()
        for column in node.parent.column_list:
            self._known[column.column_id] = f"{table}.{column.name.lower()}"

    def _of_set_operation_scan(self, node: Any) -> None:
        for item in node.input_item_list:
            self._same(node.parent.column_list, item.output_column_list)

    def _of_with_scan(self, node: Any) -> None:
        made = {one.with_query_name: tree.unwrap(one.with_subquery) for one in node.with_entry_list}
        for below in tree.concrete(node):
            if tree.kind(below) == "with_ref_scan" and below.with_query_name in made:
                inside = tree.inherited(made[below.with_query_name], "column_list")
                self._same(below.parent.column_list, inside)

    def _of_array_scan(self, node: Any) -> None:
        for column, expression in zip(node.element_column_list, node.array_expr_list, strict=False):
            self._made.setdefault(column.column_id, []).append(tree.unwrap(expression))

    def _of_analytic_function_group(self, node: Any) -> None:
        for one in node.analytic_function_list:
            self._made.setdefault(tree.unwrap(one).column.column_id, []).extend([node.partition_by, node.order_by])

    def _same(self, names: Iterable[Any], columns: Iterable[Any]) -> None:
        for name, column in zip(names, columns, strict=False):
            self._made.setdefault(name.column_id, []).append(column)

    def _column(self, number: int) -> str:
        if number not in self._known:
            # A recursive query's column is computed from itself.
            self._known[number] = "itself"
            made = [self._form(one) for one in self._made.get(number, ())]
            # A column that only takes over another is that other.
            text = made[0] if len(made) == 1 and made[0].startswith("=") else _hash("|".join(made))
            self._known[number] = text.removeprefix("=")
        return self._known[number]

    def _form(self, node: Any) -> str:
        kind = tree.kind(node)
        if kind == "column":
            return "=" + self._column(node.column_id)
        if kind == "column_ref":
            return "=" + self._column(node.column.column_id)
        level, parts = node, [kind]
        while level is not None:
            for field, value in level.ListFields():
                if field.name == "column_list":
                    # What a scan hands on, in whatever order its query lists it.
                    parts.append(f"{field.name}:{sorted(map(self._value, value))}")
                elif field.name not in _NO_MEANING and field.name != "parent":
                    parts.append(f"{field.name}:{self._value(value)}")
            level = level.parent if "parent" in level.DESCRIPTOR.fields_by_name and level.HasField("parent") else None
        return _hash(";".join(parts))

    def _value(self, value: Any) -> str:
        if hasattr(value, "DESCRIPTOR"):
            return self._form(tree.unwrap(value))
        if isinstance(value, str | bytes | int | float | bool):
            return repr(value)
        return "[" + ",".join(self._value(one) for one in value) + "]"


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:16]
