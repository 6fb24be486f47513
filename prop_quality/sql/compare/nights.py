"""The nights that a changed view is shown before and after: clean ones of every kind, and each incident on record."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta

from prop_quality.season import INCIDENTS, Night, NightShape, Row, clean_night
from prop_quality.season.faults.placeholder_lines import placeholders
from prop_quality.season.shape import EASTERN, dice, eastern

PROJECT = "nba-props-platform"
PREDICTIONS = f"{PROJECT}.nba_predictions.player_prop_predictions"
ACCURACY = f"{PROJECT}.nba_predictions.prediction_accuracy"
CONTEXT = f"{PROJECT}.nba_analytics.upcoming_player_game_context"
BOOK_LINES = f"{PROJECT}.nba_raw.odds_api_player_points_props"
TABLES = (PREDICTIONS, ACCURACY, CONTEXT, BOOK_LINES)

Tables = dict[str, list[Row]]

_LOOKED_AT = time(23, 30)
# Its inactive rows are placeholders that real lines have replaced since.
_MENDED = "several lines a player, placeholders replaced"
_CLEAN = {
    _MENDED: NightShape(
        seed=1, game_date=date(2026, 1, 9), players=150, multi_line=True, unlined_share=0.2, history_share=0.15
    ),
    "a re-run that only updates": NightShape(
        seed=2, game_date=date(2026, 1, 21), players=124, rerun=True, unlined_share=0.15
    ),
    "a real line of 20.0, on the evening before": NightShape(
        seed=3,
        game_date=date(2026, 1, 18),
        games=8,
        players=112,
        real_twenties=2,
        history_share=0.1,
        starts_at=eastern(date(2026, 1, 17), time(18)),
    ),
    "the league's own game ids": NightShape(
        seed=4, game_date=date(2025, 12, 12), games=9, players=140, league_ids=True, unlined_share=0.3
    ),
    "a roster rewritten afterwards": NightShape(
        seed=6, game_date=date(2026, 2, 11), players=133, context_rewritten=True, later_event=True
    ),
}
_ONE_SYSTEM, _TWO_SYSTEMS = "placeholders_of_a_system", "placeholders_of_two_systems"
# Looked at again days later too: a view of several dates must not forget one of them overnight.
_SEEN_AGAIN, _DAYS_LATER = (_ONE_SYSTEM, "players_lost", "game_skipped"), 3
_BACKDROP_FIRST, _BACKDROP_LAST, _BACKDROP_EVERY = date(2025, 9, 12), date(2026, 2, 26), 3


@dataclass(frozen=True)
class Scene:
    """One night as a view sees it at 23:30 Eastern of its game date or of a later day, which is `clock`.

    `incident` is None on a clean night; an incident's `twin` names the same night without it. Small clean nights of the
    three months before, the `backdrop`, are seen beside each.
    """

    name: str
    incident: str | None
    twin: str | None
    game_date: date
    clock: datetime


def scenes_with_rows() -> Iterator[tuple[Scene, Tables]]:
    """The clean nights, then each incident after its twin, some of them once more as they are seen days later.

    With the rows of each, and the games of the date after it that are not predicted yet.
    """
    for name, shape in _CLEAN.items():
        night = clean_night(shape)
        yield _scene(name, replace(night, rows=list(_mended(night.rows))) if name == _MENDED else night)
    nights = {one.id: one.build() for one in INCIDENTS}
    nights[_TWO_SYSTEMS] = placeholders(90, "ensemble_v1", rejudged=True)(nights[_ONE_SYSTEM], dice(13))
    for name, night in nights.items():
        yield from _with_twin(name, night)
    for name in _SEEN_AGAIN:
        yield from _with_twin(f"{name}, {_DAYS_LATER} days later", nights[name], _DAYS_LATER)


def backdrop() -> Tables:
    """A small clean night every third day, each of whose predictions is graded, one of twenty a second time."""
    tables: Tables = {name: [] for name in TABLES}
    for offset in range(0, (_BACKDROP_LAST - _BACKDROP_FIRST).days + 1, _BACKDROP_EVERY):
        day = _BACKDROP_FIRST + timedelta(days=offset)
        shape = NightShape(seed=offset, game_date=day, games=1, players=10, history_share=0.1)
        night = _on_its_date(clean_night(shape))
        tables[PREDICTIONS] += night.rows
        tables[ACCURACY] += _graded(night.rows)
        tables[CONTEXT] += night.context_rows
        tables[BOOK_LINES] += night.book_lines
    return tables


def _with_twin(incident: str, night: Night, days_later: int = 0) -> Iterator[tuple[Scene, Tables]]:
    twin = f"without {incident}"
    yield _scene(twin, clean_night(night.shape), days_later=days_later)
    yield _scene(incident, night, incident, twin, days_later=days_later)


def _scene(
    name: str, night: Night, incident: str | None = None, twin: str | None = None, *, days_later: int = 0
) -> tuple[Scene, Tables]:
    night = _on_its_date(night)
    tomorrow = night.game_date + timedelta(days=1)
    upcoming = [] if days_later else [row | {"game_date": tomorrow} for row in night.context_rows[:20]]
    seen_on = night.game_date + timedelta(days=days_later)
    tables = {
        PREDICTIONS: night.rows,
        ACCURACY: [],
        CONTEXT: night.context_rows + upcoming,
        BOOK_LINES: night.book_lines,
    }
    return Scene(name, incident, twin, night.game_date, eastern(seen_on, _LOOKED_AT)), tables


def _on_its_date(night: Night) -> Night:
    """The night as if a batch that ran days after its game date had run on it: all times move by whole days."""
    days = (night.started_at.astimezone(EASTERN).date() - night.game_date).days
    if days <= 0:
        return night
    back = timedelta(days=-days)
    return replace(
        night,
        rows=list(_moved(night.rows, back)),
        context_rows=list(_moved(night.context_rows, back)),
        book_lines=list(_moved(night.book_lines, back)),
    )


def _mended(rows: Iterable[Row]) -> Iterator[Row]:
    for row in rows:
        line = {"current_points_line": 20.0, "line_margin": round(row["predicted_points"] - 20.0, 1)}
        yield row if row["is_active"] else row | line | {"line_source": "NEEDS_BOOTSTRAP"}


def _moved(rows: Iterable[Row], by: timedelta) -> Iterator[Row]:
    for row in rows:
        yield {name: value + by if isinstance(value, datetime) else value for name, value in row.items()}


def _graded(rows: Iterable[Row]) -> Iterator[Row]:
    for number, row in enumerate(rows):
        actual = (number * 7) % 31
        line = row["current_points_line"]
        decided = line is not None and row["recommendation"] in ("OVER", "UNDER") and actual != line
        grade = {
            **{name: row[name] for name in ("prediction_id", "system_id", "player_lookup", "game_id", "game_date")},
            **{name: row[name] for name in ("recommendation", "predicted_points")},
            "line_value": line,
            "actual_points": actual,
            "absolute_error": round(abs(row["predicted_points"] - actual), 1),
            "prediction_correct": (actual > line) == (row["recommendation"] == "OVER") if decided else None,
            "graded_at": eastern(row["game_date"] + timedelta(days=1), time(6)),
        }
        yield grade
        if number % 20 == 0:
            yield grade | {"graded_at": grade["graded_at"] + timedelta(hours=5)}
