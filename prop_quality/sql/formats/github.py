"""Workflow commands: GitHub shows each as an annotation at its line of the pull request.

GitHub shows ten of each level a step, so the worst come first; all of them are in the step summary.
"""

from __future__ import annotations

from prop_quality.sql.codes import CODES
from prop_quality.sql.finding import Finding, Level, Report
from prop_quality.sql.formats.summary import headline, worst_first
from prop_quality.sql.formats.visible import visible

_COMMANDS = {Level.ERROR: "error", Level.WARNING: "warning", Level.INFO: "notice"}
_MOST = 4_000


def render(report: Report) -> str:
    """One command a finding, and a line with the counts."""
    return "\n".join(
        [*map(_command, worst_first(report.findings)), f"prop-quality sql check {report.verdict}: {headline(report)}"]
    ) + ("\n")


def _command(finding: Finding) -> str:
    where = {
        "file": finding.file,
        "line": str(finding.line),
        "col": str(finding.column),
        "title": f"prop-quality {finding.code}",
    }
    properties = ",".join(f"{name}={_property(value)}" for name, value in where.items())
    lines = [
        finding.message,
        finding.help,
        f"More: prop-quality sql explain {finding.code}" if finding.code in CODES else "",
    ]
    message = "\n".join(visible(line, _MOST) for line in lines if line)
    return f"::{_COMMANDS[finding.severity]} {properties}::{_data(message)}"


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(visible(text)).replace(":", "%3A").replace(",", "%2C")
