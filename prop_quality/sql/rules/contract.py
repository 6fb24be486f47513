"""A column that a check, a view or the scan reads is dropped, renamed, retyped, or may become NULL."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from prop_quality.sql import tree
from prop_quality.sql.catalogue import Column, Table
from prop_quality.sql.codes import CODES
from prop_quality.sql.finding import Finding
from prop_quality.sql.rules.surroundings import Surroundings
from prop_quality.sql.types import type_text
from prop_quality.sql.units import Unit

_MEND = "Add the new column beside the old one, move the readers, and take the old one away in a later change."


def check(unit: Unit, surroundings: Surroundings) -> Iterator[Finding]:
    """One finding for each column of a table of the contract that a statement takes away from its readers."""
    if unit.statement.kind == "drop":
        yield from _dropped(unit, surroundings)
        return
    if unit.definition is None or unit.analysis is None:
        return
    table = surroundings.contract.table(unit.definition.name)
    if table is None or table.kind != "table":
        return
    if unit.definition.kind == "alter":
        changes = _altered(unit, table)
    elif unit.definition.kind == "table" and unit.made is not None:
        changes = _created(unit, table, unit.analysis.columns)
    else:
        return
    for column, what, at in changes:
        readers = surroundings.readers.in_words(table.name, column)
        if readers:
            message = f"{table.name} {what}; {column} is read by {readers}."
            yield CODES["contract"].at(unit.file.name, *at, message, _MEND, table.name)


def _altered(unit: Unit, table: Table) -> Iterator[tuple[str, str, tuple[int, int]]]:
    assert unit.analysis is not None
    for action, node in zip(_actions(unit), _action_nodes(unit), strict=False):
        kind, at = tree.kind(action), unit.place_of(node)
        if kind == "rename_to_action":
            yield from ((column.name, "is renamed", at) for column in table.columns)
            continue
        name = action.parent.column if kind.startswith("alter_column") else getattr(action, "name", "")
        column = table.column(name) if name else None
        if column is None:
            continue
        what = _change(kind, action, column)
        if what:
            yield column.name, what, at


def _change(kind: str, action: Any, column: Column) -> str:
    if kind == "drop_column_action":
        return f"loses its column {column.name}"
    if kind == "rename_column_action":
        return f"has its column {column.name} renamed to {action.new_name}"
    if kind == "alter_column_drop_not_null_action" and not column.nullable:
        return f"lets its column {column.name} be NULL"
    if kind == "alter_column_set_data_type_action":
        new = type_text(action.updated_type)
        return f"has its column {column.name} retyped from {column.type} to {new}" if _differs(column, new) else ""
    return ""


def _created(unit: Unit, table: Table, columns: tuple[Column, ...]) -> Iterator[tuple[str, str, tuple[int, int]]]:
    new = {column.name.lower(): column for column in columns}
    places = {
        node.children[0].message.id_string.lower(): unit.place_of(node.message)
        for node in unit.syntax.find("column_definition")
        if node.children and node.children[0].kind == "identifier"
    }
    for column in table.columns:
        at = places.get(column.name.lower(), unit.place(0))
        found = new.get(column.name.lower())
        if found is None:
            yield column.name, f"loses its column {column.name}", at
        elif _differs(column, found.type):
            yield column.name, f"has its column {column.name} retyped from {column.type} to {found.type}", at
        elif found.nullable and not column.nullable and unit.syntax.child("query") is None:
            yield column.name, f"lets its column {column.name} be NULL", at


def _dropped(unit: Unit, surroundings: Surroundings) -> Iterator[Finding]:
    path = unit.syntax.child("path_expression")
    table = surroundings.contract.table(".".join(path.path)) if path else None
    if table is not None and table.kind == "table" and _is_of_tables(unit):
        message = f"{table.name} is dropped, and the checks and views read it."
        yield CODES["contract"].at(unit.file.name, *unit.place(0), message, "Keep it.", table.name)


def _is_of_tables(unit: Unit) -> bool:
    return unit.statement.text.split()[1].upper() == "TABLE"


def _differs(column: Column, new: str) -> bool:
    """Whether the base type is another; bounds and lengths are no other type."""
    return column.type.split("(")[0] != new.split("(")[0]


def _actions(unit: Unit) -> list[Any]:
    assert unit.analysis is not None
    return [tree.unwrap(one) for one in unit.analysis.statement.parent.alter_action_list]


def _action_nodes(unit: Unit) -> list[Any]:
    found = unit.syntax.child("alter_action_list")
    return [node.message for node in found.children] if found else []
