"""One case as data: a small clean night, changes to it, and what the check must say.

A file of cases is named after its check, and says below `cases/README.md` what each key means.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from datetime import date
from pathlib import Path
from typing import Any, Self

import yaml

FOLDER = Path(__file__).parent / "cases"


@dataclass(frozen=True)
class Change:
    """One change to the rows of a night; `rows` are the values that the changed rows have."""

    table: str = "predictions"
    rows: Mapping[str, Any] = field(default_factory=dict)
    players: int | None = None
    take: int | None = None
    set: Mapping[str, Any] = field(default_factory=dict)
    copies: int = 0
    drop: bool = False

    @classmethod
    def read(cls, data: Mapping[str, Any]) -> Self:
        """A change from its mapping in the file."""
        return cls(**_known(cls, data))


@dataclass(frozen=True)
class Expected:
    """What the check must say; what is None is not compared."""

    outcome: str
    severity: str | None = None
    failing_rows: int | None = None
    rows_examined: int | None = None
    reason: str | None = None
    cleared: int | None = None
    shown: int | None = None


@dataclass(frozen=True)
class Case:
    """One case of one check."""

    check: str
    name: str
    expect: Expected
    about: str = ""
    checkpoint: str = "after_batch"
    night: Mapping[str, Any] = field(default_factory=dict)
    other_nights: tuple[Mapping[str, Any], ...] = ()
    columns: Mapping[str, str | None] = field(default_factory=dict)
    changes: tuple[Change, ...] = ()
    event: Mapping[str, Any] = field(default_factory=dict)
    run: Mapping[str, Any] = field(default_factory=dict)
    limits: Mapping[str, Any] = field(default_factory=dict)
    waivers: tuple[Mapping[str, Any], ...] = ()
    book_lines: bool = False

    @classmethod
    def read(cls, check: str, name: str, data: Mapping[str, Any]) -> Self:
        """A case from its mapping in the file."""
        values = _known(cls, data)
        values["expect"] = Expected(**_known(Expected, values["expect"]))
        values["changes"] = tuple(Change.read(one) for one in values.get("changes", ()))
        for key in ("other_nights", "waivers"):
            values[key] = tuple(values.get(key, ()))
        return cls(check=check, name=name, **values)

    @property
    def kind(self) -> str:
        """`pass`, `fail`, `threshold`, `nothing` or `skip`: the second word of the name."""
        return self.name.split("_")[1]

    def __str__(self) -> str:
        return f"{self.check}-{self.name.removeprefix('test_')}"


def cases_of(path: Path) -> list[Case]:
    """The cases of one file, each with the night that the file's own `night` describes unless it says otherwise."""
    content: Mapping[str, Any] = yaml.safe_load(path.read_text(encoding="utf-8"))
    shared = content.get("night", {})
    cases = []
    for name, data in content.items():
        if name != "night":
            assert name.startswith("test_"), f"{path.name}: {name} is neither `night` nor a case"
            cases.append(Case.read(path.stem, name, data | {"night": shared | data.get("night", {})}))
    return cases


def all_cases() -> list[Case]:
    """The cases of all files."""
    return [case for path in sorted(FOLDER.glob("*.yml")) for case in cases_of(path)]


def as_date(value: date | str) -> date:
    """A date as YAML gives it, quoted or not."""
    return value if isinstance(value, date) else date.fromisoformat(value)


def _known(cls: type, data: Mapping[str, Any]) -> dict[str, Any]:
    unknown = set(data) - {one.name for one in fields(cls)}
    assert not unknown, f"{cls.__name__.lower()} has no key {', '.join(sorted(unknown))}"
    return dict(data)
