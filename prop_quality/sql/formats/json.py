"""The report for other programs, schema version 1."""

from __future__ import annotations

import json

from prop_quality.sql.finding import Report


def render(report: Report) -> str:
    """The report as JSON, findings in the order in which they were found."""
    return json.dumps(report.to_json(), indent=2, ensure_ascii=False) + "\n"
