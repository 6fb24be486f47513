"""The command as a process of its own: closed pipes, signals, a full disk, and two at the same time."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from datetime import date
from pathlib import Path

import pytest

from prop_quality.season import NightShape, clean_night
from tests.prop_quality.commands.conftest import Prop
from tests.prop_quality.troubled import RESULTS, Trouble, troubled
from tests.warehouse import environment_of

NIGHT = clean_night(NightShape(seed=31, game_date=date(2026, 1, 21), games=2, players=20))
COMMAND = Path(sys.executable).with_name("prop-quality")


@pytest.fixture
def start(prop: Prop) -> object:
    """Starts the command on the event of the night."""

    def started(*options: str, endpoint: str | None = None, stdout: int = subprocess.PIPE) -> subprocess.Popen[str]:
        environment = {**os.environ, **environment_of(prop.warehouse, prop.settings.state_dir), "LC_ALL": "C"}
        if endpoint:
            environment["BIGQUERY_EMULATOR_HOST"] = endpoint
        arguments = [str(one) for one in prop.event(NIGHT)]
        return subprocess.Popen(
            [str(COMMAND), *arguments, *options], stdout=stdout, stderr=subprocess.PIPE, text=True, env=environment
        )

    return started


def test_a_closed_pipe_and_a_full_disk_beside_each_other_lose_no_verdict(
    prop: Prop, start: object, tmp_path: Path
) -> None:
    """Two checkpoints at once: one whose reader is gone, one whose standard output is full."""
    assert callable(start)
    prop.load(NIGHT)
    reading, writing = os.pipe()
    os.close(reading)
    gone = start("--json", str(tmp_path / "gone.json"), stdout=writing)
    os.close(writing)
    with Path("/dev/full").open("w", encoding="utf-8") as full:
        packed = start("--json", str(tmp_path / "packed.json"), stdout=full.fileno())
        _, said_gone = gone.communicate(timeout=120)
        _, said_packed = packed.communicate(timeout=120)
    assert (gone.returncode, said_gone) == (0, "")
    assert packed.returncode == 4
    assert "No space left on device" in said_packed
    assert "Traceback" not in said_packed
    written = [json.loads((tmp_path / name).read_text(encoding="utf-8")) for name in ("gone.json", "packed.json")]
    assert sorted(one.run_id for one in prop.stored()) == sorted(one["run_id"] for one in written)


def test_a_scheduler_that_ends_the_run_gets_a_verdict_that_says_so(prop: Prop, start: object) -> None:
    assert callable(start)
    prop.load(NIGHT)
    trouble = Trouble(RESULTS, kind="hang")
    with troubled(prop.warehouse.endpoint, trouble) as address:
        running = start("--json", "-", endpoint=address)
        for _ in range(6000):
            if trouble.seen or running.poll() is not None:
                break
            time.sleep(0.01)
        running.send_signal(signal.SIGTERM)
        out, err = running.communicate(timeout=60)
    assert running.returncode == 3
    assert json.loads(out)["error"]["kind"] == "interrupted"
    assert "Traceback" not in err
    assert [one.run_id for one in prop.stored()] == [json.loads(out)["run_id"]]
