"""Who reads a column: the checks and their suites, the scan itself, and views."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from prop_quality.sql.units import Unit

PREDICTIONS = "nba_predictions.player_prop_predictions"
_SCANNED = frozenset(
    {"prediction_id", "player_lookup", "system_id", "game_date", "is_active", "created_at", "updated_at"}
)
# Tables that the checks read as a whole: the roster and the book lines.
_REFERENCES = ("nba_analytics.upcoming_player_game_context", "nba_raw.odds_api_player_points_props")


@dataclass(frozen=True)
class Readers:
    """`checks` maps columns of the predictions table to the checks that read them, as (check id, suite).

    `views` maps a table and a column, in lower case, to the views that name the column anywhere.
    """

    checks: Mapping[str, tuple[tuple[str, str], ...]] = field(default_factory=dict)
    views: Mapping[tuple[str, str], tuple[str, ...]] = field(default_factory=dict)

    @classmethod
    def of(cls, units: Iterable[Unit], checks: Mapping[str, tuple[tuple[str, str], ...]]) -> Readers:
        """The readers among `units` and the checks."""
        views: dict[tuple[str, str], dict[str, None]] = {}
        for unit in units:
            if unit.definition is not None and unit.definition.is_view and unit.analysis is not None:
                for read in unit.analysis.reads:
                    for column in read.columns:
                        views.setdefault((read.table.lower(), column.lower()), {})[unit.object] = None
        return cls(checks, {key: tuple(names) for key, names in views.items()})

    def checks_of(self, table: str, column: str) -> tuple[tuple[str, str], ...]:
        """The checks, with their suites, that read a column of a table."""
        return self.checks.get(column.lower(), ()) if _is(table, PREDICTIONS) else ()

    def views_of(self, table: str, column: str) -> tuple[str, ...]:
        """The views that read a column of a table."""
        return self.views.get((table.lower(), column.lower()), ())

    def in_words(self, table: str, column: str) -> str:
        """Who reads the column, for a person; "" when nobody does."""
        parts = []
        checks = self.checks_of(table, column)
        if checks:
            suites = dict.fromkeys(suite for _, suite in checks)
            names = ", ".join(check for check, _ in checks)
            parts.append(f"the {'check' if len(checks) == 1 else 'checks'} {names} (suites {', '.join(suites)})")
        elif _is(table, PREDICTIONS) and column.lower() in _SCANNED:
            parts.append("the scan after each batch")
        if any(_is(table, one) for one in _REFERENCES):
            parts.append("the checks, as a reference")
        views = self.views_of(table, column)
        if views:
            parts.append(f"the {'view' if len(views) == 1 else 'views'} {', '.join(views)}")
        return " and ".join(parts)


def _is(table: str, known: str) -> bool:
    return table.lower() == known or table.lower().endswith("." + known)
