"""Realistic nights of predictions, deterministic by seed: clean ones, ones with a planted fault, and the incidents."""

from prop_quality.season.bulk import columns, season
from prop_quality.season.clean import clean_night
from prop_quality.season.demo import DemoNight, demo_nights
from prop_quality.season.faults import FAULTS, Fault
from prop_quality.season.incidents import INCIDENTS, Incident, incident
from prop_quality.season.night import Night, Row
from prop_quality.season.rows import COLUMNS
from prop_quality.season.shape import NightShape, random_shape, systems_on

__all__ = [
    "COLUMNS",
    "FAULTS",
    "INCIDENTS",
    "DemoNight",
    "Fault",
    "Incident",
    "Night",
    "NightShape",
    "Row",
    "clean_night",
    "columns",
    "demo_nights",
    "incident",
    "random_shape",
    "season",
    "systems_on",
]
