"""Where the data is and where this installation keeps its state: the one module that reads the environment.

A setting comes from the environment, else from `gx/config_variables.yml`, else from its default here.
"""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from prop_quality.errors import SettingsError, UsageError
from prop_quality.tables import TableRef

PREFIX = "PROP_QUALITY_"
EMULATOR_VARIABLE = "BIGQUERY_EMULATOR_HOST"
# All that one run may wait for the warehouse: with imports and writing it ends within a minute.
DEFAULT_TIMEOUT_SECONDS = 45.0
MAX_TIMEOUT_SECONDS = 86_400
VARIABLES_FILE = "config_variables.yml"


@dataclass(frozen=True)
class Setting:
    """One setting: its variable, its default as a person would write it (None: unset), and what it means."""

    variable: str
    default: str | None
    meaning: str


SETTINGS = (
    Setting(
        "PROP_QUALITY_TABLE",
        "nba-props-platform.nba_predictions.player_prop_predictions",
        "`project.dataset.table` of the predictions",
    ),
    Setting(
        "PROP_QUALITY_CONTEXT_TABLE",
        "nba-props-platform.nba_analytics.upcoming_player_game_context",
        "`project.dataset.table` that the expected players come from",
    ),
    Setting(
        "PROP_QUALITY_BOOK_LINES_TABLE",
        None,
        "table of real book lines that may clear a 20.0 line; unset: nothing clears it but a waiver",
    ),
    Setting("PROP_QUALITY_LOCATION", "us-west2", "BigQuery location"),
    Setting("PROP_QUALITY_STATE_DIR", "./.prop-quality", "results, site and outbox of this installation"),
    Setting(
        "PROP_QUALITY_MAX_BYTES_BILLED",
        str(1024**3),
        "cap put on every job, in bytes; over it the run is inconclusive, never failed",
    ),
)


@dataclass(frozen=True)
class Settings:
    """All settings of one run, validated."""

    table: TableRef
    context_table: TableRef
    book_lines_table: TableRef | None
    location: str
    state_dir: Path
    max_bytes_billed: int
    emulator_host: str | None
    gx_directory: Path

    @classmethod
    def load(cls, environment: Mapping[str, str] | None = None) -> Settings:
        """Read the settings from `environment` (default: the process's own) and `gx/`.

        Raises:
            SettingsError: an unknown or malformed setting; the message names the variable.
        """
        environment = os.environ if environment is None else environment
        gx_directory = find_gx_directory()
        known = {setting.variable: setting.default for setting in SETTINGS}
        given = {name: value for name, value in environment.items() if name.startswith(PREFIX)}
        for name in given:
            if name not in known:
                raise SettingsError(f"{name} is no setting of prop-quality; the settings are {', '.join(known)}.")
        values = known | _from_file(gx_directory / VARIABLES_FILE, known) | {k: v for k, v in given.items() if v}
        book_lines = values["PROP_QUALITY_BOOK_LINES_TABLE"]
        return cls(
            table=_table(values, "PROP_QUALITY_TABLE"),
            context_table=_table(values, "PROP_QUALITY_CONTEXT_TABLE"),
            book_lines_table=_table(values, "PROP_QUALITY_BOOK_LINES_TABLE") if book_lines else None,
            location=_location(values["PROP_QUALITY_LOCATION"] or ""),
            state_dir=_folder(values["PROP_QUALITY_STATE_DIR"] or ""),
            max_bytes_billed=_bytes(values["PROP_QUALITY_MAX_BYTES_BILLED"] or ""),
            emulator_host=_emulator(environment.get(EMULATOR_VARIABLE)),
            gx_directory=gx_directory,
        )


def cache_directory(environment: Mapping[str, str] | None = None) -> Path:
    """Where what can be made again is kept for later runs of this user, as the XDG specification says."""
    environment = os.environ if environment is None else environment
    home = environment.get("XDG_CACHE_HOME", "")
    return (Path(home) if Path(home).is_absolute() else Path("~/.cache").expanduser()) / "prop-quality"


def find_gx_directory() -> Path:
    """The folder with `great_expectations.yml`: `./gx`, else the one that travels with the package."""
    package = Path(__file__).parent
    for folder in (Path("gx"), package / "_gx", package.parent / "gx"):
        if (folder / "great_expectations.yml").is_file():
            return folder
    raise SettingsError(f"No great_expectations.yml in ./gx nor beside the package in {package}; reinstall it.")


def _from_file(path: Path, known: Mapping[str, str | None]) -> dict[str, str]:
    if not path.is_file():
        return {}
    try:
        content: Any = yaml.safe_load(path.read_text(encoding="utf-8")) or {}
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise SettingsError(f"{path} cannot be read as YAML: {_why(error)}.") from error
    if not isinstance(content, dict):
        raise SettingsError(f"{path} must map setting names to values.")
    found = {}
    for name, value in content.items():
        if str(name).startswith(PREFIX):
            if name not in known:
                raise SettingsError(f"{path} sets {name}, which is no setting; the settings are {', '.join(known)}.")
            if value not in (None, ""):
                found[str(name)] = str(value)
    return found


def _why(error: Exception) -> str:
    """What is wrong with a file, without the lines around it: Great Expectations keeps passwords there."""
    if isinstance(error, yaml.MarkedYAMLError) and error.problem_mark is not None:
        return f"line {error.problem_mark.line + 1}, column {error.problem_mark.column + 1}"
    return (
        "it is no UTF-8" if isinstance(error, UnicodeDecodeError) else getattr(error, "strerror", "") or "it is no YAML"
    )


def _table(values: Mapping[str, str | None], variable: str) -> TableRef:
    try:
        return TableRef.parse(values[variable] or "")
    except UsageError as error:
        raise SettingsError(f"{variable}: {error}") from error


def _bytes(text: str) -> int:
    if not text.isascii() or not text.isdigit() or int(text) == 0:
        raise SettingsError(f"PROP_QUALITY_MAX_BYTES_BILLED is {text!r}; write a whole number of bytes above 0.")
    return int(text)


def _location(text: str) -> str:
    if not re.fullmatch(r"[A-Za-z0-9-]{1,64}", text):
        raise SettingsError(f"PROP_QUALITY_LOCATION is {text!r}; write a BigQuery location like us-west2 or EU.")
    return text


def _folder(text: str) -> Path:
    if "\0" in text:
        raise SettingsError("PROP_QUALITY_STATE_DIR holds a NUL; write the path of a folder.")
    return Path(text)


def _emulator(host: str | None) -> str | None:
    if not host:
        return None
    address = host if "://" in host else f"http://{host}"
    if not re.fullmatch(r"https?://[^\s/@?#]+(/[^\s?#]*)?", address):
        raise SettingsError(
            f"{EMULATOR_VARIABLE} is no plain address; write it like http://127.0.0.1:9050, with no login and no query."
        )
    return address
