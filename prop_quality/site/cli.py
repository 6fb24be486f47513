"""`prop-quality site build|serve|publish`."""

from __future__ import annotations

import functools
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TypeVar

import click

from prop_quality.errors import DeliveryError, PropQualityError, UsageError
from prop_quality.settings import Settings
from prop_quality.suite import Catalogue
from prop_quality.verdict import ExitCode, parse_time

Command = TypeVar("Command", bound=Callable[..., None])


class Moment(click.ParamType[datetime]):
    """A time with a zone, as `2026-01-17T04:40:00Z`."""

    name = "time"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> datetime:
        """Read it, or say how to write it."""
        if isinstance(value, datetime):
            return value
        try:
            return parse_time(str(value))
        except ValueError:
            self.fail(f"{value!r} is no time with a zone; write it like 2026-01-17T04:40:00Z.", param, ctx)


def _site_option(command: Command) -> Command:
    where = click.Path(file_okay=False, path_type=Path)
    said = "The site's folder; default: `site` in the state directory."
    return click.option("--site", "site_dir", type=where, help=said)(command)


def _errors_to_exit_codes(command: Callable[..., None]) -> Callable[..., None]:
    """One sentence on standard error: 2 for wrong usage or settings, 4 for what could not be delivered."""

    @functools.wraps(command)
    def run(*args: Any, **kwargs: Any) -> None:
        try:
            command(*args, **kwargs)
        except PropQualityError as error:
            click.echo(f"Error: {error}", err=True)
            code = ExitCode.USAGE if isinstance(error, UsageError) else ExitCode.NOT_DELIVERED
            raise SystemExit(int(code)) from error

    return run


@click.group("site")
def site_group() -> None:
    """Build, show or publish the data docs site, from stored verdicts alone.

    Example: prop-quality site build && prop-quality site serve
    """


@site_group.command("build")
@_site_option
@click.option("--now", type=Moment(), help="The clock: what is tonight. Default: the time of this machine.")
@click.option("--all", "everything", is_flag=True, help="Write every page anew, as after an upgrade.")
@_errors_to_exit_codes
def build_command(site_dir: Path | None, now: datetime | None, everything: bool) -> None:
    """Bring the site up to date with the stored verdicts.

    Example: prop-quality site build --site public
    """
    from prop_quality.site.builder import build_site

    state, site = _folders(site_dir)
    now = now or datetime.now(UTC)
    done = build_site(state, site, _catalogue(now), now=now, everything=everything)
    for name in done.unreadable:
        click.echo(f"Not a verdict, left out: {name}", err=True)
    runs = "1 run" if done.runs_added == 1 else f"{done.runs_added:,} runs"
    click.echo(f"Added {runs}, wrote {done.files_written:,} files ({done.bytes_written:,} bytes): {done.index}")


@site_group.command("serve")
@_site_option
@click.option("--port", type=click.IntRange(0, 65535), default=0, help="Port on 127.0.0.1; default: any free one.")
@click.option("--seconds", type=click.FloatRange(min=0), default=None, help="Stop after this long; default: Ctrl-C.")
@_errors_to_exit_codes
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
@_errors_to_exit_codes
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


def _catalogue(now: datetime) -> Catalogue:
    """What the installed suites say of themselves, asked for only now."""
    try:
        from prop_quality.api import catalogue

        return catalogue(now)
    except ImportError as error:
        raise DeliveryError(f"The catalogue of checks cannot be read: {error}. Reinstall prop-quality.") from error
