"""The facade: what the commands do, as typed calls. The only module that reaches `checkpoints`, and lazily."""

from __future__ import annotations

import shlex
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from prop_quality import arguments
from prop_quality.dates import MAX_DATES
from prop_quality.errors import DeliveryError, UsageError
from prop_quality.event import CompletionEvent, parse_event, read_event, refuse_future
from prop_quality.history import last_checked, previous_columns
from prop_quality.rest import save_rest
from prop_quality.roster import Snapshots, read_roster
from prop_quality.settings import DEFAULT_TIMEOUT_SECONDS, Settings
from prop_quality.store import Store
from prop_quality.suite import Catalogue
from prop_quality.verdict import Verdict, format_time
from prop_quality.words import quoted

if TYPE_CHECKING:
    from prop_quality.checkpoint import Request, Run
    from prop_quality.scan.scope import GivenRoster


def check_batch(
    event: CompletionEvent | Mapping[str, Any] | str | bytes,
    *,
    settings: Settings | None = None,
    started_at: datetime | None = None,
    expect_revision: str | None = None,
    roster: Path | str | None = None,
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
        timeout_seconds: how long the run may wait for the warehouse in all (45).
        keep: whether to store the verdict in the state directory.
        progress: called with a few words at each step.

    Returns:
        The verdict. What could not be evaluated is inconclusive; the warehouse's troubles never raise.

    Raises:
        UsageError: the event, another argument, a setting or a file is not what it should be; nothing was asked.
        DeliveryError: the verdict could not be stored; it is the error's `verdict`.
    """
    settings = _settings(settings)
    run = batch_run(
        event,
        settings=settings,
        now=datetime.now(UTC) if now is None else now,
        started_at=started_at,
        expect_revision=expect_revision,
        roster=roster,
        timeout_seconds=timeout_seconds,
        progress=progress,
    )
    verdict = run.verdict()
    return _kept(verdict, settings) if keep else verdict


def check_dates(
    dates: Sequence[date],
    *,
    settings: Settings | None = None,
    systems: Sequence[str] = (),
    written_since: datetime | None = None,
    expect_revision: str | None = None,
    roster: Path | str | None = None,
    now: datetime | None = None,
    timeout_seconds: float | None = None,
    keep: bool = True,
    progress: Callable[[str], None] = lambda _: None,
) -> Verdict:
    """Check dates with no event, as `prop-quality check --from --to` does.

    `dates` are the game dates, at most 3,660; `systems` judges coverage for these systems only; `written_since` is
    when the rows of a regeneration were first written (None skips freshness). All else is as for `check_batch`.
    """
    settings = _settings(settings)
    run = range_run(
        dates,
        settings=settings,
        now=datetime.now(UTC) if now is None else now,
        systems=systems,
        written_since=written_since,
        expect_revision=expect_revision,
        roster=roster,
        timeout_seconds=timeout_seconds,
        progress=progress,
    )
    verdict = run.verdict()
    return _kept(verdict, settings) if keep else verdict


def batch_run(
    event: CompletionEvent | Mapping[str, Any] | str | bytes,
    *,
    settings: Settings,
    now: datetime,
    started_at: datetime | None = None,
    **common: Any,
) -> Run:
    """The run of `checkpoints/after_batch` for one event, not yet decided."""
    asked = arguments.Common(now, **common)
    if started_at is not None:
        arguments.moment("started_at", started_at)
    parsed = _event(event, settings, now, started_at)
    known = _roster((parsed.game_date,), settings, parsed.started_at, asked.roster)
    from checkpoints import after_batch
    from prop_quality.checkpoint import Run

    request = _request((parsed.game_date,), asked, settings, *known)
    return Run(after_batch.checkpoint(), after_batch.request(replace(request, event=parsed)), settings)


def range_run(
    dates: Sequence[date],
    *,
    settings: Settings,
    now: datetime,
    systems: Sequence[str] = (),
    written_since: datetime | None = None,
    **common: Any,
) -> Run:
    """The run of `checkpoints/date_range` over `dates`, not yet decided."""
    asked = arguments.Common(now, **common)
    if written_since is not None:
        arguments.moment("written_since", written_since)
    wanted, systems = arguments.days("dates", dates), arguments.names("systems", systems)
    if not wanted:
        raise UsageError("There is no date to check.")
    if len(wanted) > MAX_DATES:
        raise UsageError(f"{len(wanted):,} dates are more than the {MAX_DATES:,} of one run; split the range.")
    if written_since is not None and written_since > now:
        raise UsageError(f"--written-since {format_time(written_since)} lies in the future; check --now.")
    import checkpoints

    if systems and not any(checkpoints.REGISTRY.only(systems).systems_on(day) for day in wanted):
        raise UsageError(f"{', '.join(systems)} is expected on none of the dates; expectations/systems.yml says when.")
    known = _roster(wanted, settings, written_since, asked.roster)
    from checkpoints import date_range
    from prop_quality.checkpoint import Run

    repeat = _options(systems, written_since, asked)
    request = replace(_request(wanted, asked, settings, *known), since=written_since, systems=systems, repeat=repeat)
    return Run(date_range.checkpoint(), date_range.request(request), settings)


def watch_run(*, settings: Settings, now: datetime, **common: Any) -> Run:
    """The run of `checkpoints/watch`, not yet decided."""
    asked = arguments.Common(now, **common)
    from checkpoints import watch
    from prop_quality.checkpoint import Run

    dates = watch.dates(now)
    # No snapshot: the question is whether the context table knows the games.
    request = _request(dates, asked, settings)
    checkpoint = watch.checkpoint()
    looks = last_checked(settings, dates, now, besides=checkpoint.name)
    request = replace(request, checked_at=looks.at, checked_in_vain=looks.vain)
    return Run(checkpoint, watch.request(request), settings)


def snapshot_roster(
    game_date: date, *, settings: Settings, now: datetime, timeout_seconds: float | None = None
) -> tuple[Path, int]:
    """Store the expected players of a date as the context table says now; returns the file and how many there are.

    Raises:
        WarehouseError: the context table did not answer.
        DeliveryError: the disk refused.
    """
    import checkpoints
    from prop_quality.snapshot import expected_players

    players = expected_players(
        game_date,
        settings=settings,
        now=now,
        min_minutes=checkpoints.REGISTRY.min_minutes,
        timeout_seconds=timeout_seconds or DEFAULT_TIMEOUT_SECONDS,
    )
    return Snapshots(settings.state_dir).save(game_date, players, now), len(players)


def catalogue(now: datetime) -> Catalogue:
    """The suites, the pages of their checks, and the waivers, without importing Great Expectations."""
    import checkpoints

    return checkpoints.catalogue(now)


def column_readers() -> dict[str, tuple[tuple[str, str], ...]]:
    """For each column of the predictions table, the checks that read it, as (check id, suite)."""
    import checkpoints

    return checkpoints.column_readers()


def _settings(given: Settings | None) -> Settings:
    if given is None:
        return Settings.load()
    if not isinstance(given, Settings):
        raise UsageError(f"settings is {quoted(given)}; give what Settings.load() returns, or leave it out.")
    return given


def _roster(
    dates: tuple[date, ...], settings: Settings, started_at: datetime | None, given: Path | str | None
) -> tuple[GivenRoster | None, list[str]]:
    """The file that was given, else the snapshots of the dates: read before anything heavy is imported."""
    if given is not None:
        return read_roster(Path(given), dates), []
    return Snapshots(settings.state_dir).read(dates, started_at)


def _options(systems: Sequence[str], written_since: datetime | None, asked: arguments.Common) -> tuple[str, ...]:
    """The options with which a range was asked for, as the command line takes them."""
    given = {
        "--systems": ",".join(systems),
        "--written-since": format_time(written_since) if written_since else "",
        "--expect-revision": asked.expect_revision or "",
        "--roster": str(asked.roster or ""),
    }
    return tuple(f"{name} {shlex.quote(value)}" for name, value in given.items() if value)


def source_readers() -> dict[str, tuple[tuple[str, str], ...]]:
    """For each further source, `roster` and `book_lines` among them, the checks that read it, as (check id, suite)."""
    import checkpoints

    return checkpoints.source_readers()


def _request(
    dates: tuple[date, ...],
    asked: arguments.Common,
    settings: Settings,
    roster: GivenRoster | None = None,
    notes: Sequence[str] = (),
) -> Request:
    from prop_quality.checkpoint import Request

    return Request(
        dates=dates,
        now=asked.now,
        roster=roster,
        expected_revision=asked.expect_revision,
        notes=tuple(notes),
        previous_columns=previous_columns(settings, asked.now),
        timeout_seconds=asked.timeout_seconds or DEFAULT_TIMEOUT_SECONDS,
        progress=asked.progress,
    )


def _event(
    event: CompletionEvent | Mapping[str, Any] | str | bytes,
    settings: Settings,
    now: datetime,
    started_at: datetime | None,
) -> CompletionEvent:
    if isinstance(event, CompletionEvent):
        refuse_future(event.completed_at, now)
        return replace(event, started_at=started_at) if started_at else event
    if isinstance(event, str | bytes):
        return parse_event(event, table=settings.table, now=now, started_at=started_at)
    return read_event(event, table=settings.table, now=now, started_at=started_at)


def _kept(verdict: Verdict, settings: Settings) -> Verdict:
    try:
        Store(settings.state_dir).save(verdict)
        save_rest(settings.state_dir, verdict)
    except DeliveryError as error:
        error.verdict = verdict
        raise
    return verdict
