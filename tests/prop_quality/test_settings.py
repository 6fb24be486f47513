"""Settings come from the environment, else from gx/, else from their defaults; what is wrong names the variable."""

from __future__ import annotations

from pathlib import Path

import pytest

from prop_quality.errors import SettingsError
from prop_quality.settings import SETTINGS, Settings

VARIABLES = "gx/config_variables.yml"


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with a `gx/` of its own, which is the working directory."""
    (tmp_path / "gx").mkdir()
    (tmp_path / "gx" / "great_expectations.yml").write_text("config_version: 4.0\n", encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.usefixtures("project")
def test_with_nothing_set_every_setting_has_the_documented_default() -> None:
    settings = Settings.load({})
    assert str(settings.table) == "nba-props-platform.nba_predictions.player_prop_predictions"
    assert str(settings.context_table) == "nba-props-platform.nba_analytics.upcoming_player_game_context"
    assert settings.book_lines_table is None
    assert settings.location == "us-west2"
    assert settings.state_dir == Path(".prop-quality")
    assert settings.max_bytes_billed == 1024**3
    assert settings.emulator_host is None


def test_the_environment_wins_over_gx(project: Path) -> None:
    (project / VARIABLES).write_text("PROP_QUALITY_LOCATION: EU\nPROP_QUALITY_STATE_DIR: here\n", encoding="utf-8")
    settings = Settings.load({"PROP_QUALITY_LOCATION": "US"})
    assert settings.location == "US"
    assert settings.state_dir == Path("here")


def test_an_empty_variable_is_one_that_is_not_set(project: Path) -> None:
    (project / VARIABLES).write_text("PROP_QUALITY_LOCATION: EU\n", encoding="utf-8")
    assert Settings.load({"PROP_QUALITY_LOCATION": ""}).location == "EU"


@pytest.mark.usefixtures("project")
def test_an_emulator_without_a_scheme_is_reached_by_http() -> None:
    assert Settings.load({"BIGQUERY_EMULATOR_HOST": "127.0.0.1:9050"}).emulator_host == "http://127.0.0.1:9050"


@pytest.mark.usefixtures("project")
@pytest.mark.parametrize(
    ("variable", "value"),
    [
        ("PROP_QUALITY_TABEL", "a.b.c"),
        ("PROP_QUALITY_TABLE", "player_prop_predictions"),
        ("PROP_QUALITY_TABLE", "nba-props-platform.nba.x` WHERE TRUE --"),
        ("PROP_QUALITY_CONTEXT_TABLE", "a.b"),
        ("PROP_QUALITY_BOOK_LINES_TABLE", "x"),
        ("PROP_QUALITY_LOCATION", "us west"),
        ("PROP_QUALITY_MAX_BYTES_BILLED", "1 GiB"),
        ("PROP_QUALITY_MAX_BYTES_BILLED", "0"),
        ("PROP_QUALITY_MAX_BYTES_BILLED", "-5"),
        ("PROP_QUALITY_MAX_BYTES_BILLED", "²"),
        ("PROP_QUALITY_STATE_DIR", "a\0b"),
        ("BIGQUERY_EMULATOR_HOST", "ftp://host"),
        ("BIGQUERY_EMULATOR_HOST", "http://"),
        ("BIGQUERY_EMULATOR_HOST", "http://127.0.0.1:9050/?key=s3cret"),
        ("BIGQUERY_EMULATOR_HOST", "http://user:s3cret@127.0.0.1:9050"),
        ("BIGQUERY_EMULATOR_HOST", "user:s3cret@127.0.0.1:9050"),
    ],
)
def test_an_unknown_or_malformed_value_names_its_variable(variable: str, value: str) -> None:
    with pytest.raises(SettingsError) as refused:
        Settings.load({variable: value})
    assert variable in str(refused.value)
    assert "\n" not in str(refused.value)
    assert "s3cret" not in str(refused.value)


def test_a_file_that_cannot_be_read_is_not_shown_because_passwords_are_kept_there(project: Path) -> None:
    (project / VARIABLES).write_text("db_password: s3cret: oh\n", encoding="utf-8")
    with pytest.raises(SettingsError) as refused:
        Settings.load({})
    assert str(refused.value).endswith("config_variables.yml cannot be read as YAML: line 1, column 20.")


@pytest.mark.parametrize(
    ("content", "names"),
    [
        ("PROP_QUALITY_TABEL: x", "PROP_QUALITY_TABEL"),
        ("[1, 2]", "config_variables.yml"),
        ("a: b: c", "config_variables.yml"),
        ("PROP_QUALITY_MAX_BYTES_BILLED: many", "PROP_QUALITY_MAX_BYTES_BILLED"),
    ],
)
def test_a_wrong_file_in_gx_is_named(project: Path, content: str, names: str) -> None:
    (project / VARIABLES).write_text(content, encoding="utf-8")
    with pytest.raises(SettingsError, match=names):
        Settings.load({})


def test_the_settings_page_lists_every_setting_with_its_default() -> None:
    page = Path("docs/settings.md").read_text(encoding="utf-8")
    for setting in SETTINGS:
        assert f"| `{setting.variable}` | {setting.meaning} | " in page
        assert setting.default is None or f"`{setting.default}`" in page
    assert "`BIGQUERY_EMULATOR_HOST`" in page


def test_the_configuration_that_is_shipped_names_every_setting_and_sets_none() -> None:
    text = Path(VARIABLES).read_text(encoding="utf-8")
    assert all(f"# {setting.variable}: " in text for setting in SETTINGS)
    assert Settings.load({}) == Settings.load(dict.fromkeys(("PROP_QUALITY_TABLE", "PROP_QUALITY_LOCATION"), ""))
