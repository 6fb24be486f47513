"""What changed over the last batches: placeholder rows, coverage, minutes, rows, and what the runs cost."""

from __future__ import annotations

from collections.abc import Sequence

from prop_quality.site import words
from prop_quality.site.charts import Point, Series
from prop_quality.site.digest import RunDigest
from prop_quality.verdict import Outcome


def trends(judged: Sequence[RunDigest], points: int) -> list[Series]:
    """The charts over the newest `points` of the runs that judged batches; for the cost, of all that `judged`."""
    batches = [run for run in judged if run.batch_id is not None] or judged
    batches, runs = batches[-points:], judged[-points:]
    covered = [round(100 * r.coverage[1] / r.coverage[0], 1) if r.coverage[0] else None for r in batches]
    return [
        _series("placeholders", "Placeholder lines", "Active rows whose line is a placeholder, in each batch.",
                "rows", batches, [r.placeholders for r in batches]),
        _series("covered", "Coverage", "Player × system pairs stored, in per cent of those expected, in each batch.",
                "per cent", batches, covered),
        _series("minutes", "From batch start to last write", "Minutes, where the newest write of the batch is known.",
                "minutes", batches, [r.minutes for r in batches]),
        _series("rows", "Rows per batch", "Rows that the table held for the date of each batch.",
                "rows", batches, [r.rows for r in batches]),
        _series("jobs", "Queries per run", "Queries that each run sent to the warehouse; watches are left out.",
                "queries", runs, [r.jobs for r in runs]),
        _series("billed", "Bytes billed per run", "Megabytes that the warehouse billed for each run.",
                "MB", runs, [round(r.bytes_billed / 1e6, 3) for r in runs], quiet=True),
    ]  # fmt: skip


def _series(
    key: str,
    title: str,
    description: str,
    unit: str,
    runs: Sequence[RunDigest],
    values: Sequence[float | None],
    *,
    quiet: bool = False,
) -> Series:
    points = tuple(
        Point(words.clock(run.at), value, run.verdict is Outcome.FAILED, run.page)
        for run, value in zip(runs, values, strict=True)
    )
    top = 100 if unit == "per cent" and all((value or 0) <= 100 for value in values) else None
    return Series(key, title, description, unit, points, top, quiet)
