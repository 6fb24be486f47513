"""Every statement that we can send is one that BigQuery would take."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]


def test_make_sql_finds_nothing_in_our_files_nor_in_what_the_scan_composes() -> None:
    done = subprocess.run(
        [sys.executable, ROOT / "scripts/check_sql.py"], capture_output=True, text=True, timeout=240, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    counts = [line for line in done.stdout.splitlines() if "checked in" in line]
    assert len(counts) == 2
