"""What comes from outside is shown so that a terminal, a reader and a secret survive it."""

from __future__ import annotations

import pytest

from prop_quality.words import discreet, quoted


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


def test_a_long_text_is_cut_inside_its_quotes_and_a_long_number_at_its_end() -> None:
    assert quoted("x" * 80) == repr("x" * 80)
    assert quoted("x" * 81) == repr("x" * 79 + "…")
    assert quoted(10**100) == "1" + "0" * 78 + "…"
    assert quoted(["a"]) == "['a']"
