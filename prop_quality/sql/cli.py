"""`prop-quality sql`: the gate on SQL changes."""

from __future__ import annotations

from datetime import UTC, datetime
from difflib import get_close_matches
from importlib import import_module
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
@click.option(
    "--output",
    "outputs",
    multiple=True,
    metavar="[FORMAT=]FILE",
    help="Write the report there; again for more files, each in a format of its own.",
)
@click.option("--base", metavar="REF", help="Check only what changed since this commit, and what is downstream of it.")
@click.option(
    "--compare/--no-compare",
    default=True,
    help="With --base: compare the results of changed views on nights on record, on an embedded warehouse.",
)
@click.option("--dry-run", is_flag=True, help="Ask BigQuery too, which needs credentials: what would be read?")
@click.option(
    "--budget",
    type=click.IntRange(min=1),
    metavar="BYTES",
    help="With --dry-run: what a statement may read; default: PROP_QUALITY_MAX_BYTES_BILLED.",
)
@click.option("--strict", is_flag=True, help="A table that nobody defines is an error.")
@click.option("--baseline", type=click.Path(dir_okay=False, path_type=Path), help="Leave out what this file knows.")
@click.option(
    "--write-baseline", type=click.Path(dir_okay=False, path_type=Path), help="Write what is found there, and pass."
)
@now_option
def check(paths: tuple[Path, ...], now: datetime, **options: Any) -> int:
    """Check files, and all `.sql` files of folders; without PATH those of the current folder."""
    # It says what to install where Google's analyzer is absent; the others need it to be there.
    import_module("prop_quality.sql.engine")
    from prop_quality.sql import suppressions
    from prop_quality.sql.base import check_since
    from prop_quality.sql.baseline import Baseline
    from prop_quality.sql.deliver import deliver, output_of
    from prop_quality.sql.gate import Request, check
    from prop_quality.sql.workers import Workers

    if options["write_baseline"] and options["base"]:
        raise UsageError("--write-baseline needs all files, and --base looks at some; leave out --base.")
    known = Baseline.read(options["baseline"]) if options["baseline"] else None
    request = Request(paths or (Path(),), options["catalog"], Path.cwd(), options["strict"])
    with Workers() as workers:
        if options["base"] is None:
            done = check(request, workers)
        else:
            done = check_since(request, options["base"], workers, compare=options["compare"])
    found = _dry_run(done, options["budget"]) if options["dry_run"] else done.report
    report = suppressions.apply(found, done.texts, now.astimezone(UTC).date())
    if options["write_baseline"]:
        Baseline.of(report.findings, report.sources).write(options["write_baseline"])
        known = Baseline.read(options["write_baseline"])
    if known is not None:
        name = str(options["baseline"] or options["write_baseline"])
        report = known.applied_to(report, name, {*done.texts, *known.files_gone(request.root)})
    return int(deliver(report, options["format_"], [output_of(one) for one in options["outputs"]]))


def _dry_run(done: Any, budget: int | None) -> Any:
    from prop_quality.settings import Settings
    from prop_quality.sql.dry_run import with_dry_run

    settings = Settings.load()
    return with_dry_run(done.report, done.units, done.before, settings, budget or settings.max_bytes_billed)


@sql_group.command("explain", short_help="The codes of findings, or one code's page.")
@click.argument("code", required=False)
def explain(code: str | None) -> None:
    """List all codes with their severity, or print the page of one: what it means, an example, the mend, the limits."""
    from prop_quality.sql import pages
    from prop_quality.sql.codes import CODES

    if code is None:
        width = max(map(len, CODES))
        for one in CODES.values():
            click.echo(f"{one.name:{width}}  {one.severity:7}  {one.sentence}")
    elif code in CODES:
        click.echo(pages.text(CODES[code]), nl=False)
    else:
        near = get_close_matches(code, CODES, 1)
        hint = f"did you mean {near[0]}?" if near else "prop-quality sql explain lists them."
        raise UsageError(f"{code!r} is no code; {hint}")
