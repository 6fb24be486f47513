"""What a comparison means for the gate, as findings."""

from __future__ import annotations

from collections.abc import Iterator

from prop_quality.sql.codes import CODES
from prop_quality.sql.compare.comparison import Comparison
from prop_quality.sql.finding import Finding

_MEND = "Restore what showed it, or say in a suppression where it is seen now."


def findings_of(comparison: Comparison, file: str, line: int = 1, column: int = 1) -> Iterator[Finding]:
    """Findings about a changed view at the place of its CREATE statement."""

    def found(code: str, message: str, mend: str) -> Finding:
        return CODES[code].at(file, line, column, message, mend, comparison.view)

    if comparison.refused is not None:
        yield found(
            "not-compared",
            f"Its results before and after could not be compared: {comparison.refused}",
            "Compare them on BigQuery; the embedded warehouse does not know all of it.",
        )
    if comparison.fails:
        night, reason = comparison.fails[0]
        yield found(
            "lost-sight",
            f"It fails on {len(comparison.fails)} nights on which the old form did not, the first {night!r}: {reason}",
            "A view that fails shows nothing; make its expressions safe (SAFE_DIVIDE, SAFE_CAST).",
        )
    for sight in comparison.lost:
        names = ", ".join(sight.before)
        yield found("lost-sight", f"It no longer shows {sight.incident!r}, which it showed in {names}.", _MEND)
    for incident, columns in comparison.narrowed.items():
        names = ", ".join(columns)
        yield found(
            "narrowed-sight", f"{incident!r} is no longer shown in {names}; other columns still show it.", _MEND
        )
    for incident, columns in comparison.says_less.items():
        names = ", ".join(columns)
        yield found("narrowed-sight", f"{names} still shows {incident!r} and says less of it than before.", _MEND)
