"""Which failure a person should hear of first."""

from __future__ import annotations

from prop_quality.verdict import Severity

# A claim that is not stored is why everybody believed that all was well; rows that were switched off are why others
# are missing, and need not be made again.
_FIRST = ("reconciliation", "activity")


def weight(severity: Severity, suite: str, failing: int, examined: int) -> tuple[int, int, float]:
    """Sorts failures, the gravest first: by severity, by what explains the others, by the share that fails."""
    share = failing / examined if examined else 1.0
    rank = _FIRST.index(suite) if suite in _FIRST else len(_FIRST)
    return (list(Severity).index(severity), rank, -share)
