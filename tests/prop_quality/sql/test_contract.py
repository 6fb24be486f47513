"""Our contract is the catalogue that every run begins with; its views are known to those whom they concern."""

from __future__ import annotations

import pytest

from prop_quality.sql import contract
from prop_quality.sql.sources import SourceFile
from prop_quality.sql.workers import Workers
from tests.prop_quality.sql.conftest import Check

TABLE = "nba-props-platform.nba_predictions.player_prop_predictions"
VIEW = "nba-props-platform.nba_predictions.line_quality_daily"


def test_the_tables_are_always_known(workers: Workers) -> None:
    catalogue = contract.estate(workers, [SourceFile("a.sql", "SELECT 1")]).catalogue
    assert catalogue.table(TABLE) is not None
    assert catalogue.table(VIEW) is None


@pytest.mark.parametrize(
    "sql", ["SELECT 1 FROM nba_predictions.line_quality_daily", f"ALTER TABLE `{TABLE}` DROP COLUMN x"]
)
def test_the_views_are_known_to_who_reads_them_or_changes_what_they_read(workers: Workers, sql: str) -> None:
    catalogue = contract.estate(workers, [SourceFile("a.sql", sql)]).catalogue
    view = catalogue.table(VIEW)
    assert view is not None
    assert view.column("problem") is not None


def test_wider_partitions_are_said(findings: Check) -> None:
    text = (contract.folder() / "nba_predictions" / "player_prop_predictions.sql").read_text(encoding="utf-8")
    assert not findings(text)
    (said,) = findings(text.replace("PARTITION BY game_date", "PARTITION BY DATE_TRUNC(game_date, MONTH)"))
    assert (said.code, str(said.severity)) == ("contract", "warning")
    assert "has a whole MONTH of game_date in each partition" in said.message
