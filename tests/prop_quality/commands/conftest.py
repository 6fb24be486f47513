"""The command as a test runs it: in this process, against the embedded warehouse, with a state directory of its own."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from prop_quality.cli import run
from prop_quality.embedded import EmbeddedWarehouse
from prop_quality.season import Night
from prop_quality.settings import Settings
from prop_quality.verdict import Verdict, format_time
from tests.prop_quality.verdicts import read, valid
from tests.warehouse import environment_of, load_night


@dataclass(frozen=True)
class Done:
    """What a command did."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Verdict:
        """The valid verdict that standard output carries."""
        return valid(json.loads(self.out))


@dataclass(frozen=True)
class Prop:
    """`prop-quality` in this process."""

    warehouse: EmbeddedWarehouse
    settings: Settings
    folder: Path
    capsys: pytest.CaptureFixture[str]

    def __call__(self, *arguments: str | Path) -> Done:
        self.capsys.readouterr()
        code = run([str(argument) for argument in arguments])
        shown = self.capsys.readouterr()
        return Done(code, shown.out, shown.err)

    def load(self, *nights: Night) -> None:
        load_night(self.warehouse, self.settings, *nights)

    def event(self, night: Night, **changes: Any) -> tuple[str | Path, ...]:
        """The arguments that check the batch of a night, read a little after it."""
        path = self.folder / "event.json"
        path.write_text(json.dumps({**night.event, **changes}), encoding="utf-8")
        return ("check", "--event", path, "--now", format_time(night.now), "--no-site")

    def stored(self) -> list[Verdict]:
        """All stored verdicts, each valid, the oldest first."""
        return [read(path) for path in sorted((self.settings.state_dir / "results").glob("*/*.json"))]

    def queries(self) -> int:
        """How many queries the warehouse's own list holds."""
        return len(self.warehouse.query_jobs())


@pytest.fixture
def prop(
    warehouse: EmbeddedWarehouse,
    settings: Settings,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> Prop:
    for name, value in environment_of(warehouse, settings.state_dir).items():
        monkeypatch.setenv(name, value)
    return Prop(warehouse, settings, tmp_path, capsys)


def at(moment: datetime) -> Sequence[str]:
    """The option that sets the clock."""
    return ("--now", format_time(moment))


def by_id(verdict: Verdict) -> Mapping[str, str]:
    """Each check's outcome."""
    return {check.id: str(check.outcome) for check in verdict.checks}
