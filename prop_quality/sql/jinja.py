"""Jinja around statements: what it takes out for sure, and blocks of which nobody knows here what they put there."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from prop_quality.sql import lexer

# A mark in a comment or a text of SQL is none; a text or comment of SQL in a mark is none either.
_MARK = r"\{\#(?:(?!\{\#).)*?\#\} | \{%(?:(?!\{%).)*?%\}"
_PIECE = re.compile(rf"(?P<mark>{_MARK}) | {lexer.PIECE}", re.VERBOSE | re.DOTALL)
_NAME = re.compile(r"\{%[-+]?\s*(\w*).*", re.DOTALL)
# They put nothing where they stand; what they call can do anything, run a statement too.
_SILENT = frozenset({"do", "from", "import", "set"})
_KEPT = frozenset({"do", "macro", "set"})
_BRANCHES = frozenset({"elif", "else"})


@dataclass
class Block:
    """A block from `start` to `end`. One that is `kept` is for other places; `cuts` are the tags of its branches."""

    name: str
    start: int
    end: int = 0
    cuts: list[tuple[int, int]] = field(default_factory=list)

    @property
    def is_kept(self) -> bool:
        """Whether it puts nothing where it stands."""
        return self.name in _KEPT

    def holds_statements(self, text: str) -> bool:
        """Whether each of its branches is nothing, or whole statements up to their semicolons."""
        branches = zip(self.cuts, self.cuts[1:], strict=False)
        return all(end <= cut for (_, at), (cut, _) in branches for _, end in statements(text, at, cut))


@dataclass(frozen=True)
class Jinja:
    """A text with spaces in place of its tags and comments (`marks`), and its outermost blocks.

    From `unknown` on it is what other files put there.
    """

    text: str
    marks: tuple[tuple[int, int], ...]
    blocks: tuple[Block, ...]
    unknown: int | None


def read(text: str) -> Jinja:
    """Take the tags and comments of `text` apart."""
    found = [match for match in _PIECE.finditer(text) if match.lastgroup == "mark"] if "{" in text else []
    parts, at = [], 0
    for match in found:
        parts += [text[at : match.start()], re.sub(r"[^\n]", " ", match[0])]
        at = match.end()
    blocks, unknown = _blocks([match for match in found if match[0].startswith("{%")])
    marks = tuple(match.span() for match in found)
    return Jinja("".join((*parts, text[at:])), marks, tuple(blocks), unknown)


def _blocks(tags: list[re.Match[str]]) -> tuple[list[Block], int | None]:
    """The outermost blocks, and the place from which on nothing is known."""
    names = [_NAME.sub(r"\1", tag[0]) for tag in tags]
    last = {name: number for number, name in enumerate(names)}
    blocks: list[Block] = []
    inside: list[Block] = []
    for number, (tag, name) in enumerate(zip(tags, names, strict=True)):
        if inside and name == f"end{inside[-1].name}":
            block = inside.pop()
            block.end = tag.end()
            block.cuts.append(tag.span())
            blocks += [block] if not inside else []
        elif inside and name in _BRANCHES:
            inside[-1].cuts.append(tag.span())
        elif name in _SILENT and (name != "set" or "=" in tag[0]):
            blocks += [Block(name, *tag.span())] if "(" in tag[0] and not inside else []
        elif last.get(f"end{name}", -1) > number:
            inside.append(Block(name, tag.start(), cuts=[tag.span()]))
        else:
            return blocks, (inside[0].start if inside else tag.start())
    return blocks, inside[0].start if inside else None


def statements(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Where the statements between two places begin and end."""
    at = lexer.next_significant(text, start)
    while at < end:
        after = lexer.after_statement(text, at)
        yield at, after
        at = lexer.next_significant(text, after)
