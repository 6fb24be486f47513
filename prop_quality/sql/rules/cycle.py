"""Views that read each other in a circle."""

from __future__ import annotations

from collections.abc import Iterator

from prop_quality.sql.codes import CODES
from prop_quality.sql.finding import Finding
from prop_quality.sql.rules.surroundings import Surroundings
from prop_quality.sql.units import Unit


def check(unit: Unit, surroundings: Surroundings) -> Iterator[Finding]:
    """One finding for each view of a circle, at its own statement, naming the whole circle."""
    for circle in surroundings.estate.circles:
        if unit in circle:
            start = circle.index(unit)
            names = [one.object for one in (*circle[start:], *circle[:start], unit)]
            message = f"These views read each other in a circle: {' reads '.join(names)}."
            mend = "Have one of them read the tables behind the other."
            if len(circle) == 1:
                message, mend = (
                    f"The view {unit.object} reads itself.",
                    "Have it read the table that it is meant to show.",
                )
            yield CODES["cycle"].at(unit.file.name, *unit.place(0), message, mend, unit.object)
