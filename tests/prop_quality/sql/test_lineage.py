"""Where columns come from, through all that BigQuery's SQL can do to them, and whom a change reaches."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from prop_quality.embedded.warehouse import find_sql_directory
from prop_quality.sql.analysis import Analysis
from prop_quality.sql.analyzer import Analyzer
from prop_quality.sql.catalogue import Catalogue, Table
from prop_quality.sql.forms import changed_columns
from prop_quality.sql.impact import CONTEXT, PREDICTIONS, change_of, readers
from prop_quality.sql.lineage import ROWS, ColumnGraph, lineage_of

PROJECT = "nba-props-platform"
CASES: dict[str, dict[str, Any]] = yaml.safe_load(Path(__file__).with_name("lineage.yml").read_text(encoding="utf-8"))
TABLES = (
    "CREATE TABLE `p.d.rows` (day DATE, name STRING, line NUMERIC, points NUMERIC, tags ARRAY<STRING>, active BOOL)",
    "CREATE TABLE `p.d.games` (day DATE, game STRING)",
)


@pytest.fixture(scope="module")
def catalogue(analyzer: Analyzer) -> Catalogue:
    found = Catalogue()
    for name, sql in zip(("p.d.rows", "p.d.games"), TABLES, strict=True):
        found.add(Table(name, accepted(analyzer, sql, found).columns))
    return found


def accepted(analyzer: Analyzer, sql: str, catalogue: Catalogue) -> Analysis:
    answer = analyzer.analyze(sql, catalogue)
    assert isinstance(answer, Analysis), answer
    return answer


@pytest.mark.parametrize("case", CASES.values(), ids=list(CASES))
def test_columns_come_from(analyzer: Analyzer, catalogue: Catalogue, case: dict[str, Any]) -> None:
    lineage = lineage_of(accepted(analyzer, case["sql"], catalogue))
    named = {name: {column for _, column in found} for name, found in lineage.outputs.items()}
    assert named == {name: set(found.split()) for name, found in case["outputs"].items()}
    assert {column for _, column in lineage.rows} == set(case.get("rows", "").split())


def test_a_change_reaches_views_of_views_and_no_further(analyzer: Analyzer, catalogue: Catalogue) -> None:
    views = {
        "p.d.counts": "CREATE VIEW p.d.counts AS "
        "SELECT day, COUNTIF(line = 20) AS bad, COUNT(*) AS n FROM p.d.rows GROUP BY day",
        "p.d.alerts": "CREATE VIEW p.d.alerts AS SELECT day, bad > 3 AS alert FROM p.d.counts",
        "p.d.totals": "CREATE VIEW p.d.totals AS SELECT SUM(n) AS total FROM p.d.counts",
        "p.d.paged": "CREATE VIEW p.d.paged AS SELECT day FROM p.d.alerts WHERE alert",
        "p.d.calendar": "CREATE VIEW p.d.calendar AS SELECT day FROM p.d.games",
    }
    known, analyses = catalogue.copy(), {}
    for name, sql in views.items():
        analyses[name] = accepted(analyzer, sql, known)
        known.add(Table(name, analyses[name].columns))
    graph = ColumnGraph(analyses)
    assert graph.downstream("p.d.rows", "line") == {
        "p.d.counts": ("bad",),
        "p.d.alerts": ("alert",),
        "p.d.paged": (ROWS,),
    }
    assert set(graph.downstream("p.d.rows", "day")) == {"p.d.counts", "p.d.alerts", "p.d.totals", "p.d.paged"}
    assert set(graph.downstream("p.d.counts", ROWS)) == {"p.d.alerts", "p.d.totals", "p.d.paged"}
    assert graph.downstream("p.d.rows", "points") == {}


@pytest.fixture(scope="module")
def ours(analyzer: Analyzer) -> ColumnGraph:
    known, views = Catalogue(), {}
    paths = sorted(find_sql_directory().glob("*/*.sql"), key=lambda path: "CREATE TABLE" not in path.read_text("utf-8"))
    for path in paths:
        name = f"{PROJECT}.{path.parent.name}.{path.stem}"
        answer = accepted(analyzer, path.read_text(encoding="utf-8"), known)
        known.add(Table(name, answer.columns))
        if answer.kind == "create_view":
            views[name] = answer
    return ColumnGraph(views)


def test_a_column_of_the_contract_touches_views_checks_and_suites_column_by_column(ours: ColumnGraph) -> None:
    change = change_of(PREDICTIONS, ["sportsbook", "current_points_line"], ours)
    assert change.by_column["sportsbook"] == {
        "downstream": (f"{PROJECT}.nba_predictions.line_quality_daily.sportsbooks_used",),
        "checks": (),
        "suites": (),
    }
    assert {"line_not_placeholder", "line_plausible", "margin_agrees"} <= set(change.checks)
    assert {"placeholder_lines", "line_consistency"} <= set(change.suites)
    assert set(change.downstream) == set(ours)


def test_a_column_of_the_context_table_touches_the_coverage(ours: ColumnGraph) -> None:
    change = change_of(CONTEXT, ["player_status"], ours)
    assert {"players_covered", "pairs_covered", "rows_fresh"} <= set(change.checks)
    assert change.downstream == (f"{PROJECT}.nba_predictions.line_quality_daily",)


def test_what_the_scan_itself_needs_touches_every_check() -> None:
    every = {reader for found in readers()[PREDICTIONS].values() for reader in found}
    assert set(readers()[PREDICTIONS]["is_active"]) == every


def test_the_order_in_which_a_cte_lists_its_columns_is_no_change(analyzer: Analyzer, catalogue: Catalogue) -> None:
    sql = (
        "WITH found AS (SELECT name, day, line FROM `p.d.rows` WHERE active)\n"
        "SELECT game, (SELECT MAX(line) FROM found) AS most FROM `p.d.games` WHERE day NOT IN (SELECT day FROM found)"
    )
    before = accepted(analyzer, sql, catalogue)
    assert (
        changed_columns(before, accepted(analyzer, sql.replace("name, day, line", "line, day, name"), catalogue)) == ()
    )
    assert changed_columns(before, accepted(analyzer, sql.replace("NOT IN", "IN"), catalogue)) == (ROWS,)
    assert changed_columns(before, accepted(analyzer, sql.replace("MAX", "MIN"), catalogue)) == ("most",)
