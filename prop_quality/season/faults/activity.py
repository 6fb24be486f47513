"""Rows that were switched off, and rows that should have been."""

from __future__ import annotations

from random import Random

from prop_quality.season.change import active_rows, added, copies, picked
from prop_quality.season.faults.fault import Fault, Plant, within
from prop_quality.season.night import Night


def switched_off(share: float, extra_rows: int = 0) -> Plant:
    """Inactive twins stand beside the active rows: `share` (below 1) of all rows with a real line, and some more."""

    def plant(night: Night, rng: Random) -> Night:
        real = active_rows(night, real_line=True)
        wanted = int(len(real) * share / (1 - share) + 1e-9) + extra_rows
        while wanted > 0:
            part = picked(night, min(wanted, len(real)), rng)
            night = added(night, copies(part, rng, is_active=False))
            wanted -= len(part)
        return night

    return plant


_ACTIVE = ("rows_active",)

FAULTS = (
    Fault("fifth_of_the_rows_inactive", _ACTIVE, "warning", switched_off(0.2, 1), "20 % and a row"),
    Fault("half_of_the_rows_inactive", _ACTIVE, "warning", switched_off(0.5), "exactly half"),
    Fault("most_rows_inactive", _ACTIVE, "critical", switched_off(0.5, 1), "half and a row"),
    Fault("nearly_all_rows_inactive", _ACTIVE, "critical", switched_off(0.85), "85 %"),
    within("some_rows_inactive", _ACTIVE[0], switched_off(0.2), "20 % of the rows"),
)
