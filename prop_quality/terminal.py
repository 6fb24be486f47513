"""What a tired person reads: the verdict first, then why, then what to do. Plain text when it is no terminal."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import TextIO

from rich.console import Console, Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from prop_quality.verdict import CheckResult, Outcome, Severity, Verdict, format_time
from prop_quality.words import printable

STYLES = {
    Outcome.PASSED: "bold green",
    Outcome.FAILED: "bold red",
    Outcome.INCONCLUSIVE: "bold yellow",
    Outcome.SKIPPED: "dim",
}
_COMPACT_ABOVE = 14
_NAMES_SHOWN = 10


class _Console(Console):
    """A console whose caller deals with a reader who is gone; the library would end the process, verdict or no."""

    def on_broken_pipe(self) -> None:
        raise


def console(stream: TextIO | None = None) -> Console:
    """A console on `stream` (standard output by default); no colour in files, pipes and under NO_COLOR."""
    stream = stream or sys.stdout
    width = None if stream.isatty() else 120
    return _Console(file=stream, highlight=False, markup=False, emoji=False, soft_wrap=False, width=width)


def print_verdict(verdict: Verdict, stored_at: str | None = None, stream: TextIO | None = None) -> None:
    """Print the summary of a run."""
    console(stream).print(Group(*_parts(verdict, stored_at)))


def _parts(verdict: Verdict, stored_at: str | None) -> list[RenderableType]:
    parts: list[RenderableType] = [_headline(verdict), Padding(_facts(verdict), (1, 0, 1, 2))]
    if verdict.error is None:
        parts.append(Padding(_checks(verdict), (0, 0, 1, 2)))
        if len(verdict.dates) > 1:
            parts.append(Padding(_dates(verdict), (0, 0, 1, 2)))
        elif verdict.coverage:
            parts.append(Padding(_coverage(verdict), (0, 0, 1, 2)))
    remedy = _remedy(verdict)
    if remedy:
        parts.append(Padding(remedy, (0, 0, 1, 2)))
    parts += [Text(f"  Note: {printable(note)}.", style="yellow") for note in verdict.notes]
    parts.append(Text(f"  {_cost(verdict)}" + (f"  {stored_at}" if stored_at else ""), style="dim"))
    return parts


def _headline(verdict: Verdict) -> Text:
    return Text.assemble(
        (f" {verdict.verdict.upper()} ", STYLES[verdict.verdict] + " reverse"), " ", printable(verdict.summary)
    )


def _facts(verdict: Verdict) -> Table:
    """The claim beside what is stored."""
    table = Table.grid(padding=(0, 2))
    table.add_column(style="dim", no_wrap=True)
    table.add_column()
    batch, written = verdict.batch, verdict.written
    if verdict.claim:
        table.add_row("claimed", printable(_claim(verdict)))
    if verdict.error is None:
        stored = f"{verdict.rows_examined:,} rows"
        if batch.started_at is not None:
            stored += f": {written.inserted:,} inserted, {written.updated:,} updated, {written.stale:,} stale"
        table.add_row("stored", stored)
    if batch.started_at is not None:
        ended = f", completed {format_time(batch.completed_at)}" if batch.completed_at else ""
        table.add_row("since", f"{format_time(batch.started_at)}{ended}")
    if verdict.roster_source:
        table.add_row("roster", printable(verdict.roster_source))
    return table


def _claim(verdict: Verdict) -> str:
    claim = verdict.claim or {}
    parts = []
    if "completed_players" in claim:
        parts.append(f"{claim['completed_players']} of {claim.get('expected_players', '?')} players")
    if "total_predictions" in claim:
        parts.append(f"{claim['total_predictions']:,} predictions")
    if "status" in claim:
        parts.append(str(claim["status"]))
    return ", ".join(parts)


def _checks(verdict: Verdict) -> Table:
    """What failed or could not be decided, one line each; what passed as a count."""
    table = Table.grid(padding=(0, 2))
    table.add_column(no_wrap=True)
    table.add_column(no_wrap=True)
    table.add_column()
    doubtful = [c for c in verdict.checks if c.outcome is Outcome.INCONCLUSIVE]
    for check in (*verdict.failed(), *doubtful):
        table.add_row(_state(check), check.id, printable(check.reason))
    skipped = [c for c in verdict.checks if c.outcome is Outcome.SKIPPED]
    if skipped:
        names = ", ".join(c.id for c in skipped)
        table.add_row(Text("skipped", style="dim"), Text(str(len(skipped)), style="dim"), Text(names, style="dim"))
    cleared = [(c, one) for c in verdict.checks for one in c.cleared]
    for check, one in cleared:
        table.add_row(Text("cleared", style="yellow"), check.id, printable(f"{one.rows} rows: {one.because}"))
    passed = sum(c.outcome is Outcome.PASSED for c in verdict.checks)
    table.add_row(Text("passed", style="green" if passed else "dim"), str(passed), "")
    return table


def _state(check: CheckResult) -> Text:
    if check.outcome is Outcome.INCONCLUSIVE:
        return Text("undecided", style="yellow")
    return Text(check.severity.value, style="bold red" if check.severity is Severity.CRITICAL else "yellow")


def _coverage(verdict: Verdict) -> Group:
    table = Table(box=None, padding=(0, 2, 0, 0), header_style="dim", pad_edge=False)
    table.add_column("system")
    for name in ("expected", "stored", "fresh", "missing"):
        table.add_column(name, justify="right")
    for one in verdict.coverage:
        gap = Text(str(one.missing_count), style="bold red" if one.missing_count else "")
        fresh = "" if verdict.batch.started_at is None else str(one.fresh_players)
        table.add_row(printable(one.system_id), str(one.expected_players), str(one.stored_players), fresh, gap)
    names = _missing(verdict)
    return Group(table, Text(f"Missing: {names}")) if names else Group(table)


def _missing(verdict: Verdict) -> str:
    """The missing of the worst system by name, the highest line first."""
    worst = max(verdict.coverage, key=lambda one: one.missing_count)
    names = [printable(name) for name in worst.missing[:_NAMES_SHOWN]]
    rest = worst.missing_count - len(names)
    return ", ".join(names) + (f" and {rest} more ({worst.system_id})" if rest > 0 else "") if names else ""


def _dates(verdict: Verdict) -> Table:
    """Dates × systems: stored of expected players. Beyond two weeks only the dates that did not pass."""
    systems = list(dict.fromkeys(one.system_id for one in verdict.coverage))
    cells = {(one.game_date, one.system_id): one for one in verdict.coverage}
    compact = len(verdict.dates) > _COMPACT_ABOVE
    shown = [d for d in verdict.dates if not compact or d.verdict is not Outcome.PASSED]
    table = Table(box=None, padding=(0, 2, 0, 0), header_style="dim", pad_edge=False)
    for name in ("date", "verdict", *systems, "failed checks"):
        table.add_column(printable(name), no_wrap=name != "failed checks")
    for day in shown[:60]:
        row: list[RenderableType] = [str(day.game_date), Text(day.verdict.value, style=STYLES[day.verdict])]
        for system in systems:
            one = cells.get((day.game_date, system))
            gap = bool(one and one.missing_count)
            row.append(Text(f"{one.stored_players}/{one.expected_players}" if one else "", style="red" if gap else ""))
        table.add_row(*row, ", ".join(day.failed_checks))
    table.caption = _caption(verdict.dates, len(shown)) if compact else None
    table.caption_justify = "left"
    return table


def _caption(dates: Sequence[object], shown: int) -> str:
    passed = len(dates) - shown
    more = f"; the first 60 of {shown} others are shown" if shown > 60 else ""
    return f"{passed} of {len(dates)} dates passed{more}"


def _remedy(verdict: Verdict) -> Group | None:
    first = next((c for c in verdict.failed() if c.remedy), None)
    if first is None or first.remedy is None:
        return None
    lines = printable(first.remedy).splitlines()
    shown = lines[:12] + (["… the whole query is in the verdict (--json)"] if len(lines) > 12 else [])
    clipped = "\n".join(line if len(line) <= 200 else line[:199] + "…" for line in shown)
    return Group(Text(f"Next, for {first.id}:", style="bold"), Padding(Text(clipped), (0, 0, 0, 2)))


def _cost(verdict: Verdict) -> str:
    cost = verdict.cost
    queries = f"{cost.jobs} {'query' if cost.jobs == 1 else 'queries'}"
    return f"{queries}, {cost.bytes_billed / 1e6:,.1f} MB billed, {cost.seconds:.1f} s"
