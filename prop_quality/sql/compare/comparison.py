"""A view before and after a change, over the nights: what came out, and what it no longer shows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from prop_quality.sql.compare.difference import Difference


@dataclass(frozen=True)
class ChangedView:
    """A view, `project.dataset.view`, and its CREATE VIEW statements before and after; None: there was or is none."""

    name: str
    old_sql: str | None
    new_sql: str | None


@dataclass(frozen=True)
class Sight:
    """The columns in which a view shows an incident, before and after; none: it does not show it.

    `less` are those that still show it and no longer say of it all that they said.
    """

    incident: str
    before: tuple[str, ...]
    after: tuple[str, ...]
    less: tuple[str, ...] = ()

    @property
    def is_lost(self) -> bool:
        """Whether the view showed the incident and shows it no more."""
        return bool(self.before) and not self.after

    def blinded(self, columns: frozenset[str]) -> tuple[str, ...]:
        """Of the columns that are still there, those that showed the incident and no longer do."""
        return tuple(name for name in self.before if name in columns and name not in self.after)


@dataclass(frozen=True)
class Comparison:
    """What a change does to a view's results.

    `refused` says why there is no comparison, None when there is one. `unseen` says that none is needed, since the view
    reads no table that the nights hold. `fails` are the nights on which only the new form
    fails, with the reason. `nights` holds the nights whose results differ, `compared` counts all of them.
    """

    view: str
    added_columns: tuple[str, ...] = ()
    removed_columns: tuple[str, ...] = ()
    retyped_columns: tuple[str, ...] = ()
    compared: int = 0
    nights: tuple[Difference, ...] = ()
    sights: tuple[Sight, ...] = ()
    fails: tuple[tuple[str, str], ...] = ()
    rows_before: int = 0
    rows_after: int = 0
    kept_columns: frozenset[str] = frozenset()
    refused: str | None = None
    unseen: bool = False

    @property
    def is_unchanged(self) -> bool:
        """Whether the change makes no difference that these nights can show."""
        columns = self.added_columns or self.removed_columns or self.retyped_columns
        return not (self.refused or self.fails or self.nights or columns)

    @property
    def lost(self) -> tuple[Sight, ...]:
        """The incidents that the old form showed and the new one does not."""
        return tuple(sight for sight in self.sights if sight.is_lost)

    @property
    def narrowed(self) -> Mapping[str, tuple[str, ...]]:
        """Incidents that the view still shows, with the columns that stopped showing them."""
        blinded = {sight.incident: sight.blinded(self.kept_columns) for sight in self.sights if not sight.is_lost}
        return {incident: columns for incident, columns in blinded.items() if columns}

    @property
    def says_less(self) -> Mapping[str, tuple[str, ...]]:
        """Incidents that the view still shows, with the columns that say less of them."""
        return {sight.incident: sight.less for sight in self.sights if sight.less}

    def to_json(self) -> dict[str, Any]:
        """As plain JSON values: `comparison` of a change in the report."""
        if self.refused is not None:
            return {"refused": self.refused}
        if self.unseen:
            return {"unseen": "it reads no table that the nights on record hold"}
        return {
            "columns": {
                "added": list(self.added_columns),
                "removed": list(self.removed_columns),
                "retyped": list(self.retyped_columns),
            },
            "rows": {
                "before": self.rows_before,
                "after": self.rows_after,
                "added": sum(night.added for night in self.nights),
                "removed": sum(night.removed for night in self.nights),
                "changed": sum(night.changed for night in self.nights),
            },
            "nights": [
                {
                    "night": night.night,
                    "rows": {
                        "before": night.before,
                        "after": night.after,
                        "added": night.added,
                        "removed": night.removed,
                        "changed": night.changed,
                    },
                    "columns": list(night.columns),
                }
                for night in self.nights
            ],
            "nights_compared": self.compared,
            "fails": [{"night": night, "reason": reason} for night, reason in self.fails],
            "incidents": [
                {
                    "incident": sight.incident,
                    "before": bool(sight.before),
                    "after": bool(sight.after),
                    "columns_before": list(sight.before),
                    "columns_after": list(sight.after),
                }
                for sight in self.sights
                if sight.before or sight.after
            ],
        }
