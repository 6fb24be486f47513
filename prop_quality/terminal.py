"""What a tired person reads: the verdict first, then what to do, then why. Plain text when it is no terminal."""

from __future__ import annotations

import os
import shlex
import sys
from collections.abc import Iterable, Mapping
from typing import TextIO

from rich.console import Console, Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from prop_quality.summary import gravest
from prop_quality.terminal_tables import coverage_table, dates_table
from prop_quality.verdict import CheckResult, Outcome, Severity, Verdict, format_time
from prop_quality.words import one_line, plural, printable, undecided_because

STYLES = {
    Outcome.PASSED: "bold green",
    Outcome.FAILED: "bold red",
    Outcome.INCONCLUSIVE: "bold yellow",
    Outcome.SKIPPED: "dim",
}
_PIPE_WIDTH = 120
_WATCH = "watch"
# A remedy that is longer than this is not read on a screen; it is fetched.
_REMEDY_LINES, _REMEDY_LETTERS = 12, 1_500


def console(stream: TextIO | None = None) -> Console:
    """A console on `stream` (standard output by default); no colour in files, pipes and under NO_COLOR."""
    stream = stream or sys.stdout
    # The library would measure the process's own terminal, which need not be the one that is written to.
    width = os.get_terminal_size(stream.fileno()).columns or None if stream.isatty() else _PIPE_WIDTH
    return Console(file=stream, highlight=False, markup=False, emoji=False, soft_wrap=False, width=width)


def print_verdict(
    verdict: Verdict,
    stored_at: str | None = None,
    stream: TextIO | None = None,
    *,
    advice: Mapping[str, str] | None = None,
) -> None:
    """Print the summary of a run; `advice` is what each check's page says to do."""
    show(_parts(verdict, advice or {}), _after(verdict, stored_at), stream)


def show(wrapped: Iterable[RenderableType], unwrapped: Iterable[Text] = (), stream: TextIO | None = None) -> None:
    """Print things that fit the screen, then lines that are pasted and therefore not torn apart.

    The text is made first and written once: the library would end the process of a reader who closed the pipe.
    """
    stream = stream or sys.stdout
    screen = console(stream)
    with screen.capture() as text:
        screen.print(Group(*wrapped))
        for line in unwrapped:
            screen.print(line, soft_wrap=True)
    stream.write("".join(f"{line.rstrip()}\n" for line in text.get().splitlines()))
    stream.flush()


def _parts(verdict: Verdict, advice: Mapping[str, str]) -> Iterable[RenderableType]:
    yield _headline(verdict, advice)
    facts = _facts(verdict)
    if facts.row_count:
        yield _indented(facts)
    if verdict.error is not None:
        return
    yield _indented(_checks(verdict))
    if verdict.checkpoint == _WATCH:
        return
    if len(verdict.dates) > 1:
        yield _indented(dates_table(verdict))
    elif verdict.coverage:
        yield _indented(coverage_table(verdict))


def _after(verdict: Verdict, stored_at: str | None) -> Iterable[Text]:
    """What is copied or read last: the remedy, the notes, and where the verdict is."""
    yield from _remedy(verdict, stored_at)
    yield Text("")
    for note in verdict.notes:
        yield Text(f" Note: {one_line(note)}", style="yellow")
    yield Text(f" {_cost(verdict)}" + (f" · {stored_at}" if stored_at else ""), style="dim")


def _indented(content: RenderableType) -> Padding:
    return Padding(content, (1, 0, 0, 1))


def _headline(verdict: Verdict, advice: Mapping[str, str]) -> Table:
    table = Table.grid(padding=(0, 1))
    table.add_column(no_wrap=True)
    table.add_column()
    label = Text(f" {verdict.verdict.upper()} ", style=STYLES[verdict.verdict] + " reverse")
    table.add_row(label, one_line(verdict.summary))
    critical = verdict.failed(Severity.CRITICAL)
    first = gravest(critical) if critical else None
    if first is not None and first.id in advice:
        table.add_row(Text("Do now", style="bold", justify="right"), Text(one_line(advice[first.id]), style="bold"))
    return table


