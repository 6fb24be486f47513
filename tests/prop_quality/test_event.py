"""A completion event is read bare or from its envelope; what cannot be trusted is refused by the field's name."""

from __future__ import annotations

import base64
import json
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from prop_quality.errors import EventError
from prop_quality.event import CompletionEvent, parse_event, read_event
from prop_quality.tables import TableRef

TABLE = TableRef.parse("nba-props-platform.nba_predictions.player_prop_predictions")
NOW = datetime(2026, 1, 17, 4, 37, 16, tzinfo=UTC)
METADATA = {
    "batch_id": "batch_2026-01-09_1768624476",
    "expected_players": 150,
    "completed_players": 150,
    "total_predictions": 3610,
    "completion_percentage": 100.0,
}
EVENT: dict[str, Any] = {
    "processor_name": "PredictionCoordinator",
    "phase": "phase_5_predictions",
    "execution_id": "batch_2026-01-09_1768624476",
    "correlation_id": "4f8b",
    "game_date": "2026-01-09",
    "output_dataset": "nba_predictions",
    "output_table": "player_prop_predictions",
    "status": "success",
    "record_count": 150,
    "records_failed": 0,
    "timestamp": "2026-01-17T04:36:16Z",
    "duration_seconds": 81.0,
    "trigger_source": "api",
    "metadata": METADATA,
}


def read(event: object, started_at: datetime | None = None) -> CompletionEvent:
    return parse_event(json.dumps(event), table=TABLE, now=NOW, started_at=started_at)


def without(*names: str) -> dict[str, Any]:
    return {name: value for name, value in EVENT.items() if name not in names}


def with_metadata(**changes: Any) -> dict[str, Any]:
    metadata = {name: value for name, value in {**METADATA, **changes}.items() if value is not None}
    return EVENT | {"metadata": metadata}


def envelope(data: object) -> dict[str, Any]:
    return {"message": {"data": data, "attributes": {}, "messageId": "1", "publishTime": "…"}, "subscription": "s"}


def encoded(text: str) -> str:
    return base64.b64encode(text.encode()).decode()


def test_the_event_of_the_incident_is_read_as_the_coordinator_sent_it() -> None:
    event = read(EVENT)
    assert event.batch_id == "batch_2026-01-09_1768624476"
    assert event.game_date == date(2026, 1, 9)
    assert event.started_at == datetime(2026, 1, 17, 4, 34, 55, tzinfo=UTC)
    assert event.completed_at == datetime(2026, 1, 17, 4, 36, 16, tzinfo=UTC)
    assert event.claim == {
        "status": "success",
        "record_count": 150,
        "records_failed": 0,
        "expected_players": 150,
        "completed_players": 150,
        "total_predictions": 3610,
        "completion_percentage": 100.0,
    }


def test_an_envelope_says_the_same_as_the_bare_event() -> None:
    assert read(envelope(encoded(json.dumps(EVENT)))) == read(EVENT)


def test_one_pulled_message_says_the_same_as_the_bare_event() -> None:
    pulled = {"ackId": "a", **envelope(encoded(json.dumps(EVENT)))}
    assert read([pulled]) == read(EVENT)
    with pytest.raises(EventError, match="2 messages"):
        read([pulled, pulled])
    with pytest.raises(EventError, match="no message"):
        read([])


def test_a_message_is_read_in_the_alphabet_of_the_service_and_in_that_of_gcloud() -> None:
    text = json.dumps(EVENT | {"correlation_id": "~~?~~?"})
    pushed, pulled = encoded(text), base64.urlsafe_b64encode(text.encode()).decode()
    assert pushed != pulled
    assert read(envelope(pushed)) == read([envelope(pulled)]) == read(EVENT)


def test_the_fields_of_later_producers_are_understood() -> None:
    later = with_metadata(total_predictions=None, completion_percentage=None)
    later["metadata"] |= {"completed_predictions": 925, "completion_pct": 98.5}
    event = read(later)
    assert event.total_predictions == 925
    assert event.completion_percentage == 98.5


def test_keys_that_the_producer_left_out_are_unknown() -> None:
    event = read(without("record_count", "records_failed", "metadata", "output_dataset", "output_table"))
    assert event.claim == {"status": "success"}
    assert event.batch_id == "batch_2026-01-09_1768624476"


def test_a_known_start_counts_more_than_the_duration() -> None:
    start = datetime(2026, 1, 17, 4, 30, tzinfo=UTC)
    assert read(without("duration_seconds"), start).started_at == start


