"""What comes from outside is shown so that a terminal, a reader and a secret survive it."""

from __future__ import annotations

import pytest

from prop_quality.words import agreeing, discreet, quoted, snake_case, some_of


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("404 GET http://user:s3cret@host:9050/bigquery: gone", "404 GET http://…@host:9050/bigquery: gone"),
        ("https://t0ken@host", "https://…@host"),
        ("https://user:s3@cret@host/", "https://…@host/"),
        ("http://host:9050/a@b and me@example.org", "http://host:9050/a@b and me@example.org"),
    ],
)
def test_the_login_of_an_address_is_never_shown(text: str, shown: str) -> None:
    assert discreet(text) == shown


@pytest.mark.parametrize(
    ("phrase", "of_one"),
    [
        ("lack expected players", "lacks expected players"),
        ("have one line value in most of their rows", "has one line value in most of its rows"),
        ("have rows of players that the roster does not have", "has rows of players that the roster does not have"),
        ("contradict themselves about their line", "contradicts itself about its line"),
        ("were written in the future", "was written in the future"),
    ],
)
def test_one_thing_is_spoken_of_as_one(phrase: str, of_one: str) -> None:
    assert agreeing(1, phrase) == of_one
    assert agreeing(0, phrase) == agreeing(7, phrase) == phrase


@pytest.mark.parametrize(
    ("part", "whole", "said"),
    [
        (0, 1, "0 of 1 due date has a batch"),
        (1, 1, "1 of 1 due date has a batch"),
        (0, 2, "0 of 2 due dates have a batch"),
        (1, 2, "1 of 2 due dates has a batch"),
        (1_200, 1_204, "1,200 of 1,204 due dates have a batch"),
    ],
)
def test_a_part_of_one_thing_is_no_part_of_several(part: int, whole: int, said: str) -> None:
    assert some_of(part, whole, "due dates", "have a batch") == said


def test_a_long_text_is_cut_inside_its_quotes_and_a_long_number_at_its_end() -> None:
    assert quoted("x" * 80) == repr("x" * 80)
    assert quoted("x" * 81) == repr("x" * 79 + "…")
    assert quoted(10**100) == "1" + "0" * 78 + "…"
    assert quoted(["a"]) == "['a']"


@pytest.mark.parametrize(
    ("class_name", "kind"),
    [
        ("TimedOut", "timed_out"),
        ("JSONDecodeError", "json_decode_error"),
        ("OSError", "os_error"),
        ("KeyboardInterrupt", "keyboard_interrupt"),
        ("SSLError", "ssl_error"),
    ],
)
def test_the_kind_of_an_error_is_read_word_by_word(class_name: str, kind: str) -> None:
    assert snake_case(class_name) == kind
