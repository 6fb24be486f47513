"""For a scheduler, every 15 minutes: notice silence. Are there games, is there a batch, is it fresh, was it checked?"""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta

import checkpoints
import expectations
from expectations.suites import WATCH
from prop_quality.checkpoint import Checkpoint, Request
from prop_quality.scan.scope import EASTERN

# How far back the context table is read to tell a night without games from a table that nobody fills; longer than the
# All-Star break.
DAYS_BACK = 10


def checkpoint() -> Checkpoint:
    """The watch suite alone."""
    return Checkpoint("watch", (WATCH,), expectations.load, checkpoints.REGISTRY)


def dates(now: datetime) -> tuple[date, ...]:
    """Today and tomorrow, US Eastern."""
    today = now.astimezone(EASTERN).date()
    return today, today + timedelta(days=1)


def request(base: Request) -> Request:
    """Today and tomorrow, before a background of the last days."""
    first = min(base.dates)
    return replace(base, watches=True, background=tuple(first - timedelta(days=n) for n in range(1, DAYS_BACK + 1)))
