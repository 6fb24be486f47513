"""What CREATE and ALTER statements make: tables, views and routines for the catalogue."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from zetasql.wasi._pb2.zetasql.parser import ast_enums_pb2
from zetasql.wasi._pb2.zetasql.proto import function_pb2
from zetasql.wasi._pb2.zetasql.public import function_pb2 as public_function

from prop_quality.sql import tree
from prop_quality.sql.analysis import Analysis
from prop_quality.sql.catalogue import Catalogue, Column, Routine, Table
from prop_quality.sql.script import Statement
from prop_quality.sql.types import simple

_TABLES = {
    "create_table": "table",
    "create_view": "view",
    "create_materialized_view": "materialized_view",
    "create_external_table": "external_table",
    "create_snapshot_table": "snapshot",
}
_ROUTINES = {
    "create_function": "function",
    "create_table_function": "table_function",
    "create_procedure": "procedure",
}
_ALTERS = frozenset({"alter_table", "alter_view", "alter_materialized_view"})
_ARRIVAL = frozenset({"_PARTITIONTIME", "_PARTITIONDATE"})
# The analyzer's numbers of the parts of a date.
_WIDTHS = {1: "YEAR", 2: "MONTH"}
_TEMPORARY = ast_enums_pb2.ASTCreateStatementEnums.Scope.Value("TEMPORARY")


@dataclass(frozen=True)
class Definition:
    """What a statement defines: `name` with dots, whether it is a table or a routine, and for whom.

    `kind` is that of `Table` or `Routine`, or `alter`. A temporary object is seen in its own file alone; one that is
    made `if_absent` takes nothing from one that is there.
    """

    name: str
    kind: str
    temporary: bool = False
    if_absent: bool = False

    @property
    def is_routine(self) -> bool:
        """Whether it is called rather than read."""
        return self.kind in _ROUTINES.values()

    @property
    def is_view(self) -> bool:
        """Whether it is a query that others read by name."""
        return self.kind in {"view", "materialized_view"}


def definition_of(statement: Statement) -> Definition | None:
    """What `statement` defines or alters; None when it is of another kind."""
    node = statement.node
    if statement.kind in _ALTERS:
        return Definition(_dotted(tree.inherited(node, "path")), "alter")
    kind = _TABLES.get(statement.kind) or _ROUTINES.get(statement.kind)
    if kind is None:
        return None
    if statement.kind in {"create_function", "create_table_function"}:
        path = tree.inherited(node, "function_declaration").name
    else:
        path = tree.inherited(node, "name")
    temporary, if_absent = tree.inherited(node, "scope") == _TEMPORARY, tree.inherited(node, "is_if_not_exists")
    return Definition(_dotted(path), kind, temporary, if_absent)


def table_of(definition: Definition, analysis: Analysis, catalogue: Catalogue) -> Table | None:
    """The table that an analysed CREATE makes; None where its columns are known only at run time."""
    node = analysis.statement
    columns = analysis.columns
    copied = _copied(node, catalogue)
    if copied is not None:
        return replace(copied, name=definition.name, kind=definition.kind)
    columns += _partition_columns(node)
    if not columns or not all(column.name for column in columns):
        return None
    column = _partition_column(node)
    pseudo: tuple[Column, ...] = ()
    if column in _ARRIVAL:
        pseudo = (Column.of("_PARTITIONTIME", simple("TIMESTAMP")), Column.of("_PARTITIONDATE", simple("DATE")))
    elif definition.kind == "external_table":
        pseudo = (Column.of("_FILE_NAME", simple("STRING")),)
    required = _option(node, "require_partition_filter")
    clustered, width = _clustered_by(node), _partition_width(node)
    return Table(definition.name, columns, definition.kind, column, required, clustered, pseudo, width)


def routine_of(definition: Definition, analysis: Analysis) -> Routine:
    """The routine that an analysed CREATE makes."""
    node = analysis.statement
    message: Any
    if definition.kind == "function":
        enums = public_function.FunctionEnums
        aggregate = enums.AGGREGATE if node.is_aggregate else enums.SCALAR
        message = function_pb2.FunctionProto(group="UDF", mode=aggregate, signature=[node.signature])
        if _templated(node.signature):
            # Its result's type follows from its body and the arguments of each call, so the body goes along.
            message.group = "Templated_SQL_Function"
            message.parse_resume_location.input = node.code
            message.parse_resume_location.byte_position = 0
            message.templated_sql_function_argument_name.extend(node.argument_name_list)
    elif definition.kind == "table_function":
        fixed = public_function.FunctionEnums.FIXED_OUTPUT_SCHEMA_TVF
        message = function_pb2.TableValuedFunctionProto(signatures=[node.signature], type=fixed)
    else:
        message = function_pb2.ProcedureProto(signature=node.signature)
    return Routine(definition.name, definition.kind, message.SerializeToString())


def altered(table: Table, analysis: Analysis) -> Table:
    """`table` after an analysed ALTER."""
    for action in tree.listed(analysis.statement, "alter_action_list"):
        table = _after(table, tree.unwrap(action))
    # ALTER … SET OPTIONS alone is a statement of its own kind.
    return _after(table, analysis.statement)


def merged(first: Table, second: Table) -> Table:
    """A table that is created twice: the second definition, with the columns that only the first has."""
    missing = tuple(column for column in first.columns if second.column(column.name) is None)
    return replace(second, columns=second.columns + missing)


def _after(table: Table, action: Any) -> Table:
    kind = tree.kind(action)
    if kind == "add_column_action":
        made = action.column_definition
        parameters = made.annotations.type_parameters if made.annotations.HasField("type_parameters") else None
        column = Column.of(made.name, made.type, parameters, nullable=not made.annotations.not_null)
        return table if table.column(made.name) else replace(table, columns=(*table.columns, column))
    if kind == "drop_column_action":
        return replace(table, columns=tuple(c for c in table.columns if c.name.lower() != action.name.lower()))
    if kind == "rename_column_action":
        return _changed(table, action.name, lambda column: replace(column, name=action.new_name))
    if kind == "alter_column_drop_not_null_action":
        return _changed(table, action.parent.column, lambda column: replace(column, nullable=True))
    if kind == "alter_column_set_data_type_action":
        parameters = action.updated_type_parameters if action.HasField("updated_type_parameters") else None
        return _changed(
            table,
            action.parent.column,
            lambda column: Column.of(column.name, action.updated_type, parameters, nullable=column.nullable),
        )
    if kind in {"set_options_action", "alter_table_set_options"}:
        required = _option(action, "require_partition_filter", default=table.requires_filter)
        return replace(table, requires_filter=required)
    if kind == "rename_to_action":
        new = ".".join(action.new_path)
        return replace(table, name=new if "." in new else f"{table.name.rpartition('.')[0]}.{new}".lstrip("."))
    return table


def _changed(table: Table, name: str, change: Any) -> Table:
    return replace(table, columns=tuple(change(c) if c.name.lower() == name.lower() else c for c in table.columns))


def _dotted(path: Any) -> str:
    return ".".join(identifier.id_string for identifier in path.names)


def _partition_column(node: Any) -> str | None:
    for expression in tree.listed(node, "partition_by_list"):
        for one in tree.concrete(expression):
            if tree.kind(one) == "column_ref":
                name = str(one.column.name)
                return name.upper() if name.upper() in _ARRIVAL else name
    return None


def _partition_width(node: Any) -> str:
    """MONTH or YEAR, where one partition holds so much."""
    for expression in tree.listed(node, "partition_by_list"):
        for one in tree.concrete(expression):
            if tree.kind(one) == "literal" and (width := _WIDTHS.get(one.value.value.enum_value)):
                return width
    return ""


def _partition_columns(node: Any) -> tuple[Column, ...]:
    """The columns that an external table has from the names of its files; one without a name where they say so."""
    if tree.kind(node) != "create_external_table" or not node.HasField("with_partition_columns"):
        return ()
    listed = node.with_partition_columns.column_definition_list
    return tuple(Column.of(one.name, one.type) for one in listed) or (Column("", ""),)


def _clustered_by(node: Any) -> tuple[str, ...]:
    named = (tree.unwrap(one) for one in tree.listed(node, "cluster_by_list"))
    return tuple(str(one.column.name) for one in named if tree.kind(one) == "column_ref")


def _copied(node: Any, catalogue: Catalogue) -> Table | None:
    """The table whose columns CLONE, COPY and LIKE take over; None for other statements."""
    if tree.kind(node) not in {"create_table", "create_snapshot_table"}:
        return None
    like = tree.inherited(node, "like_table").full_name if tree.kind(node) == "create_table" else ""
    if like:
        return catalogue.table(like)
    filled = {field.name for field, _ in node.ListFields()}
    scans = [one for one in tree.concrete(node) if tree.kind(one) == "table_scan"]
    is_copy = bool(filled & {"clone_from", "copy_from"}) and len(scans) == 1
    return catalogue.table(scans[0].table.full_name) if is_copy else None


def _option(node: Any, name: str, *, default: bool = False) -> bool:
    for option in tree.listed(node, "option_list"):
        if option.name.lower() == name:
            return bool(tree.unwrap(option.value).value.value.bool_value)
    return default


def _templated(signature: Any) -> bool:
    kinds = [argument.kind for argument in signature.argument] + [signature.return_type.kind]
    return public_function.ARG_TYPE_ARBITRARY in kinds
