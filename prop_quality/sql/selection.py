"""Which files of an estate a change can concern, found by the words in them: the others need not be parsed.

It errs on the side of too many: a file that only mentions a name in a comment is taken along.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable
from functools import cache

from prop_quality.sql.lexer import tokens, uncommented
from prop_quality.sql.sources import SourceFile

_WORD = re.compile(r"\w+")
_PART = r"(?:`[^`]+`|[\w-]+)"
_DEFINED = re.compile(
    r"\b(?:TABLE\s+FUNCTION|TABLE|VIEW|FUNCTION|PROCEDURE|SCHEMA|RENAME\s+TO)(?:\s+|(?=`))"
    r"(?:IF\s+(?:NOT\s+)?EXISTS(?:\s+|(?=`)))?"
    rf"({_PART}(?:\s*\.\s*{_PART})*)",
    re.IGNORECASE,
)

_IMMEDIATE = re.compile(r"\bIMMEDIATE\b", re.IGNORECASE)
# `events_*` is every table whose name begins so.
_PREFIX = re.compile(r"(\w*)\*`")


class Words:
    """The words of files, and the names that they define or alter."""

    def __init__(self, files: Iterable[SourceFile]) -> None:
        self._words: dict[str, frozenset[str]] = {}
        self._defined: dict[str, frozenset[str]] = {}
        self._definers: dict[str, set[str]] = defaultdict(set)
        self._prefixes: dict[str, tuple[str, ...]] = {}
        for file in files:
            self._words[file.name] = words(file.text)
            self._prefixes[file.name] = tuple(set(_PREFIX.findall(file.text.lower())))
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
            readers = {file for file in self._words if file not in found and self._names_any(file, waiting)}
            found |= readers
            waiting = {one for file in readers for one in self._defined[file]} - seen
        return found | self._upstream(found)

    def _names_any(self, file: str, names: set[str]) -> bool:
        prefixes = self._prefixes[file]
        return bool(self._words[file] & names) or (bool(prefixes) and any(one.startswith(prefixes) for one in names))

    def _upstream(self, files: set[str]) -> set[str]:
        found, waiting = set(files), set(files)
        while waiting:
            named = {word for file in waiting for word in self._words[file] if word in self._definers}
            prefixes = tuple(prefix for file in waiting for prefix in self._prefixes[file])
            named |= {name for name in self._definers if name.startswith(prefixes)} if prefixes else set()
            waiting = {file for name in named for file in self._definers[name]} - found
            found |= waiting
        return found


@cache
def defined(text: str) -> frozenset[str]:
    """The last words of the names of what a text creates, alters or drops, in lower case."""
    texts = [uncommented(text)]
    if _IMMEDIATE.search(text):
        texts += [uncommented(token[0].lstrip("rRbB").strip("'\"")) for token in tokens(text) if token["string"]]
    paths = (match[1].replace("`", "") for one in texts for match in _DEFINED.finditer(one))
    names = (path.rsplit(".", 1)[-1] for path in paths)
    return frozenset(parts[-1].lower() for name in names if (parts := _WORD.findall(name)))


@cache
def words(text: str) -> frozenset[str]:
    """All words of a text, in lower case."""
    return frozenset(_WORD.findall(text.lower()))
