"""What differs between two results of one night: rows added, removed, changed, and in which columns."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from prop_quality.sql.compare.stage import Shown

_DIGITS = 6
Row = tuple[Any, ...]


@dataclass(frozen=True)
class Difference:
    """One night's results before and after, over the columns that both have.

    A row is changed when the columns that tell rows apart, the leading ones, are the same and others are not; `columns`
    names those. Where nothing tells rows apart, changed rows count as removed and added.
    """

    night: str
    before: int
    after: int
    added: int = 0
    removed: int = 0
    changed: int = 0
    columns: tuple[str, ...] = ()

    @property
    def is_none(self) -> bool:
        """Whether both results are the same, in whatever order."""
        return not (self.added or self.removed or self.changed)


def difference(night: str, before: Shown, after: Shown) -> Difference:
    """Compare two results over the columns that both have."""
    names = [name for name in before.columns if name in after.columns]
    if list(before.columns) == list(after.columns) and before.rows == after.rows:
        return Difference(night, len(before.rows), len(after.rows))
    old_rows, new_rows = _rows(before, names), _rows(after, names)
    old, new = Counter(old_rows), Counter(new_rows)
    gone, come = list((old - new).elements()), list((new - old).elements())
    width = _key_width(old_rows, new_rows, len(names))
    counterpart = {row[:width]: row for row in come} if width else {}
    pairs = [(row, counterpart[row[:width]]) for row in gone if row[:width] in counterpart]
    changed = sorted({i for row, other in pairs for i in range(len(names)) if row[i] != other[i]})
    return Difference(
        night,
        len(before.rows),
        len(after.rows),
        added=len(come) - len(pairs),
        removed=len(gone) - len(pairs),
        changed=len(pairs),
        columns=tuple(names[i] for i in changed),
    )


def _rows(shown: Shown, names: Sequence[str]) -> list[Row]:
    listed = list(shown.columns)
    positions = [listed.index(name) for name in names]
    return [tuple(_plain(row[i]) for i in positions) for row in shown.rows]


def _key_width(before: list[Row], after: list[Row], columns: int) -> int:
    """How many leading columns tell the rows of each result apart, leaving at least one to differ; 0: none do."""
    for width in range(1, columns):
        if all(len({row[:width] for row in rows}) == len(rows) for rows in (before, after)):
            return width
    return 0


def _plain(value: Any) -> Any:
    """Values that can be counted; floating-point sums differ in their last digits by the order of rows."""
    if isinstance(value, float):
        return round(value, _DIGITS)
    return repr(value) if isinstance(value, list | dict) else value
