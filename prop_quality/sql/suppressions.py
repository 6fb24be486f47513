"""Suppressions in a file: `-- prop-quality: allow CODE until 2026-12-31 because …`.

Where the comment stands decides what it covers:

- after code, on the same line: findings on that line;
- alone before a statement: findings anywhere in that statement, up to its semicolon;
- alone within a statement: findings on the next line that has code.

Only comments count, never what stands in a string. The end date is the last day on which it holds, in UTC. One that is
malformed or expired suppresses nothing and is a finding itself; one that no finding needs is said for information.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from difflib import get_close_matches
from functools import cached_property
from typing import NamedTuple

from prop_quality.sql import lexer
from prop_quality.sql.codes import CODES
from prop_quality.sql.finding import Finding, Report

_MARK = re.compile(r"prop-quality\s*:", re.IGNORECASE)
# What was meant to be one, and lacks the colon or has another name.
_NEARLY = re.compile(r"prop[-_ ]?quality\b\W*(?:allow|disable|ignore|noqa|off|skip|suppress)\b", re.IGNORECASE)
_FORM = re.compile(
    r"allow\s+(?P<code>\S+)(?:\s+until\s+(?P<until>\S+))?(?:\s+because\b\s*(?P<reason>.*))?", re.IGNORECASE | re.DOTALL
)
_NEVER = frozenset(name for name in CODES if name.startswith(("suppression-", "baseline-")))
# Whether these are looked for depends on the options of the run: none found does not say that none is there.
_SOMETIMES = frozenset({"contract", "lost-sight", "narrowed-sight", "not-compared", "over-budget"})


# An exception is a promise to come back to it.
_MOST_DAYS = 366


class Sifted(NamedTuple):
    """The findings that remain, those about suppressions among them, and how many were suppressed."""

    findings: tuple[Finding, ...]
    suppressed: int


class _Malformed(Exception):
    """Why a suppression is none."""


@dataclass
class _Suppression:
    """One suppression: what it allows, and the places from `start` to before `end` that it covers."""

    code: str
    until: date
    place: int
    start: int
    end: int
    used: bool = False

    def covers(self, finding: Finding, place: int) -> bool:
        return self.code == finding.code and self.start <= place < self.end


def example(today: date) -> str:
    """A suppression that is right on that day."""
    return f"-- prop-quality: allow select-star until {today + timedelta(days=90)} because the source is ours"


def sift(file: str, text: str, findings: Sequence[Finding], today: date) -> Sifted:
    """Take from the findings of one file what its comments allow, and add what is to be said of those comments."""
    if not (_MARK.search(text) or _NEARLY.search(text)):
        return Sifted(tuple(findings), 0)
    source = _Source(text)
    said: list[Finding] = []
    valid: list[_Suppression] = []
    for comment, content in _marked(text):
        try:
            one = _read(content, comment, source, today)
        except _Malformed as reason:
            help_ = f"Write it like this: {example(today)}"
            said.append(
                CODES["suppression-malformed"].at(file, *source.place(comment), f"It allows nothing: {reason}.", help_)
            )
            continue
        if one.until < today:
            message = f"The suppression of {one.code} ended on {one.until}."
            help_ = "Mend what it covers, or give it a new date and a reason that still holds."
            said.append(CODES["suppression-expired"].at(file, *source.place(comment), message, help_))
        else:
            valid.append(one)
    kept = [finding for finding in findings if not _allowed(finding, source.offset(finding), valid)]
    said += _unused(file, source, valid)
    return Sifted((*kept, *said), len(findings) - len(kept))


def apply(report: Report, texts: Mapping[str, str], today: date) -> Report:
    """The report without what the comments in `texts` (all files of the run, by name) allow."""
    by_file: dict[str, list[Finding]] = {file: [] for file in texts}
    rest: list[Finding] = []
    for finding in report.findings:
        by_file.get(finding.file, rest).append(finding)
    sifted = {file: sift(file, text, by_file[file], today) for file, text in texts.items()}
    kept = [finding for one in sifted.values() for finding in one.findings]
    sources = {file: tuple(texts[file].split("\n")) for file, one in sifted.items() if one.findings}
    return report.with_findings(
        (*kept, *rest), suppressed=sum(one.suppressed for one in sifted.values()), sources=sources
    )


def _allowed(finding: Finding, place: int, suppressions: Sequence[_Suppression]) -> bool:
    covering = [one for one in suppressions if one.covers(finding, place)]
    for one in covering:
        one.used = True
    return bool(covering)


def _unused(file: str, source: _Source, suppressions: Sequence[_Suppression]) -> Iterator[Finding]:
    for one in suppressions:
        if not one.used and one.code not in _SOMETIMES:
            message = f"Nothing here needs the suppression of {one.code}."
            yield CODES["suppression-unused"].at(file, *source.place(one.place), message, "Remove the comment.")


def _marked(text: str) -> Iterator[tuple[int, str | None]]:
    """Each comment that begins with our mark: its place, and what follows it; None where the mark is not right."""
    for place, comment in lexer.comments(text):
        content = re.sub(r"\A(?:--|#|/\*)|\*/\Z", "", comment).strip()
        mark = _MARK.match(content)
        if mark:
            yield place, " ".join(content[mark.end() :].split())
        elif _NEARLY.match(content):
            yield place, None


def _read(content: str | None, place: int, source: _Source, today: date) -> _Suppression:
    if content is None:
        raise _Malformed("it does not begin with prop-quality and a colon")
    form = _FORM.fullmatch(content)
    if form is None:
        raise _Malformed("it does not begin with the word allow and a code")
    code = _known(form["code"])
    if form["until"] is None:
        raise _Malformed("it has no end date")
    if not (form["reason"] or "").strip():
        raise _Malformed("it gives no reason")
    try:
        until = date.fromisoformat(form["until"])
    except ValueError:
        raise _Malformed(f"{form['until']} is no date") from None
    if (until - today).days > _MOST_DAYS:
        raise _Malformed(f"{until} is over a year ahead, and an exception is to be looked at again by then")
    return _Suppression(code, until, place, *source.covered(place))


def _known(code: str) -> str:
    if code in _NEVER:
        raise _Malformed(f"{code} cannot be suppressed")
    if code not in CODES:
        near = get_close_matches(code, CODES, 1)
        raise _Malformed(f"there is no code {code}" + (f"; did you mean {near[0]}" if near else ""))
    return code


class _Source:
    """A text with its lines and columns, from 1, as offsets from its beginning and back."""

    def __init__(self, text: str) -> None:
        self.text = text
        self._starts = [0, *(match.end() for match in re.finditer("\n", text))]

    @cached_property
    def _code(self) -> str:
        return lexer.blanked(self.text)

    def offset(self, finding: Finding) -> int:
        line = min(max(finding.line, 1), len(self._starts))
        return min(self._starts[line - 1] + max(finding.column, 1) - 1, len(self.text))

    def place(self, offset: int) -> tuple[int, int]:
        line = bisect_right(self._starts, offset)
        return line, offset - self._starts[line - 1] + 1

    def covered(self, comment: int) -> tuple[int, int]:
        """What a suppression covers: from here to before there."""
        if lexer.next_significant(self.text, self._line(comment)[0]) < comment:
            return self._line(comment)
        statement = self._code.rfind(";", 0, comment) + 1
        following = lexer.next_significant(self.text, comment)
        if lexer.next_significant(self.text, statement) < comment:
            return self._line(following)
        end = self._code.find(";", comment)
        # A finding about the end of the file stands one place after the last letter.
        return statement, len(self.text) + 1 if end < 0 else end + 1

    def _line(self, offset: int) -> tuple[int, int]:
        end = self.text.find("\n", offset)
        return self.text.rfind("\n", 0, offset) + 1, len(self.text) + 1 if end < 0 else end + 1
