"""What it costs to publish one more run: this site after 10 to 10,000 runs, stock data docs after 10 to 1,000.

    python -m benchmarks.site            # about four minutes, a gigabyte of temporary files
    python -m benchmarks.site --quick    # up to 1,000 and 100 runs

Both sides publish one more result of fifteen checks to a local folder, in a process that has already published once.
The stock store is filled with copies of one real result, its site with copies of that result's page, each under its
own run time, as a thousand runs would have left them.

Ours shows 90 dates by system, 40 runs of trends and the runs of a month: at four batches a day, as here, these windows
are full after 400 runs. From there on only what is remembered of each month grows, by less than 200 bytes a month.
"""

from __future__ import annotations

import argparse
import json
import shutil
import statistics
import tempfile
import time
import warnings
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from prop_quality.site import build_site, charts
from tests.prop_quality.site.nights import NOW, Night, catalogue, season, store

REPEATS = 3
START = datetime(2025, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Row:
    """One line of the table: medians of the wall clock and of this process's CPU; the front page's size afterwards."""

    tool: str
    runs: int
    seconds: float
    cpu_seconds: float
    files: int
    bytes: int
    index_bytes: int


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true", help="leave out the largest of each side")
    quick = parser.parse_args().quick
    ours, stock = ((10, 400, 1000), (10, 100)) if quick else ((10, 400, 1000, 10_000), (10, 100, 1000))
    titles = ("publishing one more run", "after", "seconds", "CPU s", "files", "bytes", "front page")
    print("{:<28}{:>8}{:>10}{:>8}{:>8}{:>12}{:>12}".format(*titles))
    rows = []
    for measure, runs in [*((measure_ours, n) for n in ours), *((measure_stock, n) for n in stock)]:
        row = measure(runs)
        rows.append(row)
        print(
            f"{row.tool:<28}{row.runs:>8,}{row.seconds:>10.2f}{row.cpu_seconds:>8.2f}{row.files:>8,}"
            f"{row.bytes:>12,}{row.index_bytes:>12,}",
            flush=True,
        )
    print(json.dumps([row.__dict__ for row in rows]))


def measure_ours(runs: int) -> Row:
    """The median of three further runs on a site of `runs`."""
    with tempfile.TemporaryDirectory() as folder:
        state, site = Path(folder) / "state", Path(folder) / "site"
        store(state, *season(runs, 4))
        build_site(state, site, catalogue(), now=NOW)
        measured = []
        for number in range(REPEATS):
            ended = NOW - timedelta(minutes=60 - 10 * number)
            store(state, Night(NOW.date(), ended, players=110 + number, stored=110 + number, fresh=110 + number))
            charts.draw.cache_clear()  # a run is a process of its own: it draws its charts anew
            taken, done = timed(lambda: build_site(state, site, catalogue(), now=NOW))
            measured.append(taken)
        written = (done.files_written, done.bytes_written, done.index.stat().st_size)
        return Row("prop-quality site", runs, *medians(measured), *written)


def timed(call: Callable[[], Any]) -> tuple[tuple[float, float], Any]:
    """Wall and CPU seconds of `call`, and what it returned."""
    wall, cpu = time.perf_counter(), time.process_time()
    result = call()
    return (time.perf_counter() - wall, time.process_time() - cpu), result


def medians(measured: list[tuple[float, float]]) -> tuple[float, float]:
    """The median of the wall and of the CPU seconds."""
    return statistics.median(wall for wall, _ in measured), statistics.median(cpu for _, cpu in measured)


def measure_stock(runs: int) -> Row:
    """The median of three further checkpoint actions on stock data docs of `runs` results."""
    with tempfile.TemporaryDirectory() as folder, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        checkpoint, update, root = _stock_project(Path(folder))
        _publish(checkpoint, update)
        _multiply(root, runs)
        measured = []
        for _ in range(REPEATS):
            before = _stamps(root / "uncommitted/data_docs")
            measured.append(_publish(checkpoint, update))
            after = _stamps(root / "uncommitted/data_docs")
        changed = [path for path, stamp in after.items() if before.get(path) != stamp]
        index = next(path for path in after if path.name == "index.html" and path.parent.name == "local_site")
        size = sum(path.stat().st_size for path in changed)
        return Row("stock data docs", runs, *medians(measured), len(changed), size, index.stat().st_size)


def _stock_project(folder: Path) -> tuple[Callable[[], Any], Any, Path]:
    import great_expectations as gx
    import pandas  # type: ignore[import-untyped]

    context = gx.get_context(mode="file", project_root_dir=folder)
    context.variables.progress_bars = {"globally": False}  # type: ignore[assignment]
    frame = pandas.DataFrame({f"c{i}": range(750) for i in range(15)})
    batch = context.data_sources.add_pandas("p").add_dataframe_asset("a").add_batch_definition_whole_dataframe("b")
    suite = context.suites.add(gx.ExpectationSuite("s"))
    for name in frame.columns:
        suite.add_expectation(gx.expectations.ExpectColumnValuesToBeBetween(column=name, min_value=0, max_value=750))
    definition = context.validation_definitions.add(gx.ValidationDefinition(name="v", data=batch, suite=suite))
    checkpoint = context.checkpoints.add(gx.Checkpoint(name="c", validation_definitions=[definition]))
    action = gx.checkpoint.UpdateDataDocsAction(name="docs")
    return lambda: checkpoint.run(batch_parameters={"dataframe": frame}), action, folder / "gx"


def _publish(checkpoint: Callable[[], Any], action: Any) -> tuple[float, float]:
    result = checkpoint()
    taken, _ = timed(lambda: action.run(result))
    return taken


def _multiply(root: Path, runs: int) -> None:
    """Copy the one result and its page until there are `runs` of each."""
    for kind in ("validations", "data_docs"):
        original = next(p for p in (root / "uncommitted" / kind).rglob("*") if p.is_file() and _is_result(p))
        for number in range(runs - 1):
            moment = START + timedelta(hours=6 * number)
            copy = original.parent.parent / f"{moment:%Y%m%dT%H%M%S.%fZ}" / original.name
            copy.parent.mkdir(parents=True, exist_ok=True)
            if kind == "data_docs":
                shutil.copyfile(original, copy)
                continue
            result = json.loads(original.read_text())
            result["meta"]["run_id"]["run_time"] = moment.isoformat()
            copy.write_text(json.dumps(result))


def _is_result(path: Path) -> bool:
    return "validations" in path.parts and path.suffix in (".json", ".html")


def _stamps(folder: Path) -> dict[Path, int]:
    def files() -> Iterator[Path]:
        return (path for path in folder.rglob("*") if path.is_file())

    return {path: path.stat().st_mtime_ns for path in files()}


if __name__ == "__main__":
    main()
