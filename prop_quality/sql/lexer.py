"""Just enough of the lexical grammar to find where a statement ends that the parser does not take."""

from __future__ import annotations

import re
from collections.abc import Iterator

_COMMENT = r"--[^\n]* | \#[^\n]* | /\*.*?(?:\*/|\Z)"
_STRING = r"""
    [rRbB]{0,2} (?: '''(?:\\.|.)*?(?:'''|\Z) | \"\"\"(?:\\.|.)*?(?:\"\"\"|\Z)
                | '(?:\\.|[^'\\\n])*'? | "(?:\\.|[^"\\\n])*"? ) | `(?:\\.|[^`\\\n])*`?
"""
PIECE = rf"""
    (?P<space>   \s+ | {_COMMENT} )
  | (?P<string>  {_STRING} )
  | (?P<word>    [^\W\d]\w* )
  | (?P<other>   . )
"""
# A template's own comment, {# … #}, may begin what is none in SQL; a mark alone ends none of the line.
_COMMENT_OR_STRING = re.compile(
    rf"(?P<of_template> \{{\#.*?\#\}} ) | \{{\# | \#\}} | {_STRING} | (?P<comment> {_COMMENT} )", re.VERBOSE | re.DOTALL
)
_TOKEN = re.compile(PIECE, re.VERBOSE | re.DOTALL)
_OPENERS = frozenset({"BEGIN", "IF", "LOOP", "WHILE", "FOR", "REPEAT", "CASE"})
_STARTERS = frozenset({"THEN", "ELSE", "DO"})


def after_statement(text: str, start: int) -> int:
    """Where the statement that begins at `start` ends, after its semicolon; blocks count as one statement."""
    depth, fresh, procedure = 0, True, False
    for match in _significant(text, start):
        word = match[0].upper() if match.lastgroup == "word" else match[0]
        if word == ";" or _broken_end(word):
            if depth <= 0:
                return match.end()
            fresh = True
        elif word == "END" and fresh:
            depth, fresh = depth - 1, False
        elif _opens(word, text, match.end(), fresh=fresh or procedure):
            depth, fresh = depth + 1, word in {"BEGIN", "LOOP", "REPEAT"}
        else:
            procedure = procedure or word == "PROCEDURE"
            fresh = word in _STARTERS and depth > 0
    return len(text)


def next_significant(text: str, start: int) -> int:
    """The first place at or after `start` that is neither white space nor a comment; the end when there is none."""
    match = next(_significant(text, start), None)
    return match.start() if match else len(text)


def tokens(text: str) -> Iterator[re.Match[str]]:
    """Every token; its `lastgroup` is `space` (comments too), `string` (names in backticks too), `word` or `other`."""
    return _TOKEN.finditer(text)


def comments(text: str) -> Iterator[tuple[int, str]]:
    """Every comment with its place; those inside strings are none."""
    for match in tokens(text):
        if match.lastgroup == "space" and not match[0].isspace():
            yield match.start(), match[0]


def blanked(text: str) -> str:
    """`text` with the letters of comments and strings as spaces: what is left is code, at the same places."""
    return _TOKEN.sub(lambda m: m[0] if m.lastgroup in {"word", "other"} else re.sub(r"[^\n]", " ", m[0]), text)


def uncommented(text: str) -> str:
    """`text` with a space in place of each comment of SQL or of a template; places move."""
    return _COMMENT_OR_STRING.sub(lambda m: " " if m["comment"] or m["of_template"] else m[0], text)


def _broken_end(token: str) -> bool:
    """Whether a string that its line does not close holds what was meant to end the statement."""
    quote = token.lstrip("rRbB")[:1]
    return quote in {"'", '"', "`"} and ";" in token and (len(token) < 2 or token[-1] != quote)


def _significant(text: str, start: int) -> Iterator[re.Match[str]]:
    return (match for match in _TOKEN.finditer(text, start) if match.lastgroup != "space")


def _opens(word: str, text: str, end: int, *, fresh: bool) -> bool:
    if not fresh or word not in _OPENERS:
        return False
    following = next(_significant(text, end), None)
    after = following[0].upper() if following else ""
    if word == "BEGIN":
        return after not in {"TRANSACTION", ";", ""}
    return not (word == "IF" and after in {"(", "EXISTS", "NOT"})
