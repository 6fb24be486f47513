"""After a prediction batch: is what was claimed what is stored, complete, fresh, and with real lines?"""

from __future__ import annotations

from datetime import timedelta

import checkpoints
import expectations
from expectations.suites import SUITES
from prop_quality.checkpoint import Checkpoint, Request

# Rows that the consolidation writes a little after the event still belong to the batch.
COMPLETION_GRACE = timedelta(minutes=5)


def checkpoint() -> Checkpoint:
    """All suites, over the date of one batch."""
    return Checkpoint("after_batch", SUITES, expectations.load, checkpoints.REGISTRY, checkpoints.waivers())


def request(base: Request) -> Request:
    """Rows count as the batch's from its start to its completion; the roster is that of the start."""
    from dataclasses import replace

    event = base.event
    assert event is not None
    return replace(
        base,
        dates=(event.game_date,),
        since=event.started_at,
        until=event.completed_at + COMPLETION_GRACE,
        roster_as_of=event.started_at,
    )
