"""The facade: what the commands do, as typed calls. The only module that reaches `checkpoints`, and lazily."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from prop_quality.errors import DeliveryError
from prop_quality.event import CompletionEvent, parse_event, read_event
from prop_quality.roster import Snapshots, read_roster
from prop_quality.settings import Settings
from prop_quality.store import Store
from prop_quality.verdict import Verdict


def check_batch(
    event: CompletionEvent | Mapping[str, Any] | str | bytes,
    *,
    settings: Settings | None = None,
    started_at: datetime | None = None,
    expect_revision: str | None = None,
    roster: Path | None = None,
    now: datetime | None = None,
    timeout_seconds: float | None = None,
    keep: bool = True,
    progress: Callable[[str], None] = lambda _: None,
) -> Verdict:
    """Check the batch that a completion event speaks of, as `prop-quality check --event` does.

    Args:
        event: the coordinator's completion event: parsed, as JSON values, or as JSON text; bare or in a push envelope.
        settings: where the data is; default: from the environment and `gx/`.
        started_at: when the batch started, if known better than `timestamp` minus `duration_seconds`.
        expect_revision: the worker revision that should have written the batch.
        roster: a file of JSON lines with the expected players, in place of a snapshot and of the context table.
        now: the clock; default: the time of the call.
        timeout_seconds: how long the warehouse may take for one query (300).
        keep: whether to store the verdict in the state directory.
        progress: called with a few words at each step.

    Returns:
        The verdict. What could not be evaluated is inconclusive; the warehouse's troubles never raise.

    Raises:
        UsageError: the event, a setting or a file is not what it should be.
        DeliveryError: the verdict could not be stored; it is the error's `verdict`.
    """
    from checkpoints import after_batch
    from prop_quality.checkpoint import Request, Run

    settings = settings or Settings.load()
    now = now or datetime.now(UTC)
    parsed = _event(event, settings, now, started_at)
    base = Request(dates=(parsed.game_date,), now=now, event=parsed, progress=progress)
    base = replace(
        base,
        roster=read_roster(roster, base.dates) if roster else Snapshots(settings.state_dir).read(base.dates),
        expected_revision=expect_revision,
        timeout_seconds=timeout_seconds or base.timeout_seconds,
    )
    verdict = Run(after_batch.checkpoint(), after_batch.request(base), settings).verdict()
    return _kept(verdict, settings) if keep else verdict


def _event(
    event: CompletionEvent | Mapping[str, Any] | str | bytes,
    settings: Settings,
    now: datetime,
    started_at: datetime | None,
) -> CompletionEvent:
    if isinstance(event, CompletionEvent):
        return replace(event, started_at=started_at) if started_at else event
    if isinstance(event, str | bytes):
        return parse_event(event, table=settings.table, now=now, started_at=started_at)
    return read_event(event, table=settings.table, now=now, started_at=started_at)


def _kept(verdict: Verdict, settings: Settings) -> Verdict:
    try:
        Store(settings.state_dir).save(verdict)
    except DeliveryError as error:
        error.verdict = verdict
        raise
    return verdict
