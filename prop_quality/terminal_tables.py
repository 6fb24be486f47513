"""Coverage on a terminal: the systems of one date, or the dates × systems of a range."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import groupby

from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from prop_quality.verdict import Coverage, DateVerdict, Outcome, Verdict
from prop_quality.words import one_line

_COMPACT_ABOVE = 14
_LINES_SHOWN = 40
_NAMES_SHOWN = 10
_CELL = 5
_INDENT = 12
_WORDS = {
    Outcome.PASSED: ("passed", "green"),
    Outcome.FAILED: ("FAILED", "bold red"),
    Outcome.INCONCLUSIVE: ("undecided", "bold yellow"),
}


def coverage_table(verdict: Verdict) -> Group:
    """One line a system: expected, stored, fresh and missing players; the missing by name."""
    faulty = _faulty(verdict)
    table = _table()
    table.add_column("system", no_wrap=True)
    for name in ("expected", "stored", "fresh", "missing"):
        table.add_column(name, justify="right")
    for one in verdict.coverage:
        style = "bold red" if (one.game_date, one.system_id) in faulty else ""
        fresh = "" if verdict.batch.started_at is None else str(one.fresh_players)
        gap = Text(str(one.missing_count), style=style)
        table.add_row(one_line(one.system_id), str(one.expected_players), str(one.stored_players), fresh, gap)
    gaps = [one for one in verdict.coverage if (one.game_date, one.system_id) in faulty and one.missing]
    worst = [_missing(max(gaps, key=lambda one: one.missing_count))] if gaps else []
    return Group(table, *(Text(line) for line in (*_gone(verdict), *worst)))


def dates_table(verdict: Verdict) -> Group:
    """Dates × systems: the share of the expected players that is stored; many dates with one fate share a line."""
    systems = list(dict.fromkeys(one.system_id for one in verdict.coverage))
    lines = list(_lines(verdict))
    width = max(len(line.when) for line in lines)
    faulty = _faulty(verdict)
    parts: list[RenderableType] = [Text(_counts(verdict.dates))]
    if systems:
        legend = "  ".join(f"{number}={one_line(system)}" for number, system in enumerate(systems, start=1))
        parts.append(Text(f"Stored of the expected players, by system: {legend}", style="dim"))
        numbers = "".join(f"{number:>{_CELL}}" for number in range(1, len(systems) + 1))
        parts.append(Text(f"{'date':{width}}  {'verdict':9}{numbers}", style="dim"))
    for line in lines[:_LINES_SHOWN]:
        word, style = _WORDS[line.verdict]
        cells = [line.cell(system, faulty) for system in systems]
        parts.append(Text.assemble(f"{line.when:{width}}  ", (f"{word:9}", style), *cells))
        if line.failed_checks:
            parts.append(Padding(Text(", ".join(line.failed_checks), style="dim"), (0, 0, 0, _INDENT)))
    rest = len(lines) - _LINES_SHOWN
    if rest > 0:
        parts.append(Text(f"and {rest} more lines; --json has every date", style="dim"))
    return Group(*parts)


@dataclass(frozen=True)
class _Line:
    """One date, or consecutive dates with the same verdict and the same failed checks."""

    dates: Sequence[date]
    verdict: Outcome
    failed_checks: Sequence[str]
    coverage: dict[str, list[Coverage]] = field(default_factory=dict)

    @property
    def when(self) -> str:
        """The date, or the first and the last."""
        first, last = self.dates[0], self.dates[-1]
        if first == last:
            return str(first)
        return f"{first} – {last:%m-%d}" if first.year == last.year else f"{first} – {last}"

    def cell(self, system: str, faulty: set[tuple[date, str]]) -> tuple[str, str]:
        """The share of one system with its style."""
        found = self.coverage.get(system, [])
        expected, stored = sum(one.expected_players for one in found), sum(one.stored_players for one in found)
        if not expected:
            return " " * _CELL, ""
        share = "all" if stored == expected else f"{100 * stored // expected}%"
        bad = any((one.game_date, system) in faulty for one in found)
        return f"{share:>{_CELL}}", "bold red" if bad else ""


def _lines(verdict: Verdict) -> Iterator[_Line]:
    by_date: dict[date, list[Coverage]] = {}
    for one in verdict.coverage:
        by_date.setdefault(one.game_date, []).append(one)
    compact = len(verdict.dates) > _COMPACT_ABOVE
    fates = groupby(verdict.dates, key=lambda day: (day.verdict, day.failed_checks, None if compact else day.game_date))
    for (outcome, failed, _), days in fates:
        dates = [day.game_date for day in days]
        coverage: dict[str, list[Coverage]] = {}
        for one in (one for day in dates for one in by_date.get(day, ())):
            coverage.setdefault(one.system_id, []).append(one)
        yield _Line(dates, outcome, failed, coverage)


def _counts(dates: Sequence[DateVerdict]) -> str:
    passed = sum(day.verdict is Outcome.PASSED for day in dates)
    failed = sum(day.verdict is Outcome.FAILED for day in dates)
    undecided = len(dates) - passed - failed
    parts = [f"{passed} of {len(dates)} dates passed", f"{failed} failed" if failed else ""]
    return ", ".join(filter(None, [*parts, f"{undecided} undecided" if undecided else ""]))


def _faulty(verdict: Verdict) -> set[tuple[date, str]]:
    """The systems of dates whose gap is a fault: some systems may leave players out."""
    return {
        (date.fromisoformat(row["game_date"]), str(row["system_id"]))
        for check in verdict.checks
        if check.id == "pairs_covered" and check.outcome is Outcome.FAILED
        for row in check.breakdown
        if row["failing_rows"]
    }


def _missing(gap: Coverage) -> str:
    """The missing of one system by name, the highest line first."""
    return f"Missing from {one_line(gap.system_id)}: {_named(gap.missing, gap.missing_count)}"


def _gone(verdict: Verdict) -> Iterator[str]:
    """The players whom every system lacks: the widest gap of one system also names those that it may leave out."""
    for check in verdict.failed():
        names = [str(row["player_lookup"]) for row in check.sample if check.id == "players_covered"]
        if names:
            yield f"Missing altogether: {_named(names, check.failing_rows)}"


def _named(names: Sequence[str], count: int) -> str:
    shown = [one_line(name) for name in names[:_NAMES_SHOWN]]
    rest = count - len(shown)
    return ", ".join(shown) + (f" and {rest} more" if rest > 0 else "")


def _table() -> Table:
    return Table(box=None, padding=(0, 2, 0, 0), header_style="dim", pad_edge=False)
