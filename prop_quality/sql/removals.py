"""Statements that take away, empty or shut off what others read by name. The parse tree says so, never the text."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from zetasql.wasi._pb2.zetasql.parser import ast_enums_pb2

from prop_quality.sql.catalogue import Catalogue, Table
from prop_quality.sql.syntax import Node
from prop_quality.sql.units import Unit

_OVERWRITE = ast_enums_pb2.ASTAuxLoadDataStatementEnums.InsertionMode.Value("OVERWRITE")
_OBJECTS = frozenset({"kTable", "kView", "kExternalTable", "kSchema"})
_DROPS = frozenset({"drop_materialized_view", "drop_snapshot_table"})
_EXPIRIES = frozenset({"expiration_timestamp", "partition_expiration_days"})


@dataclass(frozen=True)
class Removal:
    """What a statement takes away: `path` as it names it, in words `what` becomes of it, and the `node` that says so.

    `gone` is True when nothing of that name is left; `dataset` when `path` is one, with all that is in it.
    """

    path: str
    what: str
    node: Any
    gone: bool = False
    dataset: bool = False

    def means(self, table: Table) -> bool:
        """Whether it takes `table` away, or the dataset that it is in."""
        if self.dataset:
            dataset = Table(f"{table.name.rpartition('.')[0]}.x", ())
            return Catalogue([dataset]).table(f"{self.path}.x") is not None
        return Catalogue([table]).table(self.path) is not None


def removal(unit: Unit) -> Removal | None:
    """What `unit` takes away, None for other statements."""
    kind, root = unit.statement.kind, unit.syntax
    path = root.child("path_expression")
    name = unit.object or (".".join(path.path) if path else "")
    if kind == "drop" and _object(root) in _OBJECTS:
        return Removal(name, "is dropped", root.message, gone=True, dataset=_object(root) == "kSchema")
    if kind in _DROPS:
        return Removal(name, "is dropped", root.message, gone=True)
    if kind == "truncate":
        return Removal(name, "loses all its rows", root.message)
    if kind == "delete" and not _is_of_some_rows(root):
        return Removal(name, "loses all its rows", root.message)
    if kind == "aux_load_data" and root.message.insertion_mode == _OVERWRITE:
        return Removal(name, "is overwritten", root.message)
    if kind == "create_row_access_policy":
        return Removal(name, "shows some of its rows to some readers alone", root.message)
    if unit.definition is not None and not unit.definition.is_routine:
        return _of_definition(root, name)
    return None


def is_made_again(unit: Unit, table: Table, units: Iterable[Unit]) -> bool:
    """Whether a later statement of the same file creates `table` again."""
    later = (one for one in units if one.file == unit.file and one.statement.start > unit.statement.start)
    names = [one.definition.name for one in later if one.definition is not None and one.definition.kind != "alter"]
    return any(Catalogue([table]).table(name) is not None for name in names)


def _of_definition(root: Node, name: str) -> Removal | None:
    renamed = next(root.find("rename_to_clause"), None)
    if renamed is not None:
        new = renamed.child("path_expression")
        return Removal(name, f"is renamed to {'.'.join(new.path) if new else 'another'}", renamed.message, gone=True)
    for option in root.find("options_entry"):
        key, value = option.children[0], option.children[-1]
        if key.kind == "identifier" and key.message.id_string.lower() in _EXPIRIES and value.kind != "null_literal":
            whole = key.message.id_string.lower() == "expiration_timestamp"
            return Removal(name, "expires" if whole else "has its rows deleted by their age", option.message)
    return None


def _object(root: Node) -> str:
    return str(ast_enums_pb2.SchemaObjectKind.Name(root.message.schema_object_kind))


def _is_of_some_rows(root: Node) -> bool:
    """Whether the condition of a DELETE, its last part, speaks of a column or asks a query."""
    condition = root.children[-1]
    return any(
        node.kind == "query" or (node.kind == "path_expression" and not _is_function(node)) for node in condition.walk()
    )


def _is_function(node: Node) -> bool:
    return node.parent is not None and node.parent.kind == "function_call" and node.parent.children[0] is node