def test_the_worker_of_a_completion_is_its_revision() -> None:
    assert read(with_metadata(worker_instance="prediction-worker-00049-jrs")).worker_revision == (
        "prediction-worker-00049-jrs"
    )


def test_a_text_that_is_blank_was_left_out() -> None:
    blank = with_metadata(batch_id="", worker_instance=" ") | {"output_table": "", "correlation_id": ""}
    assert read(blank) == read(EVENT)


@pytest.mark.parametrize(
    ("event", "names"),
    [
        ([[]], "JSON object"),
        ("text", "JSON object"),
        (None, "JSON object"),
        ({}, "timestamp is missing"),
        (without("game_date"), "game_date is missing"),
        (without("duration_seconds"), "duration_seconds is missing"),
        (without("timestamp"), "timestamp is missing"),
        (without("status"), "status is missing"),
        (EVENT | {"status": ""}, "status is missing"),
        (with_metadata(batch_id="") | {"execution_id": ""}, "metadata.batch_id and execution_id"),
        (EVENT | {"game_date": "2026-W02-5"}, "game_date is '2026-W02-5'"),
        (EVENT | {"game_date": "20260109"}, "game_date is '20260109'"),
        (EVENT | {"game_date": "0001-01-01"}, "game_date is '0001-01-01'"),
        (EVENT | {"timestamp": "2026-01-17T04:36:16"}, "timestamp is '2026-01-17T04:36:16'; it must be a time with"),
        (EVENT | {"timestamp": 1768624576}, "timestamp is 1768624576"),
        (EVENT | {"record_count": 10**400}, "record_count is 1000"),
        (EVENT | {"record_count": "150"}, "record_count is the text '150'; it must be a number"),
        (with_metadata(batch_id="x" * 300) | {"game_date": "9"}, "game_date"),
        (without("execution_id") | {"metadata": {}}, "metadata.batch_id and execution_id"),
        (EVENT | {"game_date": "2026-02-30"}, "game_date is '2026-02-30'"),
        (EVENT | {"game_date": "2026-01-09'; DROP TABLE x; --"}, "game_date is"),
        (EVENT | {"game_date": 20260109}, "game_date is 20260109"),
        (EVENT | {"game_date": "2026-01-10"}, "game_date is 2026-01-10, but the batch is"),
        (EVENT | {"execution_id": "batch_2026-01-10_1768624476"}, "execution_id is"),
        (EVENT | {"output_table": "prediction_accuracy"}, "output_table is 'prediction_accuracy'"),
        (EVENT | {"output_dataset": "nba_test"}, "output_dataset is 'nba_test'"),
        (EVENT | {"timestamp": "yesterday"}, "timestamp is 'yesterday'"),
        (EVENT | {"timestamp": "0001-01-01T00:00:00+14:00"}, "timestamp is"),
        (EVENT | {"timestamp": "0001-01-01T00:00:00Z"}, "timestamp"),
        (EVENT | {"timestamp": "2026-01-17T04:43:00Z"}, "timestamp is 2026-01-17T04:43:00Z, but now is 2026"),
        (EVENT | {"duration_seconds": -1}, "duration_seconds is -1"),
        (EVENT | {"duration_seconds": 0.0}, "duration_seconds is 0.0, so the start is unknown"),
        (EVENT | {"duration_seconds": 1e300}, "duration_seconds is"),
        (EVENT | {"duration_seconds": 81_000_000}, "duration_seconds is 81000000"),
        (EVENT | {"duration_seconds": float("nan")}, "duration_seconds is nan"),
        (EVENT | {"duration_seconds": "81"}, "duration_seconds is the text '81'"),
        (EVENT | {"record_count": 1.5}, "record_count is 1.5"),
        (EVENT | {"record_count": True}, "record_count is True"),
        (EVENT | {"status": 200}, "status is 200"),
        (EVENT | {"status": "x" * 2000}, "status is"),
        (EVENT | {"metadata": [1]}, "metadata is [1]; it must be an object"),
        (with_metadata(expected_players=-3), "metadata.expected_players is -3"),
        (with_metadata(completion_percentage=140), "metadata.completion_percentage is 140"),
        (envelope(None), "message.data"),
        (envelope("%%%"), "message.data"),
        (envelope(encoded("not JSON")), "message.data"),
        (envelope(encoded("[]")), "JSON object"),
    ],
)
def test_what_cannot_be_trusted_is_refused_in_one_sentence_with_the_field(event: object, names: str) -> None:
    with pytest.raises(EventError) as refused:
        read(event)
    said = str(refused.value)
    assert names in said
    assert "\n" not in said
    assert len(said) < 400


