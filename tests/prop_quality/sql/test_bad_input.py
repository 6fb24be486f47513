"""Whatever stands in a file, the gate says so in a finding or in one sentence, and counts what it saw."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from prop_quality.cli import run
from tests.prop_quality.sql.conftest import Check

Command = Callable[..., tuple[int, dict[str, Any], str]]


@pytest.fixture
def command(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Command:
    """Run the command over a folder; its exit code, its report and its complaints."""

    def check(*arguments: str) -> tuple[int, dict[str, Any], str]:
        code = run(["sql", "check", str(tmp_path), "--format", "json", *arguments])
        said = capsys.readouterr()
        return code, json.loads(said.out) if said.out.startswith("{") else {}, said.err

    return check


def reasons(report: dict[str, Any]) -> dict[str, str]:
    return {Path(one["file"]).name: f"{one['code']}: {one['message']}" for one in report["findings"]}


def test_files_that_cannot_be_read_are_findings_and_the_others_are_checked(command: Command, tmp_path: Path) -> None:
    (tmp_path / "bytes.sql").write_bytes(b"SELECT '\xff\xfe'")
    (tmp_path / "large.sql").write_text("SELECT 1;\n" * 500_000, encoding="utf-8")
    (tmp_path / "gone.sql").symlink_to(tmp_path / "nowhere.sql")
    (tmp_path / "loop.sql").symlink_to(tmp_path / "loop.sql")
    (tmp_path / "out.sql").symlink_to("/etc/hostname")
    (tmp_path / "good.sql").write_text("SELECT 1", encoding="utf-8")
    code, report, _ = command()
    found = reasons(report)
    assert code == 1
    assert (report["files"], report["statements"]) == (1, 1)
    assert all(found[name].startswith("unreadable: ") for name in found)
    assert "byte 8 is not UTF-8" in found["bytes.sql"]
    assert "5,000,000 bytes" in found["large.sql"]
    assert "leads out of its folder" in found["out.sql"]
    assert set(found) == {"bytes.sql", "large.sql", "gone.sql", "loop.sql", "out.sql"}


def test_what_is_no_file_is_not_opened(command: Command, tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.sql")
    for arguments in ((), (str(tmp_path / "pipe.sql"), "/dev/zero")):
        _, report, _ = command(*arguments)
        assert {text for name, text in reasons(report).items() if name in {"pipe.sql", "zero"}} == {
            "unreadable: It cannot be checked: it is no file that can be read to its end."
        }


def test_a_linked_folder_is_said_where_its_files_are_not_seen_elsewhere(command: Command, tmp_path: Path) -> None:
    for name in ("inside", "node_modules", ".hidden"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "a.sql").write_text("SELECT 1", encoding="utf-8")
    for link, target in (("same", "inside"), ("me", "."), ("out", "/etc"), ("packages", "node_modules")):
        (tmp_path / link).symlink_to(target, target_is_directory=True)
    code, report, _ = command()
    assert (code, report["statements"]) == (0, 1)
    assert {Path(one["file"]).name: one["severity"] for one in report["findings"]} == {
        "out": "warning",
        "packages": "warning",
    }


def test_a_folder_that_cannot_be_opened_is_said(command: Command, tmp_path: Path) -> None:
    # No user, root included, can list a folder whose path is longer than the system takes.
    here = os.open(tmp_path, os.O_RDONLY)
    for _ in range(20):
        os.mkdir("d" * 250, dir_fd=here)
        above, here = here, os.open("d" * 250, os.O_RDONLY, dir_fd=here)
        os.close(above)
    os.close(here)
    (tmp_path / "good.sql").write_text("SELECT 1", encoding="utf-8")
    code, report, _ = command()
    assert code == 1
    (said,) = report["findings"]
    assert (said["code"], said["severity"]) == ("unreadable", "error")
    assert "File name too long" in said["message"]


def test_the_help_names_the_mend_of_that_very_fault(command: Command, tmp_path: Path) -> None:
    (tmp_path / "bytes.sql").write_bytes(b"\xff")
    (tmp_path / "large.sql").write_text(" " * 1_100_000, encoding="utf-8")
    (tmp_path / "gone.sql").symlink_to(tmp_path / "nowhere.sql")
    help_ = {Path(one["file"]).name: one["help"] for one in command()[1]["findings"]}
    assert help_["bytes.sql"] == "Save it as UTF-8 text."
    assert help_["large.sql"].startswith("Split it")
    assert help_["gone.sql"].startswith("Remove the link")


def test_nothing_to_check_is_no_pass(command: Command, tmp_path: Path) -> None:
    assert command()[0] == 3
    (tmp_path / "comments.sql").write_text("-- nothing here\n", encoding="utf-8")
    code, report, _ = command()
    assert (code, report["verdict"], report["files"], report["statements"]) == (3, "inconclusive", 1, 0)
    (tmp_path / "template.sql").write_text("SELECT {{ x }}", encoding="utf-8")
    assert command()[0] == 3


def test_a_statement_that_breaks_the_analyzer_costs_itself_alone(command: Command, tmp_path: Path) -> None:
    deep = "SELECT " + " + ".join(["1"] * 20_000)
    (tmp_path / "deep.sql").write_text(f"SELECT 1;\n{deep};\nSELECT missing;\n", encoding="utf-8")
    (tmp_path / "later.sql").write_text("SELECT also_missing", encoding="utf-8")
    code, report, _ = command()
    assert code == 1
    assert report["statements"] == 4
    assert report["findings"][0]["message"].startswith("The analyzer failed on this statement: it is nested")
    assert [(Path(one["file"]).name, one["code"], one["line"]) for one in report["findings"]] == [
        ("deep.sql", "analyzer-failed", 2),
        ("deep.sql", "unknown-name", 3),
        ("later.sql", "unknown-name", 1),
    ]


ODD = (
    "\0",
    "SELECT '\0'",
    "\ufeffSELECT 1 +",
    "SELECT 'a\r\nb'",
    ";",
    ";;;",
    "/* never ended",
    "`",
    "'''",
    "SELECT 1 FROM `a`b`",
    "END",
    "BEGIN",
    "BEGIN BEGIN BEGIN",
    "IF",
    "CREATE",
    "CREATE VIEW d.v AS",
    "\u202eSELECT 1",
    "DECLARE x;",
    "SELECT @@no.such.variable",
    "CREATE FUNCTION f() AS (f())",
    "WITH RECURSIVE r AS (SELECT 1 UNION ALL SELECT * FROM r) SELECT missing FROM r",
    "ALTER TABLE",
    "CALL",
    "(" * 5000,
)


@pytest.mark.parametrize("text", ODD)
def test_odd_text_is_a_finding_and_never_a_traceback(findings: Check, text: str) -> None:
    for one in findings(text):
        assert one.line >= 1
        assert one.column >= 1
        assert one.message


def test_places_count_characters_after_a_byte_order_mark_and_carriage_returns(findings: Check) -> None:
    (said,) = findings("\ufeffSELECT 'é'\r\n  , missing")
    assert (said.code, said.line, said.column) == ("unknown-name", 2, 5)


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("nowhere.sql",), "nowhere.sql is not there"),
        (("--catalog", "nowhere"), "nowhere is not there"),
        (("--format", "yaml"), "'yaml' is not one of"),
        (("--base", "no-such-ref"), "is not in a git repository"),
        (("--baseline", "nowhere.json"), "cannot be read as a baseline"),
        (("--no-such-option",), "There is no option --no-such-option"),
    ],
)
def test_wrong_usage_is_one_sentence(
    command: Command, tmp_path: Path, arguments: tuple[str, ...], words: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "a.sql").write_text("SELECT 1", encoding="utf-8")
    code, _, error = command(*arguments)
    assert code == 2
    assert words in error
    assert "Traceback" not in error
