"""`prop-quality sql`: the gate on SQL changes."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click

from prop_quality.cli import now_option
from prop_quality.errors import UsageError

FORMATS = ("text", "json", "github", "junit", "sarif", "markdown")
_EXAMPLES = """\b
Examples:
  prop-quality sql check sql/
  prop-quality sql check reports/ --catalog sql/
  prop-quality sql check sql/ --base origin/main --format github
"""


@click.group("sql", short_help="The gate on SQL changes.")
def sql_group() -> None:
    """Check SQL files with Google's own analyzer, offline."""


@sql_group.command("check", short_help="Check SQL files; exit 1 on an error.", epilog=_EXAMPLES)
@click.argument("paths", nargs=-1, type=click.Path(path_type=Path))
@click.option(
    "--catalog",
    multiple=True,
    type=click.Path(path_type=Path),
    help="A folder that defines what the files read; again for more.",
)
@click.option("--format", "format_", type=click.Choice(FORMATS), default="text", show_default=True)
@click.option("--output", type=click.Path(dir_okay=False, path_type=Path), help="Write the report there.")
@click.option("--strict", is_flag=True, help="A table that nobody defines is an error.")
@click.option("--baseline", type=click.Path(dir_okay=False, path_type=Path), help="Leave out what this file knows.")
@click.option(
    "--write-baseline", type=click.Path(dir_okay=False, path_type=Path), help="Write what is found there, and pass."
)
@now_option
def check(paths: tuple[Path, ...], now: datetime, **options: Any) -> int:
    """Check files, and all `.sql` files of folders; without PATH those of the current folder."""
    from prop_quality.sql import suppressions
    from prop_quality.sql.baseline import Baseline
    from prop_quality.sql.gate import Request, check
    from prop_quality.sql.workers import Workers

    known = Baseline.read(options["baseline"]) if options["baseline"] else None
    request = Request(paths or (Path(),), options["catalog"], Path.cwd(), options["strict"])
    with Workers() as workers:
        done = check(request, workers)
    report = suppressions.apply(done.report, done.texts, now.astimezone(UTC).date())
    if options["write_baseline"]:
        Baseline.of(report.findings, report.sources).write(options["write_baseline"])
        known = Baseline.read(options["write_baseline"])
    if known is not None:
        name = str(options["baseline"] or options["write_baseline"])
        report = known.applied_to(report, name, done.texts)
    _write(report, options["format_"], options["output"])
    return int(report.exit_code)


def _write(report: Any, format_: str, output: Path | None) -> None:
    from prop_quality.sql.formats import render

    text = render(report, format_)
    if output is None:
        click.echo(text, nl=False)
        return
    try:
        output.write_text(text, encoding="utf-8")
    except OSError as error:
        raise UsageError(f"The report cannot be written to {output}: {error.strerror}.") from error
    from prop_quality.sql.formats.summary import headline

    click.echo(f"{report.verdict}: {headline(report)}")
