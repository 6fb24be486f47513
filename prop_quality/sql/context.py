"""What the statements of one file see beside the catalogue: variables and temporary objects, by place."""

from __future__ import annotations

from collections import defaultdict

from prop_quality.sql.catalogue import Catalogue, Column, Routine, Table


class Context:
    """The variables and temporary objects of one file. What is made again changes nothing for what came before."""

    def __init__(self) -> None:
        self._variables: list[tuple[int, Column]] = []
        self._tables: dict[str, list[tuple[int, Table]]] = defaultdict(list)
        self._routines: dict[str, Routine] = {}

    def declare(self, start: int, variable: Column) -> None:
        """Remember a variable that the statement at `start` declares."""
        self._variables.append((start, variable))

    def add(self, start: int, table: Table) -> None:
        """Remember a table as it is after the statement at `start`."""
        self._tables[table.name.lower()].append((start, table))

    def add_routine(self, routine: Routine) -> None:
        """Remember a temporary function."""
        self._routines[routine.name.lower()] = routine

    def variables(self, start: int) -> dict[str, Column]:
        """The variables that a statement at `start` sees."""
        return {column.name: column for at, column in sorted(self._variables, key=lambda v: v[0]) if at < start}

    def table(self, name: str, start: int) -> Table | None:
        """The table `name` that a statement at `start` sees, or will see when it runs in a loop."""
        known = sorted(self._tables.get(name.lower(), ()), key=lambda one: one[0])
        before = [table for at, table in known if at < start]
        return before[-1] if before else known[0][1] if known else None

    def routine(self, name: str) -> Routine | None:
        """The temporary function `name`."""
        return self._routines.get(name.lower())


class Seen(Catalogue):
    """What the statement at `start` of a file sees: the temporary objects of its file first, then the catalogue."""

    def __init__(self, whole: Catalogue, context: Context, start: int) -> None:
        super().__init__()
        self._whole = whole
        self._context = context
        self._start = start

    def table(self, name: str) -> Table | None:
        """The table that a statement means by `name`."""
        return self._context.table(name, self._start) or self._whole.table(name)

    def routine(self, name: str) -> Routine | None:
        """The routine that a statement means by `name`."""
        return self._context.routine(name) or self._whole.routine(name)
