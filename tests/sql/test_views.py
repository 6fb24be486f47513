"""The monitoring views, unchanged, on the embedded warehouse: each case is rows in, exact rows out."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from prop_quality.embedded import EmbeddedWarehouse
from prop_quality.embedded.warehouse import find_sql_directory
from tests.sql.view_case import ViewCase, eastern_today, view_cases

VIEWS = ("data_quality_summary", "line_quality_daily", "performance_valid_lines_only", "placeholder_alerts")
CASES = list(view_cases())


def statements() -> dict[str, Path]:
    return {f"{path.parent.name}.{path.stem}": path for path in sorted(find_sql_directory().glob("*/*.sql"))}


@pytest.fixture(scope="module")
def views(warehouse: EmbeddedWarehouse) -> EmbeddedWarehouse:
    for view in VIEWS:
        warehouse.execute(statements()[f"nba_predictions.{view}"].read_text(encoding="utf-8"))
    return warehouse


@pytest.mark.parametrize("case", CASES, ids=str)
def test_the_view_shows_exactly_this(case: ViewCase, views: EmbeddedWarehouse) -> None:
    today = eastern_today(views)
    case.load(views, today)
    shown = case.shown(views)
    if eastern_today(views) != today:
        # Midnight in New York fell between the two; it will not do so again.
        today = eastern_today(views)
        case.load(views, today)
        shown = case.shown(views)
    assert shown == case.expected_on(today)


def test_each_view_has_cases() -> None:
    assert {case.view for case in CASES} == set(VIEWS)


@pytest.mark.parametrize(("name", "path"), statements().items(), ids=list(statements()))
def test_the_path_is_the_name(name: str, path: Path) -> None:
    sql = re.sub(r"--[^\n]*|'[^'\n]*'", "", path.read_text(encoding="utf-8"))
    created = re.findall(r"\bCREATE (?:OR REPLACE VIEW|TABLE) `nba-props-platform\.([a-z_.]+)`", sql)
    assert created == [name]
    assert sql.strip().endswith(";")
    assert sql.count(";") == 1
