"""The rest of a range that was broken off: which dates were not decided, and the command that runs them."""

from __future__ import annotations

import shlex
from collections.abc import Sequence
from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from prop_quality.errors import DeliveryError
from prop_quality.store import write_atomically
from prop_quality.verdict import DateVerdict, Outcome, Verdict
from prop_quality.words import some_of

if TYPE_CHECKING:
    from prop_quality.checkpoint import Request


def undecided(dates: Sequence[DateVerdict]) -> tuple[date, ...]:
    """The dates that could not be decided."""
    return tuple(one.game_date for one in dates if one.verdict is Outcome.INCONCLUSIVE)


def rest_note(request: Request, state_dir: Path, run_id: str, dates: Sequence[DateVerdict]) -> str | None:
    """The sentence that says what was not decided and how to run it; None for anything but a range, or when all is."""
    rest = undecided(dates)
    if not rest or len(dates) == 1 or request.event is not None or request.watches:
        return None
    which = f"--from {rest[0]} --to {rest[-1]}"
    if not _consecutive(rest):
        which = f"--dates {shlex.quote(str(_path(state_dir, run_id)))}"
    command = " ".join(("prop-quality check", which, *request.repeat))
    said = some_of(len(rest), len(dates), "dates", "were not decided")
    return f"{said}; run {'it' if len(rest) == 1 else 'them'} with: {command}"


def save_rest(state_dir: Path, verdict: Verdict) -> Path | None:
    """Write down the dates of a range that were not decided, where the note says; None when the note names no file.

    Raises:
        DeliveryError: the disk refused.
    """
    path = _path(state_dir, verdict.run_id)
    if not any(shlex.quote(str(path)) in note for note in verdict.notes):
        return None
    try:
        write_atomically(path, "".join(f"{day}\n" for day in undecided(verdict.dates)))
    except OSError as error:
        raise DeliveryError(f"The dates left to run could not be stored at {path}: {error.strerror}.") from error
    return path


def _path(state_dir: Path, run_id: str) -> Path:
    return state_dir / "rest" / f"{run_id}.txt"


def _consecutive(days: Sequence[date]) -> bool:
    return days[-1] - days[0] == timedelta(days=len(days) - 1)
