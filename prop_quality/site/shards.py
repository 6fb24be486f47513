"""The site's memory: one JSON file a month for runs and one for game dates, all derived from stored verdicts.

A run belongs to the site once its digest stands in `data/runs/{month}.json`; that file is written after everything
else that the run changes. So a build that dies anywhere leaves the run *new*, and the next build does all of it again.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any, TypeVar

from prop_quality.site.digest import LETTER, OUTCOME, WATCH, DateRun, RunDigest
from prop_quality.site.files import SiteWriter, read_json
from prop_quality.site.state import date_state, run_mark

FORMAT = 1
MAX_RUNS_PER_DATE = 100
WINDOW_MONTHS = 4
AnyRun = TypeVar("AnyRun", RunDigest, DateRun)


@dataclass
class Known:
    """Every month, system and check that ever came, in a few kilobytes: what lists and links are made from."""

    run_months: dict[str, dict[str, int]] = field(default_factory=dict)
    date_months: dict[str, dict[str, int]] = field(default_factory=dict)
    systems: dict[str, tuple[str, str]] = field(default_factory=dict)
    checks: dict[str, str] = field(default_factory=dict)


class Shards:
    """Reads and writes the month files; what it read it keeps until the build ends."""

    def __init__(self, root: Path) -> None:
        self._root = root
        self._runs: dict[str, dict[str, RunDigest]] = {}
        self._dates: dict[str, dict[date, dict[str, DateRun]]] = {}
        self.damaged = False

    def runs(self, month: str) -> dict[str, RunDigest]:
        """The runs that were evaluated in `month`, by key; empty when the file is absent or damaged."""
        if month not in self._runs:
            self._runs[month] = _read_runs(read_json(self._root / f"data/runs/{month}.json"))
        return self._runs[month]

    def dates(self, month: str) -> dict[date, dict[str, DateRun]]:
        """What was said of each game date of `month`, by date and run key.

        A damaged file sets `damaged`: its runs still count as published, so they must all be applied again.
        """
        if month not in self._dates:
            path = self._root / f"data/dates/{month}.json"
            found = _read_dates(read_json(path)) if path.exists() else {}
            self.damaged = self.damaged or found is None
            self._dates[month] = found or {}
        return self._dates[month]

    def add_date_run(self, day: date, run: DateRun) -> None:
        """Keep `run` for `day`: the first and the last of watches that repeat each other, and the newest 100 of all."""
        held = self.dates(month_of(day)).setdefault(day, {})
        held[run.key] = run
        runs = in_order(held)
        for one, other, next_one in zip(runs, runs[1:], runs[2:], strict=False):
            if _repeats(one, other) and _repeats(other, next_one):
                del held[other.key]
        if len(held) > MAX_RUNS_PER_DATE:
            oldest = min(held.values(), key=_order)
            del held[oldest.key]

    def write_dates(self, writer: SiteWriter, month: str) -> None:
        """Write the dates of `month`."""
        days = {day.isoformat(): [r.to_json() for r in in_order(held)] for day, held in self.dates(month).items()}
        rows = [row for held in days.values() for row in held]
        writer.json(f"data/dates/{month}.json", {"format": FORMAT, "checks": _pack(rows), "dates": days})

    def write_runs(self, writer: SiteWriter, month: str) -> None:
        """Write the runs of `month`: from here on they count as published."""
        rows = [run.to_json() for run in in_order(self.runs(month))]
        writer.json(f"data/runs/{month}.json", {"format": FORMAT, "checks": _pack(rows), "runs": rows})

    def months(self, kind: str) -> list[str]:
        """The months that have a file of `kind` (`runs` or `dates`), oldest first."""
        folder = self._root / "data" / kind
        return sorted(p.stem for p in folder.glob("????-??.json")) if folder.is_dir() else []

    def forget(self, months: Iterable[str]) -> None:
        """Let go of months that are done, so that a long first build stays small."""
        for month in months:
            self._runs.pop(month, None)
            self._dates.pop(month, None)

    def known(self) -> Known:
        """What `data/known.json` says; gathered from all months when it is absent or damaged."""
        known = _read_known(read_json(self._root / "data/known.json"))
        if known is None:
            known = Known()
            for month in self.months("runs"):
                self.note_runs(known, month)
            for month in self.months("dates"):
                self.note_dates(known, month)
        return known

    def note_runs(self, known: Known, month: str) -> None:
        """Bring `known` up to date with the runs of `month`."""
        runs = self.runs(month)
        known.run_months[month] = _tally(run_mark(run) for run in runs.values())
        for run in runs.values():
            for check in run.outcomes:
                known.checks.setdefault(check, month)

    def note_dates(self, known: Known, month: str) -> None:
        """Bring `known` up to date with the game dates of `month`."""
        days = self.dates(month)
        known.date_months[month] = _tally(date_state(day, in_order(held)).mark for day, held in days.items())
        for day, held in days.items():
            for run in held.values():
                for system in {*run.systems, *(name for p in run.problems.values() for name in p.by)}:
                    first, last = known.systems.get(system, (day.isoformat(), day.isoformat()))
                    known.systems[system] = (min(first, day.isoformat()), max(last, day.isoformat()))

    def write_known(self, writer: SiteWriter, known: Known) -> None:
        """Write what is known."""
        content = {"format": FORMAT, "run_months": known.run_months, "date_months": known.date_months}
        writer.json("data/known.json", {**content, "systems": known.systems, "checks": known.checks})


def month_of(day: date) -> str:
    """`day`'s month as `YYYY-MM`."""
    return f"{day:%Y-%m}"


