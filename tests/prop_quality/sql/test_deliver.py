import json
import os
import pty
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from prop_quality.sql.codes import CODES
from prop_quality.sql.deliver import STEP_SUMMARY, Output, deliver, output_of
from prop_quality.sql.finding import Report
from prop_quality.sql.formats import RENDERERS, render
from prop_quality.verdict import ExitCode, Outcome
from tests.prop_quality.sql.formats.sample import sample

PASSED = Report(Outcome.PASSED, 12, 31, 0.5)


@pytest.mark.parametrize("name", RENDERERS)
def test_each_format_is_printed_as_it_is_rendered(name: str, capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    assert deliver(sample(), name, environment={}) is ExitCode.FAILED
    assert capfdbinary.readouterr().out.decode() == render(sample(), name)


def test_with_a_file_people_still_read_the_text(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    output = tmp_path / "report.json"
    assert deliver(PASSED, "json", [Output(output)], environment={}) is ExitCode.PASSED
    assert json.loads(output.read_text())["files"] == 12
    assert capsys.readouterr().out == render(PASSED, "text")


def test_a_file_that_cannot_be_written_is_exit_4_and_hides_no_failure(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    nowhere = tmp_path / "none" / "report.json"
    assert deliver(PASSED, "json", [Output(nowhere)], environment={}) is ExitCode.NOT_DELIVERED
    assert deliver(sample(), "json", [Output(nowhere)], environment={}) is ExitCode.FAILED
    captured = capsys.readouterr()
    assert "31 statements" in captured.out
    assert "could not be written" in captured.err


def test_one_run_writes_as_many_formats_as_are_asked_for(
    tmp_path: Path, capfdbinary: pytest.CaptureFixture[bytes]
) -> None:
    outputs = [output_of(f"{name}={tmp_path / name}") for name in ("json", "markdown", "sarif")]
    assert deliver(sample(), "github", outputs, environment={}) is ExitCode.FAILED
    assert capfdbinary.readouterr().out.decode() == render(sample(), "github")
    for name, path in [(one.format or "", one.path) for one in outputs]:
        assert path.read_text(encoding="utf-8") == render(sample(), name)


@pytest.mark.parametrize(
    ("text", "format_", "path"),
    [
        ("a.xml", None, "a.xml"),
        ("junit=a.xml", "junit", "a.xml"),
        ("run=a.xml", None, "run=a.xml"),
        ("json=", None, "json="),
    ],
)
def test_an_output_names_its_format_before_the_sign(text: str, format_: str | None, path: str) -> None:
    assert output_of(text) == Output(Path(path), format_)


def test_github_gets_a_step_summary_after_what_the_step_already_said(tmp_path: Path) -> None:
    summary = tmp_path / "summary.md"
    summary.write_text("before\n")
    deliver(sample(), "github", environment={STEP_SUMMARY: str(summary)})
    assert summary.read_text() == "before\n" + render(sample(), "markdown")


def test_the_step_summary_stays_within_what_is_left_of_its_limit(tmp_path: Path) -> None:
    summary = tmp_path / "summary.md"
    summary.write_text("x" * 990_000)
    one = CODES["syntax"].at("a.sql", 1, 1, "y" * 900)
    deliver(replace(PASSED, findings=(one,) * 50), "github", environment={STEP_SUMMARY: str(summary)})
    assert summary.stat().st_size <= 1_000_000
    assert "of 50 findings" in summary.read_text()


_SCRIPT = "from tests.prop_quality.sql.test_deliver import *\ndeliver(sample())"


def _on_a_terminal(**environment: str) -> str:
    ours, theirs = pty.openpty()
    process = subprocess.Popen(
        [sys.executable, "-c", _SCRIPT], stdout=theirs, env={**os.environ, **environment}, stderr=subprocess.PIPE
    )
    os.close(theirs)
    shown = b""
    while chunk := _read(ours):
        shown += chunk
    os.close(ours)
    assert process.communicate()[1] == b""
    return shown.decode()


def _read(terminal: int) -> bytes:
    try:
        return os.read(terminal, 65536)
    except OSError:
        # Linux answers so when the other side is closed.
        return b""


def test_a_terminal_gets_colours_and_lines_that_fit_unless_it_wants_none() -> None:
    assert "\x1b[31m" in _on_a_terminal(NO_COLOR="", COLUMNS="70")
    plain = _on_a_terminal(NO_COLOR="1", COLUMNS="70")
    assert "\x1b" not in plain
    source = [line for line in plain.splitlines() if "│" in line]
    assert source
    assert max(map(len, source)) <= 70


def test_a_terminal_without_our_letters_gets_signs_in_their_place() -> None:
    run = subprocess.run(
        [sys.executable, "-c", _SCRIPT],
        env={**os.environ, "PYTHONIOENCODING": "ascii"},
        capture_output=True,
        check=True,
        timeout=60,
    )
    assert b"12 files and 31 statements" in run.stdout


def test_a_reader_that_goes_away_is_no_trouble() -> None:
    script = "import sys; from tests.prop_quality.sql.test_deliver import *\nsys.exit(deliver(sample(), 'sarif'))"
    reader, writer = os.pipe()
    os.close(reader)
    with os.fdopen(writer, "wb") as gone:
        run = subprocess.run([sys.executable, "-c", script], stdout=gone, stderr=subprocess.PIPE, timeout=60)
    assert b"Traceback" not in run.stderr
