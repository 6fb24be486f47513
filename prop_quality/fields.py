"""Typed reads of a JSON object from outside."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from prop_quality.errors import EventError
from prop_quality.verdict import parse_time
from prop_quality.words import quoted

# More players, rows or seconds than any batch has.
_MOST = 1_000_000_000


class Fields:
    """Typed reads of a JSON object that name the field when they refuse."""

    def __init__(self, data: Mapping[str, Any], prefix: str = "") -> None:
        self._data = data
        self._prefix = prefix

    def raw(self, name: str) -> Any:
        """The value as it came."""
        return self._data.get(name)

    def text(self, name: str) -> str | None:
        """A text that is not blank; None where it was left out, or is blank: some producers write an absent one so."""
        value = self.raw(name)
        if value is None or (isinstance(value, str) and not value.strip()):
            return None
        if not isinstance(value, str) or len(value) > 1024:
            raise EventError(f"{self._prefix}{name} {described(value)}; it must be a text of at most 1,024 characters.")
        # JSON can carry half a character, which no file and no screen can.
        return value.encode("utf-8", "replace").decode()

    def count(self, name: str) -> int | None:
        """A whole number of at least 0; None where it was left out."""
        value = self.number(name)
        if value is not None and value != int(value):
            raise EventError(f"{self._prefix}{name} is {value}; it must be a whole number.")
        return None if value is None else int(value)

    def share(self, name: str) -> float | None:
        """A percentage from 0 to 100; None where it was left out."""
        value = self.number(name)
        if value is not None and value > 100:
            raise EventError(f"{self._prefix}{name} is {value}; it must be a percentage from 0 to 100.")
        return value

    def number(self, name: str) -> float | None:
        """A number of at least 0; None where it was left out."""
        value = self.raw(name)
        if value is None:
            return None
        if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= _MOST:
            said = f"is the text {quoted(value)}" if isinstance(value, str) else described(value)
            raise EventError(f"{self._prefix}{name} {said}; it must be a number from 0 to {_MOST:,}.")
        return value

    def time(self, name: str) -> datetime:
        """A time; one without a zone is refused, because Eastern time read as UTC would move the batch by hours."""
        value = self.raw(name)
        try:
            return parse_time(str(value))
        except ValueError:
            raise EventError(
                f"{self._prefix}{name} {described(value)}; it must be a time with its zone, like 2026-01-17T04:36:16Z."
            ) from None

    def mapping(self, name: str) -> Mapping[str, Any]:
        """An object; empty where it was left out."""
        value = self.raw(name)
        if value is None:
            return {}
        if not isinstance(value, dict):
            raise EventError(f"{self._prefix}{name} {described(value)}; it must be an object.")
        return value


def described(value: object) -> str:
    """What is wrong with a value, as the middle of a sentence."""
    return "is missing" if value is None else f"is {quoted(value)}"
