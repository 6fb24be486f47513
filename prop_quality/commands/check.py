"""`prop-quality check`: the checkpoint after a batch, and over dates."""

from __future__ import annotations

from datetime import date, datetime
from typing import IO, Any

import click

from prop_quality.cli import FILE, MOMENT, Name, now_option, timeout_option
from prop_quality.commands.outputs import output_options
from prop_quality.commands.progress import Progress
from prop_quality.dates import parse_day
from prop_quality.errors import UsageError


class Day(click.ParamType):  # type: ignore[type-arg]
    """A date as `YYYY-MM-DD`."""

    name = "date"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> date:
        """The date."""
        try:
            return parse_day(value)
        except ValueError as error:
            self.fail(f"{error}.", param, ctx)


_EXAMPLES = """\b
Examples:
  prop-quality check --event event.json
  prop-quality check --from 2025-11-15 --to 2026-01-08 --systems xgboost_v1 --written-since 2026-01-17T20:00:00Z
"""
# An event has a few kilobytes; what is larger was meant for somebody else.
_MAX_EVENT_BYTES = 1_000_000


@click.command(short_help="Check a batch by its completion event, or a range of dates.", epilog=_EXAMPLES)
@click.option(
    "--event",
    type=click.File("rb"),
    metavar="FILE",
    help="The coordinator's completion event, bare or in a push envelope; - reads it from standard input.",
)
@click.option("--from", "first", type=Day(), help="First game date of a range.")
@click.option("--to", "last", type=Day(), help="Last game date of the range; default: the first.")
@click.option("--dates", type=FILE, help="A file of game dates, one a line.")
@click.option("--systems", help="Judge coverage for these systems only, separated by commas.")
@click.option("--written-since", type=MOMENT, help="When the rows of a regeneration were first written.")
@click.option(
    "--started-at",
    type=MOMENT,
    help="When the batch started, at most 12 hours before its timestamp; default: timestamp − duration_seconds.",
)
@click.option(
    "--expect-revision", type=Name(), metavar="NAME", help="The worker revision that should have written the batch."
)
@click.option("--roster", type=FILE, help="Expected players, as JSON lines.")
@timeout_option
@output_options
@click.option("--junit", type=FILE, help="Write the checks as JUnit XML.")
@click.option("--explain", is_flag=True, help="Print the SQL and the checks; run nothing.")
@now_option
def check(event: IO[bytes] | None, now: datetime, explain: bool, **options: Any) -> int:
    """Check the batch of a completion event, or a range of dates."""
    from prop_quality.deliver import Outputs, deliver
    from prop_quality.settings import Settings

    settings = Settings.load()
    progress = Progress()
    run = _run(event, now, settings, {**options, "progress": progress})
    if explain:
        explanation = run.explain()
        click.echo(explanation.statement.with_literals())
        click.echo(f"-- {len(explanation.checks)} checks: {', '.join(explanation.checks)}")
        for why, names in explanation.others.items():
            click.echo(f"-- left out: {', '.join(names)}. {why}")
        return 0
    outputs = Outputs(options["json_file"], options["junit"], options["site"], no_site=options["no_site"])
    with progress:
        verdict = run.verdict()
    return int(deliver(verdict, settings, outputs))


def _run(event: IO[bytes] | None, now: datetime, settings: Any, options: dict[str, Any]) -> Any:
    from prop_quality import api
    from prop_quality.dates import dates_between, read_dates

    given = [name for name, value in (("--event", event), *((f"--{_OPTION[n]}", options[n]) for n in _WHAT)) if value]
    if not given:
        raise UsageError("Say what to check: --event FILE, or --from DATE [--to DATE], or --dates FILE.")
    if len(given) > 1:
        raise UsageError(f"{', '.join(given[:-1])} and {given[-1]} exclude each other; give one of them.")
    common = {
        "settings": settings,
        "now": now,
        "roster": options["roster"],
        "expect_revision": options["expect_revision"],
        "timeout_seconds": options["timeout"],
        "progress": options["progress"],
    }
    if event:
        for name in ("last", "systems", "written_since"):
            if options[name] is not None:
                raise UsageError(f"--{_OPTION[name]} belongs to a range of dates, not to --event.")
        return api.batch_run(_read(event), started_at=options["started_at"], **common)
    if options["started_at"]:
        raise UsageError("--started-at belongs to --event; for dates use --written-since.")
    if options["dates"]:
        if options["last"]:
            raise UsageError("--to belongs to --from, not to --dates.")
        dates = read_dates(options["dates"])
    else:
        dates = dates_between(options["first"], options["last"] or options["first"])
    systems = tuple(filter(None, (name.strip() for name in (options["systems"] or "").split(","))))
    if options["systems"] is not None and not systems:
        raise UsageError("--systems names no system; write them like xgboost_v1,ensemble_v1.")
    return api.range_run(dates, systems=systems, written_since=options["written_since"], **common)


def _read(event: IO[bytes]) -> bytes:
    text = event.read(_MAX_EVENT_BYTES + 1)
    if len(text) > _MAX_EVENT_BYTES:
        raise UsageError(f"--event has more than {_MAX_EVENT_BYTES:,} bytes; pass one completion event.")
    return text


_WHAT = ("first", "dates")
_OPTION = {
    **{"first": "from", "dates": "dates"},
    **{"last": "to", "systems": "systems", "written_since": "written-since"},
}
