"""After the decision: print, write, store; then publish. Nothing here can change or hide the verdict."""

from __future__ import annotations

import json
import logging
import sys
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import click

from prop_quality.errors import DeliveryError
from prop_quality.junit import to_junit
from prop_quality.rest import save_rest
from prop_quality.settings import Settings
from prop_quality.store import Store, write_atomically
from prop_quality.terminal import print_verdict
from prop_quality.verdict import ExitCode, Verdict
from prop_quality.words import discreet, one_line

_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Outputs:
    """Where a verdict goes beside the terminal and the state directory."""

    json_file: Path | None = None
    junit: Path | None = None
    site: Path | None = None
    no_site: bool = False


def deliver(verdict: Verdict, settings: Settings, outputs: Outputs) -> ExitCode:
    """Print and write the verdict, then everything else; returns the exit code.

    What could not be delivered is said on standard error, and turns a passed verdict's exit code into 4; any other
    verdict keeps its own.
    """
    tasks: list[Callable[[], object]] = [lambda: _say(verdict, settings, outputs)]
    if outputs.json_file and not _to_stdout(outputs):
        tasks.append(lambda: _write(outputs.json_file, _json(verdict)))
    tasks.append(lambda: Store(settings.state_dir).save(verdict))
    tasks.append(lambda: save_rest(settings.state_dir, verdict))
    if outputs.junit:
        tasks.append(lambda: _write(outputs.junit, to_junit(verdict)))
    if not outputs.no_site:
        tasks.append(lambda: _publish(settings, outputs.site, verdict))
    troubles = [trouble for task in tasks if (trouble := _try(task))]
    for trouble in troubles:
        with suppress(OSError):
            click.echo(f"Error: {discreet(one_line(trouble))}", err=True)
    if troubles and verdict.exit_code is ExitCode.PASSED:
        return ExitCode.NOT_DELIVERED
    return verdict.exit_code


def _to_stdout(outputs: Outputs) -> bool:
    return str(outputs.json_file) == "-"


def _say(verdict: Verdict, settings: Settings, outputs: Outputs) -> None:
    """With `--json -` the JSON is what standard output carries, and the summary goes to standard error."""
    where, advice = str(Store(settings.state_dir).path(verdict.run_id)), _advice(verdict)
    # A reader that closed the pipe has seen enough; it is no trouble.
    with suppress(BrokenPipeError):
        if _to_stdout(outputs):
            sys.stdout.write(_json(verdict))
            sys.stdout.flush()
            print_verdict(verdict, where, sys.stderr, advice=advice)
        else:
            print_verdict(verdict, where, advice=advice)
            sys.stdout.flush()


def _advice(verdict: Verdict) -> dict[str, str]:
    """What each check's page says to do; nothing, rather than a verdict that is not printed, when that fails."""
    with suppress(Exception):
        from prop_quality.api import catalogue

        docs = [doc for suite in catalogue(verdict.evaluated_at).suites for doc in suite.checks]
        return {doc.id: text for doc in docs for title, text in doc.sections if title == "What to do"}
    return {}


def _try(task: Callable[[], object]) -> str | None:
    try:
        task()
    except DeliveryError as error:
        _log.debug("Not delivered", exc_info=True)
        return str(error)
    except KeyboardInterrupt:
        return "The verdict stands, but the run was interrupted before all was stored and published."
    except Exception as error:  # the verdict stands, whatever a page or a disk does
        _log.debug("Not delivered", exc_info=True)
        return f"The verdict stands, but something after it failed: {type(error).__name__}: {error}."
    return None


def _write(path: Path | None, text: str) -> None:
    assert path is not None
    try:
        if path.exists() and not path.is_file():
            # A pipe or a device cannot be replaced; it is written to.
            path.write_text(text, encoding="utf-8")
        else:
            write_atomically(path, text)
    except OSError as error:
        raise DeliveryError(f"{path} could not be written: {error.strerror}.") from error


def _json(verdict: Verdict) -> str:
    return json.dumps(verdict.to_json(), ensure_ascii=False, indent=2) + "\n"


def _publish(settings: Settings, site: Path | None, verdict: Verdict) -> None:
    from prop_quality.api import catalogue
    from prop_quality.site import build_site

    build_site(
        settings.state_dir,
        site or settings.state_dir / "site",
        catalogue(verdict.evaluated_at),
        now=verdict.evaluated_at,
    )
