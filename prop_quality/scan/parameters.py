"""Query parameters: how every value from outside reaches the warehouse."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from itertools import pairwise
from typing import Any

ERAS = "ARRAY<STRUCT<from_date DATE, until_date DATE, system_id STRING>>"
GROUPS = "ARRAY<STRUCT<check_id STRING, game_date DATE, system_id STRING>>"
SNAPSHOTS = "ARRAY<STRUCT<game_date DATE, taken_at TIMESTAMP>>"


@dataclass(frozen=True)
class Parameter:
    """One value with its BigQuery type, written as in `CAST(NULL AS type)`."""

    type: str
    value: Any


@dataclass(frozen=True)
class Statement:
    """A statement with named parameters (`@name`), exactly those that its text uses."""

    sql: str
    parameters: Mapping[str, Parameter] = field(default_factory=dict)

    def with_literals(self) -> str:
        """The same statement with every parameter written out, for a person to paste."""
        import re

        def replace(match: re.Match[str]) -> str:
            parameter = self.parameters.get(match[1])
            return match[0] if parameter is None else literal(parameter.value, parameter.type)

        return re.sub(r"@(\w+)", replace, self.sql)


def literal(value: Any, type_: str) -> str:
    """`value` as a BigQuery literal of `type_`; texts are escaped, so that no value can end its quotes."""
    if value is None:
        return f"CAST(NULL AS {type_})"
    if type_ == "ARRAY<DATE>" and _consecutive(value):
        return f"GENERATE_DATE_ARRAY({_scalar(value[0])}, {_scalar(value[-1])})"
    if type_.startswith("ARRAY<"):
        inner = type_[len("ARRAY<") : -1]
        if inner == "DATE":  # a typed array takes texts for dates, which is half as long
            return f"{type_}[{', '.join(repr(str(day)) for day in value)}]"
        return f"ARRAY<{inner}>[{', '.join(literal(item, inner) for item in value)}]"
    if type_.startswith("STRUCT<"):
        fields = [part.rsplit(" ", 1)[1] for part in type_[len("STRUCT<") : -1].split(", ")]
        return f"({', '.join(literal(item, kind) for item, kind in zip(value.values(), fields, strict=True))})"
    return _scalar(value)


def _consecutive(days: Any) -> bool:
    """Whether the dates are so many days in a row that naming each would only be long."""
    return len(days) > 3 and all(second - first == timedelta(days=1) for first, second in pairwise(days))


def _scalar(value: Any) -> str:
    if isinstance(value, bool):
        return str(value).upper()
    if isinstance(value, datetime):
        return f"TIMESTAMP '{value.isoformat()}'"
    if isinstance(value, date):
        return f"DATE '{value.isoformat()}'"
    if isinstance(value, int | float):
        return repr(value)
    return "'" + "".join(_escape(letter) for letter in str(value)) + "'"


def _escape(letter: str) -> str:
    if letter in "\\'\"`":
        return "\\" + letter
    return letter if letter.isprintable() else f"\\U{ord(letter):08x}"
