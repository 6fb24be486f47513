"""One report with everything in it, for the golden files. Run as a module it writes them anew."""

from __future__ import annotations

import json
from pathlib import Path

from prop_quality.sql.codes import CODES
from prop_quality.sql.finding import Change, Report
from prop_quality.sql.formats import RENDERERS, render
from prop_quality.verdict import Outcome

GOLDEN = Path(__file__).parent / "golden"
VIEW = "sql/nba_predictions/line_quality_daily.sql"
NAME = "nba-props-platform.nba_predictions.line_quality_daily"
SOURCE = (
    "CREATE OR REPLACE VIEW `nba-props-platform.nba_predictions.line_quality_daily` AS",
    "SELECT",
    "\tgame_date, '漢字' AS script, currrent_points_line,",
    "\tCOALESCE(current_points_line, 20.0) AS line -- `@octocat` <b>50%</b>, a: ::error::",
    "FROM `nba-props-platform.nba_predictions.player_prop_predictions`",
    "WHERE game_date >= CURRENT_DATE() AND " + "is_active AND " * 30 + "1 = 'one'",
)


def sample() -> Report:
    """A failed run over one changed view."""
    findings = (
        CODES["placeholder-default"].at(
            VIEW, 4, 32, "A missing line becomes 20.0, which looks like a real one.", "Leave it NULL.", NAME
        ),
        CODES["unknown-name"].at(
            VIEW, 3, 29, "Unrecognized name: currrent_points_line", "Did you mean current_points_line?", NAME
        ),
        CODES["utc-today"].at(
            VIEW, 6, 20, "CURRENT_DATE() is today in UTC.", "Write CURRENT_DATE('America/New_York').", NAME
        ),
        CODES["type"].at(VIEW, 6, 461, "No matching signature for operator = for types:\nINT64, STRING", "", NAME),
        CODES["unknown-table"].at("queries/other.sql", 1, 15, "p.d.other is in no CREATE statement.", "Add it."),
    )
    change = Change(
        object=NAME,
        columns=("null_lines", "placeholders"),
        downstream=("nba-props-platform.nba_predictions.data_quality_summary",),
        checks=("line_not_placeholder",),
        suites=("placeholder_lines",),
        comparison={
            "columns": {"added": ["line"], "removed": ["null_lines"], "retyped": []},
            "rows": {"before": 40, "after": 38, "added": 0, "removed": 2, "changed": 11},
            "nights": [
                {
                    "night": "placeholder_default",
                    "rows": {"before": 6, "after": 5, "added": 0, "removed": 1, "changed": 0},
                    "columns": ["placeholders", "problem"],
                }
            ],
            "nights_compared": 14,
            "fails": [{"night": "missing_system", "reason": "division by zero"}],
            "incidents": [
                {"incident": "placeholder_default", "before": True, "after": False},
                {"incident": "missing_system", "before": True, "after": True},
            ],
        },
    )
    return Report(Outcome.FAILED, 12, 31, 1.9, findings, (change,), {VIEW: SOURCE}, suppressed=2, baselined=3)


def shown(name: str) -> str:
    """The sample in a format, but for what changes with the version and with the list of codes and their pages."""
    text = render(sample(), name)
    if name != "sarif":
        return text
    log = json.loads(text)
    log["runs"][0]["tool"]["driver"].update(version="", rules=[])
    for result in log["runs"][0]["results"]:
        del result["ruleIndex"]
    return json.dumps(log, indent=2, ensure_ascii=False) + "\n"


if __name__ == "__main__":
    for format_name in RENDERERS:
        (GOLDEN / f"report.{format_name}").write_text(shown(format_name), encoding="utf-8")
