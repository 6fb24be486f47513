"""When the table is checked: after each batch, over a range of dates, and on a watch that notices silence."""

from pathlib import Path

import expectations
from expectations.suites import SUITES
from prop_quality.registry import load_registry
from prop_quality.suite import Check
from prop_quality.waivers import Waiver, load_waivers

REGISTRY = load_registry(expectations.FOLDER / "systems.yml")
WAIVERS_FILE = expectations.FOLDER / "waivers.yml"


def known_checks() -> frozenset[str]:
    """The ids of all checks of all suites."""
    return frozenset(check.id for suite in SUITES for check in suite.checks if isinstance(check, Check))


def waivers(path: Path = WAIVERS_FILE) -> tuple[Waiver, ...]:
    """The waivers in force and those that have expired."""
    return load_waivers(path, known_checks())
