"""A Python caller's mistakes are refused in words, before anything is asked."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from prop_quality import check_batch
from prop_quality.api import check_dates
from prop_quality.errors import UsageError
from prop_quality.event import CompletionEvent
from prop_quality.settings import Settings

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


@pytest.mark.parametrize(
    ("argument", "value", "said"),
    [
        ("roster", "absent.jsonl", "The roster absent.jsonl cannot be read: no such file"),
        ("roster", 5, "roster is 5; give the path of a file"),
        ("started_at", "2026-01-17T04:30:00Z", "started_at is '2026-01-17T04:30:00Z'; give a datetime with its time"),
        ("now", date(2026, 1, 17), r"now is datetime\.date\(2026, 1, 17\); give a datetime"),
        ("expect_revision", "", "expect_revision is '', which names nothing"),
        ("expect_revision", 44, "expect_revision is 44, which names nothing"),
        ("timeout_seconds", "45", "timeout_seconds is '45'; give a number of seconds over 0, at most 86,400"),
        ("timeout_seconds", 0, "timeout_seconds is 0"),
        ("timeout_seconds", float("inf"), "timeout_seconds is inf"),
        ("timeout_seconds", True, "timeout_seconds is True"),
        ("progress", None, "progress is None; give a function"),
        ("settings", {}, "settings is {}; give what Settings.load"),
    ],
)
def test_an_argument_that_is_not_what_it_should_be_is_refused_by_its_name(argument: str, value: Any, said: str) -> None:
    event = CompletionEvent("b", date(2026, 1, 9), AWARE, AWARE, "success", 1, 0, 1, 1, 1, None)
    with pytest.raises(UsageError, match=said):
        check_batch(event, **{"settings": Settings.load({}), "now": AWARE, argument: value})


@pytest.mark.parametrize(
    ("dates", "said"),
    [
        ("2026-01-09", "dates is '2026-01-09'; give a list of datetime.date"),
        (date(2026, 1, 9), "dates is datetime"),
        (["2026-01-09"], "dates holds '2026-01-09'; give each as a datetime.date"),
        ([AWARE], "dates holds datetime.datetime"),
        ([], "There is no date"),
    ],
)
def test_dates_are_dates(dates: Any, said: str) -> None:
    with pytest.raises(UsageError, match=said):
        check_dates(dates, now=AWARE)


@pytest.mark.parametrize(
    ("systems", "said"),
    [
        ("xgboost_v1", "systems is 'xgboost_v1'; give a list of names"),
        ([""], "systems is '', which names nothing"),
        (["xgboost_v1", "xgboost_v1"], "^xgboost_v1 is expected on none of the dates"),
    ],
)
def test_systems_are_several_names_each_counted_once(systems: Any, said: str) -> None:
    with pytest.raises(UsageError, match=said):
        check_dates([date(2026, 1, 9)], now=AWARE, systems=systems)


def test_an_event_made_in_python_is_of_a_date() -> None:
    day: Any = "2026-01-09"
    with pytest.raises(UsageError, match="game_date is '2026-01-09'; give it as a"):
        CompletionEvent("b", day, AWARE, AWARE, "success", 1, 0, 1, 1, 1, None)
