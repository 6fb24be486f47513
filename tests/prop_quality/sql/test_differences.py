"""Each difference between the analyzer and BigQuery that the documentation names is as it says."""

from __future__ import annotations

import re

import pytest

from prop_quality.sql import pages
from tests.prop_quality.sql.conftest import Check

PAGE = (pages.folder() / "differences.md").read_text(encoding="utf-8")
SECTIONS = {
    title.split(":")[0]: body for title, body in re.findall(r"^## (.+)\n((?:(?!^## ).*\n?)*)", PAGE, re.MULTILINE)
}
NOT_CHECKED = "Said and not checked"


def examples(section: str) -> list[str]:
    return re.findall(r"```sql\n(.*?)```", SECTIONS[section], re.DOTALL)


@pytest.mark.parametrize("sql", [sql for section in SECTIONS if section != NOT_CHECKED for sql in examples(section)])
def test_what_is_bridged_or_let_pass_has_no_finding(findings: Check, sql: str) -> None:
    assert findings(sql) == ()


@pytest.mark.parametrize("sql", [one for sql in examples(NOT_CHECKED) for one in sql.strip().split("\n")])
def test_what_only_bigquery_knows_is_said_and_fails_nothing(findings: Check, sql: str) -> None:
    said = findings(orders="CREATE TABLE shop.orders (id INT64)", x=sql)
    assert [(one.code, str(one.severity)) for one in said] == [("analyzer-failed", "warning")]
