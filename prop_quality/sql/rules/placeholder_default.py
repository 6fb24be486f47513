"""A constant in place of a missing line."""

from __future__ import annotations

from collections.abc import Iterator

from prop_quality.sql.codes import CODES
from prop_quality.sql.finding import Finding
from prop_quality.sql.rules.surroundings import Surroundings
from prop_quality.sql.syntax import Node
from prop_quality.sql.units import Unit
from prop_quality.sql.values import Values, alternatives, is_line_name, selects

_PLACEHOLDER = 20.0
# Where a constant only makes two values comparable, or becomes part of a text, it stands for no line.
_HARMLESS_CALLS = frozenset({"CONCAT", "FORMAT", "TO_JSON_STRING", "FARM_FINGERPRINT", "MD5", "SHA256", "SHA512"})
_HARMLESS = frozenset({"partition_by", "group_by", "order_by", "on_clause", "window_specification"})
# Items that give a name to a value, with the places of both among their parts.
_NAMING = {"select_column": (-1, 0), "star_replace_item": (1, 0), "pipe_set_item": (0, 1), "update_set_value": (0, 1)}


def check(unit: Unit, surroundings: Surroundings) -> Iterator[Finding]:
    """One finding for each constant that can be taken for a line."""
    if "line" not in unit.statement.text.lower():
        return
    values = Values(unit.syntax, _variables(unit, surroundings))
    found: dict[Node, None] = {}
    for node in unit.syntax.walk():
        found.update(dict.fromkeys(_constants(node, values)))
    for constant in found:
        shown = " ".join(unit.text_of(constant.message).split())
        message = f"{shown} is put in place of a missing line, and looks like one to everything that comes after."
        mend = "Leave the line NULL."
        yield CODES["placeholder-default"].at(
            unit.file.name, *unit.place_of(constant.message), message, mend, unit.object
        )


def _variables(unit: Unit, surroundings: Surroundings) -> Iterator[str]:
    """The variables of the script, and the arguments of the procedure, that the statement sees."""
    for other in surroundings.estate.declarations(unit.file.name):
        if other.statement.start < unit.statement.start:
            yield from (variable.name.lower() for variable in other.statement.declares)


def _constants(node: Node, values: Values) -> Iterator[Node]:
    chosen = alternatives(node)
    if chosen:
        if any(map(values.carries_line, chosen)) and not _harmless(node):
            yield from filter(values.is_substitute, chosen)
    elif node.kind in _NAMING:
        name, value = (node.children[at] for at in _NAMING[node.kind])
        if _is_line(name):
            yield from _put(value, values)
    elif node.kind in {"insert", "merge_action"}:
        yield from _inserted(node, values)
    elif node.kind in {"create_view", "create_materialized_view"}:
        yield from _listed(node, node.child("column_with_options_list"), values)
    elif node.kind == "set_operation":
        yield from _united(node, values)
    elif node.kind in {"column_definition", "alter_column_set_default_action"}:
        yield from _default(node, values)


def _put(value: Node, values: Values) -> Iterator[Node]:
    """The constants that a value under the name of a line can be."""
    if values.is_substitute(value):
        yield value
    elif not _harmless(value):
        yield from filter(values.is_substitute, alternatives(_bare(value)))


def _bare(node: Node) -> Node:
    """The value without the casts and roundings around it."""
    while node.kind == "cast_expression" or (node.call == "ROUND" and node.arguments):
        node = node.arguments[0] if node.call else node.children[0]
    return node


def _harmless(node: Node) -> bool:
    for outer in node.ancestors():
        if outer.is_comparison or outer.kind in _HARMLESS or outer.call in _HARMLESS_CALLS:
            return True
        if outer.kind in {"select_column", "query"}:
            return False
        type_ = outer.child("simple_type") if outer.kind == "cast_expression" else None
        if type_ is not None and any(name.path[-1].upper() == "STRING" for name in type_.find("path_expression")):
            return True
    return False


def _inserted(node: Node, values: Values) -> Iterator[Node]:
    columns = node.child("column_list")
    at = [n for n, one in enumerate(columns.children) if _is_line(one)] if columns else []
    for row in node.find("insert_values_row"):
        # Rows of values are written by hand, and a line in them can be real; 20.0 is the one that never was.
        for value in (row.children[n] for n in at if n < len(row.children)):
            if values.is_substitute(value) and (node.kind == "merge_action" or value.number in (None, _PLACEHOLDER)):
                yield value
    yield from _listed(node, columns, values)


def _listed(node: Node, columns: Node | None, values: Values) -> Iterator[Node]:
    """The constants that a query puts into columns whose names stand in a list before it."""
    query = node.child("query")
    if columns is None or query is None:
        return
    names = [one.children[0] if one.kind == "column_with_options" else one for one in columns.children]
    for select in selects(query):
        for name, value in zip(names, _selected(select), strict=False):
            if _is_line(name):
                yield from _put(value, values)


def _united(node: Node, values: Values) -> Iterator[Node]:
    """20.0 in a SELECT that is united with one that has a line there."""
    columns = list(zip(*map(_selected, selects(node)), strict=False))
    for column in columns:
        if any(map(values.carries_line, column)):
            yield from (value for value in column if value.number == _PLACEHOLDER)


def _selected(select: Node) -> list[Node]:
    listed = select.child("select_list")
    return [one.children[0] for one in listed.children] if listed else []


def _default(node: Node, values: Values) -> Iterator[Node]:
    if node.children and _is_line(node.children[0]):
        schema = node.children[1] if node.kind == "column_definition" and len(node.children) > 1 else node
        yield from (one for one in schema.children[node is schema :] if values.is_substitute(one))


def _is_line(name: Node) -> bool:
    """Whether a name, the last part of a dotted one, or an alias is that of a line."""
    name = name.children[0] if name.kind == "alias" else name
    last = name.path[-1] if name.path else name.message.id_string if name.kind == "identifier" else ""
    return is_line_name(last)
