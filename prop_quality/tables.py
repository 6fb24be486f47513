"""Table names as validated values, so that none reaches a statement unchecked."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from prop_quality.errors import UsageError

_PROJECT = re.compile(r"(?:[a-z0-9.-]{1,100}:)?[a-z][a-z0-9-]{4,28}[a-z0-9]")
_DATASET = re.compile(r"[A-Za-z0-9_]{1,1024}")
_TABLE = re.compile(r"[A-Za-z0-9_-]{1,1024}")

# Types that serve alike, by their names in metadata and in SQL.
TYPE_FAMILIES: Mapping[str, frozenset[str]] = {
    "text": frozenset({"STRING"}),
    "date": frozenset({"DATE"}),
    "time": frozenset({"TIMESTAMP"}),
    "true or false": frozenset({"BOOL", "BOOLEAN"}),
    "number": frozenset({"NUMERIC", "BIGNUMERIC", "FLOAT", "FLOAT64", "INTEGER", "INT64"}),
}


@dataclass(frozen=True)
class TableRef:
    """`project.dataset.table` of BigQuery, each part of the letters that BigQuery allows there."""

    project: str
    dataset: str
    table: str

    @classmethod
    def parse(cls, text: str) -> TableRef:
        """Read `project.dataset.table`.

        Raises:
            UsageError: not three parts, or a part holds a letter that BigQuery does not allow there.
        """
        match text.rsplit(".", 2):
            case [project, dataset, table] if (
                _PROJECT.fullmatch(project) and _DATASET.fullmatch(dataset) and _TABLE.fullmatch(table)
            ):
                return cls(project, dataset, table)
        raise UsageError(f"{text!r} is not a table; write it as project.dataset.table.")

    @property
    def sql(self) -> str:
        """The name in backticks, as it stands in a statement."""
        return f"`{self}`"

    def __str__(self) -> str:
        return f"{self.project}.{self.dataset}.{self.table}"
