"""Faults to plant into clean nights: every check with faults on both sides of its limit, and some two at once."""

from prop_quality.season.faults import (
    activity,
    coverage,
    freshness,
    identity,
    line_consistency,
    placeholder_lines,
    plausibility,
    provenance,
    reconciliation,
    schema,
)
from prop_quality.season.faults.fault import Fault, Plant, both

__all__ = ["FAULTS", "Fault", "Plant", "both"]

_SINGLE = (
    *schema.FAULTS,
    *placeholder_lines.FAULTS,
    *coverage.FAULTS,
    *freshness.FAULTS,
    *reconciliation.FAULTS,
    *identity.FAULTS,
    *line_consistency.FAULTS,
    *plausibility.FAULTS,
    *activity.FAULTS,
    *provenance.FAULTS,
)
_BY_ID = {fault.id: fault for fault in _SINGLE}
_TOGETHER = (
    ("game_lost", "placeholder_one_row"),
    ("phantom_rerun", "placeholder_half_a_system"),
    ("system_absent", "margin_just_off"),
    ("five_keys_twice", "one_player_lost"),
    ("model_stuck_at_half", "source_missing_one_row"),
    ("one_uninvited_player", "one_id_no_uuid"),
)

FAULTS: tuple[Fault, ...] = (
    *_SINGLE,
    *(both(f"{first}_and_{second}", _BY_ID[first], _BY_ID[second]) for first, second in _TOGETHER),
)
