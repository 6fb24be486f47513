"""Templates of SQL: what stands in braces is put there later, so nothing is known of the statement yet.

Braces in code and in backticks are no GoogleSQL, so they are marks of a template; so are Jinja's pairs in a text. A
name in braces in a text (`'{date}'`) may be one or may mean itself: that statement is checked as it stands, and it is
said.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from prop_quality.sql import jinja, lexer
from prop_quality.sql.codes import CODES
from prop_quality.sql.finding import Finding, Level
from prop_quality.sql.selection import defined, words
from prop_quality.sql.sources import SourceFile

# From the last opening mark before a closing one: else many that are never closed take forever.
_PAIRED = re.compile(
    "|".join(rf"{one}(?:(?!{one}).)*?{end}" for one, end in (("{{", "}}"), ("{%", "%}"), ("{#", "#}"), ("<%", "%>"))),
    re.DOTALL,
)
_CONTROL = re.compile(r"\{[%#]|<%")
# \p{Lu} and \x{1F600} belong to regular expressions.
_NAMED = re.compile(r"(?<!\\[pPx])\{[A-Za-z_][\w.]*(?:![rs])?(?::[^{}\n]*)?\}")
_SCRIPTED = re.compile(r"\bLANGUAGE\s+(?:js|python|java|scala)\b", re.IGNORECASE)
# A query of a graph has braces of its own: (p:Player {id: 1})-[:MET]->{1,3}(q).
_GRAPH = re.compile(r"\bGRAPH(?:_TABLE)?\b", re.IGNORECASE)
_OF_GRAPH = re.compile(r"\{\s*(?:\w+\s*:|\d*\s*,?\s*\d*\s*\})")
# The one text that follows, with the name of its type where there is one.
_LITERAL = re.compile(r"""(?:[A-Za-z]+(?:<\w+>)?\s*)?((?:'(?:\\.|[^'\\])*'|"(?:\\.|[^"\\])*"))""")
# DATE '{day}' is one value.
_TYPES = frozenset({"BIGDECIMAL", "BIGNUMERIC", "DATE", "DATETIME", "DECIMAL", "JSON", "NUMERIC", "TIME", "TIMESTAMP"})
_DECLARED = re.compile(r"DECLARE\s+(`?\w+`?(?:\s*,\s*`?\w+`?)*)", re.IGNORECASE)

_ITSELF = "This statement is a template; what is put in its braces is not known here, so it is not checked."
_HANGS_ON_ONE = "This statement names what a template above it makes or changes, so it is not checked."
_BLOCK = "Whether this block is there, and how often, is up to a template, so it is not checked."
_KEPT = "A template runs this, or puts it elsewhere, so it is not checked."
_TAKEN_OUT = "Comments and settings of a template are left out here, as it leaves them out; the rest is checked."
_REST = "From here on the file is what a template puts there, which is not known here, so it is not checked."
_WHOLE = "This file is a template; what is put in its braces is not known here, so it is not checked."
MEND = "Render it, and check what comes out."


@dataclass(frozen=True)
class Untemplated:
    """A file's text with spaces where its templates stand, byte for byte, and what is said of those."""

    text: str
    findings: tuple[Finding, ...] = ()


def untemplated(file: SourceFile) -> Untemplated:
    """What of `file` can be checked: a statement that is a template hides itself and what hangs on it, and no other."""
    if "{" not in file.text and "<%" not in file.text:
        return Untemplated(file.text)
    marks = jinja.read(file.text)
    hidden = list(_templates(marks))
    parts, at = [], 0
    for start, end in sorted([*marks.marks, *((start, end) for start, end, _, _ in hidden)]):
        if end > at:
            start = max(start, at)
            parts += [file.text[at:start], re.sub(r"[^\n]", _as_spaces, file.text[start:end])]
            at = end
    said = [_said(file, mark, why) for _, _, mark, why in hidden]
    if marks.marks and not hidden:
        said.append(replace(_said(file, marks.marks[0][0], _TAKEN_OUT), severity=Level.INFO))
    return Untemplated("".join((*parts, file.text[at:])), tuple(said))


def name_in_a_text(statement: str) -> int | None:
    """Where (in bytes) a text of `statement` has a name in braces; None where none has, or it is another language's."""
    if "{" not in statement or _SCRIPTED.search(lexer.blanked(statement)):
        return None
    for token in lexer.tokens(statement):
        if token.lastgroup == "string" and not token[0].startswith("`") and (name := _NAMED.search(token[0])):
            return len(statement[: token.start() + name.start()].encode())
    return None


