"""`prop-quality checks`: the catalogue, or one check's page."""

from __future__ import annotations

from datetime import datetime

import click

from prop_quality.cli import now_option
from prop_quality.errors import UsageError
from prop_quality.suite import CheckDoc


@click.command(short_help="The catalogue of checks, or one check's page.")
@click.argument("check_id", required=False, metavar="[ID]")
@now_option
def checks(check_id: str | None, now: datetime) -> None:
    """List all checks by suite, or print the page of one with an example, the incident, the limits and what to do."""
    from rich.table import Table
    from rich.text import Text

    from prop_quality.api import catalogue
    from prop_quality.terminal import console

    suites = catalogue(now).suites
    screen = console()
    if check_id is not None:
        screen.print(_page(check_id, {doc.id: doc for suite in suites for doc in suite.checks}))
        return
    for suite in suites:
        screen.print(Text.assemble((suite.name, "bold"), f"  {suite.requires}"))
        table = Table.grid(padding=(0, 2))
        for doc in suite.checks:
            table.add_row("", doc.id, doc.sentence)
        screen.print(table)


def _page(check_id: str, docs: dict[str, CheckDoc]) -> str:
    if check_id not in docs:
        import difflib

        near = difflib.get_close_matches(check_id, docs, n=1)
        hint = f"did you mean {near[0]}?" if near else "prop-quality checks lists them."
        raise UsageError(f"{check_id!r} is no check; {hint}")
    doc = docs[check_id]
    lines = [doc.id, "", doc.sentence, "", f"Suite: {doc.suite}. Severity: {doc.severity}."]
    for title, text in doc.sections:
        lines += ["", f"{title}:", f"  {text}"]
    if doc.limits:
        lines += ["", "Limits in force:", *(f"  {name} = {value!r}" for name, value in doc.limits.items())]
    return "\n".join(lines)
