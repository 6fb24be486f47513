"""Which files of an estate a change can concern, found by the words in them: the others need not be parsed.

It errs on the side of too many: a file that only mentions a name in a comment is taken along.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping

from prop_quality.sql.sources import SourceFile

_WORD = re.compile(r"\w+")
_GAP = r"(?:\s|--[^\n]*\n|\#[^\n]*\n|/\*.*?\*/)"
_PART = r"(?:`[^`]+`|[\w-]+)"
_DEFINED = re.compile(
    rf"\b(?:TABLE{_GAP}+FUNCTION|TABLE|VIEW|FUNCTION|PROCEDURE|SCHEMA)(?:{_GAP}+|(?=`))"
    rf"(?:IF{_GAP}+(?:NOT{_GAP}+)?EXISTS(?:{_GAP}+|(?=`)))?"
    rf"({_PART}(?:{_GAP}*\.{_GAP}*{_PART})*)",
    re.IGNORECASE | re.DOTALL,
)
_SPACE = re.compile(_GAP, re.DOTALL)


class Words:
    """The words of files, and the names that they define or alter."""

    def __init__(self, files: Iterable[SourceFile]) -> None:
        self._words: dict[str, set[str]] = {}
        self._defined: dict[str, set[str]] = {}
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


def defined(text: str) -> set[str]:
    """The last words of the names of what a text creates, alters or drops, in lower case."""
    paths = (_SPACE.sub("", match[1]) for match in _DEFINED.finditer(text))
    names = (path.replace("`", "").rsplit(".", 1)[-1] for path in paths)
    return {parts[-1].lower() for name in names if (parts := _WORD.findall(name))}


def words(text: str) -> set[str]:
    """All words of a text, in lower case."""
    return set(_WORD.findall(text.lower()))


def by_name(files: Iterable[SourceFile]) -> Mapping[str, SourceFile]:
    """Files by their names."""
    return {file.name: file for file in files}
