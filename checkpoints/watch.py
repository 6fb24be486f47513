"""For a scheduler, every 15 minutes: notice silence. Are there games, is there a batch, is it fresh, was it checked?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta

import checkpoints
import expectations
from expectations.suites import WATCH
from prop_quality.checkpoint import Checkpoint, Request
from prop_quality.scan.answer import CONTEXT_REACH
from prop_quality.scan.scope import EASTERN


def checkpoint() -> Checkpoint:
    """The watch suite alone."""
    return Checkpoint("watch", (WATCH,), expectations.load, checkpoints.REGISTRY)


def dates(now: datetime) -> tuple[date, ...]:
    """Today and tomorrow, US Eastern."""
    today = now.astimezone(EASTERN).date()
    return today, today + timedelta(days=1)


def request(base: Request) -> Request:
    """Today and tomorrow, with the days around them in the context table alone."""
    return replace(base, watches=True, context_window=around(base.dates))


def around(days: Sequence[date]) -> tuple[date, date]:
    """The first and the last game date over which the context table must show that somebody fills it."""
    return min(days) - CONTEXT_REACH, max(days) + CONTEXT_REACH
