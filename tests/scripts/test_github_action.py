"""The GitHub Action, its example workflow and the pre-commit hook: they name what exists, and the script is run."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

import click
import pytest
import yaml

from prop_quality.sql.cli import check
from prop_quality.sql.formats.markdown import MARK

ROOT = Path(__file__).resolve().parents[2]
SCRIPT = ROOT / "scripts" / "github-action"
GOOD = "SELECT COUNT(*) AS n FROM UNNEST([1, 2]) AS x;\n"
BAD = "SELECT missing FROM UNNEST([1, 2]) AS x;\n"


def read(name: str) -> Any:
    return yaml.safe_load((ROOT / name).read_text(encoding="utf-8"))


def options() -> set[str]:
    return {name for parameter in check.params if isinstance(parameter, click.Option) for name in parameter.opts}


def steps() -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = read("action.yml")["runs"]["steps"]
    return found


def test_the_action_is_a_composite_one_whose_inputs_are_all_described_and_used() -> None:
    action = read("action.yml")
    assert action["runs"]["using"] == "composite"
    assert all(one["description"] for one in action["inputs"].values())
    used = set(re.findall(r"\$\{\{\s*inputs\.([a-z-]+)", (ROOT / "action.yml").read_text(encoding="utf-8")))
    assert used == set(action["inputs"])


def test_nothing_from_outside_is_put_into_the_text_of_a_script() -> None:
    for step in steps():
        assert "${{" not in step.get("run", "")


def test_every_step_that_runs_names_its_shell() -> None:
    assert all("shell" in step for step in steps() if "run" in step)


def test_each_input_of_the_script_is_set_by_the_action() -> None:
    set_by_action = {name for step in steps() for name in step.get("env", {})}
    assert set(re.findall(r"\bINPUT_[A-Z]+", SCRIPT.read_text(encoding="utf-8"))) <= set_by_action


def test_the_script_names_only_options_of_the_command() -> None:
    lines = SCRIPT.read_text(encoding="utf-8").splitlines()
    ours = [line for line in lines if line.startswith("prop-quality") or "arguments+=" in line]
    named = {name for line in ours for name in re.findall(r"(?<![\w-])--[a-z][a-z-]*", line)}
    assert {"--format", "--catalog", "--strict", "--base"} <= named
    assert named <= options()


def test_what_the_action_installs_exists() -> None:
    extras = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["optional-dependencies"]
    for text in (
        (ROOT / "action.yml").read_text(encoding="utf-8"),
        read(".pre-commit-hooks.yaml")[0]["additional_dependencies"][0],
    ):
        (named,) = re.findall(r"\[(sql[a-z,]*)\]", text)
        assert set(named.split(",")) <= set(extras)


def test_the_example_workflow_runs_on_sql_only_and_uses_inputs_that_exist() -> None:
    workflow = read("docs/examples/sql-check.yml")
    triggers = workflow[True]  # YAML 1.1 reads the word `on` as true.
    assert [triggers[event]["paths"] for event in ("pull_request", "push")] == [["**.sql"], ["**.sql"]]
    (job,) = workflow["jobs"].values()
    (ours,) = (step for step in job["steps"] if "prop-quality" in step["uses"])
    assert set(ours["with"]) <= set(read("action.yml")["inputs"])
    (checkout,) = (step for step in job["steps"] if step["uses"].startswith("actions/checkout"))
    assert checkout["with"]["fetch-depth"] == 0
    assert workflow["permissions"] == {"contents": "read"}


def test_the_hook_calls_a_command_that_exists_and_the_example_a_hook_that_exists() -> None:
    (hook,) = read(".pre-commit-hooks.yaml")
    assert hook["entry"] == "prop-quality sql check"
    (example,) = read("docs/examples/pre-commit-config.yaml")["repos"]
    (used,) = example["hooks"]
    assert used["id"] == hook["id"]
    assert {argument for argument in used["args"] if argument.startswith("--")} <= options()


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    (tmp_path / "sql").mkdir()
    (tmp_path / "sql" / "good.sql").write_text(GOOD, encoding="utf-8")
    return tmp_path


def run(repository: Path, **inputs: str) -> tuple[subprocess.CompletedProcess[str], str]:
    """The script as the action runs it, with the command of this environment; and its outputs."""
    output = repository / "github-output"
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    kept = {name: os.environ[name] for name in ("HOME", "XDG_CACHE_HOME") if name in os.environ}
    environment = {**kept, "PATH": path, "GITHUB_OUTPUT": str(output), **inputs}
    done = subprocess.run(
        [SCRIPT], cwd=repository, env=environment, capture_output=True, text=True, timeout=100, check=False
    )
    return done, output.read_text(encoding="utf-8")


def test_good_sql_passes(repository: Path) -> None:
    done, outputs = run(repository, INPUT_PATHS="sql\n")
    assert (done.returncode, outputs) == (0, "verdict=passed\n"), done.stderr


def test_a_mistake_is_annotated_and_a_comment_that_cannot_be_written_changes_nothing(repository: Path) -> None:
    (repository / "more sql").mkdir()
    (repository / "more sql" / "bad.sql").write_text(BAD, encoding="utf-8")
    done, outputs = run(repository, INPUT_PATHS="sql\nmore sql\n", INPUT_COMMENT="true", PULL_REQUEST="1")
    assert (done.returncode, outputs) == (1, "verdict=failed\n"), done.stderr
    assert done.stdout.count("prop-quality sql check failed: ") == 1
    assert "::error file=more sql/bad.sql,line=1,col=8" in done.stdout
    assert "::warning::The report could not be written as a comment" in done.stdout


def test_nothing_to_check_is_inconclusive(repository: Path) -> None:
    (repository / "sql" / "good.sql").unlink()
    done, outputs = run(repository)
    assert (done.returncode, outputs) == (3, "verdict=inconclusive\n"), done.stderr


def git(folder: Path, *arguments: str) -> None:
    who = ("-c", "user.name=a", "-c", "user.email=a@example.org", "-c", "commit.gpgsign=false")
    subprocess.run(["git", *who, *arguments], cwd=folder, check=True, capture_output=True)


def test_a_pull_request_that_changes_no_sql_has_nothing_to_fail(repository: Path) -> None:
    git(repository, "init", "--quiet", "--initial-branch=main")
    git(repository, "add", ".")
    git(repository, "commit", "--quiet", "--message=before")
    (repository / "other.txt").write_text("changed", encoding="utf-8")
    done, outputs = run(repository, INPUT_PATHS="sql\n", INPUT_BASE="main")
    assert (done.returncode, outputs) == (0, "verdict=nothing-checked\n"), done.stderr
    assert "::notice::No SQL below the given paths changed" in done.stdout
    (repository / "sql" / "notes.sql").write_text("-- the license\n", encoding="utf-8")
    done, outputs = run(repository, INPUT_PATHS="sql\n", INPUT_BASE="main")
    assert (done.returncode, outputs.splitlines()[-1]) == (0, "verdict=nothing-checked"), done.stderr
    (repository / "sql" / "notes.sql").write_text("SELECT {{ x }}\n", encoding="utf-8")
    assert run(repository, INPUT_PATHS="sql\n", INPUT_BASE="main")[0].returncode == 3
    done, outputs = run(repository, INPUT_PATHS="sql\n", INPUT_BASE="no-such-commit")
    assert done.returncode == 2
    assert outputs.endswith("verdict=inconclusive\n")


def test_the_comment_is_found_by_the_mark_that_the_report_begins_with() -> None:
    assert f"mark='{MARK}'" in SCRIPT.read_text(encoding="utf-8")
