"""Game dates as people and programs give them: one, a range, a file of them."""

from __future__ import annotations

import re
from contextlib import suppress
from datetime import date, timedelta
from pathlib import Path

from prop_quality.errors import UsageError
from prop_quality.words import quoted

MAX_DATES = 3_660
_FIRST, _LAST = date(2000, 1, 1), date(2099, 12, 31)
# Python also reads 20260109 and 2026-W02-5, which are more often a slip than a date.
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)


def parse_day(value: object) -> date:
    """The date that a text like `2026-01-09` says.

    Raises:
        ValueError: another form, no date of the calendar, or a year before 2000 or after 2099; the message is a clause.
    """
    with suppress(ValueError):
        if isinstance(value, str) and _DAY.fullmatch(value) and _FIRST <= (day := date.fromisoformat(value)) <= _LAST:
            return day
    raise ValueError(f"{quoted(value)} is no date from {_FIRST.year} to {_LAST.year}; write it like 2026-01-09")


def dates_between(first: date, last: date) -> tuple[date, ...]:
    """All dates from `first` to `last`, both included.

    Raises:
        UsageError: the range ends before it starts, or is longer than one run takes.
    """
    if last < first:
        raise UsageError(f"The range ends on {last}, before it starts on {first}; exchange --from and --to.")
    count = (last - first).days + 1
    if count > MAX_DATES:
        raise UsageError(f"{count:,} dates are more than the {MAX_DATES:,} of one run; split the range.")
    return tuple(first + timedelta(days=n) for n in range(count))


def read_dates(path: Path) -> tuple[date, ...]:
    """The dates in a file, one a line; empty lines and lines that begin with # do not count.

    Raises:
        UsageError: unreadable, or a line is no date; the message names the line.
    """
    found = []
    for number, line in enumerate(read_lines(path, "The file of dates"), start=1):
        text = line.strip()
        if text and not text.startswith("#"):
            try:
                found.append(parse_day(text))
            except ValueError as error:
                raise UsageError(f"{path.name}, line {number}: {error}.") from None
    if not found:
        raise UsageError(f"{path.name} names no date; write one a line, like 2026-01-09.")
    return tuple(sorted(set(found)))


def read_lines(path: Path, what: str) -> list[str]:
    """The lines of a file that an operator gives, with or without a byte order mark.

    Raises:
        UsageError: unreadable; the message says `what` cannot be read, and why.
    """
    try:
        return path.read_text(encoding="utf-8-sig").splitlines()
    except UnicodeDecodeError as error:
        raise UsageError(f"{what} {path} is not UTF-8 text (byte {error.start + 1}); save it as UTF-8.") from error
    except OSError as error:
        raise UsageError(f"{what} {path} cannot be read: {(error.strerror or str(error)).lower()}.") from error