def test_a_long_name_is_cut_inside_its_quotes() -> None:
    long = "batch_2026-01-10_" + "9" * 300
    with pytest.raises(EventError, match="…', but execution_id is 'batch_2026-01-09_1768624476'; one"):
        read(with_metadata(batch_id=long))


def test_a_byte_order_mark_is_no_part_of_an_event() -> None:
    text = json.dumps(EVENT)
    for message in ("\ufeff" + text, ("\ufeff" + text).encode()):
        assert parse_event(message, table=TABLE, now=NOW) == read(EVENT)


@pytest.mark.parametrize("text", [b"nope", b"\xff\xfe\x00", b"[" * 100_000, b'{"a": 1} trailing', b"9" * 5000])
def test_what_is_no_json_is_refused(text: bytes) -> None:
    with pytest.raises(EventError, match="not JSON"):
        parse_event(text, table=TABLE, now=NOW)


def test_a_pipe_that_nothing_came_through_is_said_to_be_empty() -> None:
    for text in (b"", " \n"):
        with pytest.raises(EventError, match="The event is empty"):
            parse_event(text, table=TABLE, now=NOW)


def test_a_field_that_is_there_twice_is_refused() -> None:
    twice = json.dumps(EVENT)[:-1] + ', "status": "error"}'
    for text in (twice, json.dumps(envelope(encoded(twice)))):
        with pytest.raises(EventError, match="'status' occurs twice"):
            parse_event(text, table=TABLE, now=NOW)


def test_a_claim_that_contradicts_itself_is_read_because_a_check_fails_on_it() -> None:
    assert read(EVENT | {"record_count": 83}).record_count == 83


def test_half_a_character_becomes_a_whole_one() -> None:
    event = read(with_metadata(batch_id="regen\ud800"))
    assert event.batch_id.encode() == b"regen?"


def test_five_minutes_of_clock_skew_are_forgiven() -> None:
    ahead = NOW + timedelta(minutes=5)
    assert read(EVENT | {"timestamp": ahead.isoformat()}).completed_at == ahead


anything = st.recursive(
    st.none() | st.booleans() | st.floats() | st.integers() | st.text(), lambda inner: st.lists(inner, max_size=3)
)


@given(st.sampled_from(sorted(EVENT)), anything)
def test_no_value_in_any_field_does_more_than_be_read_or_refused(name: str, value: object) -> None:
    with suppress(EventError):
        read(EVENT | {name: value})


def test_a_start_long_before_the_batch_was_named_is_refused() -> None:
    data = {
        "execution_id": "batch_2026-01-09_1768624476",
        "game_date": "2026-01-09",
        "status": "success",
        "timestamp": "2026-01-17T04:36:16Z",
        "duration_seconds": 3600,
        "metadata": {"expected_players": 150, "completed_players": 150},
    }
    now = datetime(2026, 1, 17, 4, 40, tzinfo=UTC)
    with pytest.raises(EventError, match="duration_seconds"):
        read_event(data, table=TABLE, now=now)
    with pytest.raises(EventError, match="started-at"):
        read_event(data, table=TABLE, now=now, started_at=datetime(2026, 1, 17, 3, 50, tzinfo=UTC))
    parsed = read_event(data | {"duration_seconds": 81}, table=TABLE, now=now)
    assert parsed.started_at.minute == 34
    with pytest.raises(EventError, match="started-at"):
        replace(parsed, started_at=datetime(2026, 1, 17, 3, 50, tzinfo=UTC))


def test_a_start_half_a_day_before_the_end_is_refused_whatever_the_batch_is_called() -> None:
    data = with_metadata(batch_id="regen_2026-01-09_all") | {"execution_id": "regen_2026-01-09_all"}
    end = datetime(2026, 1, 17, 4, 36, 16, tzinfo=UTC)
    assert read(data, end - timedelta(hours=12)).batch_id == "regen_2026-01-09_all"
    with pytest.raises(EventError, match="more than 12 hours before its timestamp 2026-01-17T04:36:16Z; check --sta"):
        read(data, end - timedelta(hours=12, seconds=1))
    with pytest.raises(EventError, match="after its timestamp"):
        read(data, end + timedelta(seconds=1))
