"""Who reads a column of a table: the checks and their suites, and views."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from prop_quality.sql.lineage import ROWS
from prop_quality.sql.units import Unit

Checks = Mapping[str, Mapping[str, tuple[tuple[str, str], ...]]]


@dataclass(frozen=True)
class Readers:
    """`checks` maps tables and their columns to the checks that read them, as (check id, suite).

    `views` maps a table and a column, in lower case, to the views that name the column anywhere, and `(rows)` to those
    that read the table at all.
    """

    checks: Checks = field(default_factory=dict)
    views: Mapping[tuple[str, str], tuple[str, ...]] = field(default_factory=dict)

    @classmethod
    def of(cls, units: Iterable[Unit], checks: Checks) -> Readers:
        """The readers among `units` and the checks."""
        views: dict[tuple[str, str], dict[str, None]] = {}
        for unit in units:
            if unit.definition is not None and unit.definition.is_view and unit.analysis is not None:
                for read in unit.analysis.reads:
                    for column in (*read.columns, ROWS):
                        views.setdefault((read.table.lower(), column.lower()), {})[unit.object] = None
        return cls(checks, {key: tuple(names) for key, names in views.items()})

    def in_words(self, table: str, column: str) -> str:
        """Who reads the column, for a person; "" when nobody does."""
        return _in_words(self._checks_of(table).get(column.lower(), ()), self._views_of(table, column.lower()))

    def of_whole(self, table: str) -> str:
        """Who reads anything of the table or view, for a person; "" when nobody does."""
        checks = tuple(dict.fromkeys(one for found in self._checks_of(table).values() for one in found))
        return _in_words(checks, self._views_of(table, ROWS))

    def _checks_of(self, table: str) -> Mapping[str, tuple[tuple[str, str], ...]]:
        return next((columns for name, columns in self.checks.items() if _is_same(name, table.lower())), {})

    def _views_of(self, table: str, column: str) -> tuple[str, ...]:
        found = (
            view
            for (name, of), views in self.views.items()
            if of == column and _is_same(name, table.lower())
            for view in views
        )
        return tuple(dict.fromkeys(found))


def _in_words(checks: tuple[tuple[str, str], ...], views: tuple[str, ...]) -> str:
    parts = []
    if checks:
        suites = ", ".join(dict.fromkeys(suite for _, suite in checks))
        names = ", ".join(check for check, _ in checks[:8]) + (", …" if len(checks) > 8 else "")
        parts.append(f"{_count(len(checks), 'check')} ({names}; of {suites})")
    if views:
        parts.append(f"{_count(len(views), 'view')} ({', '.join(views)})")
    return " and ".join(parts)


def _is_same(one: str, other: str) -> bool:
    """Whether two names are of one table, where either may leave the project out."""
    return one == other or one.endswith(f".{other}") or other.endswith(f".{one}")


def _count(number: int, word: str) -> str:
    return f"{number} {word}" if number == 1 else f"{number} {word}s"
