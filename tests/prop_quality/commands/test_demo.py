"""The demo runs the same wherever it is started: what this installation watches is no part of it."""

from __future__ import annotations

from pathlib import Path

import pytest

from prop_quality.commands.demo import BOOK_LINES, settings_of
from prop_quality.settings import Settings
from tests.warehouse import CONTEXT, PREDICTIONS

ENDPOINT = "http://127.0.0.1:9050"
CONFIGURED = """\
PROP_QUALITY_TABLE: my-project.predictions.props
PROP_QUALITY_CONTEXT_TABLE: my-project.analytics.players
PROP_QUALITY_BOOK_LINES_TABLE: my-project.raw.lines
PROP_QUALITY_LOCATION: EU
PROP_QUALITY_MAX_BYTES_BILLED: 1
PROP_QUALITY_STATE_DIR: kept
"""


@pytest.fixture
def installation(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A working directory whose `gx/` names tables of its own."""
    (tmp_path / "gx").mkdir()
    (tmp_path / "gx" / "great_expectations.yml").write_text("config_version: 4.0\n", encoding="utf-8")
    (tmp_path / "gx" / "config_variables.yml").write_text(CONFIGURED, encoding="utf-8")
    monkeypatch.chdir(tmp_path)


def tables(settings: Settings) -> tuple[str, ...]:
    return tuple(map(str, (settings.table, settings.context_table, settings.book_lines_table)))


@pytest.mark.usefixtures("installation")
def test_a_configured_installation_shows_the_demos_tables_in_its_own_state_directory() -> None:
    settings = settings_of(ENDPOINT)
    assert tables(settings) == (PREDICTIONS, CONTEXT, BOOK_LINES)
    assert (settings.location, settings.max_bytes_billed) == ("us-west2", 1024**3)
    assert (settings.emulator_host, settings.state_dir) == (ENDPOINT, Path("kept"))


@pytest.mark.usefixtures("installation")
def test_of_the_environment_the_demo_takes_the_state_directory_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PROP_QUALITY_STATE_DIR", "elsewhere")
    monkeypatch.setenv("PROP_QUALITY_TABLE", "no table at all")
    monkeypatch.setenv("BIGQUERY_EMULATOR_HOST", "http://127.0.0.1:1")
    settings = settings_of(ENDPOINT)
    assert settings.state_dir == Path("elsewhere")
    assert tables(settings) == (PREDICTIONS, CONTEXT, BOOK_LINES)
    assert settings.emulator_host == ENDPOINT
