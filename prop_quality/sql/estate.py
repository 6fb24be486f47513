"""An estate of SQL files as one whole: definitions in the order of their dependencies, then every other statement."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import replace

from prop_quality.sql.analysis import Analysis, Refusal
from prop_quality.sql.analyzer import Analyzer
from prop_quality.sql.catalogue import Catalogue, Column, Table
from prop_quality.sql.context import Context, Seen
from prop_quality.sql.definers import Definers
from prop_quality.sql.definitions import altered, merged, routine_of, table_of
from prop_quality.sql.errors import AnalyzerFailed, Refused
from prop_quality.sql.graph import circles, levels
from prop_quality.sql.script import Statement, parts
from prop_quality.sql.sources import SourceFile
from prop_quality.sql.templates import filled_in, meets_a_name
from prop_quality.sql.types import struct
from prop_quality.sql.units import ParsedFile, Unit, parse
from prop_quality.sql.workers import Workers

# At most so many statements are analysed with one catalogue; more of them would only make it larger.
_BATCH = 12


class Estate:
    """Files that belong together, parsed at once and analysed on demand.

    `files` in the order of their names; `catalogue` holds what they define, over `base`; `circles` are the groups of
    views that read each other.
    """

    def __init__(self, files: Iterable[SourceFile], workers: Workers, base: Catalogue | None = None) -> None:
        self._workers = workers
        self.catalogue = (base or Catalogue()).copy()
        self.files: tuple[ParsedFile, ...] = tuple(workers.map(parse, sorted(files, key=lambda one: one.name)))
        self.units = tuple(unit for one in self.files for unit in one.units)
        self.circles: list[tuple[Unit, ...]] = []
        self.definers = Definers(self.units)
        self._contexts = {one.file.name: Context() for one in self.files}
        self._own: set[str] = set()
        self._declarations: dict[str, list[Unit]] = {}
        for unit in self.units:
            if unit.statement.declares:
                self._declarations.setdefault(unit.file.name, []).append(unit)

    def analyse_definitions(self) -> None:
        """Analyse what defines something, or what later statements of its file see, in the order of dependencies."""
        needs = {unit: self.definers.needs(unit) for unit in self.units if unit.definition or unit.statement.declares}
        for unit in filter(self.definers.reads_itself, needs):
            self._cut((unit,), needs)
        ordered, stuck = levels(needs)
        while stuck:
            for circle in circles(stuck, needs):
                self._cut(circle, needs)
            more, stuck = levels({unit: needs[unit] for unit in stuck})
            ordered += more
        for level in ordered:
            self.analyse(level)
            for unit in level:
                self._learn(unit)

    def analyse(self, units: Sequence[Unit]) -> None:
        """Analyse those of `units` that are not analysed yet."""
        waiting = [unit for unit in units if unit.outcome is None and not unit.in_cycle]
        size = min(_BATCH, math.ceil(len(waiting) / self._workers.count)) or 1
        batches = [waiting[n : n + size] for n in range(0, len(waiting), size)]
        self._workers.map(self._analyse_batch, batches)

    def declarations(self, file: str) -> list[Unit]:
        """The statements of a file that declare variables."""
        return self._declarations.get(file, [])

    def _cut(self, circle: tuple[Unit, ...], needs: dict[Unit, set[Unit]]) -> None:
        """Views in a circle can never be built; tables in one are a pipeline, made anew from what they were before."""
        if all(unit.definition and unit.definition.is_view for unit in circle):
            self.circles.append(circle)
            for unit in circle:
                unit.in_cycle = True
        for unit in circle:
            needs[unit] = needs[unit] - set(circle)

    def _analyse_batch(self, analyzer: Analyzer, units: Sequence[Unit]) -> None:
        analyzer.prepare(
            (
                unit.statement,
                unit.names,
                Seen(self.catalogue, context, unit.statement.start),
                context.variables(unit.statement.start),
            )
            for unit in units
            if (context := self._contexts[unit.file.name]) and unit.statement.mode != "nothing"
        )
        for unit in units:
            self._analyse(analyzer, unit)

    def _analyse(self, analyzer: Analyzer, unit: Unit) -> None:
        statement, context = unit.statement, self._contexts[unit.file.name]
        seen = Seen(self.catalogue, context, statement.start)
        if statement.kind == "call":
            procedure = parts(statement.node.procedure_name)
            unit.missing = () if seen.routine(".".join(procedure)) else (procedure,)
        elif statement.mode != "nothing":
            unit.missing = tuple(sorted(path for path in unit.names.tables if seen.table(".".join(path)) is None))
            if not unit.missing:
                variables = context.variables(statement.start)
                unit.outcome = analyzer.analyze(statement, seen, variables=variables, names=unit.names)
                filled = refused_name_filled_in(unit)
                if filled is not None:
                    unit.name_refused = True
                    other = analyzer.analyze(filled, seen, variables=variables, names=unit.names)
                    # Other refusals may come of the parameters that were put there.
                    if isinstance(other, Analysis) or "Unrecognized name" in other.message:
                        unit.outcome = other
        for variable in statement.declares:
            column = _variable(analyzer, unit, variable.name, variable.type)
            if column is not None:
                context.declare(statement.start, column)

    def _learn(self, unit: Unit) -> None:
        """Put what an analysed statement makes into the catalogue."""
        definition, analysis = unit.definition, unit.analysis
        if definition is None or analysis is None:
            return
        context = self._contexts[unit.file.name]
        if definition.is_routine:
            (context if definition.temporary else self.catalogue).add_routine(routine_of(definition, analysis))
        elif definition.kind == "alter":
            self._alter(unit, context)
        else:
            seen = Seen(self.catalogue, context, unit.statement.start)
            unit.made = table_of(definition, analysis, seen)
            if unit.made is not None and definition.temporary:
                context.add(unit.statement.start, unit.made)
            elif unit.made is not None:
                self._add(unit.made, if_absent=definition.if_absent)

    def _add(self, table: Table, *, if_absent: bool) -> None:
        known = self.catalogue.table(table.name)
        if known is not None and (known.name in self._own or if_absent) and known.kind == table.kind == "table":
            table = merged(known, table)
        if known is not None:
            self.catalogue.remove(known.name)
        self._own.add(table.name)
        self.catalogue.add(table)

    def _alter(self, unit: Unit, context: Context) -> None:
        """Apply an ALTER. Its own file still sees the columns that it takes away, as its earlier statements do."""
        assert unit.definition is not None
        assert unit.analysis is not None
        before = self.catalogue.table(unit.definition.name)
        if before is None:
            return
        unit.made = altered(before, unit.analysis)
        here = context.table(before.name, unit.statement.start) or before
        context.add(-1, replace(merged(here, unit.made), name=before.name))
        self.catalogue.add(unit.made)


def refused_name_filled_in(unit: Unit) -> Statement | None:
    """The statement with parameters in place of its texts with a name in braces, where one of them was refused."""
    statement, refusal = unit.statement, unit.outcome
    if not isinstance(refusal, Refusal) or not meets_a_name(statement.text, refusal.offset):
        return None
    return replace(statement, text=filled_in(statement.text, positional=unit.names.positional))


def _variable(analyzer: Analyzer, unit: Unit, name: str, type_: str | None) -> Column | None:
    """A variable with its type, None where the type cannot be known."""
    if type_ is not None:
        try:
            return Column.of(name, analyzer.type_message(type_))
        except (Refused, AnalyzerFailed):
            return None
    columns = unit.analysis.columns if unit.analysis else ()
    if unit.statement.kind == "query" and columns:
        return Column.of(name, struct([(column.name, column.type_message) for column in columns]))
    return replace(columns[0], name=name) if columns else None
