"""What changed over the last batches: placeholder rows, coverage, minutes, rows, and what the runs cost."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from prop_quality.site import words
from prop_quality.site.charts import Point, Series
from prop_quality.site.digest import RunDigest
from prop_quality.site.state import Mark, run_mark
from prop_quality.verdict import Outcome


@dataclass(frozen=True)
class Measure:
    """One trend: what it shows, and its value for a run, None where that is unknown."""

    key: str
    title: str
    description: str
    unit: str
    of: Callable[[RunDigest], float | None]
    of_batches: bool = True
    quiet: bool = False


def _covered(run: RunDigest) -> float | None:
    expected, stored, _ = run.coverage
    return round(100 * stored / expected, 1) if expected else None


MEASURES = (
    Measure("placeholders", "Placeholder lines", "Active rows whose line is a placeholder, in each batch.", "rows",
            lambda run: run.placeholders),
    Measure("covered", "Coverage", "Player × system pairs stored, in per cent of those expected, in each batch.",
            "per cent", _covered),
    Measure("minutes", "From batch start to last write", "Minutes, where the newest write of the batch is known.",
            "minutes", lambda run: run.minutes),
    Measure("rows", "Rows per batch", "Rows that the table held for the date of each batch.", "rows",
            lambda run: run.rows),
    Measure("jobs", "Queries per run", "Queries that each run sent to the warehouse; watches are left out.", "queries",
            lambda run: run.jobs, of_batches=False),
    Measure("billed", "Bytes billed per run", "Megabytes that the warehouse billed for each run.", "MB",
            lambda run: round(run.bytes_billed / 1e6, 3), of_batches=False, quiet=True),
)  # fmt: skip


@dataclass(frozen=True)
class Numbers:
    """What the charts show of one run: a value by measure, None where unknown, empty where the chart leaves it out."""

    run: RunDigest
    mark: Mark
    values: Sequence[float | str | None]


class Trends:
    """The newest `points` of the runs that judged batches and, for their cost, of all runs that judged data."""

    def __init__(self, judged: Sequence[RunDigest], points: int) -> None:
        batches = [run for run in judged if run.batch_id is not None] or judged
        self._shown = {True: batches[-points:], False: judged[-points:]}

    def series(self) -> list[Series]:
        """One chart a measure."""
        return [_series(measure, self._shown[measure.of_batches]) for measure in MEASURES]

    def numbers(self) -> Iterator[Numbers]:
        """The numbers of all charts, the newest run first."""
        held = {of_batches: {run.key for run in runs} for of_batches, runs in self._shown.items()}
        runs = {run.key: run for shown in self._shown.values() for run in shown}
        for run in sorted(runs.values(), key=lambda run: (run.at, run.key), reverse=True):
            values = [m.of(run) if run.key in held[m.of_batches] else "" for m in MEASURES]
            yield Numbers(run, run_mark(run), values)


def _series(measure: Measure, runs: Sequence[RunDigest]) -> Series:
    values = [measure.of(run) for run in runs]
    points = tuple(
        Point(words.clock(run.at), value, run.verdict is Outcome.FAILED)
        for run, value in zip(runs, values, strict=True)
    )
    top = 100 if measure.unit == "per cent" and all((value or 0) <= 100 for value in values) else None
    return Series(measure.key, measure.title, measure.description, measure.unit, points, top, measure.quiet)
