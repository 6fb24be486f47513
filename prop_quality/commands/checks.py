"""`prop-quality checks`: the catalogue, or one check's page."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from prop_quality.cli import FILE, now_option
from prop_quality.errors import UsageError
from prop_quality.suite import CheckDoc, SuiteDoc
from prop_quality.verdict import Verdict
from prop_quality.words import printable

if TYPE_CHECKING:
    from rich.console import RenderableType

_EXAMPLES = """\b
Examples:
  prop-quality checks
  prop-quality checks rows_fresh
  prop-quality checks rows_fresh --remedy .prop-quality/results/2026-01/20260117T043716Z-after_batch-1a2b3c4d.json
"""


@click.command(short_help="The catalogue of checks, or one check's page.", epilog=_EXAMPLES)
@click.argument("check_id", required=False, metavar="[ID]")
@click.option(
    "--remedy",
    "verdict",
    type=FILE,
    metavar="FILE",
    help="Print the query or command that a stored verdict gives for the check, to paste.",
)
@now_option
def checks(check_id: str | None, verdict: Path | None, now: datetime) -> None:
    """List all checks by suite, or print the page of one with an example, the incident, the limits and what to do."""
    from prop_quality.api import catalogue
    from prop_quality.terminal import show

    if verdict is not None:
        click.echo(printable(_remedy(check_id, verdict)))
        return
    suites = catalogue(now).suites
    if check_id is None:
        show(_list(suites))
    else:
        show(_page(_find(check_id, {doc.id: doc for suite in suites for doc in suite.checks})))


def _remedy(check_id: str | None, path: Path) -> str:
    """What a stored verdict says to run next for one check.

    Raises:
        UsageError: the file is no verdict, or the check has no remedy in it.
    """
    if check_id is None:
        raise UsageError("--remedy needs the check: prop-quality checks ID --remedy FILE.")
    try:
        verdict = Verdict.from_json(json.loads(path.read_text(encoding="utf-8")))
        remedy = verdict.check(check_id).remedy
    except (OSError, ValueError) as error:
        raise UsageError(f"{path} cannot be read as a verdict: {error}.") from error
    except KeyError:
        raise UsageError(f"{check_id!r:.80} was no check of the run {verdict.run_id}.") from None
    if remedy is None:
        raise UsageError(f"{check_id} did not fail in the run {verdict.run_id}, so there is no remedy.")
    return remedy


def _list(suites: tuple[SuiteDoc, ...]) -> Iterator[RenderableType]:
    from rich.padding import Padding
    from rich.table import Table
    from rich.text import Text

    for suite in suites:
        yield Text.assemble((suite.name, "bold"), f"  {suite.requires}")
        table = Table.grid(padding=(0, 2))
        table.add_column(no_wrap=True)
        table.add_column()
        for doc in suite.checks:
            table.add_row(doc.id, doc.sentence)
        yield Padding(table, (0, 0, 1, 2))


def _page(doc: CheckDoc) -> Iterator[RenderableType]:
    from rich.padding import Padding
    from rich.text import Text

    yield Text(doc.id, style="bold")
    yield Text(doc.sentence)
    yield Text("")
    yield Text(f"Suite: {doc.suite}. Severity: {doc.severity}.", style="dim")
    for title, text in (*doc.sections, *_limits(doc.limits)):
        yield Padding(Text(title, style="bold"), (1, 0, 0, 0))
        yield Padding(Text(text), (0, 0, 0, 2))


def _limits(limits: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    lines = [
        f"{name}: {', '.join(f'{k} ({v})' for k, v in value.items())}"
        if isinstance(value, Mapping)
        else f"{name}: {value}"
        for name, value in limits.items()
    ]
    if lines:
        yield "Limits in force", "\n".join(lines)


def _find(check_id: str, docs: Mapping[str, CheckDoc]) -> CheckDoc:
    if check_id not in docs:
        import difflib

        near = difflib.get_close_matches(check_id, docs, n=1)
        hint = f"did you mean {near[0]}?" if near else "prop-quality checks lists them."
        raise UsageError(f"{check_id!r} is no check; {hint}")
    return docs[check_id]
