"""The command `prop-quality`. Commands are thin: parse, call, print, exit; heavy imports wait until needed."""

from __future__ import annotations

import importlib
import os
import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

import click

from prop_quality import __version__
from prop_quality.errors import DeliveryError, PropQualityError, UsageError
from prop_quality.verdict import ExitCode, parse_time

_COMMANDS = {
    "demo": "prop_quality.commands.demo:demo",
    "check": "prop_quality.commands.check:check",
    "watch": "prop_quality.commands.watch:watch",
    "roster": "prop_quality.commands.roster:roster",
    "checks": "prop_quality.commands.checks:checks",
    "site": "prop_quality.site.cli:site_group",
}


class LazyGroup(click.Group):
    """Commands by name, each imported when it is called or asked for help."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """The commands, in the order in which people need them."""
        del ctx
        return list(_COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command of that name, None when there is none."""
        del ctx
        if cmd_name not in _COMMANDS:
            return None
        module, name = _COMMANDS[cmd_name].split(":")
        command: click.Command = getattr(importlib.import_module(module), name)
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


@click.group(cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110})
@click.version_option(__version__, prog_name="prop-quality")
def root() -> None:
    r"""Is tonight's batch of predictions what it claims to be: stored, complete, fresh, with real lines?

    \b
    Exit codes: 0 passed (warnings included) · 1 failed · 2 wrong usage or configuration ·
    3 it could not be decided · 4 the verdict is 0 but could not be recorded, published or announced.
    """


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command and end the process with its exit code."""
    code = run(arguments)
    try:
        sys.stdout.flush()
    except BrokenPipeError:
        # Whoever read us is gone; the verdict is in the exit code and in its file.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    sys.exit(code)


def run(arguments: Sequence[str] | None = None) -> int:
    """Run the command and return its exit code.

    Nothing escapes: what nobody foresaw is exit 3, because nothing was decided.
    """
    try:
        code = root.main(args=arguments, prog_name="prop-quality", standalone_mode=False)
        return int(code or 0)
    except click.exceptions.Exit as stop:
        return stop.exit_code
    except click.ClickException as error:
        error.show()
        return int(ExitCode.USAGE)
    except UsageError as error:
        return _complain(error, ExitCode.USAGE)
    except DeliveryError as error:
        return _complain(error, ExitCode.NOT_DELIVERED)
    except PropQualityError as error:
        return _complain(error, ExitCode.INCONCLUSIVE)
    except (KeyboardInterrupt, click.Abort):
        return _complain("Interrupted; nothing was decided.", ExitCode.INCONCLUSIVE)
    except Exception as error:
        return _complain(f"Nothing was decided: {type(error).__name__}: {error}", ExitCode.INCONCLUSIVE)


def _complain(error: object, code: ExitCode) -> int:
    from prop_quality.terminal import printable

    click.echo(f"Error: {printable(error)}", err=True)
    return int(code)
