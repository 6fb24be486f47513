"""What the gate says of SQL files: findings with a place and a code, what a change touches, and the report of a run."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Any

from prop_quality.verdict import ExitCode, Outcome

SCHEMA_VERSION = 1


class Level(StrEnum):
    """What a finding means: only an error fails the gate."""

    ERROR = "error"
    WARNING = "warning"
    INFO = "info"


@dataclass(frozen=True)
class Finding:
    """One thing to say about one place.

    `file` is relative to the root of the run, with forward slashes; `line` and `column` count from 1, in characters;
    `object` is the table or view that the statement makes, or that the finding is about, as `project.dataset.name`
    ("" where there is none). `message` says what is wrong in one sentence, `help` what to do.
    """

    code: str
    severity: Level
    file: str
    line: int
    column: int
    object: str
    message: str
    help: str


@dataclass(frozen=True)
class Change:
    """What one changed object touches: its columns, and by lineage the views, checks and suites downstream.

    `comparison` holds the results before and after, for an object that was built in both forms. Renderers print
    whatever it holds, and these with their own words where they are there: `columns` ({"added", "removed", "retyped":
    names}), `rows` ({"before", "after", "added", "removed", "changed": counts}), `incidents` (a list of {"incident",
    "before", "after": shown or not}), `nights` that differ, those on which it `fails`, why it was `refused`, or
    is `unseen` on any night.
    `by_column` says the same for each column: {"downstream", "checks", "suites": names}, downstream by `view.column`.
    """

    object: str
    columns: tuple[str, ...] = ()
    downstream: tuple[str, ...] = ()
    checks: tuple[str, ...] = ()
    suites: tuple[str, ...] = ()
    comparison: Mapping[str, Any] | None = None
    by_column: Mapping[str, Mapping[str, tuple[str, ...]]] = field(default_factory=dict)


@dataclass(frozen=True)
class Report:
    """One run of the gate.

    `sources` maps each file with a finding to its lines, for showing the place. `suppressed` and `baselined` count what
    was found and is not among `findings`, because a comment in the file or the baseline covers it. `settled` counts the
    statements of changed files that need no judgement: they are as they were, or they are gone and defined nothing.
    """

    verdict: Outcome
    files: int
    statements: int
    seconds: float
    findings: tuple[Finding, ...] = ()
    changes: tuple[Change, ...] = ()
    sources: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    suppressed: int = 0
    baselined: int = 0
    settled: int = 0

    def with_findings(
        self,
        findings: Iterable[Finding],
        *,
        suppressed: int = 0,
        baselined: int = 0,
        sources: Mapping[str, tuple[str, ...]] | None = None,
    ) -> Report:
        """The report with other findings, judged anew; what is now kept out, and further sources, are added."""
        kept = tuple(findings)
        undecided = self.verdict is Outcome.INCONCLUSIVE and not _leaves_open(self.findings)
        verdict = Outcome.INCONCLUSIVE
        if any(finding.severity is Level.ERROR for finding in kept):
            verdict = Outcome.FAILED
        elif self.looked_at and not undecided and not _leaves_open(kept):
            verdict = Outcome.PASSED
        return replace(
            self,
            verdict=verdict,
            findings=kept,
            suppressed=self.suppressed + suppressed,
            baselined=self.baselined + baselined,
            sources={**self.sources, **(sources or {})},
        )

    @property
    def looked_at(self) -> bool:
        """Whether there was anything to look at."""
        return bool(self.files and (self.statements or self.settled))

    @property
    def exit_code(self) -> ExitCode:
        """0 passed, 1 an error was found, 3 nothing was checked or something could not be decided."""
        return {Outcome.PASSED: ExitCode.PASSED, Outcome.FAILED: ExitCode.FAILED}.get(
            self.verdict, ExitCode.INCONCLUSIVE
        )

    def to_json(self) -> dict[str, Any]:
        """The report as plain JSON values, as other programs rely on it."""
        return {
            "schema_version": SCHEMA_VERSION,
            "verdict": str(self.verdict),
            "files": self.files,
            "statements": self.statements,
            "settled": self.settled,
            "seconds": round(self.seconds, 3),
            "suppressed": self.suppressed,
            "baselined": self.baselined,
            "findings": [
                {
                    "code": f.code,
                    "severity": str(f.severity),
                    "file": f.file,
                    "line": f.line,
                    "column": f.column,
                    "object": f.object,
                    "message": f.message,
                    "help": f.help,
                }
                for f in self.findings
            ],
            "changes": [
                {
                    "object": c.object,
                    "columns": list(c.columns),
                    "downstream": list(c.downstream),
                    "checks": list(c.checks),
                    "suites": list(c.suites),
                    "by_column": {
                        column: {kind: list(names) for kind, names in touched.items()}
                        for column, touched in c.by_column.items()
                    },
                    **({"comparison": dict(c.comparison)} if c.comparison is not None else {}),
                }
                for c in self.changes
            ],
        }


def _leaves_open(findings: Iterable[Finding]) -> bool:
    """Whether something that should be decided is not, and the findings say so."""
    return any(finding.code == "not-compared" for finding in findings)
