"""Over a range of dates: after a regeneration, or in the morning. One query, one verdict a date and one overall."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import checkpoints
import expectations
from checkpoints.watch import DAYS_BACK
from expectations.suites import SUITES
from prop_quality.checkpoint import Checkpoint, Request

# With more dates than this some have games, or none of them is known.
_FEW = 7


def checkpoint() -> Checkpoint:
    """All suites; what needs a batch or a start is skipped where none is given."""
    return Checkpoint("date_range", SUITES, expectations.load, checkpoints.REGISTRY, checkpoints.waivers())


def request(base: Request) -> Request:
    """The roster is that of the first write when one is named, else the latest.

    A few dates are read before a background of earlier ones: a morning without games is told from an empty table.
    """
    background: tuple[date, ...] = ()
    if base.roster is None and len(base.dates) <= _FEW:
        first = min(base.dates)
        earlier = (first - timedelta(days=n) for n in range(1, DAYS_BACK + 1))
        background = tuple(earlier)
    return replace(base, roster_as_of=base.since or base.now, background=background)
