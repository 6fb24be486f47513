"""The statement that is sent is one that a person can read.

`UPDATE_GOLDEN=1 pytest tests/prop_quality/scan/test_layout.py` writes the golden statement anew; read it, then commit.
"""

from __future__ import annotations

import os
import re
from datetime import date
from pathlib import Path

import pytest

from prop_quality.api import batch_run
from prop_quality.expectation import ScanExpectation
from prop_quality.scan.layout import WIDTH, laid_out
from prop_quality.season import NightShape, clean_night
from prop_quality.settings import Settings
from tests.prop_quality.scan.scopes import all_checks, kinds_of_runs
from tests.warehouse import BOOK_LINES

GOLDEN = Path(__file__).with_name("golden") / "after_batch.sql"
NIGHT = clean_night(NightShape(seed=1, game_date=date(2026, 1, 15), games=2, players=12))


def words(text: str) -> list[str]:
    return text.split()


def test_the_scan_of_a_batch_is_the_golden_one() -> None:
    settings = Settings.load({"PROP_QUALITY_BOOK_LINES_TABLE": BOOK_LINES})
    sql = batch_run(NIGHT.event, settings=settings, now=NIGHT.now).explain().statement.sql
    if os.environ.get("UPDATE_GOLDEN"):
        GOLDEN.parent.mkdir(exist_ok=True)
        GOLDEN.write_text(sql, encoding="utf-8")
    assert sql == GOLDEN.read_text(encoding="utf-8"), "it changed: UPDATE_GOLDEN=1 writes it anew, to be read"


def test_no_line_of_it_ends_in_a_space_or_is_absurdly_long() -> None:
    lines = GOLDEN.read_text(encoding="utf-8").splitlines()
    assert [line for line in lines if line != line.rstrip() or "\t" in line] == []
    assert max(map(len, lines)) <= 180


@pytest.mark.parametrize("check", all_checks(), ids=lambda check: check.check_id)
def test_laying_out_an_expression_changes_spaces_only(check: ScanExpectation) -> None:
    columns = dict.fromkeys(check.reads_columns, "STRING")
    scope = next(kinds_of_runs(columns)).scope
    for expression in (*check.measures(scope).values(), check.failing(scope) or ""):
        assert words(laid_out(expression, 4)) == words(expression)


@pytest.mark.parametrize(
    ("expression", "laid"),
    [
        ("a AND b", "a AND b"),
        ("aaaa OR bbbb AND cccc", "aaaa\n  OR bbbb AND cccc"),
        ("x BETWEEN 1 AND 2 AND yyyy", "x BETWEEN 1 AND 2\n  AND yyyy"),
        ("f('this OR that') AND bbbb", "f('this OR that')\n  AND bbbb"),
        ("SUM(x) OVER (PARTITION BY y)", "SUM(x)\n  OVER (PARTITION BY y)"),
        ("one_word_that_is_too_long_for_it", "one_word_that_is_too_long_for_it"),
    ],
)
def test_long_expressions_begin_a_line_with_their_outermost_operators(expression: str, laid: str) -> None:
    assert laid_out(expression, 0, width=20) == laid


def test_text_in_quotes_is_left_alone() -> None:
    quoted = "'" + " AND ".join(["x"] * 60) + "'"
    assert len(quoted) > WIDTH
    assert laid_out(quoted, 0) == quoted
    assert re.sub(r"\s+", " ", laid_out(f"{quoted} = y OR z", 0)) == f"{quoted} = y OR z"
