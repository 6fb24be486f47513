"""Which predicates reach which scans: whether a read of a partitioned table can be cut down to some partitions.

A predicate reaches a scan where moving it there changes nothing: through projections, groupings by the column, unions,
named queries and inner joins; not through a LIMIT, nor through a window that is not partitioned by the column.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from zetasql.wasi._pb2.zetasql.resolved_ast import resolved_ast_enums_pb2

from prop_quality.sql import tree

_JOINS = resolved_ast_enums_pb2.ResolvedJoinScanEnums.JoinType
_COMPARISONS = frozenset(
    {"$equal", "$less", "$less_or_equal", "$greater", "$greater_or_equal", "$is_not_distinct_from"}
)
_LISTS = frozenset({"$between", "$in", "$in_array", "$is_null"})
# With partitions by the date of a time, these functions of the time still prune.
_OF_TIMES = frozenset({"date", "timestamp_trunc", "datetime_trunc", "extract_date", "$extract_date"})
_TIME_TYPES = frozenset({19, 20})
Columns = frozenset[int]
NOTHING: Columns = frozenset()


class Pruning:
    """For each scan of a table in a resolved statement: the columns on which a constant predicate reaches it."""

    def __init__(self, statement: Any) -> None:
        self.scans: list[tuple[Any, Columns]] = []
        self._named: dict[str, Any] = {}
        self._seen: set[tuple[str, Columns]] = set()
        self._statement(statement)

    def _statement(self, node: Any) -> None:
        kind = tree.kind(node)
        if kind in {"update", "delete"}:
            where = tree.unwrap(node.where_expr)
            self._visit(node.table_scan, constrained(where))
            self._inside(where)
            if kind == "update" and node.HasField("from_scan"):
                self._visit(tree.unwrap(node.from_scan), constrained(where))
        elif kind == "merge":
            condition = tree.unwrap(node.merge_expr)
            self._visit(node.table_scan, constrained(condition))
            self._visit(tree.unwrap(node.from_scan), constrained(condition))
            self._inside(condition)
        elif kind == "insert":
            if node.HasField("query"):
                self._visit(tree.unwrap(node.query), NOTHING)
        elif kind not in {"truncate", "create_row_access_policy", "create_snapshot_table"}:
            for child in tree.children(node):
                if tree.kind(child) != "table_scan":
                    self._visit(child, NOTHING)

    def _visit(self, node: Any, reached: Columns) -> None:
        """Follow predicates on the columns `reached` down into `node`."""
        visit = getattr(self, f"_{tree.kind(node)}", None)
        if visit is not None:
            visit(node, reached)
        else:
            for child in tree.children(node):
                self._visit(child, NOTHING)

    def _inside(self, expression: Any) -> None:
        """The subqueries of an expression; nothing from around reaches them."""
        for one in tree.children(expression):
            self._visit(one, NOTHING)

    def _table_scan(self, node: Any, reached: Columns) -> None:
        self.scans.append((node, reached))

    def _filter_scan(self, node: Any, reached: Columns) -> None:
        condition = tree.unwrap(node.filter_expr)
        self._visit(tree.unwrap(node.input_scan), reached | constrained(condition))
        self._visit(condition, NOTHING)

    def _project_scan(self, node: Any, reached: Columns) -> None:
        self._visit(tree.unwrap(node.input_scan), reached | _renamed(node.expr_list, reached))
        for one in node.expr_list:
            self._visit(tree.unwrap(one.expr), NOTHING)

    def _order_by_scan(self, node: Any, reached: Columns) -> None:
        self._visit(tree.unwrap(node.input_scan), reached)

    _sample_scan = _order_by_scan

    def _join_scan(self, node: Any, reached: Columns) -> None:
        condition = tree.unwrap(node.join_expr)
        own = constrained(condition)
        kind = _JOINS.Name(node.join_type)
        self._visit(tree.unwrap(node.left_scan), reached | (own if kind in {"INNER", "RIGHT"} else NOTHING))
        self._visit(tree.unwrap(node.right_scan), reached | (own if kind in {"INNER", "LEFT"} else NOTHING))
        self._visit(condition, NOTHING)

    def _array_scan(self, node: Any, reached: Columns) -> None:
        if node.HasField("input_scan"):
            own = NOTHING if node.is_outer else constrained(tree.unwrap(node.join_expr))
            self._visit(tree.unwrap(node.input_scan), reached | own)
        for one in node.array_expr_list:
            self._visit(tree.unwrap(one), NOTHING)

    def _aggregate_scan(self, node: Any, reached: Columns) -> None:
        base = node.parent
        grouped = frozenset(one.column.column_id for one in base.group_by_list)
        self._visit(tree.unwrap(base.input_scan), _renamed(base.group_by_list, reached & grouped))
        for one in (*base.group_by_list, *base.aggregate_list):
            self._visit(tree.unwrap(one), NOTHING)

    def _analytic_scan(self, node: Any, reached: Columns) -> None:
        for group in node.function_group_list:
            reached &= frozenset(one.column.column_id for one in group.partition_by.partition_by_list)
            for one in group.analytic_function_list:
                self._visit(tree.unwrap(one), NOTHING)
        self._visit(tree.unwrap(node.input_scan), reached)

    def _set_operation_scan(self, node: Any, reached: Columns) -> None:
        outputs = [column.column_id for column in node.parent.column_list]
        for item in node.input_item_list:
            inputs = [column.column_id for column in item.output_column_list]
            self._visit(tree.unwrap(item.scan), _moved(outputs, inputs, reached))

    def _with_scan(self, node: Any, reached: Columns) -> None:
        before = dict(self._named)
        for entry in node.with_entry_list:
            self._named[entry.with_query_name] = tree.unwrap(entry.with_subquery)
        self._visit(tree.unwrap(node.query), reached)
        used = {name for name, _ in self._seen}
        for entry in node.with_entry_list:
            if entry.with_query_name not in used:
                self._visit(tree.unwrap(entry.with_subquery), NOTHING)
        self._named = before

    def _with_ref_scan(self, node: Any, reached: Columns) -> None:
        query = self._named.get(node.with_query_name)
        if query is None:
            return
        outputs = [column.column_id for column in node.parent.column_list]
        inputs = [column.column_id for column in _scan(query).column_list]
        moved = _moved(outputs, inputs, reached)
        if (node.with_query_name, moved) not in self._seen:
            self._seen.add((node.with_query_name, moved))
            self._visit(query, moved)


def constrained(condition: Any) -> Columns:
    """The columns that `condition` compares with constants, so that only some partitions can hold its rows."""
    if not tree.kind(condition).endswith("function_call"):
        return NOTHING
    name = function_name(condition)
    arguments = [tree.unwrap(one) for one in tree.listed(condition, "argument_list")]
    if name == "$and":
        return NOTHING.union(*map(constrained, arguments))
    if name == "$or":
        branches = [constrained(one) for one in arguments]
        return branches[0].intersection(*branches[1:]) if branches else NOTHING
    if name in _COMPARISONS and len(arguments) == 2:
        left, right = arguments
        return frozenset(_column(a) for a, b in ((left, right), (right, left)) if _column(a) and _constant(b)) - {0}
    if name in _LISTS and arguments:
        column, *others = arguments
        enough = any(map(_constant, others)) if name == "$between" else all(map(_constant, others))
        return frozenset({_column(column)}) - {0} if enough else NOTHING
    return NOTHING


def function_name(call: Any) -> str:
    """The name of the function of a call, without the name of the library."""
    return str(tree.inherited(call, "function").name).split(":", 1)[-1].lower()


def columns_in(expression: Any) -> Iterator[int]:
    """The ids of all columns in an expression."""
    for one in tree.concrete(expression):
        if tree.kind(one) == "column_ref":
            yield one.column.column_id


def _column(expression: Any) -> int:
    """The id of the column that an expression is, 0 when it is none; a date of a time is that time."""
    kind = tree.kind(expression)
    if kind == "column_ref":
        return 0 if expression.is_correlated else int(expression.column.column_id)
    if kind == "function_call" and function_name(expression) in _OF_TIMES:
        first = tree.unwrap(tree.listed(expression, "argument_list")[0])
        if tree.kind(first) == "column_ref" and first.column.type.type_kind in _TIME_TYPES:
            return _column(first)
    return 0


def _constant(expression: Any) -> bool:
    return not any(tree.kind(one) in {"column_ref", "subquery_expr"} for one in tree.concrete(expression))


def _renamed(computed: Iterable[Any], reached: Columns) -> Columns:
    """The columns below that are those of `reached` under another name."""
    below = set()
    for one in computed:
        expression = tree.unwrap(one.expr)
        if one.column.column_id in reached and tree.kind(expression) == "column_ref":
            below.add(expression.column.column_id)
    return frozenset(below)


def _moved(outputs: list[int], inputs: list[int], reached: Columns) -> Columns:
    return frozenset(below for above, below in zip(outputs, inputs, strict=False) if above in reached)


def _scan(node: Any) -> Any:
    """The base message of a scan, which lists its columns."""
    while node.DESCRIPTOR.name != "ResolvedScanProto":
        node = node.parent
    return node
