"""A verdict as JUnit XML, for CI systems that show tests."""

from __future__ import annotations

import re
from xml.etree import ElementTree

from prop_quality.verdict import Outcome, Severity, Verdict, format_time

# XML 1.0 cannot carry these, not even escaped.
_ILLEGAL = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def to_junit(verdict: Verdict) -> str:
    """One test case a check; a failed warning is no failure there, it is shown as output."""
    root = ElementTree.Element("testsuites", name="prop-quality", time=f"{verdict.cost.seconds:.3f}")
    suites: dict[str, ElementTree.Element] = {}
    for check in verdict.checks:
        suite = suites.get(check.suite)
        if suite is None:
            at = format_time(verdict.evaluated_at)
            suite = suites[check.suite] = ElementTree.SubElement(root, "testsuite", name=check.suite, timestamp=at)
        case = ElementTree.SubElement(suite, "testcase", classname=f"prop-quality.{check.suite}", name=check.id)
        reason = _legal(check.reason)
        if check.outcome is Outcome.FAILED and check.severity is Severity.CRITICAL:
            ElementTree.SubElement(case, "failure", message=reason, type=check.severity.value).text = _legal(
                check.remedy
            )
        elif check.outcome is Outcome.INCONCLUSIVE:
            ElementTree.SubElement(case, "error", message=reason, type="inconclusive")
        elif check.outcome is Outcome.SKIPPED:
            ElementTree.SubElement(case, "skipped", message=reason)
        else:
            ElementTree.SubElement(case, "system-out").text = reason
    for suite in suites.values():
        for name, tag in (("tests", "testcase"), ("failures", "failure"), ("errors", "error"), ("skipped", "skipped")):
            suite.set(name, str(len(list(suite.iter(tag)))))
    ElementTree.indent(root)
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + ElementTree.tostring(root, encoding="unicode") + "\n"


def _legal(text: str | None) -> str:
    return _ILLEGAL.sub("\N{REPLACEMENT CHARACTER}", text or "")
