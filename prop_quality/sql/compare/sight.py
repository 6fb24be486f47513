"""Whether a view shows an incident: whether it holds, on that night, what it holds on no clean one.

A view need not say "problem" to show one; a count that is 0 on every clean night and 80 on this one does. But a value
that merely differs from the same night without the incident shows nothing, as an average line differs every night. So a
column shows an incident when it differs from the night's twin, and holds what it does not hold on any clean night:

- numbers: from the lowest to the highest, and a quarter of that width beyond; times count from the clock;
- words and flags, where no more than 20 are in use: those words;
- NULL: only where it was NULL before;
- lists: by their length; structs, and columns of many names, show nothing;
- and the number of rows itself, where it is higher. Fewer rows, or none, show nothing: absence looks like health.

The columns that do are the view's sight of the incident. In a view with a column `game_date` only the rows of the
night's own date count.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from decimal import Decimal
from math import inf
from typing import Any

from prop_quality.sql.compare.nights import Scene
from prop_quality.sql.compare.stage import Shown

ROWS = "(rows)"
MAX_WORDS = 20
_BEYOND = 0.25
_SECONDS_A_DAY = 86_400
_WORD = re.compile(r"[\w.]+")

Columns = Mapping[str, list[Any]]


Seen = Mapping[str, frozenset[str]]


def sights(shown: Iterable[tuple[Scene, Shown | None]]) -> dict[str, Seen]:
    """For each incident, the columns in which the view shows it, each with the words that no clean night has.

    None is a night on which the view failed.
    """
    nights = {scene.name: (scene, _values(scene, result) if result else {}) for scene, result in shown}
    clean: dict[str, list[Any]] = {}
    for scene, columns in nights.values():
        for name, values in columns.items() if scene.incident is None else ():
            clean.setdefault(name, []).extend(values)
    usual = {name: Usual(values, only_higher=name == ROWS) for name, values in clean.items()}
    return {
        scene.incident: {
            name: usual[name].odd_words(values)
            for name, values in columns.items()
            if name in usual and usual[name].is_broken_by(values) and _differs(values, nights, scene.twin, name)
        }
        for scene, columns in nights.values()
        if scene.incident is not None
    }


def says_less(before: Seen, after: Seen) -> tuple[str, ...]:
    """The columns that show an incident in both forms, and in the new one with less: words went, and none came."""
    return tuple(
        name
        for name in before
        if name in after and before[name] - after[name] and _adds_nothing(after[name] - before[name], before[name])
    )


class Usual:
    """What one column holds on clean nights."""

    def __init__(self, values: Iterable[Any], *, only_higher: bool = False) -> None:
        seen = list(values)
        numbers = [value for value in seen if isinstance(value, float)]
        words = {value for value in seen if isinstance(value, str | bool)}
        width = max(numbers) - min(numbers) if numbers else 0.0
        lowest = -inf if only_higher or not numbers else min(numbers) - _BEYOND * width
        self._range = (lowest, max(numbers) + _BEYOND * width) if numbers else None
        self._words = words if len(words) <= MAX_WORDS else None
        self._null = None in seen
        self._nothing = not seen

    def is_broken_by(self, values: Iterable[Any]) -> bool:
        """Whether one of the values is outside of what is usual."""
        return any(self._nothing or self._is_odd(value) for value in values)

    def odd_words(self, values: Iterable[Any]) -> frozenset[str]:
        """The words among the values that are outside of what is usual."""
        return frozenset(value for value in values if isinstance(value, str) and self._is_odd(value))

    def _is_odd(self, value: Any) -> bool:
        if value is None:
            return not self._null
        if isinstance(value, float):
            return self._range is None or not self._range[0] <= value <= self._range[1]
        return self._words is not None and value not in self._words


def _adds_nothing(come: Iterable[str], before: Iterable[str]) -> bool:
    """Whether each sentence that came has only words of one that was there."""
    known = [set(_WORD.findall(one)) for one in before]
    return all(any(set(_WORD.findall(one)) <= words for words in known) for one in come)


def _differs(values: list[Any], nights: Mapping[str, tuple[Scene, Columns]], twin: str | None, column: str) -> bool:
    without = nights[twin][1].get(column) if twin is not None and twin in nights else None
    return without is None or Counter(values) != Counter(without)


def _values(scene: Scene, shown: Shown) -> Columns:
    """The values of each column that can show anything, as numbers, words, flags and None."""
    names = list(shown.columns)
    rows = shown.rows
    if "game_date" in names:
        position = names.index("game_date")
        rows = tuple(row for row in rows if row[position] in (scene.game_date, None))
    found: dict[str, list[Any]] = {ROWS: [float(len(rows))]}
    for position, name in enumerate(names):
        if not shown.columns[name].startswith("STRUCT("):
            found[name] = [_comparable(scene, row[position]) for row in rows]
    return found


def _comparable(scene: Scene, value: Any) -> Any:
    if isinstance(value, datetime):
        since = value - scene.clock if value.tzinfo else value - scene.clock.replace(tzinfo=None)
        return since.total_seconds() / _SECONDS_A_DAY
    if isinstance(value, date):
        return float((value - scene.game_date).days)
    if isinstance(value, list):
        return float(len(value))
    if isinstance(value, int | float | Decimal) and not isinstance(value, bool):
        return float(value)
    return value if value is None or isinstance(value, bool) else str(value)
