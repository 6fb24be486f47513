"""What a person hears of first is what explains the rest."""

from __future__ import annotations

import pytest

from prop_quality.gravity import weight
from prop_quality.verdict import Severity

STORED = (Severity.CRITICAL, "reconciliation", 150, 150)
SWITCHED_OFF = (Severity.CRITICAL, "activity", 719, 842)
MISSING = (Severity.CRITICAL, "coverage", 780, 910)


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (STORED, MISSING),
        (STORED, (Severity.CRITICAL, "reconciliation", 2, 150)),
        (SWITCHED_OFF, MISSING),
        (MISSING, (Severity.CRITICAL, "freshness", 7, 910)),
        ((Severity.CRITICAL, "schema", 1, 0), MISSING),
        (MISSING, (Severity.WARNING, "activity", 910, 910)),
    ],
)
def test_the_gravest_failure_comes_first(
    first: tuple[Severity, str, int, int], second: tuple[Severity, str, int, int]
) -> None:
    assert weight(*first) < weight(*second)
