"""The command `prop-quality`. Commands are thin: parse, call, print, exit; heavy imports wait until needed."""

from __future__ import annotations

import importlib
import io
import logging
import math
import os
import signal
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click

from prop_quality.errors import DeliveryError, PropQualityError, UsageError
from prop_quality.settings import DEFAULT_TIMEOUT_SECONDS, MAX_TIMEOUT_SECONDS
from prop_quality.verdict import ExitCode, parse_time
from prop_quality.words import discreet, one_line

_COMMANDS = {
    "demo": "prop_quality.commands.demo:demo",
    "check": "prop_quality.commands.check:check",
    "watch": "prop_quality.commands.watch:watch",
    "roster": "prop_quality.commands.roster:roster",
    "checks": "prop_quality.commands.checks:checks",
    "site": "prop_quality.site.cli:site_group",
    "sql": "prop_quality.sql.cli:sql_group",
}


class LazyGroup(click.Group):
    """Commands by name, each imported when it is called or asked for help; all of them take `--debug`."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """The commands, in the order in which people need them."""
        del ctx
        return list(_COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command of that name, None when there is none."""
        if cmd_name not in _COMMANDS:
            return None
        module, name = _COMMANDS[cmd_name].split(":")
        return _debuggable(getattr(importlib.import_module(module), name), ctx)


def _debuggable(command: click.Command, ctx: click.Context) -> click.Command:
    """The command, and the commands below it, with the option `--debug`; `run` acts on it."""
    if all("--debug" not in option.opts for option in command.params):
        said = "Show the traceback of what went wrong."
        command.params.append(click.Option(["--debug"], is_flag=True, expose_value=False, help=said))
    if isinstance(command, click.Group):
        for name in command.list_commands(ctx):
            below = command.get_command(ctx, name)
            if below is not None:
                _debuggable(below, ctx)
    return command


class Moment(click.ParamType):  # type: ignore[type-arg]
    """A time with its zone, as on the command line."""

    name = "time"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> datetime:
        """The aware UTC time."""
        if isinstance(value, datetime):
            return value
        try:
            return parse_time(str(value))
        except ValueError:
            self.fail(f"{value!r} is no time with a zone; write it like 2026-01-17T04:36:16Z.", param, ctx)


MOMENT = Moment()


def now_option(command: Any) -> Any:
    """The clock; every command that reads the time takes it."""
    return click.option(
        "--now", type=MOMENT, default=lambda: datetime.now(UTC), show_default="now", help="The clock, with its zone."
    )(command)


class Name(click.ParamType):  # type: ignore[type-arg]
    """A name on the command line; an empty one, from a variable that the shell does not know, would go unnoticed."""

    name = "name"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """The name."""
        return value if str(value).strip() else self.fail("it is empty; name one, or leave the option out", param, ctx)


