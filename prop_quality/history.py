"""What earlier runs of this installation saw, from their stored verdicts."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from itertools import islice

from prop_quality.settings import Settings
from prop_quality.store import Store

_RUNS_LOOKED_BACK = 20
_DAYS_LOOKED_BACK = 3


def last_checked(settings: Settings, dates: Sequence[date], now: datetime, besides: str) -> dict[date, datetime]:
    """When each date was last looked at, by stored verdicts of other checkpoints than `besides`."""
    found: dict[date, datetime] = {}
    for verdict in Store(settings.state_dir).newest_first(until=now, besides=besides):
        if verdict.evaluated_at < now - timedelta(days=_DAYS_LOOKED_BACK) or len(found) == len(dates):
            break
        # A run that could not ask the table has not looked at it.
        if verdict.error is None and verdict.table in (None, str(settings.table)):
            for day in verdict.batch.game_dates:
                if day in dates:
                    found.setdefault(day, verdict.evaluated_at)
    return found


def previous_columns(settings: Settings, now: datetime) -> dict[str, str]:
    """The columns that the previous run on the same table saw; empty when none of the last few runs saw any."""
    for verdict in islice(Store(settings.state_dir).newest_first(until=now), _RUNS_LOOKED_BACK):
        if verdict.columns and verdict.table == str(settings.table):
            return dict(verdict.columns)
    return {}