def months_until(last: str, count: int = WINDOW_MONTHS) -> list[str]:
    """`count` months in a row, oldest first, ending with `last`."""
    number = int(last[:4]) * 12 + int(last[5:7]) - 1
    return [f"{n // 12:04d}-{n % 12 + 1:02d}" for n in range(max(12, number - count + 1), number + 1)]


def in_order(runs: Mapping[str, AnyRun]) -> list[AnyRun]:
    """`runs` by the time that they were evaluated, oldest first."""
    return sorted(runs.values(), key=_order)


def _order(run: RunDigest | DateRun) -> tuple[Any, str]:
    return (run.at, run.key)


def _repeats(one: DateRun, other: DateRun) -> bool:
    watches = one.checkpoint == other.checkpoint == WATCH
    return watches and (one.verdict, one.outcomes) == (other.verdict, other.outcomes)


def _tally(states: Iterable[str]) -> dict[str, int]:
    counts: dict[str, int] = {}
    for state in states:
        counts[str(state)] = counts.get(str(state), 0) + 1
    return counts


def _pack(rows: list[dict[str, Any]]) -> list[str]:
    """Turn each row's outcomes into a letter a check, and name the checks once."""
    checks = sorted({check for row in rows for check in row["outcomes"]})
    for row in rows:
        row["outcomes"] = "".join(LETTER[row["outcomes"][c]] if c in row["outcomes"] else "-" for c in checks)
    return checks


def _unpack(row: Mapping[str, Any], checks: list[str]) -> dict[str, Any]:
    letters = zip(checks, row["outcomes"], strict=True)
    return {**row, "outcomes": {check: OUTCOME[letter] for check, letter in letters if letter != "-"}}


def _read_known(data: Any) -> Known | None:
    try:
        if data["format"] != FORMAT:
            return None
        systems = {name: (first, last) for name, (first, last) in data["systems"].items()}
        return Known(data["run_months"], data["date_months"], systems, data["checks"])
    except (TypeError, KeyError, ValueError, AttributeError):
        return None


def _read_runs(data: Any) -> dict[str, RunDigest]:
    try:
        if data["format"] != FORMAT:
            return {}
        runs = (RunDigest.from_json(_unpack(row, data["checks"])) for row in data["runs"])
        return {run.key: run for run in runs}
    except (TypeError, KeyError, ValueError, AttributeError):
        return {}


def _read_dates(data: Any) -> dict[date, dict[str, DateRun]] | None:
    try:
        if data["format"] != FORMAT:
            return None
        return {
            date.fromisoformat(day): {r.key: r for r in (DateRun.from_json(_unpack(x, data["checks"])) for x in rows)}
            for day, rows in data["dates"].items()
        }
    except (TypeError, KeyError, ValueError, AttributeError):
        return None
