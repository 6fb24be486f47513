"""The options that say where a verdict goes."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from prop_quality.cli import FOLDER, NamedPath


def output_options(command: Any) -> Any:
    """`--json`, `--site` and `--no-site`, of every command that decides a verdict."""
    options = (
        click.option(
            "--json",
            "json_file",
            type=NamedPath(dir_okay=False, allow_dash=True, path_type=Path),
            help="Write the verdict there.",
        ),
        click.option(
            "--site",
            type=FOLDER,
            help="Publish the site there; default: the state directory.",
        ),
        click.option("--no-site", is_flag=True, help="Publish no site."),
    )
    for option in reversed(options):
        command = option(command)
    return command
