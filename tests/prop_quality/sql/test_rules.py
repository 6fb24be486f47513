"""What each rule finds and what it leaves alone: the statements in rules.yml, on our own tables."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from tests.prop_quality.sql.conftest import Check

CASES = yaml.safe_load(Path(__file__).with_name("rules.yml").read_text(encoding="utf-8"))
FOUND = [(code, sql) for code, statements in CASES["found"].items() for sql in statements]


@pytest.mark.parametrize(("code", "sql"), FOUND)
def test_found(findings: Check, code: str, sql: str) -> None:
    assert code in {one.code for one in findings(sql)}


@pytest.mark.parametrize("sql", CASES["left_alone"])
def test_left_alone(findings: Check, sql: str) -> None:
    assert findings(sql) == ()
