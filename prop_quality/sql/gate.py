"""One run of the gate: files in, a report out."""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from prop_quality.sql import contract, refusals
from prop_quality.sql.analyzer import Analyzer
from prop_quality.sql.catalogue import Catalogue
from prop_quality.sql.codes import CODES
from prop_quality.sql.dialect_gaps import is_never_defined
from prop_quality.sql.estate import Estate
from prop_quality.sql.finding import Finding, Level, Report
from prop_quality.sql.impact import readers
from prop_quality.sql.readers import Readers
from prop_quality.sql.rules import RULES, Rule, Surroundings
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
    """The report of a run, and the text of every file that was checked, by name.

    `units` are the statements that were judged; `before` holds the old forms of changed objects, by name, with --base.
    """

    report: Report
    texts: dict[str, str]
    units: tuple[Unit, ...] = ()
    before: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Given:
    """The files of a run by name: `checked` ones, and `known` ones that only define what they read.

    A file that cannot be read is a finding.
    """

    checked: Mapping[str, SourceFile | Finding]
    known: Mapping[str, SourceFile | Finding]

    @classmethod
    def of(cls, request: Request) -> Given:
        """Read the files.

        Raises:
            UsageError: a path is not there.
        """
        checked = dict(_read(request.paths, request.root))
        return cls(checked, {n: one for n, one in _read(request.catalog, request.root) if n not in checked})

    @property
    def files(self) -> list[SourceFile]:
        """Those that could be read."""
        return [one for one in (*self.checked.values(), *self.known.values()) if isinstance(one, SourceFile)]

    @property
    def unreadable(self) -> list[Finding]:
        """Those that could not."""
        return [one for one in (*self.checked.values(), *self.known.values()) if isinstance(one, Finding)]


def check(request: Request, workers: Workers, ours: Estate | None = None) -> Checked:
    """Run the gate over all files; `ours` is our contract where it is analysed already.

    Raises:
        UsageError: a path is not there.
    """
    started = time.perf_counter()
    given = Given.of(request)
    ours = ours or contract.estate(workers, given.files)
    estate = Estate(given.files, workers, ours.catalogue)
    estate.analyse_definitions()
    units = [unit for unit in estate.units if unit.file.name in given.checked]
    estate.analyse(units)
    surroundings = Surroundings(
        estate, ours.catalogue, Readers.of((*ours.units, *estate.units), readers()), ours.catalogue
    )
    findings = [
        *given.unreadable,
        *parse_findings(estate, given.checked),
        *unit_findings(units, surroundings, strict=request.strict),
    ]
    texts = {one.name: one.text for one in given.files if one.name in given.checked}
    statements = sum(one.statements for one in estate.files if one.file.name in given.checked)
    report = Report(Outcome.PASSED, len(texts), statements, time.perf_counter() - started)
    return Checked(report.with_findings(in_order(findings), sources=sources_of(findings, texts)), texts, tuple(units))


def check_statement(
    name: str, sql: str, parameters: Mapping[str, str], surroundings: Surroundings, analyzer: Analyzer
) -> list[Finding]:
    """The findings of one statement that is in no file, with the types of its parameters."""
    file = SourceFile(name, sql)
    parsed = parse(analyzer, file)
    for unit in parsed.units:
        unit.outcome = analyzer.analyze(unit.statement, surroundings.estate.catalogue, parameters, names=unit.names)
    return in_order([*parsed.findings, *unit_findings(parsed.units, surroundings, strict=True)])


def in_order(findings: Iterable[Finding]) -> list[Finding]:
    """Findings by file and place, each once."""
    return sorted(dict.fromkeys(findings), key=lambda one: (one.file, one.line, one.column, one.code))


def parse_findings(estate: Estate, checked: Iterable[str]) -> Iterator[Finding]:
    """What was found while parsing. Of a file that only serves as catalogue it is said, and fails nothing."""
    names = set(checked)
    for one in estate.files:
        for finding in one.findings:
            yield finding if one.file.name in names else replace(finding, severity=Level.INFO)


def unit_findings(
    units: Iterable[Unit], surroundings: Surroundings, *, strict: bool, before: Catalogue | None = None
) -> Iterator[Finding]:
    """What is to be said of statements. A table that was defined `before` and no longer is, is an error."""
    for unit in units:
        for finding in refusals.findings(unit, surroundings.estate):
            if _taken_away(finding, surroundings.estate, before):
                message = f"{finding.object} is read here, and this change takes its definition away."
                yield replace(finding, severity=Level.ERROR, message=message, help="Keep it, or move its readers.")
            elif finding.code == "unknown-table" and strict and not is_never_defined(finding.object):
                yield replace(finding, severity=Level.ERROR)
            else:
                yield finding
        for rule in RULES:
            yield from judged(rule, unit, surroundings)


def judged(rule: Rule, unit: Unit, surroundings: Surroundings) -> list[Finding]:
    """What a rule finds in a statement. A rule that fails on one says so, and hides nothing of what others find."""
    try:
        return list(rule(unit, surroundings))
    except Exception as error:
        name = rule.__module__.rsplit(".", 1)[-1].replace("_", "-")
        message = f"The rule {name} failed on this statement ({type(error).__name__}: {error}), so it is not judged."
        mend = "Split the statement, and report it: this is a fault of prop-quality."
        return [CODES["analyzer-failed"].at(unit.file.name, *unit.place(0), message, mend, unit.object)]


def _taken_away(finding: Finding, estate: Estate, before: Catalogue | None) -> bool:
    """Whether a table is unknown because nobody defines it any more."""
    if finding.code != "unknown-table" or before is None:
        return False
    return before.table(finding.object) is not None and not estate.definers.of(finding.object)


def sources_of(findings: Iterable[Finding], texts: Mapping[str, str]) -> dict[str, tuple[str, ...]]:
    """The lines of the files that have findings."""
    return {one.file: tuple(texts[one.file].split("\n")) for one in findings if one.file in texts}


def _read(paths: Sequence[Path], root: Path) -> Iterator[tuple[str, SourceFile | Finding]]:
    for given in paths:
        for path in sql_files([given]):
            name = name_of(path, root)
            yield name, read(path, name, given if given.is_dir() else None)
