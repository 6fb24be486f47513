"""Which files of an estate a change can concern, found by the words in them: the others need not be parsed.

It errs on the side of too many: a file that only mentions a name in a comment is taken along.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable
from functools import cache

from prop_quality.sql.lexer import uncommented
from prop_quality.sql.sources import SourceFile

_WORD = re.compile(r"\w+")
_PART = r"(?:`[^`]+`|[\w-]+)"
_DEFINED = re.compile(
    r"\b(?:TABLE\s+FUNCTION|TABLE|VIEW|FUNCTION|PROCEDURE|SCHEMA)(?:\s+|(?=`))"
    r"(?:IF\s+(?:NOT\s+)?EXISTS(?:\s+|(?=`)))?"
    rf"({_PART}(?:\s*\.\s*{_PART})*)",
    re.IGNORECASE,
)


class Words:
    """The words of files, and the names that they define or alter."""

    def __init__(self, files: Iterable[SourceFile]) -> None:
        self._words: dict[str, frozenset[str]] = {}
        self._defined: dict[str, frozenset[str]] = {}
        self._definers: dict[str, set[str]] = defaultdict(set)
        for file in files:
            self._words[file.name] = words(file.text)
            self._defined[file.name] = defined(file.text)
            for name in self._defined[file.name]:
                self._definers[name].add(file.name)

    def concerned(self, changed: Iterable[str], names: Iterable[str]) -> set[str]:
        """The files `changed`, those downstream of them and of the objects `names`, and what all of these read."""
        found = {name for name in changed if name in self._words}
        waiting = set(names) | {one for file in found for one in self._defined[file]}
        seen: set[str] = set()
        while waiting:
            seen |= waiting
            readers = {file for file, words in self._words.items() if file not in found and words & waiting}
            found |= readers
            waiting = {one for file in readers for one in self._defined[file]} - seen
        return found | self._upstream(found)

    def _upstream(self, files: set[str]) -> set[str]:
        found, waiting = set(files), set(files)
        while waiting:
            named = {word for file in waiting for word in self._words[file] if word in self._definers}
            waiting = {file for name in named for file in self._definers[name]} - found
            found |= waiting
        return found


@cache
def defined(text: str) -> frozenset[str]:
    """The last words of the names of what a text creates, alters or drops, in lower case."""
    paths = (match[1].replace("`", "") for match in _DEFINED.finditer(uncommented(text)))
    names = (path.rsplit(".", 1)[-1] for path in paths)
    return frozenset(parts[-1].lower() for name in names if (parts := _WORD.findall(name)))


@cache
def words(text: str) -> frozenset[str]:
    """All words of a text, in lower case."""
    return frozenset(_WORD.findall(text.lower()))
