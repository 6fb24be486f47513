"""Verdicts are kept one file a run: whole or not there, whatever dies, and whoever else writes."""

from __future__ import annotations

import random
import resource
import signal
import subprocess
import sys
import time
from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace
from datetime import UTC, date, datetime
from multiprocessing import get_context
from pathlib import Path

import pytest

from prop_quality.errors import DeliveryError
from prop_quality.store import Store, new_run_id, write_atomically
from prop_quality.verdict import Batch, Cost, Outcome, Provenance, Verdict, Written

AT = datetime(2026, 1, 17, 4, 37, tzinfo=UTC)

WRITER = """
import sys
from dataclasses import replace
from pathlib import Path
from prop_quality.store import Store, new_run_id
from tests.prop_quality.test_store import AT, verdict
print("ready", flush=True)
while True:
    Store(Path(sys.argv[1])).save(replace(verdict(), run_id=new_run_id("after_batch", AT), query="x" * 300_000))
"""


def verdict() -> Verdict:
    return Verdict(
        run_id=new_run_id("after_batch", AT),
        checkpoint="after_batch",
        verdict=Outcome.INCONCLUSIVE,
        summary="2026-01-09: could not be decided.",
        batch=Batch("batch_2026-01-09_1768624476", (date(2026, 1, 9),)),
        evaluated_at=AT,
        rows_examined=0,
        written=Written(),
        coverage=(),
        checks=(),
        dates=(),
        cost=Cost(),
        provenance=Provenance("0", "", ""),
    )


def save_some(folder: Path, count: int) -> list[str]:
    saved = [replace(verdict(), run_id=new_run_id("after_batch", AT)) for _ in range(count)]
    for one in saved:
        Store(folder).save(one)
    return [one.run_id for one in saved]


def test_a_writer_killed_at_any_moment_leaves_only_whole_verdicts(tmp_path: Path) -> None:
    dice = random.Random(7)
    kept = 0
    for _ in range(4):
        writer = subprocess.Popen([sys.executable, "-c", WRITER, str(tmp_path)], stdout=subprocess.PIPE, text=True)
        assert writer.stdout is not None
        with writer:
            assert writer.stdout.readline() == "ready\n"
            time.sleep(dice.uniform(0.02, 0.4))
            writer.send_signal(signal.SIGKILL)
        paths = list(Store(tmp_path).paths())
        read = list(Store(tmp_path).newest_first())
        assert len(read) == len(paths), "a file that is there can be read"
        assert all(len(one.query or "") == 300_000 for one in read)
        assert len(paths) >= kept, "nothing that was there is lost"
        kept = len(paths)
    assert kept


def test_writers_at_the_same_time_lose_nothing(tmp_path: Path) -> None:
    with ProcessPoolExecutor(4, mp_context=get_context("spawn")) as pool:
        saved = [name for names in pool.map(save_some, [tmp_path] * 4, [25] * 4) for name in names]
    assert sorted(path.stem for path in Store(tmp_path).paths()) == sorted(saved)
    assert len(list(Store(tmp_path).newest_first())) == 100


def test_a_full_disk_is_said_and_leaves_no_trace(tmp_path: Path) -> None:
    """The kernel refuses what a full disk refuses; the file of the run is then not there at all."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1000, before[1]))
    try:
        with pytest.raises(DeliveryError, match="could not be stored"):
            Store(tmp_path).save(replace(verdict(), query="x" * 5000))
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []


def test_a_failed_write_leaves_what_was_there(tmp_path: Path) -> None:
    path = tmp_path / "verdict.json"
    write_atomically(path, "old")
    with pytest.raises(UnicodeEncodeError):
        write_atomically(path, "\ud800")
    assert path.read_text(encoding="utf-8") == "old"
    assert list(tmp_path.iterdir()) == [path]


def test_what_is_no_verdict_is_passed_over(tmp_path: Path) -> None:
    good = verdict()
    folder = Store(tmp_path).save(good).parent
    (folder / "20260118T000000Z-after_batch-00000000.json").write_text("{", encoding="utf-8")
    (folder / "20260118T000001Z-after_batch-00000000.json").write_text('{"schema_version": 9}', encoding="utf-8")
    assert list(Store(tmp_path).newest_first()) == [good]


def test_runs_can_be_left_out_by_time_and_checkpoint(tmp_path: Path) -> None:
    for checkpoint, hour in (("after_batch", 4), ("watch", 5), ("after_batch", 6)):
        moment = AT.replace(hour=hour)
        run_id = new_run_id(checkpoint, moment)
        Store(tmp_path).save(replace(verdict(), run_id=run_id, checkpoint=checkpoint, evaluated_at=moment))
    hours = [one.evaluated_at.hour for one in Store(tmp_path).newest_first(until=AT.replace(hour=5, minute=59))]
    assert hours == [5, 4]
    assert [one.evaluated_at.hour for one in Store(tmp_path).newest_first(besides="watch")] == [6, 4]
