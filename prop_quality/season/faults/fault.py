"""What a planted fault is."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from random import Random

from prop_quality.season.clean import clean_night
from prop_quality.season.night import Night
from prop_quality.season.shape import NightShape, dice

Plant = Callable[[Night, Random], Night]

# A hundred expected players, so that one of them is one percent.
JANUARY = NightShape(seed=1, game_date=date(2026, 1, 15), games=9, players=100)
LATE_JANUARY = NightShape(seed=2, game_date=date(2026, 1, 27), games=9, players=100)
FEBRUARY = NightShape(seed=3, game_date=date(2026, 2, 10), games=9, players=100, later_event=True)


@dataclass(frozen=True)
class Fault:
    """One way in which a night goes wrong.

    `checks` must all fail, the worst of them with `severity`, and nothing else may but `may`. Where `detected` is
    false the fault lies just inside the limits: `checks` are those that must *not* fail, nor may any other; `doubts`
    are those that must not pass either, because what is stored does not tell.
    """

    id: str
    checks: tuple[str, ...]
    severity: str
    plant: Plant
    strength: str
    detected: bool = True
    shape: NightShape = JANUARY
    may: tuple[str, ...] = ()
    doubts: tuple[str, ...] = ()

    def build(self, seed: int = 0) -> Night:
        """A clean night of the fault's shape with the fault planted; `seed` varies both."""
        shape = replace(self.shape, seed=self.shape.seed + 1000 * seed)
        return self.plant(clean_night(shape), dice(seed))


def within(fault_id: str, check: str, plant: Plant, strength: str, shape: NightShape = JANUARY) -> Fault:
    """A fault that lies just inside the limit of `check`."""
    return Fault(fault_id, (check,), "none", plant, strength, detected=False, shape=shape)


def in_doubt(fault_id: str, check: str, plant: Plant, strength: str, shape: NightShape) -> Fault:
    """A fault that leaves `check` undecided: neither failed nor passed."""
    return replace(within(fault_id, check, plant, strength, shape), doubts=(check,))


def both(fault_id: str, first: Fault, second: Fault) -> Fault:
    """Two faults at once, on the night of the first."""
    return Fault(
        fault_id,
        tuple(dict.fromkeys(first.checks + second.checks)),
        min(first.severity, second.severity),
        lambda night, rng: second.plant(first.plant(night, rng), rng),
        f"{first.strength}; {second.strength}",
        shape=first.shape,
        may=first.may + second.may,
    )
