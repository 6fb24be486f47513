"""The command over a small repository, from its first day with the gate on: baseline, suppressions, reports."""

import json
from pathlib import Path

import pytest

from prop_quality.cli import run

FAULT = "SELECT no_such_column\nFROM UNNEST([STRUCT(1 AS one)]);\n"
ALLOW = "-- prop-quality: allow unknown-name until 2026-12-31 because it is moved next week\n"
NOW = ("--now", "2026-11-24T12:00:00Z")


@pytest.fixture
def repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "old.sql").write_text(FAULT)
    (tmp_path / "good.sql").write_text("SELECT 1 AS one;\n")
    return tmp_path


def test_an_old_repository_passes_from_the_first_day_and_fails_on_what_is_new(
    repository: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["sql", "check", ".", *NOW]) == 1
    assert "old.sql:1:8  error unknown-name" in capsys.readouterr().out
    assert run(["sql", "check", ".", "--write-baseline", "baseline.json", *NOW]) == 0
    assert "1 known from the baseline" in capsys.readouterr().out
    (repository / "old.sql").write_text("-- moved\n\n" + FAULT + FAULT)
    assert run(["sql", "check", ".", "--baseline", "baseline.json", "--format", "json", *NOW]) == 1
    report = json.loads(capsys.readouterr().out)
    assert [(found["file"], found["line"]) for found in report["findings"]] == [("old.sql", 5)]
    assert (report["baselined"], report["files"], report["statements"]) == (1, 2, 3)


def test_what_was_mended_or_deleted_is_said_until_the_baseline_is_written_anew(
    repository: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["sql", "check", ".", "--write-baseline", "baseline.json", *NOW]) == 0
    (repository / "old.sql").unlink()
    capsys.readouterr()
    assert run(["sql", "check", ".", "--baseline", "baseline.json", *NOW]) == 0
    assert "old.sql no longer has the finding unknown-name" in capsys.readouterr().out


def test_a_suppression_holds_until_its_day_and_is_counted(repository: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (repository / "old.sql").write_text(ALLOW + FAULT)
    assert run(["sql", "check", ".", *NOW]) == 0
    assert "1 suppressed" in capsys.readouterr().out
    assert run(["sql", "check", ".", "--format", "github", "--now", "2027-01-01T00:00:00Z"]) == 1
    out = capsys.readouterr().out
    assert "::error file=old.sql,line=2,col=8,title=prop-quality unknown-name::" in out
    assert "::warning file=old.sql,line=1,col=1,title=prop-quality suppression-expired::" in out


def test_a_baseline_is_never_written_from_some_of_the_files(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["sql", "check", ".", "--base", "main", "--write-baseline", "baseline.json"]) == 2
    assert "leave out --base" in capsys.readouterr().err
