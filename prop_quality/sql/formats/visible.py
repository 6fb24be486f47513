"""Text from strangers' files made safe to show: nothing in it is obeyed by a terminal or by a CI's log, only seen."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from rich.cells import cell_len

_TAB = 4
_NARROWEST = 40
# A number, a name, a quoted name or text, or else one character.
_WORD = re.compile(r"""\d+\.\d*|\w+|`[^`]+`|'[^']+'|"[^"]+"|.""", re.DOTALL)
# Azure, TeamCity and old GitHub runners obey `##word[…]` anywhere in a line, GitHub `::word::` at its beginning.
_LOG_COMMAND = re.compile(r"(##\w*)(?=\[)")
_LOG_START = re.compile(r"^(\s*):(?=:)", re.MULTILINE)


def visible(text: str, limit: int | None = None) -> str:
    """`text` in one line, with a sign for each character that would be obeyed or would not be seen.

    Longer than `limit` characters, it ends in an ellipsis.
    """
    return "".join(_sign(letter) for letter in (text if limit is None else clipped(text, limit)))


def clipped(text: str, limit: int) -> str:
    """`text`, or its beginning and an ellipsis where it has over `limit` characters."""
    return text if len(text) <= limit else text[: limit - 1] + "…"


def tame(text: str) -> str:
    """`text` with no line that a CI would take for a command to its log."""
    return _LOG_START.sub(r"\1: ", _LOG_COMMAND.sub(r"\1 ", text))


def excerpt(line: str, column: int, width: int) -> tuple[str, int, int]:
    """The part of a source line around `column` (from 1, in characters) that fits `width` cells.

    Returns what to print, how many cells come before the place, and how many the word there takes. Tabs are expanded,
    wide characters count two cells, and a line cut short has an ellipsis on that side.
    """
    width = max(width, _NARROWEST)
    at = min(max(column, 1), len(line) + 1) - 1
    # Only what can be near the place is looked at: a line may be megabytes long.
    first = max(0, at - 2 * width)
    cells = list(_cells(line[first : at + 2 * width]))
    place = at - first
    start = _start(cells, place, width)
    left = "…" if first + start else ""
    end = _end(cells, start, width - 1 - len(left))
    right = "…" if first + end < len(line) else ""
    word = _WORD.match(line, at, at + width)
    marked = _size(cells[place : min(end, place + len(word[0]))]) if word else 0
    shown = "".join(letter for letter, _ in cells[start:end])
    return left + shown + right, len(left) + _size(cells[start:place]), max(marked, 1)


def _start(cells: list[tuple[str, int]], place: int, width: int) -> int:
    """The first character shown: the line's own where all fits, else two thirds of the width before the place."""
    if _size(cells) < width:
        return 0
    start, used = place, 0
    while start > 0 and used + cells[start - 1][1] <= width * 2 // 3:
        start -= 1
        used += cells[start][1]
    return start


def _end(cells: list[tuple[str, int]], start: int, room: int) -> int:
    end, used = start, 0
    while end < len(cells) and used + cells[end][1] <= room:
        used += cells[end][1]
        end += 1
    return end


def _size(cells: list[tuple[str, int]]) -> int:
    return sum(size for _, size in cells)


def _cells(text: str) -> Iterator[tuple[str, int]]:
    """Each character as it is printed, and the cells that it takes."""
    used = 0
    for letter, broken in zip(text, _breaks(text), strict=True):
        shown = " " * (_TAB - used % _TAB) if letter == "\t" else " " * broken + _sign(letter)
        size = cell_len(shown)
        used += size
        yield shown, size


def _breaks(text: str) -> Iterable[bool]:
    """Where a space must come in so that a log command is none."""
    starts = {match.end() for match in _LOG_COMMAND.finditer(text)}
    return (index in starts for index in range(len(text)))


def _sign(letter: str) -> str:
    if letter.isprintable():
        return letter
    number = ord(letter)
    if letter == "\t":
        return " "
    if number < 0x20:
        return chr(0x2400 + number)
    return "\N{SYMBOL FOR DELETE}" if number == 0x7F else f"<U+{number:04X}>"
