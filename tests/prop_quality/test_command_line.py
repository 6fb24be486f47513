"""How the command answers before it does anything: help at once, wrong usage in one sentence, tracebacks on demand."""

from __future__ import annotations

import os
import resource
import subprocess
import sys
from pathlib import Path

import pytest

from prop_quality.cli import run
from prop_quality.verdict import ExitCode

EVENT = (
    '{"game_date": "2026-01-09", "timestamp": "2026-01-17T04:36:16Z", "duration_seconds": 81, "execution_id": "x",'
    ' "status": "success"}'
)
COMMANDS = ("demo", "check", "watch", "roster", "roster snapshot", "checks", "site", "site build", "site publish")


def usage(capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    """The one sentence on standard error of a command that must end with 2."""
    assert run(arguments) == ExitCode.USAGE
    shown = capsys.readouterr()
    assert shown.out == ""
    lines = shown.err.splitlines()
    assert len(lines) == 1, lines
    assert lines[0].startswith("Error: ")
    return lines[0]


@pytest.mark.parametrize(
    ("arguments", "names"),
    [
        ("chekc", "'chekc'; see prop-quality --help"),
        ("check --zzz", "There is no option --zzz; see prop-quality check --help."),
        ("check --nosuch", "There is no option --nosuch; did you mean --now? Or see prop-quality check --help."),
        ("check --timeout nan", "'nan' is no number of seconds"),
        ("check --timeout", "'--timeout' requires an argument"),
        ("check --timeout soon", "'soon' is no number of seconds; write it like 45; see prop-quality check --help."),
        ("check --timeout 0", "'--timeout'"),
        ("check", "--event FILE, or --from DATE"),
        ("check --event no-such-file.json", "no-such-file.json"),
        ("check --event .", "'--event'"),
        (
            "check --from 2026-13-01",
            "'2026-13-01' is no date from 2000 to 2099; write it like 2026-01-09; see prop-quality check",
        ),
        ("check --from 2026-01-09 --to yesterday", "'yesterday' is no date"),
        ("check --from 2026-01-09 --to 2026-01-08", "ends on 2026-01-08, before it starts on 2026-01-09"),
        ("check --from 2010-01-01 --to 2026-01-08", "5,852 dates are more than the 3,660"),
        ("check --to 2026-01-09", "--from DATE"),
        ("check --from 2026-01-09 --dates x", "--from and --dates exclude each other; give one of them."),
        ("check --from 2026-W02-5", "'2026-W02-5' is no date"),
        ("check --dates no-such-dates.txt", "no-such-dates.txt"),
        ("check --from 2026-01-09 --systems xgbost_v1", "'xgbost_v1' is no system of the registry"),
        ("check --from 2026-01-09 --systems ,", "--systems names no system"),
        ("check --from 2026-01-09 --started-at 2026-01-09T00:00:00Z", "--started-at belongs to --event"),
        ("check --from 2026-01-09 --written-since 2098-01-01T00:00:00Z", "lies in the future; check --now"),
        ("check --from 2026-01-09 --now 2026-01-09T00:00:00", "no time with a zone"),
        ("check --from 2026-01-09 --roster no-such-roster", "no-such-roster"),
        ("watch --now noon", "'noon' is no time with a zone"),
        ("roster snapshot", "'--game-date'"),
        ("checks no_such_check", "'no_such_check' is no check"),
        ("checks line_not_placeholdr", "did you mean line_not_placeholder"),
    ],
)
def test_wrong_usage_is_one_sentence_that_names_the_thing(
    capsys: pytest.CaptureFixture[str], arguments: str, names: str
) -> None:
    assert names in usage(capsys, *arguments.split())


@pytest.mark.parametrize("option", ["--expect-revision", "--roster", "--json", "--junit", "--site"])
def test_what_an_unknown_variable_of_the_shell_leaves_empty_is_refused(
    capsys: pytest.CaptureFixture[str], option: str
) -> None:
    assert f"'{option}': it is empty; name one" in usage(capsys, "check", "--from", "2026-01-09", option, "")


@pytest.mark.parametrize(
    ("option", "names"),
    [
        ("--started-at 2026-01-09T00:00:00Z --to 2026-01-09", "--to belongs to a range of dates"),
        ("--systems a", "--systems belongs to a range of dates"),
        ("--dates x", "--event and --dates exclude each other"),
        ("--from 2026-01-09", "--event and --from exclude each other"),
        ("--from 2026-01-09 --dates x", "--event, --from and --dates exclude each other"),
    ],
)
def test_an_event_and_a_range_exclude_each_other(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, option: str, names: str
) -> None:
    event = tmp_path / "event.json"
    event.write_text(EVENT, encoding="utf-8")
    assert names in usage(capsys, "check", "--event", str(event), *option.split())


def test_an_event_of_megabytes_is_refused(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    event = tmp_path / "event.json"
    event.write_bytes(b" " * 1_000_001)
    assert "1,000,000 bytes" in usage(capsys, "check", "--event", str(event))


def test_a_wrong_setting_is_wrong_usage(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PROP_QUALITY_TABLES", "a.b.c")
    assert "PROP_QUALITY_TABLES is no setting" in usage(capsys, "check", "--from", "2026-01-09")


def test_no_command_of_the_list_breaks_off_in_the_middle_of_its_sentence(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["--help"]) == 0
    assert "..." not in capsys.readouterr().out.partition("Commands:")[2]


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_has_help_and_a_debug_option(capsys: pytest.CaptureFixture[str], command: str) -> None:
    assert run([*command.split(), "--help"]) == 0
    shown = capsys.readouterr().out
    assert shown.startswith(f"Usage: prop-quality {command} ")
    assert "--debug" in shown


def test_the_help_lists_every_exit_code(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["--help"]) == 0
    shown = capsys.readouterr().out
    for code in ExitCode:
        assert f"  {code.value}  {code.meaning}" in shown


def test_a_traceback_is_shown_with_debug_and_never_without(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["checks", "no_such_check"]) == 2
    assert "Traceback" not in capsys.readouterr().err
    assert run(["checks", "no_such_check", "--debug"]) == 2
    shown = capsys.readouterr().err
    assert "Traceback" in shown
    assert shown.splitlines()[-1].startswith("Error: 'no_such_check' is no check")


def test_control_characters_of_an_argument_are_shown_not_obeyed(capsys: pytest.CaptureFixture[str]) -> None:
    assert "\x1b" not in usage(capsys, "checks", "a\x1b[31mb\nc")


PROBE = """
import sys
from prop_quality.cli import run
code = run({arguments!r})
heavy = [m for m in ("great_expectations", "google.cloud.bigquery", "pandas", "sqlalchemy") if m in sys.modules]
sys.exit(f"imported {{heavy}}" if heavy else code)
"""


@pytest.mark.parametrize(
    ("arguments", "code", "seconds"),
    [
        (["--help"], 0, 0.5),
        (["check", "--help"], 0, 0.5),
        (["check", "--foo"], 2, 0.5),
        (["check", "--from", "x"], 2, 0.5),
        (["checks"], 0, 1.0),
    ],
)
def test_help_and_usage_errors_come_at_once(arguments: list[str], code: int, seconds: float) -> None:
    """Half a second is promised; on a busy machine the seconds that the process itself worked tell.

    The catalogue reads all docstrings, and is promised nothing but to do without Great Expectations.
    """
    program = [sys.executable, "-c", PROBE.format(arguments=arguments)]
    best = 60.0
    for _ in range(3):
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        done = subprocess.run(program, capture_output=True, text=True, timeout=60, check=False)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        best = min(best, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)
        assert done.returncode == code, done.stderr
    assert best < seconds, f"{best:.2f} s"


def test_the_installed_command_is_this_one() -> None:
    command = Path(sys.executable).with_name("prop-quality")
    done = subprocess.run(
        [command, "--version"], capture_output=True, text=True, timeout=60, check=True, env=os.environ
    )
    assert done.stdout.startswith("prop-quality, version ")


@pytest.mark.parametrize("closed", [">&-", "2>&-", ">&- 2>&-"])
def test_a_closed_stream_costs_neither_the_exit_code_nor_a_traceback(closed: str) -> None:
    command = f'exec "$0" -c "from prop_quality.cli import main; main([\'check\'])" {closed}'
    done = subprocess.run(
        ["/bin/sh", "-c", command, sys.executable], capture_output=True, text=True, timeout=60, check=False
    )
    assert done.returncode == ExitCode.USAGE
    assert "Traceback" not in done.stdout + done.stderr


def test_importing_the_package_imports_nothing_heavy() -> None:
    probe = "import sys, prop_quality; sys.exit('great_expectations' in sys.modules or 'google.cloud' in sys.modules)"
    subprocess.run([sys.executable, "-c", probe], check=True, timeout=60)
