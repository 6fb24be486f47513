"""The coordinator's completion event: what the batch claims about itself.

Accepted bare, in a Pub/Sub push envelope, or as one pulled message. Fields that say *which* batch to check, and how
it ended, must be there and right, or the event is refused. A claim that contradicts itself is not refused:
`claim_consistent` fails on it, because that is what happened one night; a number that is not claimed leaves the
checks that need it undecided.
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

from prop_quality.arguments import moment
from prop_quality.dates import parse_day
from prop_quality.errors import EventError
from prop_quality.fields import Fields, described
from prop_quality.tables import TableRef
from prop_quality.verdict import format_time
from prop_quality.words import quoted

MAX_CLOCK_SKEW = timedelta(minutes=5)
# A batch takes minutes. One that reached back half a day would take the rows of the batch before it for its own: the
# longest time from one batch to the next is that from 18:00 to 07:00.
MAX_DURATION = timedelta(hours=12)
Number = TypeVar("Number", int, float)
# The coordinator names a batch moments before it starts.
MAX_EARLY_START = timedelta(minutes=10)
# The service pushes one alphabet of base64, gcloud prints the other.
_PLAIN_BASE64 = str.maketrans("-_", "+/")
_EPOCH = re.compile(r"_(1[6-9]\d{8}|2\d{9})$")
_HOURS = f"{MAX_DURATION / timedelta(hours=1):g}"
_BATCH_ID = re.compile(r"[a-z]+_(\d{4}-\d{2}-\d{2})_\w+")


@dataclass(frozen=True)
class CompletionEvent:
    """One completion event; a number that the producer left out is None.

    Raises:
        EventError: no date, a time without a zone, or the batch would start after it completed, or long before it can
            have been started.
    """

    batch_id: str
    game_date: date
    started_at: datetime
    completed_at: datetime
    status: str
    record_count: int | None
    records_failed: int | None
    expected_players: int | None
    completed_players: int | None
    total_predictions: int | None
    worker_revision: str | None
    completion_percentage: float | None = None

    def __post_init__(self) -> None:
        if not isinstance(self.game_date, date) or isinstance(self.game_date, datetime):
            raise EventError(f"game_date is {quoted(self.game_date)}; give it as a datetime.date.")
        for name in ("started_at", "completed_at"):
            moment(name, getattr(self, name))
        if self.started_at > self.completed_at:
            raise EventError(
                f"The batch would start at {format_time(self.started_at)}, after its timestamp "
                f"{format_time(self.completed_at)}; check --started-at."
            )
        if self.completed_at - self.started_at > MAX_DURATION:
            raise EventError(
                f"The batch would start at {format_time(self.started_at)}, more than {_HOURS} hours before its "
                f"timestamp {format_time(self.completed_at)}; check --started-at."
            )
        named = _EPOCH.search(self.batch_id)
        began = datetime.fromtimestamp(int(named[1]), UTC) if named else None
        if began is not None and self.started_at < began - MAX_EARLY_START:
            raise EventError(
                f"The batch would start at {format_time(self.started_at)}, but {quoted(self.batch_id)} was named at "
                f"{format_time(began)}; check duration_seconds or --started-at."
            )

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
    if not text.strip():
        raise EventError("The event is empty; pass the coordinator's completion message.")
    try:
        data = json.loads(text.removeprefix("\ufeff") if isinstance(text, str) else text, object_pairs_hook=_once)
    except (ValueError, RecursionError) as error:
        raise EventError(
            f"The event is not JSON ({_why(error)}); pass the coordinator's completion message."
        ) from error
    return read_event(data, table=table, now=now, started_at=started_at)


def read_event(data: object, *, table: TableRef, now: datetime, started_at: datetime | None = None) -> CompletionEvent:
    """Read a completion event from JSON values; see `parse_event`."""
    event = Fields(_unwrap(data))
    _same_table(event, table)
    completed_at = event.time("timestamp")
    refuse_future(completed_at, now)
    started_at = _started_at(event, completed_at) if started_at is None else started_at
    metadata = Fields(event.mapping("metadata"), "metadata.")
    batch_id = _batch_id(event, metadata)
    return CompletionEvent(
        batch_id=batch_id,
        game_date=_game_date(event, batch_id),
        started_at=started_at,
        completed_at=completed_at,
        status=_status(event),
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


def refuse_future(completed_at: datetime, now: datetime) -> None:
    """Refuse a batch that would complete more than five minutes from now.

    Raises:
        EventError: it lies in the future.
    """
    if completed_at > now + MAX_CLOCK_SKEW:
        raise EventError(
            f"timestamp is {format_time(completed_at)}, but now is {format_time(now)}: the batch lies in the future; "
            "correct the timestamp, or check --now."
        )


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """An object of JSON; a field that is there twice may contradict itself, and the last one would win unseen."""
    found: dict[str, Any] = {}
    for name, value in pairs:
        if name in found:
            raise EventError(f"{quoted(name)} occurs twice in one object of the event; pass the event as it was sent.")
        found[name] = value
    return found


def _unwrap(data: object) -> Mapping[str, Any]:
    if isinstance(data, list) and all(isinstance(one, dict) and "message" in one for one in data):
        # What `gcloud pubsub subscriptions pull --format json` prints.
        if len(data) > 1:
            raise EventError(f"There are {len(data)} messages, but one run checks one batch; pass one at a time.")
        if not data:
            raise EventError("There is no message: none was waiting in the subscription; pull again after a batch.")
        data = data[0]
    if isinstance(data, dict) and isinstance(data.get("message"), dict):
        encoded = str(data["message"].get("data")).translate(_PLAIN_BASE64)
        try:
            data = json.loads(base64.b64decode(encoded, validate=True), object_pairs_hook=_once)
        except (ValueError, binascii.Error, RecursionError) as error:
            raise EventError(
                "message.data of the Pub/Sub envelope is not base64 of JSON; pass the message as it was pushed."
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
            raise EventError(
                f"{field} is {quoted(found)}, but this installation watches {table}; set PROP_QUALITY_TABLE."
            )


def _started_at(event: Fields, completed_at: datetime) -> datetime:
    duration = event.number("duration_seconds")
    if not duration:
        # A producer that does not know its start says 0; no batch ends in the moment in which it begins.
        said = "is missing" if duration is None else f"is {duration}"
        raise EventError(f"duration_seconds {said}, so the start is unknown; give it, or pass --started-at.")
    if duration > MAX_DURATION.total_seconds():
        raise EventError(f"duration_seconds is {duration}, over {_HOURS} hours; give it in seconds.")
    return completed_at - timedelta(seconds=duration)


def _status(event: Fields) -> str:
    """How the batch says it ended: every coordinator says it, and without it nothing is claimed."""
    status = event.text("status")
    if status is None:
        raise EventError("status is missing, so the batch does not say how it ended; pass the event as it was sent.")
    return status


def _batch_id(event: Fields, metadata: Fields) -> str:
    """The batch's name; two names of batches that differ leave open which one is meant."""
    inner, outer = metadata.text("batch_id"), event.text("execution_id")
    if inner is None and outer is None:
        raise EventError("metadata.batch_id and execution_id are both missing; one must name the batch.")
    if inner and outer and inner != outer and _BATCH_ID.fullmatch(inner) and _BATCH_ID.fullmatch(outer):
        raise EventError(
            f"metadata.batch_id is {quoted(inner)}, but execution_id is {quoted(outer)}; one of them is wrong."
        )
    return inner or outer or ""


def _game_date(event: Fields, batch_id: str) -> date:
    value = event.raw("game_date")
    try:
        game_date = parse_day(value)
    except ValueError:
        raise EventError(f"game_date {described(value)}; it must be a date like 2026-01-09.") from None
    named = _BATCH_ID.fullmatch(batch_id)
    if named is not None and named[1] != game_date.isoformat():
        raise EventError(f"game_date is {game_date}, but the batch is {quoted(batch_id)}; one of them is wrong.")
    return game_date


def _why(error: Exception) -> str:
    if isinstance(error, json.JSONDecodeError):
        return f"{error.msg}, line {error.lineno}, column {error.colno}"
    return "it is no UTF-8" if isinstance(error, UnicodeDecodeError) else "it is nested too deep, or a number too long"


def _either(first: Number | None, second: Number | None) -> Number | None:
    return second if first is None else first
