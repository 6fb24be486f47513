"""The coordinator's completion event: what the batch claims about itself.

Accepted bare or in a Pub/Sub push envelope. Fields that say *which* batch to check must be right, or the event is
refused; a claim that contradicts itself is not refused: `claim_consistent` fails on it, because that is what happened
one night.
"""

from __future__ import annotations

import base64
import binascii
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any, TypeVar

from prop_quality.errors import EventError
from prop_quality.fields import Fields, described
from prop_quality.tables import TableRef

MAX_CLOCK_SKEW = timedelta(minutes=5)
# A batch takes minutes; days are a mistake of unit.
MAX_DURATION = timedelta(days=7)
Number = TypeVar("Number", int, float)
# The coordinator names a batch moments before it starts.
MAX_EARLY_START = timedelta(minutes=10)
_EPOCH = re.compile(r"_(1[6-9]\d{8}|2\d{9})$")
_BATCH_ID = re.compile(r"[a-z]+_(\d{4}-\d{2}-\d{2})_\w+")


@dataclass(frozen=True)
class CompletionEvent:
    """One completion event; a number that the producer left out is None."""

    batch_id: str
    game_date: date
    started_at: datetime
    completed_at: datetime
    status: str | None
    record_count: int | None
    records_failed: int | None
    expected_players: int | None
    completed_players: int | None
    total_predictions: int | None
    worker_revision: str | None
    completion_percentage: float | None = None

    @property
    def claim(self) -> dict[str, Any]:
        """What the batch says of itself, for the verdict: numbers only, as they came."""
        names = (
            "status",
            "record_count",
            "records_failed",
            "expected_players",
            "completed_players",
            "total_predictions",
            "completion_percentage",
        )
        return {name: getattr(self, name) for name in names if getattr(self, name) is not None}


def parse_event(
    text: str | bytes, *, table: TableRef, now: datetime, started_at: datetime | None = None
) -> CompletionEvent:
    """Read a completion event from JSON text.

    Args:
        text: the event as JSON, bare or in a Pub/Sub push envelope.
        table: the predictions table of the settings; an event of another table is refused.
        now: the clock; an event more than five minutes ahead of it is refused.
        started_at: when the batch started, if known better than timestamp − duration_seconds.

    Raises:
        EventError: not JSON, or a field is missing, malformed or contradictory; the message names the field.
    """
    try:
        data = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise EventError(f"The event is not JSON ({error}); pass the coordinator's completion message.") from error
    return read_event(data, table=table, now=now, started_at=started_at)


def read_event(data: object, *, table: TableRef, now: datetime, started_at: datetime | None = None) -> CompletionEvent:
    """Read a completion event from JSON values; see `parse_event`."""
    event = Fields(_unwrap(data))
    _same_table(event, table)
    completed_at = event.time("timestamp")
    if completed_at > now + MAX_CLOCK_SKEW:
        raise EventError(
            f"timestamp {event.raw('timestamp')} lies in the future of {now:%Y-%m-%dT%H:%M:%SZ}; check --now."
        )
    started_at = _started_at(event, completed_at) if started_at is None else started_at
    if started_at > completed_at:
        raise EventError(f"The batch would start at {started_at.isoformat()}, after its timestamp; check --started-at.")
    metadata = Fields(event.mapping("metadata"), "metadata.")
    batch_id = _batch_id(event, metadata)
    _same_start(batch_id, started_at)
    return CompletionEvent(
        batch_id=batch_id,
        game_date=_game_date(event, batch_id),
        started_at=started_at,
        completed_at=completed_at,
        status=event.text("status"),
        record_count=event.count("record_count"),
        records_failed=event.count("records_failed"),
        expected_players=metadata.count("expected_players"),
        completed_players=_either(metadata.count("completed_players"), event.count("record_count")),
        total_predictions=_either(metadata.count("total_predictions"), metadata.count("completed_predictions")),
        worker_revision=metadata.text("worker_revision")
        or metadata.text("worker_instance")
        or event.text("worker_instance"),
        completion_percentage=_either(metadata.share("completion_percentage"), metadata.share("completion_pct")),
    )


def _unwrap(data: object) -> Mapping[str, Any]:
    if isinstance(data, dict) and isinstance(data.get("message"), dict):
        encoded = data["message"].get("data")
        try:
            data = json.loads(base64.b64decode(encoded, validate=True))
        except (TypeError, ValueError, binascii.Error, RecursionError) as error:
            raise EventError(
                f"message.data of the Pub/Sub envelope is not base64 of a JSON object ({error})."
            ) from error
    if not isinstance(data, dict):
        raise EventError(
            "The event must be a JSON object: the coordinator's completion message, bare or as Pub/Sub pushed it."
        )
    return data


def _same_table(event: Fields, table: TableRef) -> None:
    for field, wanted in (("output_dataset", table.dataset), ("output_table", table.table)):
        found = event.text(field)
        if found is not None and found != wanted:
            raise EventError(f"{field} is {found!r}, but this installation watches {table}; set PROP_QUALITY_TABLE.")


def _started_at(event: Fields, completed_at: datetime) -> datetime:
    duration = event.number("duration_seconds")
    if duration is None:
        raise EventError("duration_seconds is missing, so the start is unknown; give it, or pass --started-at.")
    if duration > MAX_DURATION.total_seconds():
        raise EventError(f"duration_seconds is {duration}, over {MAX_DURATION.days} days; give it in seconds.")
    try:
        return completed_at - timedelta(seconds=duration)
    except OverflowError:
        raise EventError(f"timestamp {event.raw('timestamp')} lies too far back; correct it.") from None


def _same_start(batch_id: str, started_at: datetime) -> None:
    """A start long before the batch's own name would take old rows for the batch's."""
    named = _EPOCH.search(batch_id)
    if named is None:
        return
    began = datetime.fromtimestamp(int(named[1]), UTC)
    if started_at < began - MAX_EARLY_START:
        raise EventError(
            f"The batch would start at {started_at:%Y-%m-%dT%H:%M:%SZ}, but {batch_id!r:.80} was named at "
            f"{began:%Y-%m-%dT%H:%M:%SZ}; check duration_seconds or --started-at."
        )


def _batch_id(event: Fields, metadata: Fields) -> str:
    """The batch's name; two names of batches that differ leave open which one is meant."""
    inner, outer = metadata.text("batch_id"), event.text("execution_id")
    if inner is None and outer is None:
        raise EventError("metadata.batch_id and execution_id are both missing; one must name the batch.")
    if inner and outer and inner != outer and _BATCH_ID.fullmatch(inner) and _BATCH_ID.fullmatch(outer):
        raise EventError(
            f"metadata.batch_id is {inner!r:.80}, but execution_id is {outer!r:.80}; one of them is wrong."
        )
    return inner or outer or ""


def _game_date(event: Fields, batch_id: str) -> date:
    value = event.raw("game_date")
    try:
        game_date = date.fromisoformat(value)
    except (TypeError, ValueError):
        raise EventError(f"game_date {described(value)}; it must be a date like 2026-01-09.") from None
    named = _BATCH_ID.fullmatch(batch_id)
    if named is not None and named[1] != game_date.isoformat():
        raise EventError(f"game_date is {game_date}, but the batch is {batch_id!r:.80}; one of them is wrong.")
    return game_date


def _either(first: Number | None, second: Number | None) -> Number | None:
    return second if first is None else first
