"""The statements of a set of files with what each names and defines: parsed, not yet analysed."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

from prop_quality.sql import tree
from prop_quality.sql.analysis import Analysis, Refusal
from prop_quality.sql.analyzer import Analyzer
from prop_quality.sql.catalogue import Table
from prop_quality.sql.codes import CODES
from prop_quality.sql.definitions import Definition, definition_of
from prop_quality.sql.dialect_gaps import reordered
from prop_quality.sql.errors import AnalyzerFailed, Refused
from prop_quality.sql.finding import Finding, Level
from prop_quality.sql.script import Names, Statement, Unparsed
from prop_quality.sql.selection import defined
from prop_quality.sql.sources import SourceFile
from prop_quality.sql.syntax import Node
from prop_quality.sql.templates import untemplated

# BigQuery's first dialect, which only queries are written in.
_LEGACY = re.compile(r"\s*#legacySQL\s*?\n", re.IGNORECASE)


@dataclass(eq=False)
class Unit:
    """One statement of a file. `outcome` is what the analyzer says of it, None until it was asked or when it cannot be.

    `missing` are the tables that it names and nobody defines. `made` is the table that it makes, after analysis.
    `name_refused` says that as it stands a text with a name in braces is refused, as in DATE '{day}'.
    """

    file: SourceFile
    statement: Statement
    names: Names
    definition: Definition | None
    outcome: Analysis | Refusal | None = None
    missing: tuple[tuple[str, ...], ...] = ()
    made: Table | None = None
    in_cycle: bool = False
    name_refused: bool = False

    @property
    def object(self) -> str:
        """What it defines or alters, "" for other statements."""
        return self.definition.name if self.definition else ""

    @property
    def analysis(self) -> Analysis | None:
        """The analysis, when the analyzer accepted it."""
        return self.outcome if isinstance(self.outcome, Analysis) else None

    @cached_property
    def syntax(self) -> Node:
        """The parse tree as nodes."""
        return Node.tree(self.statement.node)

    def place(self, offset: int) -> tuple[int, int]:
        """Line and column in the file of a byte offset in the statement's text, as the resolved tree counts."""
        return self.file.place(self.statement.start + offset)

    def place_of(self, node: Any) -> tuple[int, int]:
        """Line and column in the file of a node of the parse tree."""
        found = tree.span(node)
        return self.file.place(self.statement.base + found[0]) if found else self.place(0)

    def text_of(self, node: Any) -> str:
        """What stands in the file at a node of the parse tree."""
        found = tree.span(node)
        return self.file.slice(self.statement.base + found[0], self.statement.base + found[1]) if found else ""


@dataclass(frozen=True)
class ParsedFile:
    """One file's statements in their order, and what was found while they were parsed."""

    file: SourceFile
    units: tuple[Unit, ...] = ()
    findings: tuple[Finding, ...] = field(default=())

    @property
    def statements(self) -> int:
        """How many statements it holds, those included that cannot be parsed."""
        bad = sum(finding.code in {"syntax", "analyzer-failed"} for finding in self.findings)
        return sum(unit.statement.counted for unit in self.units) + bad


def parse(analyzer: Analyzer, file: SourceFile) -> ParsedFile:
    """Take `file` apart; templates, and what is written in legacy SQL, are said and left alone."""
    if _LEGACY.match(file.text) and not defined(file.text):
        said = "This file is in legacy SQL, which Google's analyzer does not know, so it is not checked."
        found = CODES["analyzer-failed"].at(file.name, 1, 1, said, "Write it in GoogleSQL.")
        return ParsedFile(file, (), (replace(found, severity=Level.WARNING),))
    checked = untemplated(file)
    script = analyzer.statements(reordered(checked.text))
    findings = list(checked.findings)
    for one in script.unparsed:
        findings.append(_unparsed(file, one))
    return ParsedFile(file, tuple(_unit(analyzer, file, one) for one in script.statements), tuple(findings))


def failed(file: str, line: int, column: int, reason: str, about: str = "") -> Finding:
    """The analyzer gave up on a statement."""
    said = f"The analyzer failed on this statement: {reason.rstrip('.')}."
    return CODES["analyzer-failed"].at(file, line, column, said, "Split the statement.", about)


def _unparsed(file: SourceFile, one: Unparsed) -> Finding:
    at = file.place(one.at)
    return (
        failed(file.name, *at, one.message)
        if one.failed
        else CODES["syntax"].at(file.name, *at, _sentence(one.message))
    )


def _unit(analyzer: Analyzer, file: SourceFile, statement: Statement) -> Unit:
    try:
        names = analyzer.names(statement)
    except (Refused, AnalyzerFailed):
        names = Names(frozenset(), frozenset())
    return Unit(file, statement, names, definition_of(statement))


def _sentence(text: str) -> str:
    text = text.removeprefix("Syntax error: ")
    return text if text.endswith((".", "?", "!")) else f"{text}."
