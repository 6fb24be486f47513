"""From a case to the nights that it describes."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from random import Random
from typing import Any

from prop_quality.season import Night, NightShape, Row, clean_night
from prop_quality.season.change import claimed
from prop_quality.season.rows import copy_of
from tests.expectations.case import Case, Change, as_date

SMALL: Mapping[str, Any] = {"seed": 1, "game_date": "2026-01-15", "games": 2, "players": 12, "ineligible": 3}
_TABLES = {"predictions": "rows", "context": "context_rows", "book_lines": "book_lines"}
_UNITS = {"s": "seconds", "min": "minutes", "h": "hours", "d": "days"}
_MOMENT = re.compile(r"(start|completed|now)(?: ([+-]) (\d+(?:\.\d+)?) (s|min|h|d))?")


def nights_of(case: Case) -> list[Night]:
    """The night of the case and those beside it, all changes made."""
    nights = [_night(shape) for shape in (case.night, *({**case.night, **other} for other in case.other_nights))]
    main = nights[0]
    for change in case.changes:
        nights = [_changed(night, change, main) for night in nights]
    return [_with_event(replace(night, changed_columns=case.columns), case.event) for night in nights]


def moment(text: Any, night: Night) -> Any:
    """`start`, `completed` or `now` of the night, perhaps `+ 5 min` or `- 2 h`, as a time; all else as it is."""
    found = _MOMENT.fullmatch(text) if isinstance(text, str) else None
    if found is None:
        return text
    base: datetime = {"start": night.started_at, "completed": night.completed_at, "now": night.now}[found[1]]
    if found[2] is None:
        return base
    distance = timedelta(**{_UNITS[found[4]]: float(found[3])})
    return base + distance if found[2] == "+" else base - distance


def _night(shape: Mapping[str, Any]) -> Night:
    values = dict(SMALL) | dict(shape)
    values["game_date"] = as_date(values["game_date"])
    values["systems"] = tuple(values.get("systems", ()))
    if "starts_at" in values:
        values["starts_at"] = datetime.fromisoformat(values["starts_at"])
    return clean_night(NightShape(**values))


def _changed(night: Night, change: Change, main: Night) -> Night:
    attribute = _TABLES[change.table]
    rows: list[Row] = getattr(night, attribute)
    chosen = _chosen(rows, change)
    positions = {id(row) for row in chosen}
    values = {column: moment(value, main) for column, value in change.set.items()}
    if change.drop:
        rows = [row for row in rows if id(row) not in positions]
    elif change.copies:
        dice = Random(len(rows))
        rows = rows + [_copy(row, dice) | values for row in chosen for _ in range(change.copies)]
    else:
        rows = [row | values if id(row) in positions else row for row in rows]
    edited: dict[str, Any] = {attribute: rows}
    return replace(night, **edited)


def _copy(row: Row, dice: Random) -> Row:
    return copy_of(row, dice) if "prediction_id" in row else dict(row)


def _chosen(rows: Sequence[Row], change: Change) -> list[Row]:
    """The rows that the change names, in the order of system, player and line."""
    wanted = dict(change.rows)
    if change.table == "predictions":
        wanted.setdefault("is_active", True)
    found = [row for row in rows if all(_is(row[column], value) for column, value in wanted.items())]
    found.sort(key=lambda row: [str(row.get(name)) for name in ("system_id", "player_lookup", "current_points_line")])
    if change.players is not None:
        names = sorted({row["player_lookup"] for row in found})[: change.players]
        found = [row for row in found if row["player_lookup"] in names]
    return found[: change.take]


def _is(value: Any, wanted: Any) -> bool:
    return value in wanted if isinstance(wanted, list) else value == wanted


def _with_event(night: Night, changes: Mapping[str, Any]) -> Night:
    """The night whose event differs; a null takes the key out, as the producer leaves out what it does not know."""
    event = claimed(night, **changes).event
    metadata = {key: value for key, value in event["metadata"].items() if value is not None}
    event = {key: value for key, value in event.items() if value is not None}
    return replace(night, event=event | {"metadata": metadata})
