"""The example workflow holds commands that exist; and what `make test` says where there is no browser."""

from __future__ import annotations

import json
import os
import re
import shlex
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml

from prop_quality.cli import run
from prop_quality.settings import PREFIX
from prop_quality.site.state import Mark
from tests.prop_quality.site.conftest import ROOT, Demo


@pytest.fixture
def workflow() -> Any:
    return yaml.safe_load((ROOT / "docs/examples/github-pages.yml").read_text())


def test_every_command_of_the_pages_workflow_exists_with_its_options(
    workflow: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    found = 0
    for step in workflow["jobs"]["check"]["steps"]:
        for said in re.findall(r"prop-quality (?!\[)([a-z].*)$", step.get("run", ""), re.MULTILINE):
            words = shlex.split(said)
            names = [word for word in words if word.isalpha() and words.index(word) < 2]
            assert run([*(name for name in names if name != "public"), "--help"]) == 0
            help_text = capsys.readouterr().out
            assert [w for w in words if w.startswith("--") and w not in help_text] == []
            found += 1
    assert found == 2


def test_the_pages_workflow_never_puts_the_event_into_a_script(workflow: Any) -> None:
    scripts = [step["run"] for job in workflow["jobs"].values() for step in job["steps"] if "run" in step]
    assert scripts
    assert not any("${{" in script for script in scripts)
    assert workflow["permissions"] == {"contents": "read"}


def without_a_browser(tmp_path: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    """`scripts/browser` where only a shell is installed."""
    for name in ("bash", "id"):
        (tmp_path / name).symlink_to(shutil.which(name) or "")
    return subprocess.run(
        [ROOT / "scripts/browser"],
        env={"PATH": str(tmp_path), "HOME": str(tmp_path)} | environment,
        capture_output=True,
        text=True,
        timeout=30,
    )


def test_without_a_browser_the_tests_say_how_to_get_one(tmp_path: Path) -> None:
    done = without_a_browser(tmp_path)
    assert done.returncode == 1
    for way in ("sudo apt-get install chromium", "playwright install chromium", "TEST_BROWSER"):
        assert way in done.stderr


def test_a_named_browser_is_taken_and_one_that_is_none_is_refused(tmp_path: Path) -> None:
    named = tmp_path / "my browser"
    named.touch(mode=0o755)
    assert without_a_browser(tmp_path, TEST_BROWSER=str(named)).stdout.strip() == str(named)
    shutil.rmtree(tmp_path, ignore_errors=True)
    tmp_path.mkdir()
    refused = without_a_browser(tmp_path, TEST_BROWSER="no-such-browser")
    assert (refused.returncode, "no-such-browser, which is no program" in refused.stderr) == (1, True)


def test_the_variable_that_names_a_browser_is_not_taken_for_a_setting() -> None:
    named = set(re.findall(r"\b[A-Z]+(?:_[A-Z]+)*_BROWSER\b", (ROOT / "scripts/browser").read_text(encoding="utf-8")))
    assert named == {"TEST_BROWSER"}
    assert not any(name.startswith(PREFIX) for name in named)


def test_playwrights_own_browser_is_found(tmp_path: Path) -> None:
    own = tmp_path / ".cache/ms-playwright/chromium-1187/chrome-linux/chrome"
    own.parent.mkdir(parents=True)
    own.touch(mode=0o755)
    assert os.access(own, os.X_OK)
    assert without_a_browser(tmp_path).stdout.strip() == str(own)


def test_the_documentation_names_every_field_of_status_json_and_every_state(demo: Demo) -> None:
    text = (ROOT / "docs/site.md").read_text()
    status = json.loads((demo.site / "status.json").read_text())
    assert [name for name in [*status, *Mark] if f"`{name}`" not in text] == []
