"""Rules: each looks at one statement and says what BigQuery would take and this table should not.

A rule is one module of the name of its code, with `check(unit, surroundings)`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from prop_quality.sql.finding import Finding
from prop_quality.sql.rules import cycle
from prop_quality.sql.rules.surroundings import Surroundings
from prop_quality.sql.units import Unit

RULES: tuple[Callable[[Unit, Surroundings], Iterator[Finding]], ...] = (cycle.check,)

__all__ = ["RULES", "Surroundings"]
