"""This checkpoint, a stock Great Expectations suite of the same checks, and one query by hand, on the same batch.

    python -m benchmarks.checkpoint              # about two minutes
    python -m benchmarks.checkpoint --runs 3

All three ask the same embedded warehouse, which runs in a process of its own. Queries are counted in the warehouse's
own job list. Warm: a second and later run in one process, the contenders taking turns; this checkpoint makes all anew
for each, the stock suite is only validated again. Process: a new process, from its start to its end, for one run.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from benchmarks.warehouse import ROOT, OtherProcess, warehouse
from prop_quality.season import Night, NightShape, clean_night, systems_on

BATCH = NightShape(
    seed=7, game_date=date(2026, 1, 15), games=9, players=150, multi_line=True, rerun=True, history_share=0.1
)
TITLES = {
    "checkpoint": "this checkpoint",
    "stock": "stock Great Expectations",
    "hand_written": "one query by hand",
}


@dataclass
class Measured:
    """What one contender cost; `failed` are the checks that it said fail."""

    checks: int
    warm: list[float] = field(default_factory=list)
    process: list[float] = field(default_factory=list)
    memory: list[float] = field(default_factory=list)
    queries: set[int] = field(default_factory=set)
    failed: set[str] = field(default_factory=set)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--runs", type=int, default=5, help="runs of each kind; the median is shown")
    runs = parser.parse_args().runs
    night = clean_night(BATCH)
    with tempfile.TemporaryDirectory() as folder, warehouse() as shared:
        rows = shared.load([night])
        write_batch(Path(folder), night)
        measured = {name: Measured(count) for name, count in _checks().items()}
        _warm(measured, shared, folder, runs)
        _processes(measured, shared, folder, runs)
    print(f"The batch of {night.game_date}: {rows} rows, {BATCH.players} players. Nothing is wrong with it.")
    print(f"CPython {platform.python_version()}, {os.cpu_count()} cores; seconds and MiB are medians of {runs}.\n")
    print_table(measured)


def write_batch(folder: Path, night: Night) -> None:
    """What a contender is told."""
    batch = {"event": night.event, "now": night.now.isoformat(), "systems": systems_on(night.game_date)}
    (folder / "batch.json").write_text(json.dumps(batch))


@contextmanager
def contender(name: str, endpoint: str, folder: str) -> Iterator[subprocess.Popen[str]]:
    """One contender's process, waiting for lines."""
    command = [sys.executable, "-m", "benchmarks.contender", name, endpoint, folder]
    with subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        yield process


def _checks() -> dict[str, int]:
    from benchmarks.stock import NOT_EXPRESSED
    from expectations.suites import SUITES

    ours = sum(len(suite.checks) for suite in SUITES)
    return {"checkpoint": ours, "stock": ours - len(NOT_EXPRESSED), "hand_written": ours - len(NOT_EXPRESSED) + 1}


def _warm(measured: dict[str, Measured], shared: OtherProcess, folder: str, runs: int) -> None:
    """One run of each that does not count, then the contenders in turn, so that a slow minute is everybody's."""
    with ExitStack() as stack:
        running = {name: stack.enter_context(contender(name, shared.endpoint, folder)) for name in measured}
        for turn in range(runs + 1):
            for name, process in running.items():
                before = shared.queries()
                answer = _ask(process)
                if turn:
                    measured[name].warm.append(answer["seconds"])
                    measured[name].queries.add(shared.queries() - before)
                    measured[name].failed |= set(answer["failed"])
        for process in running.values():
            _end(process)


def _processes(measured: dict[str, Measured], shared: OtherProcess, folder: str, runs: int) -> None:
    for _ in range(runs):
        for name, found in measured.items():
            started = time.perf_counter()
            with contender(name, shared.endpoint, folder) as process:
                _ask(process)
                found.memory.append(_end(process))
            found.process.append(time.perf_counter() - started)


def _ask(process: subprocess.Popen[str]) -> dict[str, Any]:
    assert process.stdin is not None
    assert process.stdout is not None
    process.stdin.write("\n")
    process.stdin.flush()
    answer: dict[str, Any] = json.loads(process.stdout.readline())
    return answer


def _end(process: subprocess.Popen[str]) -> float:
    assert process.stdin is not None
    assert process.stdout is not None
    process.stdin.close()
    return float(json.loads(process.stdout.readline())["memory"])


def print_table(measured: dict[str, Measured]) -> None:
    """One line a contender, then the ratios."""
    print(f"{'':<26}{'checks':>7}{'queries':>9}{'warm s':>9}{'process s':>11}{'peak MiB':>10}   false alarms")
    for name, found in measured.items():
        queries = "–".join(str(n) for n in sorted({min(found.queries), max(found.queries)}))
        print(
            f"{TITLES[name]:<26}{found.checks:>7}{queries:>9}{_median(found.warm):>9.2f}{_median(found.process):>11.2f}"
            f"{_median(found.memory):>10.0f}   {', '.join(sorted(found.failed)) or 'none'}"
        )
    ours, stock, hand = (measured[name] for name in ("checkpoint", "stock", "hand_written"))
    print(
        f"\nWarm, this checkpoint takes {_median(ours.warm) / _median(hand.warm):.2f} times the query by hand "
        f"(goal: at most 1.5) and is {_median(stock.warm) / _median(ours.warm):.1f} times faster than the stock suite "
        "(goal: at least 10).\n"
        f"As a process it is {_median(stock.process) / _median(ours.process):.1f} times faster than the stock suite, "
        f"with {_median(ours.memory) / _median(stock.memory):.2f} times its memory."
    )
    from benchmarks.stock import NOT_EXPRESSED

    print("\nThe stock suite leaves out " + "; ".join(f"{name} ({why})" for name, why in NOT_EXPRESSED.items()) + ".")


def _median(values: list[float]) -> float:
    return statistics.median(values)


if __name__ == "__main__":
    main()
