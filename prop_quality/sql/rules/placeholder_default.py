"""A constant in place of a missing line."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from prop_quality.sql.codes import CODES
from prop_quality.sql.finding import Finding
from prop_quality.sql.rules.surroundings import Surroundings
from prop_quality.sql.syntax import Node
from prop_quality.sql.units import Unit

_LINE = re.compile(r"(?:.*_)?(?:line|line_value)", re.IGNORECASE)
_PLACEHOLDER = 20.0
_CHOOSING = frozenset({"COALESCE", "IFNULL"})
# Where a constant only makes two values comparable, or becomes part of a text, it stands for no line.
_HARMLESS_CALLS = frozenset({"CONCAT", "FORMAT", "TO_JSON_STRING", "FARM_FINGERPRINT", "MD5", "SHA256", "SHA512"})
_HARMLESS = frozenset({"partition_by", "group_by", "order_by", "on_clause", "window_specification"})


def check(unit: Unit, surroundings: Surroundings) -> Iterator[Finding]:
    """One finding for each constant that can be taken for a line."""
    del surroundings
    if "line" not in unit.statement.text.lower():
        return
    found: dict[Node, None] = {}
    for node in unit.syntax.walk():
        found.update(dict.fromkeys(_constants(node)))
    for constant in found:
        shown = unit.text_of(constant.message)
        message = f"{shown} is put in place of a missing line, and looks like one to everything that comes after."
        mend = "Leave the line NULL."
        yield CODES["placeholder-default"].at(
            unit.file.name, *unit.place_of(constant.message), message, mend, unit.object
        )


def _constants(node: Node) -> Iterator[Node]:
    values = _alternatives(node)
    if values:
        if any(_carries_line(value) for value in values) and not _harmless(node):
            yield from (value for value in values if value.number is not None and value.number >= 0)
    elif node.kind == "select_column":
        alias = node.child("alias")
        if alias is not None and _is_line(alias.children[0]) and _is_constant(node.children[0]):
            yield node.children[0]
    elif node.kind == "update_set_value":
        if node.children[0].path and _is_line_name(node.children[0].path[-1]) and _is_constant(node.children[1]):
            yield node.children[1]
    elif node.kind in {"insert", "merge_action"}:
        yield from _inserted(node)
    elif node.kind in {"column_definition", "alter_column_set_default_action"}:
        yield from _default(node)


def _alternatives(node: Node) -> Sequence[Node]:
    """The values between which an expression chooses."""
    if node.call in _CHOOSING:
        return node.arguments
    if node.call == "IF" and len(node.arguments) == 3:
        return node.arguments[1:]
    if node.kind == "case_no_value_expression":
        return [*node.children[1::2], *(node.children[-1:] if len(node.children) % 2 else [])]
    if node.kind == "case_value_expression":
        return [*node.children[2::2], *(node.children[-1:] if len(node.children) % 2 == 0 else [])]
    return ()


def _carries_line(node: Node) -> bool:
    """Whether the value is a line, perhaps rounded, cast or aggregated."""
    if node.path:
        return _is_line_name(node.path[-1])
    if node.call or node.kind == "cast_expression":
        return any(_carries_line(one) for one in (node.arguments or node.children))
    return False


def _harmless(node: Node) -> bool:
    for outer in node.ancestors():
        if outer.is_comparison or outer.kind in _HARMLESS or outer.call in _HARMLESS_CALLS:
            return True
        if outer.kind in {"select_column", "query"}:
            return False
        if outer.kind == "cast_expression" and any(
            one.path[-1:] in (("STRING",), ("string",)) for one in outer.find("path_expression")
        ):
            return True
    return False


def _inserted(node: Node) -> Iterator[Node]:
    columns = node.child("column_list")
    at = [n for n, one in enumerate(columns.children) if _is_line(one)] if columns else []
    for row in node.find("insert_values_row"):
        # Rows of values are written by hand, and a line in them can be real; 20.0 is the one that never was.
        wanted = None if node.kind == "merge_action" else _PLACEHOLDER
        for value in (row.children[n] for n in at if n < len(row.children)):
            if _is_constant(value) and wanted in (None, value.number):
                yield value
    query = node.child("query")
    select = query.child("select") if query else None
    listed = select.child("select_list") if select else None
    for value in (listed.children[n].children[0] for n in at if n < len(listed.children)) if listed else ():
        if _is_constant(value):
            yield value


def _default(node: Node) -> Iterator[Node]:
    if node.children and _is_line(node.children[0]):
        schema = node.children[1] if node.kind == "column_definition" and len(node.children) > 1 else node
        yield from (one for one in schema.children if _is_constant(one))


def _is_constant(node: Node) -> bool:
    return node.number is not None and node.number >= 0


def _is_line(identifier: Node) -> bool:
    return identifier.kind == "identifier" and _is_line_name(identifier.message.id_string)


def _is_line_name(name: str) -> bool:
    return _LINE.fullmatch(name) is not None
