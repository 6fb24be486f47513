"""Cases of a view as data: rows of the tables that it reads, and exactly what it shows then."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import yaml

from prop_quality.embedded import EmbeddedWarehouse

FOLDER = Path(__file__).parent
PREFIX = "nba-props-platform.nba_predictions."
TABLES = {
    "player_prop_predictions": f"{PREFIX}player_prop_predictions",
    "prediction_accuracy": f"{PREFIX}prediction_accuracy",
    "upcoming_player_game_context": "nba-props-platform.nba_analytics.upcoming_player_game_context",
    "odds_api_player_points_props": "nba-props-platform.nba_raw.odds_api_player_points_props",
}
Row = dict[str, Any]


@dataclass(frozen=True)
class Day:
    """A date, counted from today's US Eastern date; with a clock a moment of it, UTC."""

    offset: int
    clock: str | None = None

    def on(self, today: date) -> date | datetime:
        day = today + timedelta(days=self.offset)
        return datetime.combine(day, time.fromisoformat(self.clock), UTC) if self.clock else day


class Loader(yaml.SafeLoader):
    """YAML with `!day N` and `!at [N, "HH:MM"]`."""


def _day(loader: Loader, node: yaml.ScalarNode) -> Day:
    return Day(int(loader.construct_scalar(node)))


def _at(loader: Loader, node: yaml.SequenceNode) -> Day:
    return Day(*loader.construct_sequence(node))


Loader.add_constructor("!day", _day)
Loader.add_constructor("!at", _at)


@dataclass(frozen=True)
class ViewCase:
    view: str
    name: str
    tables: Mapping[str, list[Row]]
    expected: list[Row]

    def __str__(self) -> str:
        return f"{self.view}: {self.name}"

    def load(self, warehouse: EmbeddedWarehouse, today: date) -> None:
        for table, name in TABLES.items():
            warehouse.truncate(name)
            if rows := self.tables.get(table):
                warehouse.load(name, _dated(rows, today))

    def expected_on(self, today: date) -> list[Row]:
        return ordered(_dated(self.expected, today))

    def shown(self, warehouse: EmbeddedWarehouse) -> list[Row]:
        rows = warehouse.execute(f"SELECT * FROM `{PREFIX}{self.view}`")
        return ordered([{column: plain(value) for column, value in row.items()} for row in rows])


def view_cases() -> Iterator[ViewCase]:
    for path in sorted(FOLDER.glob("*.yml")):
        data = yaml.load(path.read_text(encoding="utf-8"), Loader)
        if not isinstance(data, dict) or "cases" not in data:
            continue
        defaults = data["defaults"]
        for name, case in data["cases"].items():
            given = {key: [defaults[key] | row for row in rows] for key, rows in case.items()}
            expected = given.pop("expected")
            for number, row in enumerate(given.get("player_prop_predictions", ()), start=1):
                row.setdefault("prediction_id", f"id-{number}")
            yield ViewCase(path.stem, name, given, expected)


def eastern_today(warehouse: EmbeddedWarehouse) -> date:
    """Today as the warehouse sees it."""
    today: date = warehouse.execute("SELECT CURRENT_DATE('America/New_York') AS today")[0]["today"]
    return today


def plain(value: Any) -> Any:
    """Values as YAML writes them. The emulator gives DATE_TRUNC of a DATE as a DATETIME, and a NULL array as it is."""
    if isinstance(value, Decimal):
        return float(value)
    if isinstance(value, datetime) and value.tzinfo is None:
        return value.date()
    if isinstance(value, list):
        return [plain(one) for one in value]
    if isinstance(value, dict):
        return {key: plain(one) for key, one in value.items()}
    return value


def ordered(rows: list[Row]) -> list[Row]:
    return sorted(rows, key=lambda row: [str(row.get(key)) for key in ("game_date", "month", "system_id")])


def _dated(rows: list[Row], today: date) -> list[Row]:
    return [{key: value.on(today) if isinstance(value, Day) else value for key, value in row.items()} for row in rows]
