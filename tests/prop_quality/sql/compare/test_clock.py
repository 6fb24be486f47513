"""The clock of a statement moves, and nothing else in it."""

from __future__ import annotations

import pytest

from prop_quality.sql.compare.clock import with_clock


@pytest.mark.parametrize(
    ("sql", "moved"),
    [
        ("SELECT CURRENT_TIMESTAMP()", "SELECT now"),
        ("SELECT CURRENT_TIMESTAMP", "SELECT now"),
        ("SELECT current_date('America/New_York')", "SELECT DATE(now, 'America/New_York')"),
        ("SELECT CURRENT_DATE() AS d", "SELECT DATE(now, 'UTC') AS d"),
        ("SELECT CURRENT_DATE, 1", "SELECT DATE(now, 'UTC'), 1"),
        ("SELECT CURRENT_DATETIME( 'UTC' )", "SELECT DATETIME(now, 'UTC')"),
        ("SELECT CURRENT_DATE(CONCAT('U', ('TC')))", "SELECT DATE(now, CONCAT ( 'U' , ( 'TC' ) ))"),
        ("SELECT CURRENT_TIME('UTC')", "SELECT TIME(now, 'UTC')"),
        ("SELECT 'é', CURRENT_DATE('UTC') -- ü", "SELECT 'é', DATE(now, 'UTC') -- ü"),
    ],
)
def test_the_present_is_replaced(sql: str, moved: str) -> None:
    assert with_clock(sql, "now") == moved


@pytest.mark.parametrize(
    "sql",
    [
        "SELECT 'CURRENT_DATE()', `CURRENT_DATE`, t.current_date /* CURRENT_DATE() */ FROM t -- CURRENT_TIMESTAMP()",
        'SELECT """CURRENT_DATE()""", r"CURRENT_DATE"',
        "SELECT current_dates, my_current_date FROM t",
    ],
)
def test_texts_names_and_comments_stay(sql: str) -> None:
    assert with_clock(sql, "now") == sql
