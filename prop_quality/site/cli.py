"""`prop-quality site build|serve|publish`."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import TypeVar

import click

from prop_quality.cli import FOLDER, now_option
from prop_quality.settings import Settings

Command = TypeVar("Command", bound=Callable[..., None])


def _site_option(command: Command) -> Command:
    said = "The site's folder; default: `site` in the state directory."
    return click.option("--site", "site_dir", type=FOLDER, help=said)(command)


@click.group("site", short_help="Build, show or publish the site of verdicts.")
def site_group() -> None:
    """Build, show or publish the data docs site, from stored verdicts alone.

    Example: prop-quality site build && prop-quality site serve
    """


@site_group.command("build")
@_site_option
@click.option("--all", "everything", is_flag=True, help="Write every page anew, as after an upgrade.")
@now_option
def build_command(site_dir: Path | None, now: datetime, everything: bool) -> None:
    """Bring the site up to date with the stored verdicts.

    Example: prop-quality site build --site public
    """
    from prop_quality.api import catalogue
    from prop_quality.site.builder import build_site

    state, site = _folders(site_dir)
    done = build_site(state, site, catalogue(now), now=now, everything=everything)
    for name in done.unreadable:
        click.echo(f"Not a verdict, left out: {name}", err=True)
    runs = "1 run" if done.runs_added == 1 else f"{done.runs_added:,} runs"
    click.echo(f"Added {runs}, wrote {done.files_written:,} files ({done.bytes_written:,} bytes): {done.index}")


@site_group.command("serve")
@_site_option
@click.option("--port", type=click.IntRange(0, 65535), default=0, help="Port on 127.0.0.1; default: any free one.")
@click.option("--seconds", type=click.FloatRange(min=0), default=None, help="Stop after this long; default: Ctrl-C.")
def serve_command(site_dir: Path | None, port: int, seconds: float | None) -> None:
    """Show the site on this machine, at 127.0.0.1.

    Example: prop-quality site serve --port 8080
    """
    from prop_quality.site.serve import show

    _, site = _folders(site_dir)
    show(site, click.echo, port=port, seconds=seconds)


@site_group.command("publish")
@_site_option
@click.option("--to", required=True, help="A folder, or gs://BUCKET/PREFIX.")
def publish_command(site_dir: Path | None, to: str) -> None:
    """Send what changed of the site to a folder or a bucket.

    Example: prop-quality site publish --to gs://my-bucket/data-docs
    """
    from prop_quality.site.publish import publish

    _, site = _folders(site_dir)
    done = publish(site, to)
    files = "1 file" if done.files_sent == 1 else f"{done.files_sent:,} files"
    click.echo(f"Sent {files} ({done.bytes_sent:,} bytes): {done.address}")


def _folders(site_dir: Path | None) -> tuple[Path, Path]:
    state = Settings.load().state_dir
    return state, site_dir or state / "site"
