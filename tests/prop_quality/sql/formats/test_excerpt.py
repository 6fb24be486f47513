import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rich.cells import cell_len

from prop_quality.sql.formats.visible import excerpt
from tests.prop_quality.sql.formats.hostile import TEXTS


def _pointed_at(line: str, column: int, width: int = 80) -> str:
    """What stands above the carets, cell by cell."""
    shown, before, marked = excerpt(line, column, width)
    cells = [letter + "\0" * (cell_len(letter) - 1) for letter in shown if cell_len(letter)]
    return "".join(cells)[before : before + marked].replace("\0", "")


LINES = [
    "SELECT wrong",
    "\twrong",
    "a\t\twrong",
    "'漢字', wrong",
    "'👍' wrong",
    "e\u0301\u0301, wrong",
    "\x1b[31m wrong",
    "\u202e wrong",
    "##[error] wrong",
    "x" * 900 + " wrong",
    "x" * 900 + " wrong " + "漢" * 900,
    "wrong " + "\t" * 900,
]


@pytest.mark.parametrize("line", LINES, ids=lambda line: ascii(line[:12]))
def test_the_carets_stand_under_the_word_that_is_meant(line: str) -> None:
    assert _pointed_at(line, line.index("wrong") + 1) == "wrong"


@pytest.mark.parametrize("word", ["20.0", "`a-b.c.d`", "'one two'", '"x"', "=", "name"])
def test_numbers_and_quoted_names_are_marked_whole(word: str) -> None:
    assert _pointed_at(f"SELECT {word} + 1", 8) == word


@settings(max_examples=200, deadline=None)
@given(TEXTS, st.integers(-2, 60), st.integers(1, 120))
def test_an_excerpt_fits_its_width_whatever_the_line(line: str, column: int, width: int) -> None:
    shown, before, marked = excerpt(line, column, width)
    assert cell_len(shown) <= max(width, 40)
    assert before + marked <= max(width, 40) + 1
    assert all(letter.isprintable() for letter in shown)


@settings(max_examples=200, deadline=None)
@given(st.text(st.characters(), max_size=200), st.text(st.characters(), max_size=200))
def test_the_place_is_in_view_in_long_lines(before: str, after: str) -> None:
    line = before + "\N{BLACK STAR}" + after
    assert "\N{BLACK STAR}" in _pointed_at(line, len(before) + 1, 60)


def test_a_line_of_five_megabytes_is_no_work() -> None:
    line = "SELECT " * 700_000
    started = time.perf_counter()
    for column in range(1, 4_000_000, 400_000):
        excerpt(line, column, 100)
    assert time.perf_counter() - started < 1
