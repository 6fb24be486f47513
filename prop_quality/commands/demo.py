"""`prop-quality demo`: a season of batches on an embedded BigQuery, the checkpoint after each."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click

from prop_quality.cli import FOLDER
from prop_quality.verdict import ExitCode

if TYPE_CHECKING:
    from rich.console import RenderableType

    from prop_quality.embedded import EmbeddedWarehouse
    from prop_quality.season import DemoNight
    from prop_quality.settings import Settings
    from prop_quality.verdict import Verdict

BOOK_LINES = "nba-props-platform.nba_raw.odds_api_player_points_props"
_STATE_DIR = "PROP_QUALITY_STATE_DIR"


@click.command(short_help="Ten nights on an embedded BigQuery, six of them incidents.")
@click.option(
    "--site",
    type=FOLDER,
    help="Publish the site there; default: the state directory.",
)
@click.option("--serve", is_flag=True, help="Show the site on loopback afterwards.")
def demo(site: Path | None, serve: bool) -> int:
    """Write ten nights of batches into an embedded BigQuery, six of them incidents on record, and check each.

    Needs no credentials and no network. Ends by saying what was caught and where to look. Its verdicts join those that
    the state directory holds: run it in a folder of its own.
    """
    from prop_quality.embedded import EmbeddedWarehouse
    from prop_quality.season import demo_nights
    from prop_quality.terminal import show

    with EmbeddedWarehouse() as warehouse:
        warehouse.create_contract_tables()
        settings = settings_of(warehouse.endpoint)
        results = []
        for number, night in enumerate(demo_nights(), start=1):
            verdict = _check(warehouse, settings, night)
            results.append((night, verdict))
            show(_lines(number, night, verdict))
    return _finish(results, settings, site or settings.state_dir / "site", serve=serve)


def settings_of(endpoint: str) -> Settings:
    """The tables that the demo makes, whatever this installation watches; of its settings the state directory is kept.

    `endpoint` is the address of the embedded warehouse.
    """
    from prop_quality.settings import EMULATOR_VARIABLE, SETTINGS, Settings

    # Said here although they are the defaults: gx/config_variables.yml would change them.
    given = {setting.variable: setting.default or "" for setting in SETTINGS}
    given |= {"PROP_QUALITY_BOOK_LINES_TABLE": BOOK_LINES, EMULATOR_VARIABLE: endpoint}
    return Settings.load({**given, _STATE_DIR: os.environ.get(_STATE_DIR, "")})


def _check(warehouse: EmbeddedWarehouse, settings: Settings, night: DemoNight) -> Verdict:
    from prop_quality.api import check_batch

    data = night.night
    warehouse.load(str(settings.table), data.rows)
    warehouse.load(str(settings.context_table), data.context_rows)
    warehouse.load(BOOK_LINES, data.book_lines)
    return check_batch(data.event, settings=settings, now=data.now, expect_revision=data.expect_revision)


def _lines(number: int, night: DemoNight, verdict: Verdict) -> list[RenderableType]:
    from rich.padding import Padding
    from rich.text import Text

    from prop_quality.terminal import STYLES
    from prop_quality.words import one_line

    lines: list[RenderableType] = [
        Text.assemble((f"{number:2}. {night.title}", "bold"), (f"  {verdict.batch.batch_id}", "dim")),
        Padding(Text(night.story, style="dim"), (0, 0, 0, 4)),
        Padding(
            Text.assemble((verdict.verdict.upper(), STYLES[verdict.verdict]), "  ", one_line(verdict.summary)),
            (0, 0, 0, 4),
        ),
    ]
    lines += [Padding(Text(said, style=style), (0, 0, 0, 4)) for said, style in _caught(night, _failed(verdict))]
    return [*lines, ""]


def _failed(verdict: Verdict) -> list[str]:
    return [check.id for check in verdict.failed()]


def _caught(night: DemoNight, failed: list[str]) -> Iterator[tuple[str, str]]:
    """Which checks failed: those that had to, those that follow from them, and what should not be."""
    kinds = (
        ("caught by", [check for check in failed if check in night.fails], "dim"),
        ("and so by", [check for check in failed if check in night.may_fail], "dim"),
        ("MISSED by", night.missed(failed), "bold red"),
        ("FALSE ALARM of", night.unforeseen(failed), "bold red"),
    )
    return ((f"{said} {', '.join(checks)}", style) for said, checks, style in kinds if checks)


def _finish(results: list[tuple[DemoNight, Verdict]], settings: Settings, site: Path, *, serve: bool) -> int:
    from prop_quality.api import catalogue
    from prop_quality.site import build_site, show

    right = [night for night, verdict in results if night.as_foreseen(verdict.verdict, _failed(verdict))]
    incidents = sum(bool(night.fails) for night, _ in results)
    caught = sum(bool(night.fails) for night in right)
    quiet = len(right) - caught
    queries = sum(v.cost.jobs for _, v in results)
    click.echo(
        f"{caught} of {incidents} incidents caught, {quiet} of {len(results) - incidents} ordinary nights passed, "
        f"{queries} queries for {len(results)} checkpoints."
    )
    click.echo(
        "Caught: every check that the incident must set off failed, and no unrelated one. Passed: no check failed."
    )
    click.echo(f"Verdicts: {settings.state_dir / 'results'}")
    build_site(settings.state_dir, site, catalogue(results[-1][1].evaluated_at), now=results[-1][1].evaluated_at)
    click.echo(f"Site:     {site / 'index.html'}")
    if serve:
        show(site, click.echo)
    return int(ExitCode.PASSED if len(right) == len(results) else ExitCode.FAILED)
