"""A Python caller's mistakes are refused in words, before anything is asked."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from prop_quality import check_batch
from prop_quality.api import check_dates
from prop_quality.errors import UsageError
from prop_quality.event import CompletionEvent

AWARE = datetime(2026, 1, 17, 4, 30, tzinfo=UTC)
NAIVE = AWARE.replace(tzinfo=None)


def test_a_time_without_a_zone_is_refused_by_its_name() -> None:
    with pytest.raises(UsageError, match="started_at is 2026-01-17T04:30:00, without a time zone"):
        check_batch({}, now=AWARE, started_at=NAIVE)
    with pytest.raises(UsageError, match="now is"):
        check_batch({}, now=NAIVE)
    with pytest.raises(UsageError, match="written_since is"):
        check_dates([date(2026, 1, 9)], now=AWARE, written_since=NAIVE)


def test_an_event_made_in_python_has_times_with_a_zone() -> None:
    with pytest.raises(UsageError, match="completed_at is 2026-01-17T04:30:00, without a time zone"):
        CompletionEvent("b", date(2026, 1, 9), AWARE, NAIVE, "success", 1, 0, 1, 1, 1, None)


def test_an_event_made_in_python_lies_no_more_in_the_future_than_another() -> None:
    event = CompletionEvent("b", date(2026, 1, 9), AWARE, AWARE, "success", 1, 0, 1, 1, 1, None)
    with pytest.raises(UsageError, match="the batch lies in the future"):
        check_batch(event, now=AWARE - timedelta(minutes=6))
