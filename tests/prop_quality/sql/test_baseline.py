import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings

from prop_quality.errors import UsageError
from prop_quality.sql.baseline import Baseline
from prop_quality.sql.codes import CODES
from prop_quality.sql.finding import Finding, Report
from prop_quality.verdict import Outcome
from tests.prop_quality.sql.formats.hostile import REPORTS

LINES = ("SELECT *", "FROM t")


def _report(*stars: int, lines: tuple[str, ...] = LINES) -> Report:
    """A failed run that found a star on each of these lines."""
    findings = tuple(CODES["syntax"].at("a.sql", line, 8, "A star.", "", "p.d.v") for line in stars)
    return Report(Outcome.FAILED, 1, 1, 0.1, findings, sources={"a.sql": lines})


def _baseline(report: Report) -> Baseline:
    return Baseline.of(report.findings, report.sources)


def test_what_the_baseline_knows_fails_nothing_and_is_counted() -> None:
    after = _baseline(_report(1)).applied_to(_report(1), "baseline.json")
    assert (after.verdict, after.findings, after.baselined) == (Outcome.PASSED, (), 1)


def test_moved_and_newly_spaced_lines_stay_known() -> None:
    moved = _report(3, lines=("-- new", "", "  SELECT   *", "FROM t"))
    assert _baseline(_report(1)).applied_to(moved, "baseline.json").findings == ()


def test_the_same_mistake_made_a_second_time_is_new() -> None:
    twice = _report(1, 3, lines=(*LINES, *LINES))
    after = _baseline(_report(1)).applied_to(twice, "baseline.json")
    assert [finding.line for finding in after.findings] == [3]
    assert (after.verdict, after.baselined) == (Outcome.FAILED, 1)


@pytest.mark.parametrize("change", [{"file": "b.sql"}, {"code": "type"}, {"object": "p.d.other"}, {"line": 2}])
def test_another_file_code_object_or_line_is_new(change: dict[str, Any]) -> None:
    report = _report(1)
    other = replace(report.findings[0], **change)
    after = _baseline(report).applied_to(replace(report, findings=(other,)), "baseline.json")
    assert after.findings[0] == other


def test_what_no_longer_occurs_is_said_with_how_often() -> None:
    lines = (*LINES, *LINES)
    after = _baseline(_report(1, 3, lines=lines)).applied_to(_report(lines=lines), "baseline.json")
    (gone,) = after.findings
    assert (gone.code, gone.file, after.verdict) == ("baseline-unused", "baseline.json", Outcome.PASSED)
    assert "a.sql no longer has the finding syntax 2 times at: SELECT *" in gone.message


def test_a_run_over_other_files_says_nothing_of_what_it_did_not_look_at() -> None:
    after = _baseline(_report(1)).applied_to(_report(), "baseline.json", checked=["b.sql"])
    assert after.findings == ()


def test_the_file_is_sorted_and_the_same_whatever_the_order_of_the_findings(tmp_path: Path) -> None:
    report = _report(1, 2, 1)
    _baseline(report).write(tmp_path / "one.json")
    _baseline(replace(report, findings=report.findings[::-1])).write(tmp_path / "two.json")
    text = (tmp_path / "one.json").read_text()
    assert text == (tmp_path / "two.json").read_text()
    assert json.loads(text)["findings"] == [
        {"file": "a.sql", "code": "syntax", "object": "p.d.v", "text": "FROM t", "count": 1},
        {"file": "a.sql", "code": "syntax", "object": "p.d.v", "text": "SELECT *", "count": 2},
    ]


def test_information_is_not_kept_because_it_fails_nothing() -> None:
    finding = CODES["unknown-table"].at("a.sql", 1, 1, "Unknown.")
    assert Baseline.of([finding], {}).known == {}


@settings(max_examples=30, deadline=None)
@given(REPORTS)
def test_a_report_against_its_own_baseline_has_no_error_left(report: Report) -> None:
    def errors(findings: tuple[Finding, ...]) -> list[Finding]:
        return [finding for finding in findings if finding.severity == "error"]

    assert errors(_baseline(report).applied_to(report, "b").findings) == []


@pytest.mark.parametrize(
    "content",
    [
        "",
        "[]",
        "{}",
        "[" * 100_000,
        '{"schema_version": 2, "findings": []}',
        '{"schema_version": 1, "findings": [{"file": "a"}]}',
        '{"schema_version": 1, "findings": [{"file": 1, "code": "", "object": "", "text": "", "count": 1}]}',
        '{"schema_version": 1, "findings": [{"file": "", "code": "", "object": "", "text": "", "count": 0}]}',
    ],
    ids=range(8),
)
def test_what_is_no_baseline_is_wrong_usage_in_one_sentence(tmp_path: Path, content: str) -> None:
    path = tmp_path / "baseline.json"
    path.write_text(content)
    with pytest.raises(UsageError, match=r"baseline\.json .*--write-baseline\.$"):
        Baseline.read(path)


def test_a_baseline_reads_back_as_it_was_written(tmp_path: Path) -> None:
    baseline = _baseline(_report(1, 2, lines=("SELECT '漢字' \x1b `", "FROM t")))
    baseline.write(tmp_path / "b.json")
    assert Baseline.read(tmp_path / "b.json") == baseline
    with pytest.raises(UsageError, match="cannot be written"):
        baseline.write(tmp_path / "none" / "b.json")


def test_entries_of_deleted_files_are_gone_too(tmp_path: Path) -> None:
    known = _baseline(_report(1))
    assert known.files_gone(tmp_path) == {"a.sql"}
    (tmp_path / "a.sql").write_text("SELECT *")
    assert known.files_gone(tmp_path) == set()
