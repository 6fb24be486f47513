"""The coordinator's completion event of a night, as the producers of that time wrote it."""

from __future__ import annotations

from datetime import datetime
from random import Random
from typing import Any

from prop_quality.season.rows import new_id
from prop_quality.season.shape import NightShape


def completion_event(shape: NightShape, players: int, generated: int, rng: Random) -> dict[str, Any]:
    """The event of a batch that stored all it was asked for; `generated` counts rows, `players` players."""
    batch_id = shape.batch_id or f"batch_{shape.game_date}_{int(shape.started_at.timestamp())}"
    metadata: dict[str, Any] = {"batch_id": batch_id, "expected_players": players, "completed_players": players}
    if shape.later_event:
        metadata |= {"completed_predictions": generated, "completion_pct": 100.0}
    else:
        metadata |= {"total_predictions": generated, "completion_percentage": 100.0}
    if shape.revision:
        metadata["worker_instance"] = shape.revision
    return {
        "processor_name": "PredictionCoordinator",
        "phase": "phase_5_predictions",
        "execution_id": batch_id,
        "correlation_id": new_id(rng),
        "game_date": shape.game_date.isoformat(),
        "output_dataset": "nba_predictions",
        "output_table": "player_prop_predictions",
        "status": "success",
        "record_count": players,
        "records_failed": 0,
        "timestamp": stamp(shape.completed_at),
        "duration_seconds": shape.seconds,
        "trigger_source": "api",
        "metadata": metadata,
    }


def stamp(moment: datetime) -> str:
    """A UTC time as the event writes it."""
    return moment.isoformat().replace("+00:00", "Z")
