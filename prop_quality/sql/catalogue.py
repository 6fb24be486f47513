"""The tables, views and routines that statements may name."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from typing import Any

from prop_quality.sql.types import TypeProto, simple, type_text


@dataclass(frozen=True)
class Column:
    """One column: its type as BigQuery writes it, and the analyzer's message of it, as bytes."""

    name: str
    type: str
    nullable: bool = True
    message: bytes = field(default=b"", repr=False)

    @classmethod
    def of(cls, name: str, message: Any, parameters: Any = None, *, nullable: bool = True) -> Column:
        """The column of a type message of the analyzer."""
        return cls(name, type_text(message, parameters), nullable, message.SerializeToString())

    @property
    def type_message(self) -> Any:
        """The analyzer's message of the type."""
        return TypeProto.FromString(self.message)


@dataclass(frozen=True)
class Table:
    """A table or view. `name` has its parts joined by dots, with the project when its definition names one.

    `partitioned_by` is the partition column (`_PARTITIONTIME` for partitions by time of arrival), `partition_width` the
    MONTH or YEAR that one partition holds, "" where it holds a day or less. `kind` is `table`, `view`,
    `materialized_view`, `external_table`, `snapshot`.
    """

    name: str
    columns: tuple[Column, ...]
    kind: str = "table"
    partitioned_by: str | None = None
    requires_filter: bool = False
    clustered_by: tuple[str, ...] = ()
    pseudo_columns: tuple[Column, ...] = ()
    partition_width: str = ""

    def column(self, name: str) -> Column | None:
        """The column of that name, in any case; None when there is none."""
        return next((column for column in self.columns if column.name.lower() == name.lower()), None)


@dataclass(frozen=True)
class Routine:
    """A function, table function or procedure; `message` is the analyzer's message of it, as bytes."""

    name: str
    kind: str
    message: bytes = field(default=b"", repr=False)


class Catalogue:
    """Tables and routines by name. Names are found whole, or by their last parts where the project is left out."""

    def __init__(self, tables: Iterable[Table] = (), routines: Iterable[Routine] = ()) -> None:
        self._tables: dict[str, Table] = {}
        self._routines: dict[str, Routine] = {}
        self._short: dict[str, list[str]] = {}
        for table in tables:
            self.add(table)
        for routine in routines:
            self.add_routine(routine)

    def __iter__(self) -> Iterator[Table]:
        return iter(self._tables.values())

    def __len__(self) -> int:
        return len(self._tables)

    @property
    def routines(self) -> tuple[Routine, ...]:
        """Every routine, in the order of their definitions."""
        return tuple(self._routines.values())

    def add(self, table: Table) -> None:
        """Add `table`, in place of one of the same name."""
        key = table.name.lower()
        if key not in self._tables:
            for short in _endings(key):
                self._short.setdefault(short, []).append(key)
        self._tables[key] = table

    def add_routine(self, routine: Routine) -> None:
        """Add `routine`, in place of one of the same name."""
        self._routines[routine.name.lower()] = routine

    def remove(self, name: str) -> None:
        """Take away the table `name`, when there is one."""
        table = self.table(name)
        if table is not None:
            key = table.name.lower()
            del self._tables[key]
            for short in _endings(key):
                self._short[short].remove(key)

    def copy(self) -> Catalogue:
        """A catalogue to change without changing this one."""
        return Catalogue(self._tables.values(), self._routines.values())

    def table(self, name: str) -> Table | None:
        """The table that a statement means by `name`, its parts joined by dots; None when it is not here.

        `name.*` with a wildcard (`dataset.events_*`) is the last table whose name begins so, with `_TABLE_SUFFIX`.
        """
        key = name.lower()
        if key.endswith("*"):
            return self._wildcard(name)
        return self._tables.get(self._key(key, self._tables, self._short) or "")

    def routine(self, name: str) -> Routine | None:
        """The routine that a statement means by `name`; None when it is not here."""
        key = name.lower()
        found = self._routines.get(key)
        if found is None and "." in key:
            names = [k for k in self._routines if k.endswith("." + key) or (key.endswith("." + k) and "." in k)]
            found = self._routines[names[0]] if len(names) == 1 else None
        return found

    def _key(self, key: str, known: dict[str, Any], short: dict[str, list[str]]) -> str | None:
        if key in known:
            return key
        if "." not in key:
            return None
        # A definition that leaves the project out is the table of any project; a name that leaves it out is the one
        # table of any project, where there is one alone.
        shorter = key.split(".", 1)[1]
        if "." in shorter and shorter in known:
            return shorter
        longer = short.get(key, [])
        return longer[0] if len(longer) == 1 else None

    def _wildcard(self, name: str) -> Table | None:
        prefix = name.lower().removesuffix("*")
        # As with whole names, a definition that leaves the project out is of any project.
        shorter = prefix.split(".", 1)[1] if prefix.count(".") > 1 else prefix
        found = [t for k, t in self._tables.items() if k.startswith(prefix) or _dotted_in(k, prefix)]
        found = found or [t for k, t in self._tables.items() if k.count(".") == 1 and k.startswith(shorter)]
        if not found:
            return None
        suffix = Column.of("_TABLE_SUFFIX", simple("STRING"))
        last = max(found, key=lambda table: table.name)
        return replace(last, name=name, pseudo_columns=(*last.pseudo_columns, suffix))


def _endings(key: str) -> list[str]:
    """`b.c` of `a.b.c`: what a statement may write instead; a bare table name is never enough."""
    parts = key.split(".")
    return [".".join(parts[n:]) for n in range(1, len(parts) - 1)]


def _dotted_in(key: str, prefix: str) -> bool:
    return any(short.startswith(prefix) for short in _endings(key))
