"""Ranges and lists of game dates, as people give them."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

from prop_quality.errors import UsageError

MAX_DATES = 3_660


def dates_between(first: date, last: date) -> tuple[date, ...]:
    """All dates from `first` to `last`, both included.

    Raises:
        UsageError: the range ends before it starts, or is longer than one run takes.
    """
    if last < first:
        raise UsageError(f"The range ends on {last}, before it starts on {first}.")
    count = (last - first).days + 1
    if count > MAX_DATES:
        raise UsageError(f"{count:,} dates are more than the {MAX_DATES:,} of one run; split the range.")
    return tuple(first + timedelta(days=n) for n in range(count))


def read_dates(path: Path) -> tuple[date, ...]:
    """The dates in a file, one a line; empty lines and lines that begin with # do not count.

    Raises:
        UsageError: unreadable, or a line is no date; the message names the line.
    """
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(f"{path} cannot be read: {error}.") from error
    found = []
    for number, line in enumerate(lines, start=1):
        text = line.strip()
        if text and not text.startswith("#"):
            try:
                found.append(date.fromisoformat(text))
            except ValueError:
                raise UsageError(f"{path.name}, line {number}: {text!r:.40} is no date like 2026-01-09.") from None
    if not found:
        raise UsageError(f"{path.name} names no date.")
    return tuple(sorted(set(found)))
