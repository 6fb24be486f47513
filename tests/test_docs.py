"""Lists in the documentation are what the code says."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import checkpoints
from prop_quality.settings import SETTINGS
from prop_quality.verdict import ExitCode


def test_the_pages_made_from_the_code_are_up_to_date() -> None:
    done = subprocess.run(
        [sys.executable, "scripts/docs", "--check"], capture_output=True, text=True, timeout=60, check=False
    )
    assert done.returncode == 0, f"run `make docs`: {done.stdout}{done.stderr}"


def test_every_check_has_a_section() -> None:
    page = Path("docs/checks.md").read_text(encoding="utf-8")
    for check_id in checkpoints.known_checks():
        assert f"\n### {check_id}\n" in page


def test_every_setting_and_exit_code_is_listed() -> None:
    settings = Path("docs/settings.md").read_text(encoding="utf-8")
    assert all(f"| `{one.variable}` |" in settings for one in SETTINGS)
    commands = Path("docs/commands.md").read_text(encoding="utf-8")
    assert all(f"| {code.value} | {code.meaning} |" in commands for code in ExitCode)
