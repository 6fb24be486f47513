"""`prop-quality roster snapshot`: keep the expected players of a date as they are now."""

from __future__ import annotations

from datetime import date, datetime

import click

from prop_quality.cli import now_option, timeout_option
from prop_quality.commands.check import Day


@click.group(short_help="Keep the expected players of a date.")
def roster() -> None:
    """The expected players of a date."""


@roster.command(short_help="Store the expected players of a date, at the batch start.")
@click.option("--game-date", type=Day(), required=True, help="The game date.")
@timeout_option
@now_option
def snapshot(game_date: date, timeout: float, now: datetime) -> None:
    """Store who is expected to play, as the context table says now; `check` prefers it over the table afterwards."""
    from prop_quality.api import snapshot_roster
    from prop_quality.settings import Settings

    path, players = snapshot_roster(game_date, settings=Settings.load(), now=now, timeout_seconds=timeout)
    click.echo(f"{players} players of {game_date} stored in {path}")