def meets_a_name(statement: str, offset: int) -> bool:
    """Whether at this place (in bytes) stands a text with a name in braces, such as DATE '{day}'."""
    literal = _LITERAL.match(statement.encode()[offset:].decode(errors="replace"))
    return literal is not None and name_in_a_text(literal[1]) is not None


def filled_in(statement: str, *, positional: bool) -> str:
    """The statement with a parameter in place of each text that has a name in braces, byte for byte."""
    parts: list[str] = []
    for number, token in enumerate(lexer.tokens(statement)):
        if token.lastgroup != "string" or token[0].startswith("`") or not _NAMED.search(token[0]):
            parts.append(token[0])
            continue
        if len(parts) > 1 and parts[-1].isspace() and parts[-2].upper() in _TYPES:
            parts[-2] = " " * len(parts[-2])
        size, mark = len(token[0].encode()), "?" if positional else f"@_{number}"
        parts.append(mark.ljust(size) if len(mark) <= size else token[0])
    return "".join(parts)


def _templates(marks: jinja.Jinja) -> Iterator[tuple[int, int, int, str]]:
    """The parts of a text that cannot be checked: from where to where, where the mark stands, and why."""
    text = marks.text
    first = lexer.next_significant(text, 0)
    control = _control_at(text)
    if control is not None:
        yield first, len(text), control, _WHOLE
        return
    unsure: set[str] = set()
    blocks = list(marks.blocks)
    at = 0
    while True:
        start = lexer.next_significant(text, at)
        end = lexer.after_statement(text, start)
        if marks.unknown is not None and marks.unknown < end:
            start = min(start, marks.unknown)
            yield start, len(text), marks.unknown, _WHOLE if start <= first else _REST
            return
        if blocks and blocks[0].start < end:
            begin, block = min(start, blocks[0].start), blocks[0]
            at = _end_of(blocks, text, begin)
            if any(text[one] in "{$" for one, _ in jinja.statements(text, begin, at)):
                yield begin, len(text), block.start, _WHOLE if begin <= first else _REST
                return
            unsure |= set().union(*(_names_made(text[one:to]) for one, to in jinja.statements(text, begin, at)))
            yield begin, at, block.start, _KEPT if block.is_kept else _BLOCK
            continue
        if start == len(text):
            return
        at, statement = end, text[start:end]
        mark = _mark_in(statement)
        if mark is not None and statement[0] in "{$":
            # It may put any number of statements there, with names that the following ones use.
            yield start, len(text), start + mark, _WHOLE if start == first else _REST
            return
        if mark is not None or not unsure.isdisjoint(words(statement)):
            unsure |= _names_made(statement)
            yield start, end, start + (mark or 0), _HANGS_ON_ONE if mark is None else _ITSELF


def _end_of(blocks: list[jinja.Block], text: str, begin: int) -> int:
    """Where what the first block touches ends; it and those that are touched too are taken from `blocks`."""
    block, end = blocks.pop(0), begin
    if begin == block.start and (block.is_kept or block.holds_statements(text)):
        return block.end
    while end < block.end:
        end = lexer.after_statement(text, lexer.next_significant(text, end))
        while blocks and blocks[0].start < end:
            block = blocks.pop(0)
    return end


def _names_made(statement: str) -> frozenset[str]:
    declared = _DECLARED.match(statement)
    return words(declared[1]) if declared else defined(statement)


def _control_at(text: str) -> int | None:
    """Where a mark begins that does not end, or one of another language: what of the file remains is not known."""
    code = lexer.blanked(text)
    return next((match.start() for match in _CONTROL.finditer(text) if not code[match.start()].isspace()), None)


def _mark_in(statement: str) -> int | None:
    """Where the first mark of a template stands."""
    code = lexer.blanked(statement)
    graph, scripted = _GRAPH.search(code), _SCRIPTED.search(code)
    for token in lexer.tokens(statement):
        if token.lastgroup == "other" and token[0] == "{":
            if not (graph and _OF_GRAPH.match(statement, token.start())):
                return token.start()
        elif token.lastgroup == "string" and token[0].startswith("`"):
            if "{" in token[0]:
                return token.start() + token[0].index("{")
        elif token.lastgroup == "string" and not scripted and (pair := _PAIRED.search(token[0])):
            return token.start() + pair.start()
    return None


def _said(file: SourceFile, mark: int, why: str) -> Finding:
    line, column = file.place(len(file.text[:mark].encode()))
    return CODES["templated"].at(file.name, line, column, why, MEND)


def _as_spaces(letter: re.Match[str]) -> str:
    return " " * len(letter[0].encode())
