"""Where the columns of a statement come from, and what stands downstream of a column of an estate.

Read from the analyzer's resolved tree, so that aliases, CTEs, stars and unions are what BigQuery makes of them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from prop_quality.sql import tree
from prop_quality.sql.analysis import Analysis

ROWS = "(rows)"


class Source(NamedTuple):
    """A column of a table or view, by the name under which the catalogue has it."""

    table: str
    column: str


@dataclass(frozen=True)
class Lineage:
    """The sources of each output column's values, and of `rows`: what filters, joins and groupings read.

    A source of the rows touches every output column, since it decides which rows there are.
    """

    outputs: Mapping[str, frozenset[Source]]
    rows: frozenset[Source]

    def touched_by(self, sources: Iterable[Source]) -> tuple[str, ...]:
        """The output columns whose values come from any of the sources, and `(rows)` where the rows do."""
        wanted = frozenset(sources)
        columns = [name for name, found in self.outputs.items() if found & wanted]
        return (*columns, ROWS) if self.rows & wanted else tuple(columns)


@dataclass
class _Edges:
    """Columns by the analyzer's number of them: what each is computed from, or which column of a table it is."""

    leaves: dict[int, Source] = field(default_factory=dict)
    computed: dict[int, set[int]] = field(default_factory=dict)
    rows: set[int] = field(default_factory=set)

    def sources(self, columns: Iterable[int]) -> frozenset[Source]:
        """The columns of tables that the columns come from in the end."""
        found, seen, waiting = set(), set(), list(columns)
        while waiting:
            column = waiting.pop()
            if column in seen:
                continue
            seen.add(column)
            if column in self.leaves:
                found.add(self.leaves[column])
            waiting.extend(self.computed.get(column, ()))
        return frozenset(found)


def lineage_of(analysis: Analysis) -> Lineage:
    """The lineage of a query or of a CREATE … AS; nothing for a statement without output columns."""
    edges = _Edges()
    for node in tree.concrete(analysis.statement):
        _EDGES.get(tree.kind(node), _nothing)(node, edges)
    outputs: dict[str, frozenset[Source]] = {}
    for one in _field(analysis.statement, "output_column_list"):
        outputs[one.name] = edges.sources([one.column.column_id])
    return Lineage(outputs, edges.sources(edges.rows))


def _table_scan(node: Any, edges: _Edges) -> None:
    table = node.table.full_name or node.table.name
    for column in _columns(node):
        edges.leaves[column.column_id] = Source(table, column.name)


def _computed(node: Any, edges: _Edges) -> None:
    edges.computed.setdefault(node.column.column_id, set()).update(_numbers(node.expr))


def _with(node: Any, edges: _Edges) -> None:
    """Each reference to a CTE numbers its columns anew, in the same order."""
    made = {entry.with_query_name: _columns(tree.unwrap(entry.with_subquery)) for entry in node.with_entry_list}
    for below in tree.concrete(node):
        if tree.kind(below) == "with_ref_scan" and below.with_query_name in made:
            _same(edges, _columns(below), made[below.with_query_name])


def _set_operation(node: Any, edges: _Edges) -> None:
    for item in node.input_item_list:
        _same(edges, _columns(node), item.output_column_list)


def _recursive(node: Any, edges: _Edges) -> None:
    """A recursive CTE's columns come from both of its terms, and its reference to itself from them."""
    for item in (node.non_recursive_term, node.recursive_term):
        _same(edges, _columns(node), item.output_column_list)
    for below in tree.concrete(node):
        if tree.kind(below) == "recursive_ref_scan":
            _same(edges, _columns(below), _columns(node))


def _array(node: Any, edges: _Edges) -> None:
    read = set().union(*(_numbers(one) for one in node.array_expr_list))
    for column in node.element_column_list:
        edges.computed.setdefault(column.column_id, set()).update(read)
    if node.HasField("join_expr"):
        edges.rows |= _numbers(node.join_expr)


def _window(node: Any, edges: _Edges) -> None:
    """Partition and order decide the value of a window function as its arguments do."""
    read = _numbers(node.partition_by) | _numbers(node.order_by)
    for one in node.analytic_function_list:
        edges.computed.setdefault(tree.unwrap(one).column.column_id, set()).update(read)


def _filter(node: Any, edges: _Edges) -> None:
    edges.rows |= _numbers(node.filter_expr)


def _join(node: Any, edges: _Edges) -> None:
    if node.HasField("join_expr"):
        edges.rows |= _numbers(node.join_expr)


def _aggregate(node: Any, edges: _Edges) -> None:
    for one in _field(node, "group_by_list"):
        edges.rows |= _numbers(tree.unwrap(one).expr)


def _limit(node: Any, edges: _Edges) -> None:
    """The order decides which rows a limit keeps."""
    ordered = tree.unwrap(node.input_scan)
    edges.rows |= {item.column_ref.column.column_id for item in _field(ordered, "order_by_item_list")}


def _nothing(node: Any, edges: _Edges) -> None:
    del node, edges


_EDGES = {
    "table_scan": _table_scan,
    "computed_column": _computed,
    "deferred_computed_column": _computed,
    "with_scan": _with,
    "recursive_scan": _recursive,
    "set_operation_scan": _set_operation,
    "array_scan": _array,
    "analytic_function_group": _window,
    "filter_scan": _filter,
    "join_scan": _join,
    "aggregate_scan": _aggregate,
    "limit_offset_scan": _limit,
}


def _same(edges: _Edges, names: Iterable[Any], columns: Iterable[Any]) -> None:
    for name, column in zip(names, columns, strict=False):
        edges.computed.setdefault(name.column_id, set()).add(column.column_id)


def _numbers(expression: Any) -> set[int]:
    """The columns that an expression reads, those of subqueries in it included."""
    found: set[int] = set()
    for node in tree.concrete(expression):
        kind = tree.kind(node)
        if kind == "column_ref":
            found.add(node.column.column_id)
        elif kind.endswith("_scan"):
            found.update(column.column_id for column in _columns(node))
    return found


def _columns(scan: Any) -> Any:
    return _field(scan, "column_list")


def _field(node: Any, name: str) -> Any:
    try:
        return tree.inherited(node, name)
    except AttributeError:
        return ()


class ColumnGraph(Mapping[str, Lineage]):
    """The lineage of each view of an estate, by name."""

    def __init__(self, views: Mapping[str, Analysis]) -> None:
        self._views = {name: lineage_of(analysis) for name, analysis in views.items()}

    def __getitem__(self, name: str) -> Lineage:
        return self._views[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._views)

    def __len__(self) -> int:
        return len(self._views)

    def downstream(self, table: str, column: str) -> dict[str, tuple[str, ...]]:
        """Views that a column of a table or view reaches, however far, with the columns of theirs that it touches.

        `column` may be `(rows)`: then whatever reads the table is touched. Where the rows of a view are touched, so is
        whatever reads that view. In the order of the distance.
        """
        reached: dict[str, list[str]] = {}
        waiting = [Source(table, column)]
        while waiting:
            changed, waiting = waiting, []
            for view, lineage in self._views.items():
                for touched in _touched(lineage, changed):
                    if touched not in reached.get(view, ()):
                        reached.setdefault(view, []).append(touched)
                        waiting.append(Source(view, touched))
        return {view: tuple(columns) for view, columns in reached.items()}


def _touched(lineage: Lineage, changed: list[Source]) -> tuple[str, ...]:
    whole = {source.table for source in changed if source.column == ROWS}
    read = {source.table for sources in (*lineage.outputs.values(), lineage.rows) for source in sources}
    return (ROWS,) if whole & read else lineage.touched_by(changed)
