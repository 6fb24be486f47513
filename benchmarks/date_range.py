"""One run over 1, 53 and 365 dates of the same table: queries, seconds, memory; and the longest list of dates.

    python -m benchmarks.date_range                  # about three minutes
    python -m benchmarks.date_range --rows 200       # rows a date; the default is 1,000

The embedded warehouse runs in a process of its own; each run is a new process, whose memory is the run's. Outside is
what the run takes itself: its seconds less those that it waits for the warehouse.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import subprocess
import sys
import time
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from benchmarks.warehouse import BOOK_LINES, ROOT, OtherProcess, peak_memory, warehouse
from prop_quality.season import season, systems_on
from prop_quality.settings import Settings
from prop_quality.tables import TableRef

FIRST = date(2025, 11, 1)
NOW = datetime(2026, 11, 2, 12, tzinfo=UTC)
LENGTHS = (1, 53, 365)
MOST_DATES = 3_660


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rows", type=int, default=1000, help="rows a date")
    parser.add_argument("--run", nargs=2, metavar=("ENDPOINT", "DATES"), help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.run:
        _child(options.run[0], int(options.run[1]))
        return
    print(f"CPython {platform.python_version()}, {os.cpu_count()} cores; {options.rows:,} rows a date.\n")
    print(
        f"{'table':>10}{'range':>8}{'groups':>8}{'rows':>9}{'queries':>9}{'seconds':>9}{'outside':>9}{'ms/group':>10}{'MiB':>6}"
    )
    for stored in LENGTHS:
        with warehouse() as shared:
            last = FIRST + timedelta(days=stored - 1)
            shared.load(season(FIRST, last, options.rows))
            for length in (n for n in LENGTHS if n <= stored):
                _row(shared, stored, length)
            print(f"{'':>10}the warehouse's own process held {peak_memory(shared.pid):,.0f} MiB")
    print(f"\nThe statement over {MOST_DATES:,} dates with gaps: {_statement_size():,} bytes (goal: under 262,144).")


def _row(shared: OtherProcess, stored: int, length: int) -> None:
    before = shared.queries()
    command = [sys.executable, "-m", "benchmarks.date_range", "--run", shared.endpoint, str(length)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    found = json.loads(done.stdout.splitlines()[-1])
    groups = sum(len(systems_on(FIRST + timedelta(days=n))) for n in range(length))
    outside = found["seconds"] - found["waited"]
    print(
        f"{stored:>10}{length:>8}{groups:>8,}{found['rows']:>9,}{shared.queries() - before:>9}{found['seconds']:>9.2f}"
        f"{outside:>9.2f}{1000 * outside / groups:>10.2f}{found['memory']:>6.0f}  {found['verdict']}",
        flush=True,
    )


def _child(endpoint: str, length: int) -> None:
    """One run, its imports done before the clock starts."""
    import prop_quality.validation  # noqa: F401 - it imports Great Expectations, which takes seconds
    from prop_quality.api import range_run
    from prop_quality.warehouse import Client

    waited = 0.0
    asked = Client._call_api

    def timed(self: Client, *arguments: object, **named: object) -> object:
        nonlocal waited
        started = time.perf_counter()
        try:
            return asked(self, *arguments, **named)
        finally:
            waited += time.perf_counter() - started

    setattr(Client, "_call_api", timed)  # noqa: B010 - every call of the warehouse goes through it
    settings = replace(Settings.load({}), emulator_host=endpoint, book_lines_table=TableRef.parse(BOOK_LINES))
    dates = tuple(FIRST + timedelta(days=n) for n in range(length))
    started = time.perf_counter()
    verdict = range_run(dates, settings=settings, now=NOW, timeout_seconds=300).verdict()
    found = {
        "seconds": time.perf_counter() - started,
        "waited": waited,
        "memory": peak_memory(),
        "rows": verdict.rows_examined,
        "verdict": str(verdict.verdict) + (f": {verdict.summary}" if verdict.verdict != "passed" else ""),
    }
    print(json.dumps(found))


def _statement_size() -> int:
    """Bytes of the text that is sent; dates travel as parameters beside it."""
    from prop_quality.api import range_run

    dates = tuple(FIRST + timedelta(days=2 * n) for n in range(MOST_DATES))
    now = datetime(2050, 1, 1, tzinfo=UTC)
    return len(range_run(dates, settings=Settings.load({}), now=now).explain().statement.sql.encode())


if __name__ == "__main__":
    main()
