"""A verdict as JUnit XML, for CI systems that show tests."""

from __future__ import annotations

import re
from xml.etree import ElementTree

from prop_quality.verdict import Outcome, Severity, Verdict, format_time

# XML 1.0 cannot carry these, not even escaped.
_ILLEGAL = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def to_junit(verdict: Verdict) -> str:
    """One test case a check, and one a date when there are several; a failed warning is shown as output, no failure."""
    root = ElementTree.Element("testsuites", name="prop-quality", time=f"{verdict.cost.seconds:.3f}")
    at = format_time(verdict.evaluated_at)
    suites: dict[str, ElementTree.Element] = {}
    for check in verdict.checks:
        suite = suites.get(check.suite)
        if suite is None:
            suite = suites[check.suite] = ElementTree.SubElement(root, "testsuite", name=check.suite, timestamp=at)
        _say(_case(suite, check.id), check.outcome, check.severity, check.reason, check.remedy)
    if len(verdict.dates) > 1:
        suite = suites["dates"] = ElementTree.SubElement(root, "testsuite", name="dates", timestamp=at)
        for day in verdict.dates:
            said = f"Failed: {', '.join(day.failed_checks)}." if day.failed_checks else f"{day.rows_examined:,} rows."
            _say(_case(suite, str(day.game_date)), day.verdict, Severity.CRITICAL, said, None)
    for element in (*suites.values(), root):
        for name, tag in (("tests", "testcase"), ("failures", "failure"), ("errors", "error"), ("skipped", "skipped")):
            element.set(name, str(len(list(element.iter(tag)))))
    ElementTree.indent(root)
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + ElementTree.tostring(root, encoding="unicode") + "\n"


def _case(suite: ElementTree.Element, name: str) -> ElementTree.Element:
    classname = f"prop-quality.{suite.get('name')}"
    return ElementTree.SubElement(suite, "testcase", classname=classname, name=_legal(name), time="0")


def _say(case: ElementTree.Element, outcome: Outcome, severity: Severity, reason: str, remedy: str | None) -> None:
    reason = _legal(reason)
    if outcome is Outcome.FAILED and severity is Severity.CRITICAL:
        ElementTree.SubElement(case, "failure", message=reason, type=severity.value).text = _legal(remedy)
    elif outcome is Outcome.INCONCLUSIVE:
        ElementTree.SubElement(case, "error", message=reason, type="inconclusive")
    elif outcome is Outcome.SKIPPED:
        ElementTree.SubElement(case, "skipped", message=reason)
    else:
        ElementTree.SubElement(case, "system-out").text = reason


def _legal(text: str | None) -> str:
    return _ILLEGAL.sub("\N{REPLACEMENT CHARACTER}", text or "")
