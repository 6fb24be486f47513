"""What a page shows as found is found, under that code, and its mend has nothing of the kind."""

from __future__ import annotations

import re
from datetime import date

import pytest

from prop_quality.sql import pages
from prop_quality.sql.codes import CODES, Code
from prop_quality.sql.suppressions import sift
from tests.prop_quality.sql.conftest import Check

_SQL = re.compile(r"```sql\n(.*?)```", re.DOTALL)
# These are about more than one text: an older form, a file that is none.
_SHOWN_ELSEWHERE = {
    "lost-sight", "narrowed-sight", "not-compared", "over-budget", "unreadable", "analyzer-failed", "baseline-unused",
}  # fmt: skip
_TODAY = date(2026, 11, 24)
EXAMPLES = [code for code in CODES.values() if code.name not in _SHOWN_ELSEWHERE]


@pytest.mark.parametrize("code", EXAMPLES, ids=lambda code: code.name)
def test_the_example_is_found_and_its_mend_is_clean(findings: Check, code: Code) -> None:
    examples = pages.text(code).split("\n## Not found")[0]
    _, found, mend = re.split(r"^## (?:Found|The mend)$", examples, flags=re.MULTILINE)
    bad, good = _SQL.search(found), _SQL.search(mend)
    assert bad, "an example in SQL"
    assert good, "a mend in SQL"
    said = sift("x.sql", bad[1], findings(bad[1]), _TODAY).findings
    assert code.name in {one.code for one in said}, said
    assert {one.severity for one in said if one.code == code.name} == {code.severity}
    mended = sift("x.sql", good[1], findings(good[1]), _TODAY).findings
    assert [one for one in mended if one.code not in {"unknown-table"}] == []
