"""What a person reads in a terminal or in a log: each finding with its place, what the changes touch, the counts."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Mapping, Sequence

import click

from prop_quality.sql.codes import CODES
from prop_quality.sql.finding import Change, Finding, Level, Report
from prop_quality.sql.formats.summary import by_place, described, headline
from prop_quality.sql.formats.visible import clipped, excerpt, tame, visible
from prop_quality.verdict import Outcome

_COLOURS = {Level.ERROR: "red", Level.WARNING: "yellow", Level.INFO: "cyan"}
_VERDICTS = {Outcome.PASSED: "green", Outcome.FAILED: "red"}
_WIDTH = 120
_NARROWEST = 40
_MOST_IN_A_FIELD = 4_000


class _Pen:
    """Colours where they are wanted, and lines broken where a width is known."""

    def __init__(self, colour: bool, width: int | None) -> None:
        self.colour = colour
        self.width = width

    def ink(self, text: str, **style: object) -> str:
        return click.style(text, **style) if self.colour else text  # type: ignore[arg-type]  # a style's keywords

    def labelled(self, label: str, text: str, indent: int = 2, **style: object) -> Iterator[str]:
        """`text` behind its label, further lines under its beginning."""
        # A label may fill the line by itself: what stands behind it keeps some room, and runs over the edge.
        room = max((self.width or 0) - indent - len(label), _NARROWEST)
        shown = [visible(line) for line in clipped(text, _MOST_IN_A_FIELD).splitlines()]
        if self.width:
            shown = [part for line in shown for part in textwrap.wrap(line, room, break_on_hyphens=False)]
        for number, line in enumerate(shown):
            yield " " * indent + (" " * len(label) if number else self.ink(label, **style)) + line


_PLAIN = _Pen(colour=False, width=None)


def render(report: Report, *, colour: bool = False, width: int | None = None) -> str:
    """The report as text; `width` in cells breaks lines for a terminal, None leaves them whole for a pipe."""
    pen = _Pen(colour, width)
    parts = ["\n".join(finding_lines(finding, report.sources, pen)) for finding in by_place(report.findings)]
    parts += ["\n".join(change_lines(change, pen)) for change in report.changes]
    verdict = pen.ink(report.verdict.upper(), fg=_VERDICTS.get(report.verdict, "yellow"), bold=True)
    return tame("\n\n".join([*parts, f"{verdict}  {headline(report)}"]) + "\n")


def finding_lines(
    finding: Finding, sources: Mapping[str, Sequence[str]], pen: _Pen = _PLAIN, most: int = _MOST_IN_A_FIELD
) -> Iterator[str]:
    """One finding: where and what, the message, the source line with a caret, the mend, how to read more."""
    colour = _COLOURS[finding.severity]
    where = pen.ink(f"{visible(finding.file, most)}:{finding.line}:{finding.column}", bold=True)
    what = pen.ink(str(finding.severity), fg=colour, bold=True)
    yield f"{where}  {what} {pen.ink(visible(finding.code, most), fg=colour)}"
    yield from pen.labelled("", clipped(finding.message, most))
    yield from _source(finding, sources.get(finding.file, ()), pen)
    if finding.help:
        yield from pen.labelled("help: ", clipped(finding.help, most), bold=True)
    if finding.code in CODES:
        yield "  " + pen.ink(f"more: prop-quality sql explain {finding.code}", dim=True)


def _source(finding: Finding, lines: Sequence[str], pen: _Pen) -> Iterator[str]:
    if not 0 < finding.line <= len(lines):
        return
    number = str(finding.line).rjust(5)
    line = lines[finding.line - 1].rstrip("\r\n")
    shown, before, marked = excerpt(line, finding.column, (pen.width or _WIDTH) - len(number) - 5)
    yield f"  {pen.ink(f'{number} │', dim=True)} {shown}".rstrip()
    yield f"  {pen.ink(' ' * len(number) + ' │', dim=True)} {' ' * before}" + pen.ink(
        "^" * marked, fg=_COLOURS[finding.severity], bold=True
    )


def change_lines(change: Change, pen: _Pen = _PLAIN, most: int = _MOST_IN_A_FIELD) -> Iterator[str]:
    """What a change touches, one label after the other."""
    yield f"{pen.ink('changed', bold=True)} {visible(change.object, most)}"
    for label, text in described(change):
        yield from pen.labelled(visible(label, 40).ljust(20), clipped(text, most), dim=True)
