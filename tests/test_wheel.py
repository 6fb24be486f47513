"""The wheel, in an empty environment and far from the checkout, does what the README says.

The environment gets what `pip install prop-quality` would give it, in the versions of the lock and checked by their
hashes; first for production alone, then with the extras of the demo.
"""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from types import MappingProxyType

import pytest

from prop_quality.embedded import EmbeddedWarehouse
from prop_quality.season import NightShape, clean_night
from prop_quality.settings import Settings

ROOT = Path(__file__).parents[1]
UV = Path(sys.executable).with_name("uv")
DEVELOPMENT = {"bqemulator", "duckdb", "sqlglot", "zetasql", "pytest", "hypothesis", "mypy", "playwright", "ruff"}


class Installation:
    """A virtual environment of its own, with an empty folder to work in."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.work = folder / "elsewhere"
        self.work.mkdir()
        self._run(sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", folder, cwd=ROOT)
        self.wheel = next(folder.glob("*.whl"))
        self._run(UV, "venv", "--quiet", "--python", sys.executable, folder / "env")

    def install(self, extras: str = "") -> None:
        digest = hashlib.sha256(self.wheel.read_bytes()).hexdigest()
        wanted = self.folder / "wanted.txt"
        wanted.write_text(f"prop-quality{extras} @ {self.wheel.as_uri()} --hash=sha256:{digest}\n")
        lock = ("--constraint", ROOT / "requirements.lock", "--require-hashes", "-r", wanted)
        self._run(UV, "pip", "install", "--quiet", "--python", self.folder / "env/bin/python", *lock)

    def distributions(self) -> set[str]:
        code = "from importlib.metadata import distributions; print(*(d.name.lower() for d in distributions()))"
        return set(self._run(self.folder / "env/bin/python", "-c", code).stdout.split())

    def command(self, *arguments: str, ends: int = 0, **variables: str) -> subprocess.CompletedProcess[str]:
        return self._run(self.folder / "env/bin/prop-quality", *arguments, variables=variables, ends=ends)

    def _run(
        self,
        *command: str | Path,
        cwd: Path | None = None,
        variables: Mapping[str, str] = MappingProxyType({}),
        ends: int = 0,
    ) -> subprocess.CompletedProcess[str]:
        kept = {name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "VIRTUAL_ENV"))}
        done = subprocess.run(
            [str(part) for part in command],
            cwd=cwd or self.work,
            env={**kept, **variables},
            capture_output=True,
            text=True,
            timeout=240,
            check=False,
        )
        assert done.returncode == ends, f"{command} ended with {done.returncode}:\n{done.stdout}\n{done.stderr}"
        return done


@pytest.fixture(scope="module")
def installation(tmp_path_factory: pytest.TempPathFactory) -> Installation:
    return Installation(tmp_path_factory.mktemp("wheel"))


def test_the_wheel_checks_a_batch_in_production_and_runs_the_demo_with_its_extras(installation: Installation) -> None:
    installation.install()
    assert "prop-quality" in installation.distributions()
    assert not DEVELOPMENT & installation.distributions()
    checks_a_batch(installation)
    says_what_to_install(installation)
    installation.install("[embedded,site]")
    runs_the_demo(installation)


def checks_a_batch(installation: Installation) -> None:
    night = clean_night(NightShape(seed=1, game_date=date(2026, 1, 20)))
    event = installation.work / "event.json"
    event.write_text(json.dumps(night.event))
    settings = Settings.load({})
    with EmbeddedWarehouse() as warehouse:
        warehouse.create_contract_tables()
        warehouse.load(str(settings.table), night.rows)
        warehouse.load(str(settings.context_table), night.context_rows)
        checked = installation.command(
            *("check", "--event", "event.json", "--json", "verdict.json", "--now", night.now.isoformat()),
            BIGQUERY_EMULATOR_HOST=warehouse.endpoint,
        )
    verdict = json.loads((installation.work / "verdict.json").read_text())
    assert (verdict["verdict"], verdict["rows_examined"]) == ("passed", len(night.rows))
    assert night.game_date.isoformat() in checked.stdout
    assert (installation.work / ".prop-quality/site/index.html").is_file()


def says_what_to_install(installation: Installation) -> None:
    said = installation.command("sql", "check", ends=3).stderr
    assert said == (
        "Error: The SQL gate needs Google's analyzer, which is not installed; run pip install 'prop-quality[sql]'.\n"
    )


def runs_the_demo(installation: Installation) -> None:
    shown = installation.command("demo").stdout
    assert "6 of 6 incidents caught, 4 of 4 ordinary nights passed" in shown
    assert len(list((installation.work / ".prop-quality/results").rglob("*.json"))) == 11
