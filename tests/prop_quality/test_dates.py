"""Dates are read in one form only, wherever they come from; files may begin with a byte order mark."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from prop_quality.dates import parse_day, read_dates
from prop_quality.errors import UsageError
from prop_quality.roster import read_roster
from prop_quality.verdict import parse_time

MARK = b"\xef\xbb\xbf"


@pytest.mark.parametrize("text", ["2000-01-01", "2026-01-09", "2099-12-31"])
def test_a_date_of_this_century_is_read(text: str) -> None:
    assert parse_day(text) == date.fromisoformat(text)


@pytest.mark.parametrize(
    "value",
    [
        *("20260109", "2026-W02-5", "2026-009", "0001-01-01", "1999-12-31", "2100-01-01", "2026-02-30", "", None),
        *(20260109, "٢٠٢٦-٠١-٠٩", "2026-1-9", " 2026-01-09", "2026-01-09\n"),
    ],
)
def test_any_other_form_or_year_is_refused(value: object) -> None:
    with pytest.raises(ValueError, match="is no date from 2000 to 2099"):
        parse_day(value)


@pytest.mark.parametrize(
    "text", ["2026-W03-6T04:36:16Z", "20260117T043616Z", "0001-01-01T00:00:00Z", "2026-01-17", "x"]
)
def test_a_time_has_its_date_in_that_form_and_a_zone(text: str) -> None:
    with pytest.raises(ValueError, match=r"no date|no time zone|Invalid"):
        parse_time(text)


def test_a_byte_order_mark_belongs_to_no_line(tmp_path: Path) -> None:
    dates, roster = tmp_path / "dates.txt", tmp_path / "roster.jsonl"
    dates.write_bytes(MARK + b"2026-01-09\r\n")
    roster.write_bytes(MARK + b'{"game_date": "2026-01-09", "player_lookup": "a"}\r\n')
    day = date(2026, 1, 9)
    assert read_dates(dates) == (day,)
    assert read_roster(roster, [day]).players == ((day, "a"),)


def test_a_file_that_is_not_there_is_named_once(tmp_path: Path) -> None:
    with pytest.raises(UsageError) as refused:
        read_roster(tmp_path / "nobody.jsonl", [date(2026, 1, 9)])
    assert str(refused.value) == f"The roster {tmp_path / 'nobody.jsonl'} cannot be read: no such file or directory."
