"""Our contract is the catalogue that every run begins with; its views are known to those whom they concern."""

from __future__ import annotations

import pytest

from prop_quality.sql import contract
from prop_quality.sql.sources import SourceFile
from prop_quality.sql.workers import Workers

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
