"""A report on its way to people and programs: printed first, then written. What fails there changes no verdict."""

from __future__ import annotations

import contextlib
import os
import shutil
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

import click

from prop_quality.sql import formats
from prop_quality.sql.finding import Report
from prop_quality.sql.formats import markdown, text
from prop_quality.verdict import ExitCode

STEP_SUMMARY = "GITHUB_STEP_SUMMARY"


class Output(NamedTuple):
    """A file to write, and its format; None is the format of the run."""

    path: Path
    format: str | None = None


def output_of(text: str) -> Output:
    """What `[FORMAT=]FILE` means; a name before the sign that is no format belongs to the name of the file."""
    name, sign, path = text.partition("=")
    return Output(Path(path), name) if sign and path and name in formats.RENDERERS else Output(Path(text))


def deliver(
    report: Report, name: str = "text", outputs: Sequence[Output] = (), environment: Mapping[str, str] = os.environ
) -> ExitCode:
    """Print the report in the format `name`, and write it to the `outputs`; return the exit code.

    Where a file gets the format `name`, people still read the text. The format `github` also appends to the file that
    `GITHUB_STEP_SUMMARY` names. A file that cannot be written is said on standard error, and turns exit 0 into 4.
    """
    # Whoever reads us may go before the end; the exit code stands.
    with contextlib.suppress(BrokenPipeError):
        _print(report, "text" if any(one.format in {None, name} for one in outputs) else name, environment)
    failures = [_write(one.path, formats.render(report, one.format or name), "w") for one in outputs]
    if name == "github" and environment.get(STEP_SUMMARY):
        summary = Path(environment[STEP_SUMMARY])
        failures.append(_write(summary, _summary(report, summary), "a"))
    failed = report.exit_code is ExitCode.PASSED and not all(failure is None for failure in failures)
    return ExitCode.NOT_DELIVERED if failed else report.exit_code


def _print(report: Report, name: str, environment: Mapping[str, str]) -> None:
    if name != "text":
        # Programs read UTF-8, whatever the terminal's own encoding.
        sys.stdout.buffer.write(formats.render(report, name).encode())
        sys.stdout.buffer.flush()
        return
    terminal = sys.stdout.isatty()
    width = shutil.get_terminal_size().columns if terminal else None
    shown = text.render(report, colour=terminal and not environment.get("NO_COLOR"), width=width)
    encoding = sys.stdout.encoding or "utf-8"
    click.echo(shown.encode(encoding, "replace").decode(encoding), nl=False)


def _summary(report: Report, path: Path) -> str:
    """The step summary, within what the earlier parts of the step leave of GitHub's limit."""
    with contextlib.suppress(OSError):
        left = markdown.SUMMARY_BYTES - path.stat().st_size
        return markdown.render(report, left).encode("utf-8", "replace").decode()
    return markdown.render(report, markdown.SUMMARY_BYTES).encode("utf-8", "replace").decode()


def _write(path: Path, content: str, mode: str) -> str | None:
    """Write, or say why not; the reason is returned."""
    try:
        with path.open(mode, encoding="utf-8", newline="\n") as file:
            file.write(content)
    except OSError as error:
        reason = f"The report could not be written to {path}: {error.strerror}."
        click.echo(f"Error: {reason}", err=True)
        return reason
    return None
