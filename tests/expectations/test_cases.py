"""Every case of `cases/`, through the real checkpoint, on the embedded warehouse."""

from __future__ import annotations

from pathlib import Path

import pytest

from prop_quality.embedded import EmbeddedWarehouse
from prop_quality.settings import Settings
from prop_quality.verdict import MAX_SAMPLE_ROWS
from tests.expectations.case import Case, all_cases
from tests.expectations.play import play
from tests.warehouse import settings_of


@pytest.mark.parametrize("case", all_cases(), ids=str)
def test_the_check_says_what_the_case_expects(
    case: Case, warehouse: EmbeddedWarehouse, settings: Settings, tmp_path: Path
) -> None:
    if case.book_lines:
        settings = settings_of(warehouse, tmp_path, book_lines=True)
    found = play(case, warehouse, settings)
    said = {
        "outcome": str(found.outcome),
        "severity": str(found.severity),
        "failing_rows": found.failing_rows,
        "rows_examined": found.rows_examined,
        "reason": found.reason,
        "cleared": sum(one.rows for one in found.cleared),
        "shown": len(found.sample),
    }
    expected = {key: value for key, value in vars(case.expect).items() if value is not None}
    fragment = expected.pop("reason", "")
    assert {key: said[key] for key in expected} == expected, found.reason
    assert fragment in found.reason
    assert found.reason.endswith(".")
    if found.outcome == "failed":
        assert found.remedy, "a failure says what to do next"
        assert len(found.sample) <= MAX_SAMPLE_ROWS
