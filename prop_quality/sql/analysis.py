"""What the analyzer says of one statement."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from prop_quality.sql import tree
from prop_quality.sql.catalogue import Column


@dataclass(frozen=True)
class Read:
    """A table that a statement reads, and the columns of it that it names anywhere, filters included."""

    table: str
    columns: tuple[str, ...]
    span: tuple[int, int] | None = None


@dataclass(frozen=True)
class Analysis:
    """A statement that BigQuery would accept, as the analyzer resolved it.

    `kind` is what it is (`query`, `create_view`, `merge` …). `columns` are those of its result, or of the table that it
    defines. `reads` has one entry a scan. `statement` is the resolved tree, for those who need more; the places in
    it are byte offsets in the text that was analysed.
    """

    kind: str
    columns: tuple[Column, ...]
    reads: tuple[Read, ...]
    statement: Any = field(repr=False, compare=False)


@dataclass(frozen=True)
class Refusal:
    """A statement that BigQuery would refuse, and where in its text (`line` and `column` from 1, `offset` in bytes).

    `failed` says that the analyzer itself failed on it: nothing is known of the statement.
    """

    message: str
    line: int
    column: int
    offset: int
    failed: bool = False


def analysis_of(resolved: Any) -> Analysis:
    """The analysis of a resolved statement or expression."""
    node = tree.unwrap(resolved)
    return Analysis(tree.kind(node), _columns(node), _reads(node), node)


def _columns(node: Any) -> tuple[Column, ...]:
    """The output columns, or those that a CREATE TABLE defines; an expression has one without a name."""
    definitions = tree.listed(node, "column_definition_list")
    outputs = tree.listed(node, "output_column_list")
    if definitions and "view" not in tree.kind(node):
        return tuple(
            Column.of(
                one.name,
                one.type,
                one.annotations.type_parameters if one.annotations.HasField("type_parameters") else None,
                nullable=not one.annotations.not_null,
            )
            for one in definitions
        )
    if outputs:
        return tuple(Column.of(one.name, one.column.type) for one in outputs)
    try:
        return (Column.of("", tree.inherited(node, "type")),)
    except AttributeError:
        return ()


def _reads(node: Any) -> tuple[Read, ...]:
    found = []
    for one in tree.concrete(node):
        if tree.kind(one) == "table_scan":
            columns = tuple(column.name for column in one.parent.column_list)
            name = one.table.full_name or one.table.name
            found.append(Read(name, columns, tree.span(one)))
    return tuple(found)
