"""What a check, a view or the scan reads is dropped, renamed, replaced, retyped, emptied, or may become NULL."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from prop_quality.sql import tree
from prop_quality.sql.analysis import Refusal
from prop_quality.sql.catalogue import Column, Table
from prop_quality.sql.codes import CODES
from prop_quality.sql.finding import Finding, Level
from prop_quality.sql.removals import Removal, is_made_again, removal
from prop_quality.sql.rules.surroundings import Surroundings
from prop_quality.sql.selection import words
from prop_quality.sql.types import holds_less, is_other_type, type_text
from prop_quality.sql.units import Unit

_MEND = "Add the new column beside the old one, move the readers, and take the old one away in a later change."
_KEEP = "Keep it. If it is no longer needed, say so in a suppression with an end date."
_TAKES_AWAY = re.compile(r"\b(?:ALTER|DROP|TRUNCATE|DELETE|RENAME|REPLACE)\b", re.IGNORECASE)
# From narrow to wide.
_WIDTHS = ("", "MONTH", "YEAR")
_VIEWS = frozenset({"view", "materialized_view"})
Place = tuple[int, int]


def check(unit: Unit, surroundings: Surroundings) -> Iterator[Finding]:
    """One finding for each column, table or view of the contract that a statement takes away from its readers."""
    taken = removal(unit)
    if taken is not None:
        yield from _removed(unit, taken, surroundings)
    if unit.statement.kind == "execute_immediate":
        yield from _put_together(unit, surroundings)
    if unit.definition is None or unit.definition.is_routine or unit.definition.temporary:
        return
    table = surroundings.contract.table(unit.definition.name)
    if table is None:
        return
    if unit.definition.kind == "alter":
        yield from _columns(unit, table, surroundings, _altered(unit, table))
        yield from _less_guarded(unit, table, surroundings)
    elif _kind(unit.definition.kind) != _kind(table.kind):
        was, becomes = _with_article(table.kind), _with_article(unit.definition.kind)
        yield from _replaced(unit, table, surroundings, f"is {was}, and becomes {becomes} here")
    elif table.kind in _VIEWS:
        yield from _shows_less(unit, table, surroundings)
    elif table.kind == "table" and unit.made is not None:
        yield from _columns(unit, table, surroundings, _created(unit, table, surroundings))
        yield from _less_guarded(unit, table, surroundings)
    elif table.kind == "table" and not isinstance(unit.outcome, Refusal) and not unit.in_cycle:
        yield from _replaced(unit, table, surroundings, "is made anew, with columns that are not known here")


def _removed(unit: Unit, taken: Removal, surroundings: Surroundings) -> Iterator[Finding]:
    """The tables and views that a statement takes away, in one finding."""
    means = [table for table in surroundings.contract if taken.means(table)]
    hit = [(table, who) for table in means if (who := surroundings.reliance(table))]
    # A view that the same file creates again is there all the time, as far as its readers can tell.
    if not hit or (
        hit[0][0].kind != "table" and taken.gone and is_made_again(unit, hit[0][0], surroundings.estate.units)
    ):
        return
    table, who = hit[0]
    message, about = f"{table.name} {taken.what}; {who}.", table.name
    if taken.dataset:
        names = ", ".join(one.name for one, _ in hit)
        message, about = f"{taken.path} {taken.what}, and with it {names}; of the first: {who}.", taken.path
    yield CODES["contract"].at(unit.file.name, *unit.place_of(taken.node), message, _KEEP, about)


def _put_together(unit: Unit, surroundings: Surroundings) -> Iterator[Finding]:
    """A text known only when it runs that names what is read, beside a word that takes away: said, not guessed."""
    verb = _TAKES_AWAY.search(unit.statement.text) if unit.statement.immediate is None else None
    named = words(unit.statement.text) if verb else frozenset()
    for table in surroundings.contract:
        who = surroundings.reliance(table) if table.name.rpartition(".")[2].lower() in named else ""
        if verb and who:
            message = (
                f"{table.name} is named beside {verb[0].upper()} in a text that is put together when it runs; {who}."
            )
            mend = "Write the statement out, or say in a suppression why it takes nothing away."
            found = CODES["contract"].at(unit.file.name, *unit.place(0), message, mend, table.name)
            yield replace(found, severity=Level.WARNING)


def _replaced(unit: Unit, table: Table, surroundings: Surroundings, what: str) -> Iterator[Finding]:
    who = surroundings.reliance(table)
    if who:
        message = f"{table.name} {what}; {who}."
        mend = "Give the new one a name of its own, and leave this one as it is."
        yield CODES["contract"].at(unit.file.name, *unit.place(0), message, mend, table.name)


def _columns(
    unit: Unit, table: Table, surroundings: Surroundings, changes: Iterator[tuple[str, str, Place]]
) -> Iterator[Finding]:
    for column, what, at in changes:
        readers = surroundings.readers.in_words(table.name, column)
        if readers:
            message = f"{table.name} {what}; {column} is read by {readers}."
            yield CODES["contract"].at(unit.file.name, *at, message, _MEND, table.name)


def _altered(unit: Unit, table: Table) -> Iterator[tuple[str, str, Place]]:
    for action, node in zip(map(tree.unwrap, _actions(unit)), _action_nodes(unit), strict=False):
        kind = tree.kind(action)
        name = action.parent.column if kind.startswith("alter_column") else getattr(action, "name", "")
        column = table.column(name) if name else None
        what = _change(kind, action, column) if column else ""
        if column and what:
            yield column.name, what, unit.place_of(node)


def _change(kind: str, action: Any, column: Column) -> str:
    if kind == "drop_column_action":
        return f"loses its column {column.name}"
    if kind == "rename_column_action":
        return f"has its column {column.name} renamed to {action.new_name}"
    if kind == "alter_column_drop_not_null_action" and not column.nullable:
        return f"lets its column {column.name} be NULL"
    if kind == "alter_column_set_data_type_action":
        has = action.HasField("updated_type_parameters")
        return _retyped(column, type_text(action.updated_type, action.updated_type_parameters if has else None))
    return ""


def _created(unit: Unit, table: Table, surroundings: Surroundings) -> Iterator[tuple[str, str, Place]]:
    assert unit.made is not None
    added = _added(table, surroundings)
    places = {
        node.children[0].message.id_string.lower(): unit.place_of(node.message)
        for node in unit.syntax.find("column_definition")
        if node.children and node.children[0].kind == "identifier"
    }
    for column in table.columns:
        at = places.get(column.name.lower(), unit.place(0))
        found = unit.made.column(column.name)
        if found is None and column.name.lower() in added:
            continue
        if found is None:
            yield column.name, f"loses its column {column.name}", at
        elif _retyped(column, found.type):
            yield column.name, _retyped(column, found.type), at
        elif found.nullable and not column.nullable:
            # BigQuery takes no NOT NULL over from a query.
            yield column.name, f"lets its column {column.name} be NULL", at


def _added(table: Table, surroundings: Surroundings) -> set[str]:
    """The columns that ALTER statements give to a table, whatever its CREATE says."""
    actions = [tree.unwrap(one) for unit in surroundings.estate.definers.of(table.name) for one in _actions(unit)]
    return {one.column_definition.name.lower() for one in actions if tree.kind(one) == "add_column_action"}


def _retyped(column: Column, new: str) -> str:
    if is_other_type(column.type, new):
        return f"has its column {column.name} retyped from {column.type} to {new}"
    if holds_less(column.type, new):
        return f"has its column {column.name} narrowed from {column.type} to {new}, so that it holds less"
    return ""


def _less_guarded(unit: Unit, table: Table, surroundings: Surroundings) -> Iterator[Finding]:
    """A table that can be read whole again, or is read at a higher price: said, and no error."""
    made = unit.made
    if made is None or not surroundings.reliance(table):
        return
    lost = []
    if table.partitioned_by and (made.partitioned_by or "").lower() != table.partitioned_by.lower():
        lost.append(f"is no longer partitioned by {table.partitioned_by}")
    elif table.requires_filter and not made.requires_filter:
        lost.append("no longer requires a predicate on its partitions")
    if _WIDTHS.index(made.partition_width) > _WIDTHS.index(table.partition_width):
        lost.append(f"has a whole {made.partition_width} of {made.partitioned_by} in each partition")
    if table.clustered_by and made.clustered_by != table.clustered_by:
        lost.append(f"is no longer clustered by {', '.join(table.clustered_by)}")
    for what in lost:
        message = f"{table.name} {what}, so what reads it can read, and be billed for, more than it needs."
        found = CODES["contract"].at(unit.file.name, *unit.place(0), message, "Keep it as it was.", table.name)
        yield replace(found, severity=Level.WARNING)


def _shows_less(unit: Unit, table: Table, surroundings: Surroundings) -> Iterator[Finding]:
    """Columns that a view which watches the predictions had until now: who reads them is not known here, so it is said.

    Other views that read them are errors of their own.
    """
    ours = surroundings.ours.table(table.name)
    if ours is None or ours is table or unit.analysis is None:
        return
    shown = {column.name.lower(): column for column in unit.analysis.columns}
    for column in table.columns:
        new = shown.get(column.name.lower())
        what = _retyped(column, new.type) if new else f"loses its column {column.name}"
        if what:
            message = f"{table.name} {what}; it watches the predictions, and people and alerts may read that column."
            found = CODES["contract"].at(unit.file.name, *unit.place(0), message, _MEND, table.name)
            yield replace(found, severity=Level.WARNING)


def _kind(kind: str) -> str:
    return "view" if kind in _VIEWS else kind


def _with_article(kind: str) -> str:
    return f"{'an' if kind[0] in 'aeiou' else 'a'} {kind.replace('_', ' ')}"


def _actions(unit: Unit) -> Any:
    return tree.listed(unit.analysis.statement, "alter_action_list") if unit.analysis else ()


def _action_nodes(unit: Unit) -> list[Any]:
    found = unit.syntax.child("alter_action_list")
    return [node.message for node in found.children] if found else []
