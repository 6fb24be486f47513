"""Every check has its documentation and its cases: what a newcomer would look for is there."""

from __future__ import annotations

import ast
import re
from collections import Counter

import pytest

import expectations
from expectations.suites import SUITES, WATCH
from prop_quality.suite import Check, Suite
from tests.expectations.case import FOLDER, Case, cases_of
from tests.expectations.play import check_of

CHECKS = sorted({check.id for suite in (*SUITES, WATCH) for check in suite.checks if isinstance(check, Check)})
SECTIONS = ("For the operator", "Example that fails", "Incident", "Limits", "What to do")
AT_LEAST = {"pass": 2, "fail": 2, "nothing": 1}


def cases(check_id: str) -> list[Case]:
    return cases_of(FOLDER / f"{check_id}.yml")


def docstring(check_id: str) -> str:
    tree = ast.parse((expectations.FOLDER / f"{check_id}.py").read_text(encoding="utf-8"))
    made = next(n for n in tree.body if isinstance(n, ast.ClassDef) and n.name == expectations.class_name(check_id))
    return ast.get_docstring(made) or ""


def limits(check_id: str) -> str:
    return docstring(check_id).partition("\nLimits:")[2].partition("\nWhat to do:")[0]


def test_every_file_of_cases_belongs_to_a_check() -> None:
    assert sorted(path.stem for path in FOLDER.glob("*.yml")) == CHECKS


@pytest.mark.parametrize("check_id", CHECKS)
def test_a_check_has_cases_that_pass_fail_and_have_nothing_to_look_at(check_id: str) -> None:
    kinds = Counter(case.kind for case in cases(check_id))
    assert set(kinds) <= {"pass", "fail", "threshold", "nothing", "skip"}
    missing = [f"test_{kind}_… ({kinds[kind]} of {least})" for kind, least in AT_LEAST.items() if kinds[kind] < least]
    assert missing == [], f"cases/{check_id}.yml needs more cases"


@pytest.mark.parametrize("check_id", CHECKS)
def test_a_check_with_a_number_among_its_limits_has_a_case_at_it(check_id: str) -> None:
    if re.search(r"\d", limits(check_id)):
        found = any(case.kind == "threshold" for case in cases(check_id))
        assert found, f"cases/{check_id}.yml needs a test_threshold_… at the limit"


@pytest.mark.parametrize("check_id", CHECKS)
def test_a_check_that_reads_a_column_has_a_case_without_it(check_id: str) -> None:
    suite = next(s for s in (*SUITES, WATCH) if any(isinstance(c, Check) and c.id == check_id for c in s.checks))
    made = expectations.load(check_of(check_id, "watch" if suite is WATCH else "after_batch")[1])
    needed = set(made.columns) - {"prediction_id", "created_at"}
    without = {column for case in cases(check_id) for column, type_ in case.columns.items() if type_ is None}
    found = not needed or needed & without or any(case.kind == "skip" for case in cases(check_id))
    assert found, f"cases/{check_id}.yml needs a test_skip_… without one of {', '.join(sorted(needed))}"


@pytest.mark.parametrize("check_id", CHECKS)
def test_the_outcome_of_a_case_is_what_its_name_says(check_id: str) -> None:
    allowed = {
        "pass": {"passed"},
        "fail": {"failed", "inconclusive"},
        "threshold": {"passed", "failed", "inconclusive"},
        "nothing": {"inconclusive", "skipped"},
        "skip": {"skipped"},
    }
    assert [case.name for case in cases(check_id) if case.expect.outcome not in allowed[case.kind]] == []


@pytest.mark.parametrize("check_id", CHECKS)
def test_a_docstring_is_a_page(check_id: str) -> None:
    lines = docstring(check_id).splitlines()
    assert re.fullmatch(r"[A-Z`].*\.", lines[0]), "the first line is a sentence"
    titles = [line[:-1] for line in lines if re.fullmatch(r"[A-Z][^.]*:", line)]
    assert titles == list(SECTIONS)
    for title, following in zip(SECTIONS, (*SECTIONS[1:], None), strict=True):
        body = docstring(check_id).partition(f"\n{title}:")[2]
        body = body.partition(f"\n{following}:")[0] if following else body
        assert body.strip().endswith((".", "…")), f"{title} says something, as sentences"


@pytest.mark.parametrize("check_id", CHECKS)
def test_a_docstring_names_every_limit(check_id: str) -> None:
    suite_name = "watch" if check_id in {c.id for c in WATCH.checks if isinstance(c, Check)} else "after_batch"
    made = expectations.load(check_of(check_id, suite_name)[1])
    assert [name for name in made.limits() if f"`{name}`" not in limits(check_id)] == []


@pytest.mark.parametrize("suite", [*SUITES, WATCH], ids=lambda suite: suite.name)
def test_a_suite_says_what_it_requires_in_a_sentence(suite: Suite) -> None:
    assert re.fullmatch(r"[A-Z].*\.", suite.requires)
    assert suite.checks
