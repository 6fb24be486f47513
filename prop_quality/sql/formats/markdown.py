"""A comment for the pull request, and the step summary: short enough to be accepted whatever the run found.

Whatever comes from the SQL stands in code, fenced with more backticks than it holds: it formats nothing, links to
nothing and mentions nobody.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from prop_quality.sql.finding import Change, Finding, Level, Report
from prop_quality.sql.formats.summary import headline, worst_first
from prop_quality.sql.formats.text import change_lines, finding_lines
from prop_quality.sql.formats.visible import visible
from prop_quality.verdict import Outcome

# GitHub refuses a comment over 65,536 characters; bytes are never fewer than characters.
COMMENT_BYTES = 64_500
# GitHub drops a step summary over 1 MiB.
SUMMARY_BYTES = 1_000_000
MARK = "<!-- prop-quality sql check -->"
_MOST_IN_A_FIELD = 1_000
_SIGNS = {Outcome.PASSED: "✅", Outcome.FAILED: "❌"}


def render(report: Report, most_bytes: int = COMMENT_BYTES) -> str:
    """The verdict and the counts, then what fits of the findings and changes, worst first; the rest is counted."""
    head = _head(report)
    blocks = [(_finding(finding, report), "finding") for finding in worst_first(report.findings)]
    blocks += [(_change(change), "change") for change in report.changes]
    room = most_bytes - len(head.encode("utf-8", "replace")) - 500
    shown, left = [], {"finding": 0, "change": 0}
    for block, kind in blocks:
        room -= len(block.encode("utf-8", "replace")) + 2
        if room >= 0:
            shown.append(block)
        else:
            # What comes later is milder; nothing small slips in before something worse that was left out.
            left[kind] += 1
            room = -1
    return "\n\n".join([head, *shown, *_left_out(left, report)]) + "\n"


def _head(report: Report) -> str:
    title = f"### {_SIGNS.get(report.verdict, '⚠️')} SQL check: {report.verdict}"
    return f"{MARK}\n{title}\n\n{headline(report)}"


def _finding(finding: Finding, report: Report) -> str:
    title = f"**{finding.severity}** {_code(finding.code)} in {_code(f'{finding.file}:{finding.line}')}"
    lines = list(finding_lines(finding, report.sources, most=_MOST_IN_A_FIELD))[1:]
    return f"{title}\n{_fenced(lines)}"


def _change(change: Change) -> str:
    lines = list(change_lines(change, most=_MOST_IN_A_FIELD))[1:]
    title = f"**changed** {_code(change.object)}"
    return f"{title}\n{_fenced(lines)}" if lines else title


def _left_out(left: dict[str, int], report: Report) -> Iterator[str]:
    parts = []
    for kind, total in (("finding", len(report.findings)), ("change", len(report.changes))):
        if left[kind]:
            parts.append(f"{left[kind]:,} of {total:,} {kind}s")
    if parts:
        errors = sum(finding.severity is Level.ERROR for finding in report.findings)
        missing = " and ".join(parts)
        yield (
            f"**Not shown here for want of room: {missing}** ({errors:,} errors in all). "
            "The whole report is in the log of the run."
        )


def _code(text: str) -> str:
    """A code span; a backtick inside it is one that ends nothing."""
    shown = visible(text, 300)
    ticks = "`" * (_longest_run(shown) + 1)
    pad = " " if shown.startswith("`") or shown.endswith("`") or not shown.strip() else ""
    return f"{ticks}{pad}{shown or ' '}{pad}{ticks}"


def _fenced(lines: list[str]) -> str:
    text = "\n".join(lines)
    fence = "`" * max(3, _longest_run(text) + 1)
    return f"{fence}text\n{text}\n{fence}"


def _longest_run(text: str) -> int:
    return max((len(run) for run in re.findall("`+", text)), default=0)
