"""Realistic nights of predictions, deterministic by seed: clean ones, ones with a planted fault, and the incidents."""

from prop_quality.season.bulk import columns, season
from prop_quality.season.clean import clean_night
from prop_quality.season.demo import DemoNight, demo_nights
from prop_quality.season.faults import FAULTS, Fault
from prop_quality.season.incidents import INCIDENTS, Incident, incident
from prop_quality.season.night import Night, Row
from prop_quality.season.rows import COLUMNS
from prop_quality.season.scene import Scene, random_quiet_day
from prop_quality.season.shape import NightShape, random_shape, systems_on
from prop_quality.season.silences import SILENCES, Silence

__all__ = [
    "COLUMNS",
    "FAULTS",
    "INCIDENTS",
    "SILENCES",
    "DemoNight",
    "Fault",
    "Incident",
    "Night",
    "NightShape",
    "Row",
    "Scene",
    "Silence",
    "clean_night",
    "columns",
    "demo_nights",
    "incident",
    "random_quiet_day",
    "random_shape",
    "season",
    "systems_on",
]
