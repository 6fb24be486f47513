"""`prop-quality watch`: for a scheduler, every 15 minutes."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import click

from prop_quality.cli import now_option, timeout_option
from prop_quality.commands.outputs import output_options
from prop_quality.commands.progress import Progress


@click.command(short_help="For a scheduler: are there games, a batch, a fresh write, a checkpoint that ran?")
@timeout_option
@output_options
@now_option
def watch(timeout: float, json_file: Path | None, site: Path | None, no_site: bool, now: datetime) -> int:
    """Notice silence: today and tomorrow (US Eastern), is there a batch for the games, is it fresh, was it checked?"""
    from prop_quality.api import watch_run
    from prop_quality.deliver import Outputs, deliver
    from prop_quality.settings import Settings

    settings = Settings.load()
    with Progress() as progress:
        verdict = watch_run(settings=settings, now=now, timeout_seconds=timeout, progress=progress).verdict()
    return int(deliver(verdict, settings, Outputs(json_file, None, site, no_site=no_site)))
