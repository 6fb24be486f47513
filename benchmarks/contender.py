"""One contender in a process of its own: `python -m benchmarks.contender NAME ENDPOINT FOLDER`.

It reads lines from standard input, runs once for each, and answers with one line of JSON: the seconds of that run and
the checks that failed. When its input ends it answers with the most memory that it held.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks.warehouse import BOOK_LINES, PREDICTIONS, peak_memory

if TYPE_CHECKING:
    from prop_quality.event import CompletionEvent
    from prop_quality.warehouse import Client

Runner = Callable[[], set[str]]


def main() -> None:
    """Run as often as asked."""
    name, endpoint, folder = sys.argv[1], sys.argv[2], Path(sys.argv[3])
    given = json.loads((folder / "batch.json").read_text())
    run = CONTENDERS[name](endpoint, given["event"], datetime.fromisoformat(given["now"]), tuple(given["systems"]))
    for _ in sys.stdin:
        started = time.perf_counter()
        found = run()
        print(json.dumps({"seconds": time.perf_counter() - started, "failed": sorted(found)}), flush=True)
    print(json.dumps({"memory": peak_memory()}), flush=True)


def checkpoint(endpoint: str, event: dict[str, object], now: datetime, systems: tuple[str, ...]) -> Runner:
    """This checkpoint, from the event to the verdict: everything is made anew for each run."""
    del systems
    from prop_quality.api import check_batch
    from prop_quality.settings import Settings
    from prop_quality.tables import TableRef

    settings = replace(Settings.load({}), emulator_host=endpoint, book_lines_table=TableRef.parse(BOOK_LINES))

    def run() -> set[str]:
        verdict = check_batch(event, settings=settings, now=now, keep=False)
        undecided = [check.id for check in verdict.checks if check.outcome == "inconclusive"]
        assert not undecided, undecided
        return {check.id for check in verdict.failed()}

    return run


def stock(endpoint: str, event: dict[str, object], now: datetime, systems: tuple[str, ...]) -> Runner:
    """A stock suite, whose context and suite are made once and only validated for each run."""
    del now
    from benchmarks.stock import StockSuite

    return StockSuite(_client(endpoint), PREDICTIONS, _parsed(event), systems).run


def hand_written(endpoint: str, event: dict[str, object], now: datetime, systems: tuple[str, ...]) -> Runner:
    """The query alone, on a client that is made once."""
    from benchmarks.hand_written import ask, failed

    client = _client(endpoint)
    return lambda: failed(ask(client, _parsed(event), systems, now))


def _client(endpoint: str) -> Client:
    from prop_quality.settings import Settings
    from prop_quality.warehouse import Warehouse

    # The time of a run is counted from its start, and this client outlives many.
    return Warehouse(replace(Settings.load({}), emulator_host=endpoint), {}, timeout_seconds=3600).client


def _parsed(event: dict[str, object]) -> CompletionEvent:
    from prop_quality.event import read_event
    from prop_quality.settings import Settings

    return read_event(event, table=Settings.load({}).table, now=datetime.now(UTC) + timedelta(days=3650))


CONTENDERS = {"checkpoint": checkpoint, "stock": stock, "hand_written": hand_written}

if __name__ == "__main__":
    main()
