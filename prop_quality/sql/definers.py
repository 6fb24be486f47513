"""Who defines what, and who has to be analysed before whom."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator

from prop_quality.sql.catalogue import Catalogue, Table
from prop_quality.sql.units import Unit


class Definers:
    """The statements of an estate by what they define or alter for all files."""

    def __init__(self, units: Iterable[Unit]) -> None:
        self._names = Catalogue()
        self._units: dict[str, list[Unit]] = defaultdict(list)
        self._local: dict[str, list[Unit]] = defaultdict(list)
        units = tuple(units)
        shared = [unit.definition.name for unit in units if unit.definition and not unit.definition.temporary]
        # Whole names first: one that leaves the project out means the same object, as everywhere.
        for name in sorted(shared, key=lambda name: -name.count(".")):
            if self._names.table(name) is None:
                self._names.add(Table(name, ()))
        for unit in units:
            known = self._names.table(unit.definition.name) if unit.definition else None
            if known is not None and unit.definition is not None and not unit.definition.temporary:
                self._units[known.name.lower()].append(unit)
            if unit.statement.declares or (unit.definition is not None and unit.definition.temporary):
                self._local[unit.file.name].append(unit)

    def of(self, name: str) -> list[Unit]:
        """The statements that define or alter what a statement means by `name`."""
        known = self._names.table(name)
        return self._units[known.name.lower()] if known else []

    def needs(self, unit: Unit) -> set[Unit]:
        """The statements that have to be analysed before `unit`."""
        needed: set[Unit] = set()
        # The statements in a procedure are units of their own.
        if unit.definition is None or unit.definition.kind != "procedure":
            for path in unit.names.tables | unit.names.paths:
                needed.update(one for one in self.of(".".join(path)) if one is not unit and self._before(one, unit))
        needed.update(
            one for one in self._local[unit.file.name] if one.statement.start < unit.statement.start and one is not unit
        )
        return needed

    def reads_itself(self, unit: Unit) -> bool:
        """Whether `unit` makes a view of itself, which nothing else defines."""
        if unit.definition is None or not unit.definition.is_view:
            return False
        # A name that says more or less of the project may mean another view, as where one mirrors another project's.
        name = unit.definition.name
        return self.of(name) == [unit] and tuple(name.split(".")) in unit.names.tables

    def reads(self, unit: Unit, tables: Catalogue) -> bool:
        """Whether `unit` reads one of `tables`, itself or through what it names."""
        named = (path for one in self.behind(unit) for path in one.names.tables | one.names.paths)
        return any(tables.table(".".join(path)) is not None for path in named)

    def behind(self, unit: Unit) -> Iterator[Unit]:
        """`unit`, the statements that define what it names, and so on."""
        waiting, seen = [unit], {unit}
        while waiting:
            one = waiting.pop()
            yield one
            for path in one.names.tables | one.names.paths:
                fresh = set(self.of(".".join(path))) - seen
                seen |= fresh
                waiting += fresh

    def _before(self, one: Unit, unit: Unit) -> bool:
        """Whether `one` comes before `unit`, where both define the same object: creations, then changes, in order."""
        if unit.definition is None or one not in self.of(unit.definition.name):
            return True
        return _rank(one) < _rank(unit)


def _rank(unit: Unit) -> tuple[bool, str, int]:
    assert unit.definition is not None
    return unit.definition.kind == "alter", unit.file.name, unit.statement.start
