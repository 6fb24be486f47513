"""Realistic nights of predictions, deterministic by seed: clean ones, ones with a planted fault, and the incidents."""

from prop_quality.season.clean import clean_night
from prop_quality.season.night import Night, Row
from prop_quality.season.rows import COLUMNS
from prop_quality.season.shape import NightShape, random_shape, systems_on

__all__ = ["COLUMNS", "Night", "NightShape", "Row", "clean_night", "random_shape", "systems_on"]
