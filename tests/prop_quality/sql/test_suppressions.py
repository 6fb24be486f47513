from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from prop_quality.sql.codes import CODES
from prop_quality.sql.finding import Finding, Report
from prop_quality.sql.suppressions import Sifted, apply, example, sift
from prop_quality.verdict import ExitCode, Outcome
from tests.prop_quality.sql.formats.hostile import TEXTS

TODAY = date(2026, 11, 24)
ALLOW = "-- prop-quality: allow select-star until 2026-12-31 because its source is ours"


def _star(text: str, nth: int = 1) -> Finding:
    """The finding at the nth star of a text."""
    at = -1
    for _ in range(nth):
        at = text.index("*", at + 1)
    line = text.count("\n", 0, at) + 1
    return CODES["select-star"].at("a.sql", line, at - text.rfind("\n", 0, at), "All columns.")


def _sifted(text: str, *findings: Finding) -> Sifted:
    return sift("a.sql", text, findings, TODAY)


def _codes(text: str, *findings: Finding) -> list[str]:
    return [finding.code for finding in _sifted(text, *findings).findings]


@pytest.mark.parametrize(
    "text",
    [
        f"{ALLOW}\nSELECT *\nFROM t;",
        f"-- what it is for\n\n{ALLOW}\n-- more\nSELECT\n  *\nFROM t",
        f"SELECT 1;\n{ALLOW}\nSELECT * FROM t;",
        f"SELECT 1; {ALLOW}\nSELECT 'a;b', `c;d`, * FROM t;".replace("; --", ";\n--"),
        f"SELECT * FROM t  {ALLOW}\n",
        f"SELECT a,\n  {ALLOW}\n\n  -- and\n  b.*\nFROM t",
        f"{ALLOW.replace('--', '#')}\nSELECT *",
        f"/* {ALLOW[3:]} */ SELECT *",
        f"/*\n   {ALLOW[3:].replace(' because', chr(10) + '   because')}\n*/\nSELECT *",
        f"{ALLOW.upper().replace('SELECT-STAR', 'select-star')}\nSELECT *",
        f"{ALLOW}\r\nSELECT *\r\n",
        f"BEGIN\n  SELECT 1;\n  {ALLOW}\n  SELECT *\n  FROM t;\nEND",
    ],
)
def test_what_a_suppression_covers_is_not_reported_and_counted(text: str) -> None:
    assert _sifted(text, _star(text)) == Sifted((), 1)


@pytest.mark.parametrize(
    "text",
    [
        f"{ALLOW}\nSELECT 1;\nSELECT *;",
        f"SELECT 1 {ALLOW}\n, * FROM t",
        f"SELECT a,\n{ALLOW}\nb,\nc.* FROM t",
        f"SELECT *;\n{ALLOW}\nSELECT 1",
        f"SELECT *;\n{ALLOW}",
    ],
)
def test_what_lies_outside_stays_and_the_suppression_is_said_to_be_unused(text: str) -> None:
    assert _codes(text, _star(text)) == ["select-star", "suppression-unused"]


@pytest.mark.parametrize("quote", ["'", '"', "'''", '"""', "r'''", "`"])
def test_a_string_is_no_suppression(quote: str) -> None:
    text = f"SELECT {quote}{ALLOW}{quote.lstrip('r')},\n* FROM t"
    assert _codes(text, _star(text)) == ["select-star"]


def test_one_code_is_allowed_and_no_other() -> None:
    text = f"{ALLOW}\nSELECT * FROM t"
    other = CODES["syntax"].at("a.sql", 2, 1, "No.")
    assert _sifted(text, _star(text), other) == Sifted((other,), 1)


def test_several_suppressions_stack_above_one_statement() -> None:
    text = f"{ALLOW}\n{ALLOW.replace('select-star', 'utc-today')}\nSELECT * FROM t"
    today = CODES["utc-today"].at("a.sql", 3, 5, "UTC.")
    assert _sifted(text, _star(text), today) == Sifted((), 2)


def test_a_finding_about_a_whole_file_is_covered_by_a_comment_at_its_head() -> None:
    text = f"-- licence\n{ALLOW.replace('select-star', 'templated')}\nSELECT {{{{ x }}}}"
    assert _sifted(text, CODES["templated"].at("a.sql", 1, 1, "A template.")) == Sifted((), 1)


@pytest.mark.parametrize(
    ("until", "codes"), [("2026-11-24", []), ("2026-11-23", ["select-star", "suppression-expired"])]
)
def test_a_suppression_holds_through_its_last_day(until: str, codes: list[str]) -> None:
    text = f"{ALLOW.replace('2026-12-31', until)}\nSELECT * FROM t"
    assert _codes(text, _star(text)) == codes


