"""What a Python caller gives; what it should not be is refused in one sentence that names it."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

from prop_quality.errors import UsageError
from prop_quality.settings import MAX_TIMEOUT_SECONDS
from prop_quality.words import quoted


@dataclass(frozen=True)
class Common:
    """What every run may be told; see `prop_quality.api.check_batch`."""

    now: datetime
    roster: Path | str | None = None
    expect_revision: str | None = None
    timeout_seconds: float | None = None
    progress: Callable[[str], None] = lambda _: None

    def __post_init__(self) -> None:
        moment("now", self.now)
        if self.roster is not None and not isinstance(self.roster, str | os.PathLike):
            raise UsageError(f"roster is {quoted(self.roster)}; give the path of a file.")
        if self.expect_revision is not None:
            name("expect_revision", self.expect_revision)
        if self.timeout_seconds is not None:
            seconds("timeout_seconds", self.timeout_seconds)
        if not callable(self.progress):
            raise UsageError(f"progress is {quoted(self.progress)}; give a function that takes a text.")


def moment(argument: str, value: Any) -> None:
    """Refuse what is no time, and a time without a zone: nobody can say which moment it is."""
    if not isinstance(value, datetime):
        raise UsageError(f"{argument} is {quoted(value)}; give a datetime with its time zone.")
    if value.utcoffset() is None:
        raise UsageError(f"{argument} is {value.isoformat()}, without a time zone; give it one, such as UTC.")


def name(argument: str, value: Any) -> None:
    """Refuse what names nothing: a text that is empty by accident would switch a check off unseen."""
    if not isinstance(value, str) or not value.strip():
        raise UsageError(f"{argument} is {quoted(value)}, which names nothing; give a name, or leave it out.")


def seconds(argument: str, value: Any) -> None:
    """Refuse what is no number of seconds over 0, or more than a day."""
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 < value <= MAX_TIMEOUT_SECONDS:
        said = f"give a number of seconds over 0, at most {MAX_TIMEOUT_SECONDS:,}"
        raise UsageError(f"{argument} is {quoted(value)}; {said}.")


def days(argument: str, value: Any) -> tuple[date, ...]:
    """Game dates, each once, in order."""
    found = _several(argument, value, "datetime.date")
    for day in found:
        # A datetime is a date too, but on which side of midnight?
        if not isinstance(day, date) or isinstance(day, datetime):
            raise UsageError(f"{argument} holds {quoted(day)}; give each as a datetime.date.")
    return tuple(sorted(set(found)))


def names(argument: str, value: Any) -> tuple[str, ...]:
    """Names, each once, in the order in which they came."""
    found = _several(argument, value, "names")
    for one in found:
        name(argument, one)
    return tuple(dict.fromkeys(found))


def _several(argument: str, value: Any, what: str) -> list[Any]:
    """The things given; one text is not several letters."""
    if isinstance(value, str | bytes) or not isinstance(value, Iterable):
        raise UsageError(f"{argument} is {quoted(value)}; give a list of {what}.")
    return list(value)
