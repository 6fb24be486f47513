"""Google's analyzer with BigQuery's dialect: names, types, signatures and grouping, checked as BigQuery does.

    analyzer = Analyzer()
    answer = analyzer.analyze("SELECT x FROM `p.d.t`", catalogue)
    match answer:
        case Analysis(): answer.columns, answer.reads
        case Refusal(): answer.line, answer.column, answer.message

A thread needs an `Analyzer` of its own; several run at the same time.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

from zetasql.wasi._pb2.zetasql.local_service import local_service_pb2 as service
from zetasql.wasi._pb2.zetasql.proto import function_pb2

from prop_quality.sql import script, tree
from prop_quality.sql.analysis import Analysis, Refusal, analysis_of
from prop_quality.sql.catalogue import Catalogue, Column, Routine, Table
from prop_quality.sql.engine import Engine
from prop_quality.sql.errors import AnalyzerFailed, Refused
from prop_quality.sql.language import Dialect
from prop_quality.sql.script import Names, Script, Statement, byte_offset, names_in

_KEPT_CATALOGUES = 16
_Key = tuple[Any, ...]
_Path = tuple[str, ...]


@dataclass(frozen=True)
class _Seen:
    """What a statement can see of a catalogue: the tables and routines that its names mean, as it spells them."""

    tables: tuple[tuple[_Path, Table], ...]
    routines: tuple[tuple[_Path, Routine], ...]
    connections: frozenset[_Path]
    variables: tuple[tuple[str, Column], ...]

    @classmethod
    def of(cls, names: Names, catalogue: Catalogue, variables: Mapping[str, Column]) -> _Seen:
        spelled: dict[_Path, _Path] = {}
        for path in sorted(names.tables | names.paths):
            spelled.setdefault(tuple(part.lower() for part in path), path)
        tables = [(path, catalogue.table(".".join(path))) for path in spelled.values()]
        routines = [(path, catalogue.routine(".".join(path))) for path in spelled.values()]
        return cls(
            tuple((path, table) for path, table in tables if table is not None),
            tuple((path, routine) for path, routine in routines if routine is not None),
            names.connections,
            tuple(variables.items()),
        )

    @classmethod
    def union(cls, some: Iterable[_Seen]) -> _Seen:
        """All that several statements see, where they have the same variables; of two meanings of a name the first."""
        tables: dict[_Path, Table] = {}
        routines: dict[_Path, Routine] = {}
        connections: frozenset[_Path] = frozenset()
        variables: tuple[tuple[str, Column], ...] = ()
        for one in some:
            tables = {**dict(one.tables), **tables}
            routines = {**dict(one.routines), **routines}
            connections |= one.connections
            variables = one.variables
        return cls(tuple(tables.items()), tuple(routines.items()), connections, variables)

    def covers(self, other: _Seen) -> bool:
        """Whether a catalogue of this serves a statement that sees `other`."""
        return (
            self.variables == other.variables
            and self.connections >= other.connections
            and self._named.items() >= dict(other.tables).items()
            and dict(self.routines).items() >= dict(other.routines).items()
        )

    @cached_property
    def _named(self) -> dict[_Path, Table]:
        return dict(self.tables)


class Analyzer:
    """Parses and analyses statements, one at a time.

    What was asked before is answered from `memory`, which several analyzers can share: an old and a new form of an
    estate have nearly all statements in common.
    """

    def __init__(self, memory: dict[_Key, Any] | None = None) -> None:
        self._memory: dict[_Key, Any] = {} if memory is None else memory
        self._engine = Engine()
        self._dialect = Dialect(self._engine)
        self._registered: OrderedDict[_Seen, int] = OrderedDict()
        self._generation = self._engine.generation
        self._types: dict[str, Any] = {}

    def statements(self, text: str) -> Script:
        """The statements of a file or script with their places, and those that could not be parsed."""
        key = ("script", text)
        if key not in self._memory:
            self._memory[key] = script.split(text, self._parse, self._dialect.language)
        found: Script = self._memory[key]
        return found

    def analyze(
        self,
        sql: str | Statement,
        catalogue: Catalogue | None = None,
        parameters: Mapping[str, str] | None = None,
        variables: Mapping[str, Column] | None = None,
        names: Names | None = None,
    ) -> Analysis | Refusal:
        """Analyse one statement against `catalogue`, of which only what the statement names is sent.

        Parameters (`@name`) that `parameters` does not type, as BigQuery writes types, take the type that they need.
        `variables` are those of a script. `names` are the statement's own, when they are known already.
        """
        statement = self._single(sql) if isinstance(sql, str) else sql
        if isinstance(statement, Refusal):
            return statement
        try:
            names = names or self.names(statement)
            seen = _Seen.of(names, Catalogue() if catalogue is None else catalogue, variables or {})
        except (Refused, AnalyzerFailed) as error:
            return _refusal(statement.text, 0, str(error), failed=isinstance(error, AnalyzerFailed))
        key = _key(statement, seen, parameters)
        if key not in self._memory:
            self._memory[key] = self._answer(statement, names, seen, parameters or {})
        found: Analysis | Refusal = self._memory[key]
        return found

    def names(self, statement: Statement) -> Names:
        """What `statement` names. Names of common table expressions and aliases are no tables.

        Raises:
            Refused: the statement cannot be parsed on its own.
            AnalyzerFailed: the analyzer failed on it.
        """
        key = ("names", statement.text, statement.mode, statement.kind)
        if key not in self._memory:
            self._memory[key] = self._names(statement)
        found: Names = self._memory[key]
        return found

    def _names(self, statement: Statement) -> Names:
        text = f"SELECT {statement.text}" if statement.mode == "expression" else statement.text
        found = names_in(statement.node)
        if statement.mode == "nothing" or not found.paths:
            return found
        answer = self._engine.call(
            "ExtractTableNamesFromStatement",
            service.ExtractTableNamesFromStatementRequest(sql_statement=text, options=self._dialect.language),
            service.ExtractTableNamesFromStatementResponse,
        )
        return replace(found, tables=frozenset(tuple(one.table_name_segment) for one in answer.table_name))

    def prepare(self, wanted: Iterable[tuple[Statement, Names, Catalogue, Mapping[str, Column]]]) -> None:
        """Make ready for several statements with one catalogue, which costs as much as it does for one of them.

        Each of `wanted` is what `analyze` is going to be asked with; what is in the memory needs nothing.
        """
        together: dict[tuple[tuple[str, Column], ...], list[_Seen]] = {}
        for statement, names, catalogue, variables in wanted:
            seen = _Seen.of(names, catalogue, variables)
            if _key(statement, seen) not in self._memory:
                together.setdefault(seen.variables, []).append(seen)
        for some in together.values():
            self._catalog(_Seen.union(some))

    def type_message(self, text: str) -> Any:
        """The analyzer's message of a type as BigQuery writes it, `ARRAY<STRUCT<a INT64>>`.

        Raises:
            Refused: no such type.
        """
        if text not in self._types:
            request = service.AnalyzeRequest(
                options=self._dialect.analyzer_options({}, positional=False),
                simple_catalog=self._dialect.empty_catalog(),
                sql_expression=f"CAST(NULL AS {text})",
            )
            answer = self._engine.call("Analyze", request, service.AnalyzeResponse)
            self._types[text] = tree.inherited(tree.unwrap(answer.resolved_expression), "type")
        return self._types[text]

    def _parse(self, request: Any) -> Any:
        return self._engine.call("Parse", request, service.ParseResponse)

    def _single(self, sql: str) -> Statement | Refusal:
        """The one statement that `sql` is, with places that count from its first letter."""
        found = self.statements(sql)
        if found.unparsed:
            return _refusal(sql, found.unparsed[0].at, found.unparsed[0].message, failed=found.unparsed[0].failed)
        if len(found.statements) != 1:
            return Refusal(f"One statement was expected, not {len(found.statements)}.", 1, 1, 0)
        return replace(found.statements[0], text=sql, start=0)

    def _answer(
        self, statement: Statement, names: Names, seen: _Seen, parameters: Mapping[str, str]
    ) -> Analysis | Refusal:
        try:
            return analysis_of(self._resolve(statement, names, seen, parameters))
        except Refused as refused:
            return _refusal(statement.text, byte_offset(statement.text, refused.line, refused.column), refused.message)
        except AnalyzerFailed as failed:
            return Refusal(str(failed), 1, 1, 0, failed=True)

    def _resolve(self, statement: Statement, names: Names, seen: _Seen, parameters: Mapping[str, str]) -> Any:
        typed = {name: self.type_message(text) for name, text in parameters.items()}
        request = service.AnalyzeRequest(
            options=self._dialect.analyzer_options(typed, positional=names.positional),
            registered_catalog_id=self._catalog(seen),
        )
        if statement.mode == "expression":
            request.sql_expression = statement.text
        else:
            request.sql_statement = statement.text
        answer = self._engine.call("Analyze", request, service.AnalyzeResponse)
        return answer.resolved_expression if statement.mode == "expression" else answer.resolved_statement

    def _catalog(self, seen: _Seen) -> int:
        """The id of a registered catalogue with just what is seen; the last few are kept."""
        if self._generation != self._engine.generation:
            self._registered.clear()
            self._generation = self._engine.generation
        wider = next((known for known in reversed(self._registered) if known.covers(seen)), None)
        if seen not in self._registered and wider is not None:
            seen = wider
        if seen not in self._registered:
            self._registered[seen] = self._register(seen)
            if len(self._registered) > _KEPT_CATALOGUES:
                _, oldest = self._registered.popitem(last=False)
                self._engine.call(
                    "UnregisterCatalog", service.UnregisterRequest(registered_id=oldest), service.RegisterResponse
                )
        self._registered.move_to_end(seen)
        return self._registered[seen]

    def _register(self, seen: _Seen) -> int:
        catalog = self._dialect.empty_catalog()
        for path, table in seen.tables:
            _add_table(_folder(catalog, path), path[-1], table)
        for path, routine in seen.routines:
            _add_routine(_folder(catalog, path), path[-1], routine)
        for path in seen.connections:
            _folder(catalog, path).connection.add(name=path[-1])
        for name, column in seen.variables:
            catalog.constant.add(name_path=[name], type=column.type_message).value.SetInParent()
        request = service.RegisterCatalogRequest(simple_catalog=catalog)
        return int(self._engine.call("RegisterCatalog", request, service.RegisterResponse).registered_id)


def _key(statement: Statement, seen: _Seen, parameters: Mapping[str, str] | None = None) -> _Key:
    """All that an answer depends on."""
    return statement.text, statement.mode, tuple((parameters or {}).items()), seen


def _refusal(text: str, offset: int, message: str, *, failed: bool = False) -> Refusal:
    before = text.encode()[:offset].decode(errors="replace")
    column = len(before) - (before.rfind("\n") + 1) + 1
    return Refusal(message, before.count("\n") + 1, column, offset, failed)


def _folder(catalog: Any, path: tuple[str, ...]) -> Any:
    """The catalogue in `catalog` that holds the last part of `path`."""
    for part in path[:-1]:
        known = [one for one in catalog.catalog if one.name.lower() == part.lower()]
        catalog = known[0] if known else catalog.catalog.add(name=part)
    return catalog


def _add_table(catalog: Any, name: str, table: Table) -> None:
    message = catalog.table.add(name=name, full_name=table.name)
    for column in table.columns:
        message.column.add(name=column.name, type=column.type_message, is_writable_column=True)
    for column in table.pseudo_columns:
        message.column.add(name=column.name, type=column.type_message, is_pseudo_column=True)


def _add_routine(catalog: Any, name: str, routine: Routine) -> None:
    kinds = {
        "function": (catalog.custom_function, function_pb2.FunctionProto),
        "table_function": (catalog.custom_tvf, function_pb2.TableValuedFunctionProto),
        "procedure": (catalog.procedure, function_pb2.ProcedureProto),
    }
    place, class_ = kinds[routine.kind]
    message = class_.FromString(routine.message)
    del message.name_path[:]
    message.name_path.append(name)
    place.append(message)