class NamedPath(click.Path):
    """A path on the command line; an empty one would mean the folder that we happen to be in."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """The path."""
        return super().convert(Name().convert(value, param, ctx), param, ctx)


FILE = NamedPath(dir_okay=False, path_type=Path)
FOLDER = NamedPath(file_okay=False, path_type=Path)


class Seconds(click.FloatRange):
    """A number of seconds, as on the command line."""

    name = "seconds"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """The seconds; `nan` lies in every range, and is none."""
        try:
            if not math.isnan(float(value)):
                return super().convert(value, param, ctx)
        except ValueError:
            pass
        return self.fail(f"{value!r} is no number of seconds; write it like {DEFAULT_TIMEOUT_SECONDS:g}.", param, ctx)


def timeout_option(command: Any) -> Any:
    """How long the warehouse may take; the default lets every command end within a minute."""
    said = "Seconds that the run may wait for the warehouse in all."
    kind = Seconds(min=0.1, max=MAX_TIMEOUT_SECONDS)
    return click.option("--timeout", type=kind, default=DEFAULT_TIMEOUT_SECONDS, show_default=True, help=said)(command)


@click.group(
    cls=LazyGroup,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110},
    epilog="\b\nExit codes:\n" + "\n".join(f"{code.value}  {code.meaning}" for code in ExitCode),
)
@click.version_option(package_name="prop-quality", prog_name="prop-quality")
@click.option("--debug", is_flag=True, expose_value=False, help="Show the traceback of what went wrong.")
def root() -> None:
    """Is tonight's batch of predictions what it claims to be: stored, complete, fresh, with real lines?"""


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command and end the process with its exit code."""
    signal.signal(signal.SIGTERM, _interrupted)
    for name in ("stdout", "stderr"):
        # A scheduler may close what nobody reads; Python then has no stream at all.
        if getattr(sys, name) is None:
            setattr(sys, name, Path(os.devnull).open("w", encoding="utf-8"))  # noqa: SIM115 - open as long as the process
    for stream in (sys.stdout, sys.stderr):
        # A screen that lacks a letter must not cost the verdict.
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")
    code = run(arguments)
    try:
        sys.stdout.flush()
    except OSError:
        # Whoever read us is gone, or the disk is full; the verdict is in the exit code and in its file.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    sys.exit(code)


def run(arguments: Sequence[str] | None = None) -> int:
    """Run the command and return its exit code.

    Nothing escapes: what nobody foresaw is exit 3, because nothing was decided.
    """
    given = list(sys.argv[1:] if arguments is None else arguments)
    with _tracebacks("--debug" in given):
        try:
            return int(root.main(args=given, prog_name="prop-quality", standalone_mode=False) or 0)
        except click.exceptions.Exit as stop:
            return stop.exit_code
        except (Exception, SystemExit, KeyboardInterrupt) as error:
            logging.getLogger(__name__).debug("The command was broken off", exc_info=True)
            return _answer(error)


class _Discreet(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        return discreet(super().format(record))


@contextmanager
def _tracebacks(shown: bool) -> Iterator[None]:
    """What our own modules log, tracebacks above all, on standard error when it is asked for."""
    logger, handler = logging.getLogger("prop_quality"), logging.StreamHandler()
    handler.setFormatter(_Discreet())
    before = logger.level
    if shown:
        logger.addHandler(handler)
        logger.setLevel(logging.DEBUG)
    try:
        yield
    finally:
        logger.removeHandler(handler)
        logger.setLevel(before)


def _answer(error: BaseException) -> int:
    """One sentence on standard error, and the exit code that it means."""
    if isinstance(error, SystemExit):
        return error.code if isinstance(error.code, int) else int(bool(error.code))
    if isinstance(error, click.exceptions.NoArgsIsHelpError):
        error.show()
        return int(ExitCode.USAGE)
    said, code = _sentence(error)
    with suppress(OSError):
        click.echo(f"Error: {discreet(one_line(said))}", err=True)
    return int(code)


def _sentence(error: BaseException) -> tuple[str, ExitCode]:
    if isinstance(error, click.ClickException):
        return _usage(error), ExitCode.USAGE
    if isinstance(error, UsageError):
        return str(error), ExitCode.USAGE
    if isinstance(error, DeliveryError):
        return str(error), ExitCode.NOT_DELIVERED
    if isinstance(error, PropQualityError):
        return str(error), ExitCode.INCONCLUSIVE
    if isinstance(error, KeyboardInterrupt | click.Abort):
        return "Interrupted; nothing was decided.", ExitCode.INCONCLUSIVE
    said = f"Nothing was decided: {type(error).__name__}: {error}; --debug shows where, please report it."
    return said, ExitCode.INCONCLUSIVE


def _usage(error: click.ClickException) -> str:
    """What click says, in one line that ends with where to look."""
    ctx = getattr(error, "ctx", None)
    where = f"see {ctx.command_path if ctx else 'prop-quality'} --help."
    if isinstance(error, click.NoSuchOption):
        near = f"did you mean {sorted(error.possibilities)[0]}? Or " if error.possibilities else ""
        return f"There is no option {error.option_name}; {near}{where}"
    return f"{error.format_message().rstrip('. ')}; {where}"


def _interrupted(number: int, frame: object) -> None:
    """The end that a scheduler asks for is treated as Ctrl-C: what was decided is kept."""
    del number, frame
    raise KeyboardInterrupt
