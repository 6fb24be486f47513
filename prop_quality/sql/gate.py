"""One run of the gate: files in, a report out."""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from prop_quality.api import column_readers
from prop_quality.sql import contract, refusals
from prop_quality.sql.analyzer import Analyzer
from prop_quality.sql.estate import Estate
from prop_quality.sql.finding import Finding, Level, Report
from prop_quality.sql.readers import Readers
from prop_quality.sql.rules import RULES, Surroundings
from prop_quality.sql.sources import SourceFile, name_of, read, sql_files
from prop_quality.sql.units import Unit, parse
from prop_quality.sql.workers import Workers
from prop_quality.verdict import Outcome


@dataclass(frozen=True)
class Request:
    """What to check: files and folders (`paths`), against what `paths` and the folders of `catalog` define.

    `root` is the folder that names are relative to. `strict` makes errors of tables that nobody defines.
    """

    paths: tuple[Path, ...]
    catalog: tuple[Path, ...] = ()
    root: Path = Path()
    strict: bool = False


@dataclass(frozen=True)
class Checked:
    """The report of a run, and the text of every file that was checked, by name."""

    report: Report
    texts: dict[str, str]


def check(request: Request, workers: Workers, ours: Estate | None = None) -> Checked:
    """Run the gate; `ours` is our contract where it is analysed already.

    Raises:
        UsageError: a path is not there.
    """
    started = time.perf_counter()
    checked = list(_read(request.paths, request.root))
    named = {name for name, _ in checked}
    known = [(name, one) for name, one in _read(request.catalog, request.root) if name not in named]
    unreadable = [one for _, one in (*checked, *known) if isinstance(one, Finding)]
    files = [one for _, one in (*checked, *known) if isinstance(one, SourceFile)]
    ours = ours or contract.estate(workers)
    estate = Estate(files, workers, ours.catalogue)
    estate.analyse_definitions()
    units = [unit for unit in estate.units if unit.file.name in named]
    estate.analyse(units)
    readers = Readers.of((*ours.units, *estate.units), column_readers())
    surroundings = Surroundings(estate, ours.catalogue, readers)
    findings = [*unreadable, *_parsed(estate, named), *_of_units(units, surroundings, strict=request.strict)]
    texts = {one.name: one.text for one in files if one.name in named}
    report = Report(
        verdict=Outcome.PASSED,
        files=len(named),
        statements=sum(one.statements for one in estate.files if one.file.name in named),
        seconds=time.perf_counter() - started,
        sources=_sources(findings, texts),
    )
    return Checked(report.with_findings(in_order(findings)), texts)


def check_statement(
    name: str, sql: str, parameters: Mapping[str, str], surroundings: Surroundings, analyzer: Analyzer
) -> list[Finding]:
    """The findings of one statement that is in no file, with the types of its parameters."""
    file = SourceFile(name, sql)
    parsed = parse(analyzer, file)
    for unit in parsed.units:
        unit.outcome = analyzer.analyze(unit.statement, surroundings.estate.catalogue, parameters, names=unit.names)
    return in_order([*parsed.findings, *_of_units(parsed.units, surroundings, strict=True)])


def in_order(findings: Iterable[Finding]) -> list[Finding]:
    """Findings by file and place, each once."""
    return sorted(dict.fromkeys(findings), key=lambda one: (one.file, one.line, one.column, one.code))


def _read(paths: Sequence[Path], root: Path) -> Iterator[tuple[str, SourceFile | Finding]]:
    for given in paths:
        for path in sql_files([given]):
            name = name_of(path, root)
            yield name, read(path, name, given if given.is_dir() else None)


def _parsed(estate: Estate, named: set[str]) -> Iterator[Finding]:
    """What was found while parsing. Of a file that only serves as catalogue it is said, and fails nothing."""
    for one in estate.files:
        for finding in one.findings:
            yield finding if one.file.name in named else replace(finding, severity=Level.INFO)


def _of_units(units: Iterable[Unit], surroundings: Surroundings, *, strict: bool) -> Iterator[Finding]:
    for unit in units:
        for finding in refusals.findings(unit, surroundings.estate.catalogue):
            raised = strict and finding.code == "unknown-table"
            yield replace(finding, severity=Level.ERROR) if raised else finding
        for rule in RULES:
            yield from rule(unit, surroundings)


def _sources(findings: Iterable[Finding], texts: dict[str, str]) -> dict[str, tuple[str, ...]]:
    return {one.file: tuple(texts[one.file].split("\n")) for one in findings if one.file in texts}
