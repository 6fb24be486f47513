"""Finds confidences on another scale."""

from typing import ClassVar

from prop_quality.expectation import Answer, Finding, Group, GroupExpectation, Scope, literals

_PART = "confidence_score > 0 AND confidence_score < 1"
_PERCENT = "confidence_score > 1"


class ConfidenceScale(GroupExpectation):
    """Every confidence lies on the scale that was in use when the row was written, and a system uses one scale a date.

    For the operator:
        0.87 and 87 mean the same and sort a hundred times apart: every threshold on confidence takes the wrong rows.
    Example that fails:
        84 to 95 in rows of January; 0.87 in 40 of 100 rows of February; -0.01; 100.01.
    Incident:
        1,192 rows carried 84 to 95 while the table held 0 to 1.
    Limits:
        0 to 1 for rows written before `changed_at` (2026-01-30 03:43 UTC), 0 to 100 after it; older rows of `converted`
        systems were brought to 0 to 100 by hand. A system of at least `min_rows` (10) rows created after the change
        that holds nothing above 1 is on the old scale. 0 and 1 are legal on both. Of two scales the rarer one fails.
    What to do:
        Find the revision of the worker that wrote the rows; correct the rows only after it.
    """

    columns: ClassVar[tuple[str, ...]] = ("confidence_score", "created_at")
    fault: ClassVar[str] = "have confidences on a wrong scale, or on two"
    changed_at: str = "2026-01-30 03:43:00+00"
    converted: tuple[str, ...] = ("catboost_v8",)
    min_rows: int = 10

    def row_facts(self, scope: Scope) -> dict[str, str]:
        """Whether it lies on the scale of its time; for failing rows, how many of the system lie on each scale."""
        del scope
        old = f"written_at < TIMESTAMP '{self.changed_at}'"
        highest = f"IF({old} AND system_id NOT IN ({literals(self.converted)}), 1, 100)"
        on_scale = f"IFNULL(confidence_score BETWEEN 0 AND {highest}, FALSE)"
        return {"on_scale": on_scale} | {
            f"{name}_confidences": f"SUM(IF(is_active AND {condition}, 1, 0)) OVER (PARTITION BY game_date, system_id)"
            for name, condition in self._kinds(on_scale).items()
        }

    def measures(self, scope: Scope) -> dict[str, str]:
        """Rows by kind."""
        del scope
        return {name: f"COUNTIF({condition})" for name, condition in self._kinds().items()}

    def failing(self, scope: Scope) -> str:
        """Outside, on the rarer of two scales, or wholly on the old one; as `look` counts them."""
        del scope
        kinds = self._kinds()
        mixed = "part_confidences > 0 AND percent_confidences > 0"
        return (
            f"{kinds['outside']}"
            f" OR {mixed} AND part_confidences <= percent_confidences AND {kinds['part']}"
            f" OR {mixed} AND percent_confidences < part_confidences AND {kinds['percent']}"
            f" OR percent_confidences = 0 AND new_confidences >= {self.min_rows} AND new_part_confidences > 0"
            f" AND {kinds['new_part']}"
        )

    def look(self, group: Group, answer: Answer) -> Finding | None:
        """The rows of one system by kind."""
        del answer
        outside, part, percent, new, new_part = (self.number(group, name) for name in _KINDS)
        rarer = min(part, percent)
        old = new_part if not percent and new >= self.min_rows else 0
        failing = outside + rarer + old
        problems = [
            f"{outside} rows of {group.system_id} lie outside the scale of their time" if outside else "",
            f"{group.system_id} has {part} rows on 0 to 1 and {percent} on 0 to 100" if rarer else "",
            f"all rows of {group.system_id} lie on the old scale of 0 to 1" if old else "",
        ]
        return Finding(
            group.game_date,
            group.system_id,
            examined=group.count("active_rows"),
            failing=failing,
            level=self.level if failing else None,
            detail="; ".join(filter(None, problems)),
        )

    def _kinds(self, on_scale: str = "on_scale") -> dict[str, str]:
        """Conditions of rows; `percent` leaves out those that lie outside already."""
        new = f"created_at >= TIMESTAMP '{self.changed_at}'"
        return {
            "outside": f"NOT {on_scale}",
            "part": _PART,
            "percent": f"{_PERCENT} AND {on_scale}",
            "new": new,
            "new_part": f"{new} AND {_PART}",
        }


_KINDS = ("outside", "part", "percent", "new", "new_part")
