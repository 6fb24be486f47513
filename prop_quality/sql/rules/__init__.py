"""Rules: each looks at one statement and says what BigQuery would take and this table should not.

A rule is one module of the name of its code, with `check(unit, surroundings)`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from prop_quality.sql.finding import Finding
from prop_quality.sql.rules import (
    contract,
    cycle,
    partition_filter,
    placeholder_default,
    select_star,
    unsafe_division,
    utc_today,
)
from prop_quality.sql.rules.surroundings import Surroundings
from prop_quality.sql.units import Unit

Rule = Callable[[Unit, Surroundings], Iterator[Finding]]

RULES: tuple[Rule, ...] = (
    contract.check,
    cycle.check,
    partition_filter.check,
    placeholder_default.check,
    select_star.check,
    unsafe_division.check,
    utc_today.check,
)

__all__ = ["RULES", "Rule", "Surroundings"]
