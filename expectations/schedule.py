"""When a batch is due, in US Eastern time: for the same day in the morning, for the next day in the evening."""

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

EASTERN = ZoneInfo("America/New_York")
SAME_DAY = (time(7, 0), time(10, 0), time(11, 30))
DAY_BEFORE = time(18, 0)
# How long a batch may take before its absence is news.
GRACE = timedelta(minutes=30)
# How long before its time a batch may start and still count as that one.
EARLY = timedelta(minutes=30)


def first_due(game_date: date) -> datetime:
    """When the first batch for `game_date` should have been written: the evening before."""
    return datetime.combine(game_date - timedelta(days=1), DAY_BEFORE, EASTERN) + GRACE


def last_due(now: datetime, game_date: date) -> datetime | None:
    """The start of the latest batch for `game_date` that should be written by `now`; None before the first."""
    evening = datetime.combine(game_date - timedelta(days=1), DAY_BEFORE, EASTERN)
    starts = (evening, *(datetime.combine(game_date, at, EASTERN) for at in SAME_DAY))
    return max((start for start in starts if start + GRACE <= now), default=None)


def before_the_lines(game_date: date, *, started_at: datetime | None, now: datetime) -> bool:
    """Whether a batch for `game_date` ran, or without one it is now, before the batch that must find lines.

    That is the first one of the day itself; for the one of the evening before the books may not have opened.
    """
    first = datetime.combine(game_date, SAME_DAY[0], EASTERN)
    return now < first + GRACE if started_at is None else started_at < first - EARLY