def _facts(verdict: Verdict) -> Table:
    """The claim beside what is stored."""
    table = Table.grid(padding=(0, 2))
    table.add_column(style="dim", no_wrap=True)
    table.add_column()
    batch, written = verdict.batch, verdict.written
    if verdict.claim:
        table.add_row("claimed", one_line(_claim(verdict)))
    if verdict.answered:
        stored = f"{verdict.rows_examined:,} rows"
        if batch.started_at is not None:
            stored += f": {written.inserted:,} inserted, {written.updated:,} updated, {written.stale:,} stale"
            inactive = verdict.rows_examined - written.inserted - written.updated - written.stale
            stored += f", {inactive:,} inactive" if inactive > 0 else ""
        table.add_row("stored", stored)
    if batch.started_at is not None:
        ended = f", completed {format_time(batch.completed_at)}" if batch.completed_at else ""
        table.add_row("since", f"{format_time(batch.started_at)}{ended}")
    if verdict.roster_source:
        table.add_row("roster", one_line(verdict.roster_source))
    return table


def _claim(verdict: Verdict) -> str:
    claim = verdict.claim or {}
    parts = []
    if "completed_players" in claim:
        parts.append(f"{claim['completed_players']:,} of {claim.get('expected_players', '?')} players")
    if "total_predictions" in claim:
        parts.append(f"{claim['total_predictions']:,} predictions")
    if "status" in claim:
        parts.append(str(claim["status"]))
    return ", ".join(parts)


def _checks(verdict: Verdict) -> Table:
    """What failed or could not be decided, one line each; what passed as a count, on the watch by name."""
    table = Table.grid(padding=(0, 2))
    table.add_column(no_wrap=True)
    table.add_column(no_wrap=True)
    table.add_column(overflow="fold")
    doubtful = [c for c in verdict.checks if c.outcome is Outcome.INCONCLUSIVE]
    passed = [c for c in verdict.checks if c.outcome is Outcome.PASSED]
    named = passed if verdict.checkpoint == _WATCH else []
    for check in verdict.failed():
        table.add_row(_state(check), check.id, one_line(check.reason))
    for which, why in _doubts(doubtful):
        table.add_row(Text("undecided", style="yellow"), which, one_line(why))
    for check in named:
        table.add_row(_state(check), check.id, one_line(check.reason))
    for check in verdict.checks:
        for one in check.cleared:
            table.add_row(Text("cleared", style="yellow"), check.id, one_line(f"{one.rows} rows: {one.because}"))
    skipped = [c.id for c in verdict.checks if c.outcome is Outcome.SKIPPED]
    if skipped:
        table.add_row(*(Text(cell, style="dim") for cell in ("skipped", str(len(skipped)), ", ".join(skipped))))
    if not named:
        table.add_row(Text("passed", style="green" if passed else "dim"), str(len(passed)), "")
    return table


def _doubts(checks: Iterable[CheckResult]) -> Iterable[tuple[str, str]]:
    """The undecided checks and why; those that lack the same thing are said once, by name."""
    same: dict[str, list[CheckResult]] = {}
    for check in checks:
        same.setdefault(_doubt(check), []).append(check)
    for why, found in same.items():
        said = why if len(found) > 1 else undecided_because(found[0].reason)
        said = said[:1].upper() + said[1:]
        names = ", ".join(check.id for check in found)
        yield (names, said) if len(found) == 1 else (str(len(found)), f"{said} {names}")


def _doubt(check: CheckResult) -> str:
    """Why a check is undecided; without what it says of other dates, where it found nothing there."""
    _, on_some_dates, why = check.reason.partition(". Cannot be decided ")
    return why if on_some_dates and not check.failing_rows else undecided_because(check.reason)


def _state(check: CheckResult) -> Text:
    if check.outcome is Outcome.PASSED:
        return Text("passed", style="green")
    return Text(check.severity.value, style="bold red" if check.severity is Severity.CRITICAL else "yellow")


def _remedy(verdict: Verdict, stored_at: str | None) -> Iterable[Text]:
    """The query or command for the gravest failure: itself while it is short, else the command that fetches it."""
    failed = [c for c in verdict.failed() if c.remedy]
    if not failed:
        return
    first = gravest(failed)
    remedy = printable(first.remedy)
    if remedy.count("\n") >= _REMEDY_LINES or len(remedy) > _REMEDY_LETTERS:
        if stored_at is None:
            return
        remedy = f"prop-quality checks {first.id} --remedy {shlex.quote(stored_at)}"
    yield Text(f"\n To look into {first.id}:", style="bold")
    for line in remedy.splitlines():
        yield Text(f"   {line}")


def _cost(verdict: Verdict) -> str:
    cost = verdict.cost
    return f"{plural(cost.jobs, 'query', 'queries')}, {cost.bytes_billed / 1e6:,.1f} MB billed, {cost.seconds:.1f} s"
