"""With --base the gate compares what changed: a view made blind and a view deleted fail it, with their names."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

from prop_quality.embedded.warehouse import find_sql_directory
from prop_quality.sql.base import check_since
from prop_quality.sql.gate import Request
from prop_quality.sql.workers import Workers

PREFIX = "nba-props-platform.nba_predictions"


def git(folder: Path, *arguments: str) -> None:
    who = ("-c", "user.name=a", "-c", "user.email=a@example.org", "-c", "commit.gpgsign=false")
    subprocess.run(["git", *who, *arguments], cwd=folder, check=True, capture_output=True)


def test_a_blinded_view_and_a_deleted_one_are_lost_sights(tmp_path: Path) -> None:
    shutil.copytree(find_sql_directory(), tmp_path / "sql")
    git(tmp_path, "init", "--quiet", "--initial-branch=main")
    git(tmp_path, "add", ".")
    git(tmp_path, "commit", "--quiet", "--message=before")
    alerts = tmp_path / "sql" / "nba_predictions" / "placeholder_alerts.sql"
    alerts.write_text(alerts.read_text(encoding="utf-8").replace("20.0", "0.0"), encoding="utf-8")
    (tmp_path / "sql" / "nba_predictions" / "data_quality_summary.sql").unlink()
    with Workers() as workers:
        report = check_since(Request((tmp_path / "sql",), root=tmp_path), "main", workers).report
    lost = {(one.object, one.file) for one in report.findings if one.code == "lost-sight"}
    assert lost == {
        (f"{PREFIX}.placeholder_alerts", "sql/nba_predictions/placeholder_alerts.sql"),
        (f"{PREFIX}.data_quality_summary", "sql/nba_predictions/data_quality_summary.sql"),
    }
    assert report.exit_code == 1
    assert (report.files, report.statements) == (2, 2)
    changes = {change.object: change for change in report.changes}
    shown = changes[f"{PREFIX}.placeholder_alerts"].comparison
    assert shown is not None
    assert {"incident": "placeholders_of_a_system", "before": True, "after": False} in [
        {name: one[name] for name in ("incident", "before", "after")} for one in shown["incidents"]
    ]
