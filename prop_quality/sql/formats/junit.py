"""JUnit XML, for CI systems that show tests: a suite a file with findings, and one case that says how the run ended.

`visible` leaves only characters that can be seen, which XML can carry all.
"""

from __future__ import annotations

from itertools import groupby
from xml.etree import ElementTree

from prop_quality.sql.finding import Finding, Level, Report
from prop_quality.sql.formats.summary import by_place, headline
from prop_quality.sql.formats.text import finding_lines
from prop_quality.sql.formats.visible import tame, visible
from prop_quality.verdict import Outcome


def render(report: Report) -> str:
    """Errors are failures there; warnings and information are cases that pass and say something."""
    root = ElementTree.Element("testsuites", name="prop-quality sql check", time=f"{report.seconds:.3f}")
    _run(report, ElementTree.SubElement(root, "testsuite", name="run"))
    for file, findings in groupby(by_place(report.findings), key=lambda finding: finding.file):
        suite = ElementTree.SubElement(root, "testsuite", name=visible(file))
        for finding in findings:
            _case(finding, report, suite)
    for suite in root:
        for name, tag in (("tests", "testcase"), ("failures", "failure"), ("errors", "error"), ("skipped", "skipped")):
            suite.set(name, str(sum(1 for _ in suite.iter(tag))))
    ElementTree.indent(root)
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + ElementTree.tostring(root, encoding="unicode") + "\n"


def _run(report: Report, suite: ElementTree.Element) -> None:
    case = ElementTree.SubElement(suite, "testcase", classname="prop-quality.sql", name="verdict")
    if report.verdict is Outcome.FAILED:
        ElementTree.SubElement(case, "failure", message=headline(report), type="failed")
    elif report.verdict is not Outcome.PASSED:
        ElementTree.SubElement(case, "error", message=headline(report), type=str(report.verdict))
    else:
        ElementTree.SubElement(case, "system-out").text = headline(report)


def _case(finding: Finding, report: Report, suite: ElementTree.Element) -> None:
    case = ElementTree.SubElement(
        suite,
        "testcase",
        classname=visible(finding.file),
        name=visible(f"{finding.code} {finding.line}:{finding.column}"),
        file=visible(finding.file),
        line=str(finding.line),
    )
    text = tame("\n".join(finding_lines(finding, report.sources)))
    if finding.severity is Level.ERROR:
        failure = ElementTree.SubElement(case, "failure", message=visible(finding.message), type=visible(finding.code))
        failure.text = text
    else:
        ElementTree.SubElement(case, "system-out").text = text