@pytest.mark.parametrize(
    ("comment", "reason"),
    [
        ("-- prop-quality: allow select-star because I say so", "it has no end date"),
        ("-- prop-quality: allow select-star until 2026-12-31", "it gives no reason"),
        ("-- prop-quality: allow select-star until 2026-12-31 because", "it gives no reason"),
        ("-- prop-quality: allow select-star until soon because of that", "soon is no date"),
        ("-- prop-quality: allow select-star until 2026-02-30 because of that", "2026-02-30 is no date"),
        ("-- prop-quality: allow selekt-star until 2026-12-31 because", "did you mean select-star"),
        ("-- prop-quality: allow", "does not begin with the word allow and a code"),
        ("-- prop-quality: ignore select-star", "does not begin with the word allow and a code"),
        ("-- prop-quality:", "does not begin with the word allow and a code"),
        ("-- prop-quality: allow select-star until 2027-11-26 because", "no reason"),
        ("-- prop-quality: allow select-star until 2027-11-26 because of that", "over a year ahead"),
        ("-- prop-quality: allow select-star until 9999-12-31 because of that", "over a year ahead"),
        (f"{ALLOW.replace(':', '')}", "does not begin with prop-quality and a colon"),
        (f"{ALLOW.replace(':', ' -')}", "does not begin with prop-quality and a colon"),
        (f"{ALLOW.replace('prop-', 'prop_')}", "does not begin with prop-quality and a colon"),
        ("-- prop-quality: allow suppression-expired until 2026-12-31 because", "cannot be suppressed"),
    ],
)
def test_a_malformed_suppression_is_an_error_that_says_why_and_allows_nothing(comment: str, reason: str) -> None:
    text = f"SELECT 1;\n  {comment}\nSELECT * FROM t"
    kept, said = _sifted(text, _star(text)).findings
    assert kept.code == "select-star"
    assert (said.code, said.severity, said.line, said.column) == ("suppression-malformed", "error", 2, 3)
    assert reason in said.message
    assert said.help.endswith(example(TODAY))
    assert _codes(f"{example(TODAY)}\nSELECT * FROM t", _star(f"{example(TODAY)}\nSELECT * FROM t")) == []


@pytest.mark.parametrize(
    "comment",
    ["-- checked by prop-quality: all of it", "-- prop-quality checks this view", "-- prop-quality\n-- allow it"],
)
def test_a_comment_that_only_speaks_of_us_is_none(comment: str) -> None:
    assert _codes(f"{comment}\nSELECT 1") == []


def test_a_suppression_may_end_in_a_year() -> None:
    text = f"{ALLOW.replace('2026-12-31', '2027-11-25')}\nSELECT * FROM t"
    assert _codes(text, _star(text)) == []


def test_an_unused_suppression_of_what_only_some_runs_look_for_is_not_held_against_it() -> None:
    assert _codes(f"{ALLOW.replace('select-star', 'over-budget')}\nSELECT 1") == []


def test_the_report_is_judged_anew_and_knows_what_was_suppressed() -> None:
    text = f"{ALLOW.replace('select-star', 'syntax')}\nSELECT"
    finding = CODES["syntax"].at("a.sql", 2, 7, "Unexpected end.")
    report = Report(Outcome.FAILED, 2, 2, 0.1, (finding,))
    after = apply(report, {"a.sql": text, "b.sql": "SELECT 1"}, TODAY)
    assert (after.verdict, after.findings, after.suppressed) == (Outcome.PASSED, (), 1)
    late = apply(report, {"a.sql": text, "b.sql": f"SELECT 1; {ALLOW}"}, date(2027, 1, 1))
    assert (late.exit_code, late.suppressed) == (ExitCode.FAILED, 0)
    assert [(f.file, f.code) for f in late.findings] == [
        ("a.sql", "syntax"), ("a.sql", "suppression-expired"), ("b.sql", "suppression-expired"),
    ]  # fmt: skip
    assert late.sources["b.sql"] == (f"SELECT 1; {ALLOW}",)


def test_findings_of_files_that_are_no_text_stay() -> None:
    finding = CODES["unreadable"].at("c.sql", 1, 1, "Not UTF-8.")
    report = Report(Outcome.FAILED, 2, 2, 0.1, (finding,))
    assert apply(report, {"a.sql": ""}, TODAY).findings == (finding,)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.one_of(TEXTS, st.sampled_from([ALLOW, "\n", ";", "SELECT *", "'", '"""', "/*", "*/"]))).map("".join))
def test_nothing_is_lost_whatever_the_text(text: str) -> None:
    findings = [CODES["select-star"].at("a.sql", line, column, "") for line in (1, 2, 3) for column in (1, 9)]
    sifted = _sifted(text, *findings)
    left = [finding for finding in sifted.findings if finding.code == "select-star"]
    assert len(left) + sifted.suppressed == len(findings)
