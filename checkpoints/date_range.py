"""Over a range of dates: after a regeneration, or in the morning. One query, one verdict a date and one overall."""

from __future__ import annotations

from dataclasses import replace

import checkpoints
import expectations
from checkpoints.watch import around
from expectations.suites import SUITES
from prop_quality.checkpoint import Checkpoint, Request


def checkpoint() -> Checkpoint:
    """All suites; what needs a batch or a start is skipped where none is given."""
    return Checkpoint("date_range", SUITES, expectations.load, checkpoints.REGISTRY, checkpoints.waivers())


def request(base: Request) -> Request:
    """The roster is that of the first write when one is named, else the latest.

    The context table is read around the dates too: a morning without games is told from a table that nobody fills.
    """
    return replace(base, roster_as_of=base.since or base.now, context_window=around(base.dates))
