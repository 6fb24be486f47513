"""Data files that people write by hand, in YAML: each wrong value is one sentence that names its place and field."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import yaml

from prop_quality.errors import UsageError
from prop_quality.fields import described


class Entry:
    """One mapping of a data file, read field by field.

    Raises:
        UsageError: it is no mapping, lacks a required field, or has one that nobody knows.
    """

    def __init__(self, data: Any, where: str, required: Sequence[str], optional: Sequence[str] = ()) -> None:
        self._where = where
        if not isinstance(data, dict):
            raise self.error(f"it must have the fields {', '.join(required)}")
        for name in data:
            if name not in (*required, *optional):
                raise self.error(f"{name!r:.80} is no field; the fields are {', '.join((*required, *optional))}")
        for name in required:
            if data.get(name) is None:
                raise self.error(f"{name} is missing; say it, or take the entry out")
        self._data: Mapping[str, Any] = data

    def error(self, what: str) -> UsageError:
        """The error that says `what` is wrong, and where."""
        return UsageError(f"{self._where}: {what}.")

    def text(self, name: str) -> str:
        """A text that is not blank."""
        value = self._data.get(name)
        if not isinstance(value, str) or not value.strip():
            raise self._wrong(name, "a text")
        return value.strip()

    def optional_text(self, name: str) -> str | None:
        """A text that is not blank; None where the field was left out."""
        return self.text(name) if name in self._data else None

    def day(self, name: str) -> date:
        """A date."""
        value = self._data.get(name)
        if type(value) is not date:
            raise self._wrong(name, "a date like 2026-01-09")
        return value

    def number(self, name: str, low: float, high: float) -> float:
        """A number from `low` to `high`."""
        value = self._data.get(name)
        if isinstance(value, bool) or not isinstance(value, int | float) or not low <= value <= high:
            raise self._wrong(name, f"a number from {low:g} to {high:g}")
        return float(value)

    def count(self, name: str, low: int, high: int) -> int:
        """A whole number from `low` to `high`."""
        value = self.number(name, low, high)
        if value != int(value):
            raise self._wrong(name, "a whole number")
        return int(value)

    def entry(self, name: str, required: Sequence[str], optional: Sequence[str] = ()) -> Entry:
        """A mapping with fields of its own."""
        return Entry(self._data.get(name), f"{self._where}, {name}", required, optional)

    def entries(self, name: str, required: Sequence[str]) -> list[Entry]:
        """A list of such mappings, at least one."""
        return [Entry(one, f"{self._where}, {name} {i}", required) for i, one in enumerate(self._list(name), start=1)]

    def optional_entries(self, name: str, required: Sequence[str]) -> list[Entry]:
        """The same; empty where the field was left out."""
        return self.entries(name, required) if name in self._data else []

    def texts(self, name: str) -> tuple[str, ...]:
        """A list of texts, at least one, none twice."""
        found = self._list(name)
        if not all(isinstance(one, str) and one.strip() for one in found):
            raise self._wrong(name, "a list of texts")
        twice = [one for one, times in Counter(found).items() if times > 1]
        if twice:
            raise self.error(f"{name} names {twice[0]} twice")
        return tuple(found)

    def names(self, name: str) -> tuple[str, ...]:
        """The keys of a mapping that people name as they need."""
        value = self._data.get(name)
        if not isinstance(value, dict) or not all(isinstance(key, str) for key in value):
            raise self._wrong(name, "a mapping of names")
        return tuple(value)

    def _list(self, name: str) -> list[Any]:
        value = self._data.get(name)
        if not isinstance(value, list) or not value:
            raise self._wrong(name, "a list with something in it")
        return value

    def _wrong(self, name: str, what: str) -> UsageError:
        return self.error(f"{name} {described(self._data.get(name))}; it must be {what}")


class _Loader(yaml.SafeLoader):
    """Plain values only; a key that stands twice is refused, and a day that no calendar has stays a text."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        counted = Counter(key.value for key, _ in node.value if isinstance(key, yaml.ScalarNode))
        twice = [key for key, times in counted.items() if times > 1]
        if twice:
            raise yaml.constructor.ConstructorError(None, None, f"{twice[0]} stands twice", node.start_mark)
        return super().construct_mapping(node, deep)

    def construct_yaml_timestamp(self, node: yaml.ScalarNode) -> Any:
        try:
            return super().construct_yaml_timestamp(node)
        except (ValueError, OverflowError):
            return self.construct_scalar(node)


_Loader.add_constructor("tag:yaml.org,2002:timestamp", _Loader.construct_yaml_timestamp)
# Beside its own errors the library lets those of Python's constructors through: `!!bool maybe` is a KeyError.
_NO_YAML = (yaml.YAMLError, ValueError, LookupError, TypeError, AttributeError, OverflowError, RecursionError)


def read_yaml(path: Path) -> Any:
    """The content of a YAML file; aliases are refused, because a few lines of them grow to any size.

    Raises:
        UsageError: absent, unreadable, not UTF-8 or not YAML.
    """
    try:
        text = path.read_text(encoding="utf-8")
        for event in yaml.parse(text, Loader=yaml.SafeLoader):
            if isinstance(event, yaml.AliasEvent):
                raise UsageError(f"{path.name}: *{event.anchor} is an alias; write the value out.")
        return yaml.load(text, Loader=_Loader)  # noqa: S506 - a safe loader, made stricter
    except (OSError, *_NO_YAML) as error:
        said = " ".join(str(error).split()) or type(error).__name__
        raise UsageError(f"{path.name} cannot be read as YAML: {said:.300}.") from error
