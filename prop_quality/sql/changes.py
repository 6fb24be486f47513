"""What a change does: which statements it concerns, which columns it touches, which views have to be compared."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace

from prop_quality.sql.analysis import Analysis
from prop_quality.sql.catalogue import Catalogue, Table
from prop_quality.sql.compare import ChangedView, Comparison
from prop_quality.sql.estate import Estate
from prop_quality.sql.finding import Change
from prop_quality.sql.forms import changed_columns
from prop_quality.sql.impact import Readers, change_of
from prop_quality.sql.lineage import ROWS, ColumnGraph
from prop_quality.sql.units import Unit


@dataclass(frozen=True)
class Changed:
    """The objects whose definitions differ, with the statements that define them before and after (None: none).

    `units` are the new statements. `settled` counts the others of the changed files, which nobody has to judge: they
    are as they were, or they are gone and defined nothing.
    """

    objects: Mapping[str, tuple[Unit | None, Unit | None]]
    units: tuple[Unit, ...]
    settled: int = 0

    @classmethod
    def between(cls, old: Estate, new: Estate, files: Iterable[str]) -> Changed:
        """What differs in `files`; a statement that only moved does not."""
        named = set(files)
        before = [unit for unit in old.units if unit.file.name in named]
        after = [unit for unit in new.units if unit.file.name in named]
        texts_before = {unit.statement.text for unit in before}
        texts_after = {unit.statement.text for unit in after}
        gone = [unit for unit in before if unit.statement.text not in texts_after]
        fresh = [unit for unit in after if unit.statement.text not in texts_before]
        names = dict.fromkeys(unit.object for unit in (*gone, *fresh) if unit.object and not _is_local(unit))
        objects = {name: (definer(old, name), definer(new, name, fresh)) for name in names}
        # Where a definition goes, another one that stood beside it may count from now on.
        fresh += [now for was, now in objects.values() if was and now and now not in fresh and not _is_same(was, now)]
        idle = [unit for unit in after if unit.statement.text in texts_before]
        idle += [unit for unit in gone if not unit.object and not any(one.file.name == unit.file.name for one in fresh)]
        return cls(objects, tuple(fresh), sum(unit.statement.counted for unit in idle))

    def concerned(self, estate: Estate) -> list[Unit]:
        """The changed statements, and those downstream of what they define, however far."""
        hot = Catalogue(Table(name, ()) for name in self.objects)
        found = dict.fromkeys(self.units)
        waiting = True
        while waiting:
            waiting = False
            for unit in estate.units:
                if unit not in found and any(
                    hot.table(".".join(path)) for path in unit.names.tables | unit.names.paths
                ):
                    found[unit] = None
                    if unit.object and not _is_local(unit) and hot.table(unit.object) is None:
                        hot.add(Table(unit.object, ()))
                        waiting = True
        return list(found)

    def impact(self, graph: ColumnGraph, known: Readers) -> list[Change]:
        """For each changed object, whom its changed columns reach."""
        found = []
        for name, (old, new) in self.objects.items():
            columns = _columns(old, new)
            if columns:
                found.append(change_of((_table(new) or _table(old) or name), columns, graph, known))
        return found

    def queries_before(self) -> dict[str, str]:
        """What the changed objects read before, by name: the query of a view, the statement of a table."""
        found = {}
        for name, (old, _) in self.objects.items():
            if old is not None:
                query = old.syntax.child("query") if old.definition and old.definition.is_view else None
                found[name] = old.text_of(query.message) if query is not None else old.statement.text
        return found

    def views(self, concerned: Iterable[Unit], old: Estate) -> list[ChangedView]:
        """The views to be compared: changed ones, and those downstream of a change."""
        found: dict[str, ChangedView] = {}
        for unit in concerned:
            # What the change says of a view counts, whatever else defines it.
            if is_view(unit) and (unit in self.units or unit.object not in found):
                was = definer(old, unit.object)
                found[unit.object] = ChangedView(unit.object, was.statement.text if was else None, unit.statement.text)
        return list(found.values())


def graph_of(*estates: Estate) -> ColumnGraph:
    """The lineage of all views; where estates share a name the last one counts."""
    views = {
        unit.object: unit.analysis
        for estate in estates
        for unit in estate.units
        if is_view(unit) and unit.analysis is not None
    }
    return ColumnGraph(views)


def texts(estate: Estate, *, views: bool) -> dict[str, str]:
    """The CREATE statements of the tables, or of the views, by name."""
    return {
        unit.object: unit.statement.text
        for unit in estate.units
        if unit.definition is not None
        and unit.made is not None
        and not unit.definition.temporary
        and (unit.definition.is_view if views else unit.definition.kind == "table")
    }


def with_comparisons(changes: Iterable[Change], comparisons: Iterable[Comparison]) -> list[Change]:
    """The changes with what was compared; a view downstream whose results differ is a change of its own."""
    by_view = {one.view: one for one in comparisons}
    found = []
    for change in changes:
        one = by_view.pop(change.object, None)
        found.append(replace(change, comparison=one.to_json()) if one else change)
    for one in by_view.values():
        if not one.is_unchanged:
            found.append(Change(one.view, comparison=one.to_json()))
    return found


def _is_same(was: Unit, now: Unit) -> bool:
    return was.statement.text == now.statement.text


def makes_view(unit: Unit) -> bool:
    """Whether it makes a view."""
    return unit.definition is not None and unit.definition.is_view


def is_view(unit: Unit) -> bool:
    """Whether it makes a view, and was analysed."""
    return makes_view(unit) and unit.analysis is not None


def _is_local(unit: Unit) -> bool:
    return unit.definition is not None and unit.definition.temporary


def definer(estate: Estate, name: str, first: Collection[Unit] = ()) -> Unit | None:
    """The statement that creates `name`; the last one where there are several, of `first` when it is among them."""
    found = [unit for unit in estate.definers.of(name) if unit.definition and unit.definition.kind != "alter"]
    found = [unit for unit in found if unit in first] or found
    return found[-1] if found else None


def _table(unit: Unit | None) -> str | None:
    return unit.made.name if unit is not None and unit.made is not None else None


def _columns(old: Unit | None, new: Unit | None) -> tuple[str, ...]:
    """The columns that differ between two definitions."""
    before, after = _analysis(old), _analysis(new)
    if before is not None and after is not None and "query" in _fields(before) and "query" in _fields(after):
        try:
            return changed_columns(before, after)
        except RecursionError:
            # Nested too deeply to be compared part by part: then all of it has changed.
            return (*dict.fromkeys(column.name for column in (*before.columns, *after.columns)), ROWS)
    was = {c.name: c for c in before.columns} if before else {}
    is_now = {c.name: c for c in after.columns} if after else {}
    names = [name for name in dict.fromkeys((*was, *is_now)) if was.get(name) != is_now.get(name)]
    if not before or not after:
        names.append(ROWS)
    return tuple(names)


def _analysis(unit: Unit | None) -> Analysis | None:
    return unit.analysis if unit is not None else None


def _fields(analysis: Analysis) -> list[str]:
    level, names = analysis.statement, []
    while level is not None:
        names += [field.name for field, _ in level.ListFields()]
        level = level.parent if "parent" in level.DESCRIPTOR.fields_by_name and level.HasField("parent") else None
    return names
