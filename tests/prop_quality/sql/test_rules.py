"""What each rule finds and what it leaves alone: the statements in rules.yml, on our own tables."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml

from prop_quality.sql.analyzer import Analyzer
from prop_quality.sql.catalogue import Catalogue
from prop_quality.sql.estate import Estate
from prop_quality.sql.finding import Finding, Level
from prop_quality.sql.gate import judged
from prop_quality.sql.rules import Surroundings
from prop_quality.sql.sources import SourceFile
from prop_quality.sql.units import Unit, parse
from prop_quality.sql.workers import Workers
from tests.prop_quality.sql.conftest import Check

CASES = yaml.safe_load(Path(__file__).with_name("rules.yml").read_text(encoding="utf-8"))
FOUND = [(code, sql) for code, statements in CASES["found"].items() for sql in statements]


@pytest.mark.parametrize(("code", "sql"), FOUND)
def test_found(findings: Check, code: str, sql: str) -> None:
    assert code in {one.code for one in findings(sql)}


@pytest.mark.parametrize("sql", CASES["left_alone"])
def test_left_alone(findings: Check, sql: str) -> None:
    assert findings(sql) == ()


@pytest.mark.parametrize(
    "sql", ["SELECT x FROM UNNEST(@many) AS x", "SELECT @player.name", "SELECT x FROM UNNEST(?) AS x"]
)
def test_what_hangs_on_the_type_of_a_parameter_is_said_and_fails_nothing(findings: Check, sql: str) -> None:
    (said,) = findings(sql)
    assert (said.code, str(said.severity)) == ("analyzer-failed", "warning")
    assert "type of a parameter is not known" in said.message


def test_a_rule_that_fails_on_a_statement_says_so_and_hides_nothing(analyzer: Analyzer, workers: Workers) -> None:
    def broken(unit: Unit, surroundings: Surroundings) -> Iterator[Finding]:
        raise IndexError(unit.statement.text.split()[9])

    file = parse(analyzer, SourceFile("x.sql", "SELECT 1"))
    (said,) = judged(broken, file.units[0], Surroundings(Estate((), workers), Catalogue()))
    assert (said.code, said.severity, said.line) == ("analyzer-failed", Level.ERROR, 1)
    assert "IndexError" in said.message


READ = "SELECT 1 FROM nba_predictions.player_prop_predictions WHERE "


@pytest.mark.parametrize(
    ("where", "around"),
    [
        ("EXTRACT(YEAR FROM game_date) = 2026", True),
        ("CAST(game_date AS STRING) LIKE '2026-01%'", True),
        ("DATE_ADD(game_date, INTERVAL 1 DAY) = '2026-01-10' OR is_active", True),
        ("game_date IS NOT NULL", False),
        ("NOT game_date = '2026-01-09'", False),
        ("game_date = '2026-01-09' OR is_active", False),
        ("game_date NOT IN ('2026-01-09')", False),
    ],
)
def test_a_function_around_the_column_is_named_where_there_is_one(findings: Check, where: str, around: bool) -> None:
    (said,) = findings(READ + where)
    assert said.code == "partition-filter"
    assert ("A function around game_date" in said.help) is around
