"""The tests say the same in the shell of somebody who watches tables of his own."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]
ONE = "tests/prop_quality/test_command_line.py::test_an_event_of_megabytes_is_refused"
WATCHED = {
    "PROP_QUALITY_TABLE": "no table at all",
    "PROP_QUALITY_UNKNOWN": "1",
    "BIGQUERY_EMULATOR_HOST": "ftp://nowhere",
}


def test_what_is_watched_in_production_is_no_part_of_the_tests() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-n", "0", ONE],
        cwd=ROOT,
        env={**os.environ, **WATCHED},
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert "1 passed" in done.stdout, done.stdout
