"""With --base the gate compares what changed: a view made blind and a view deleted fail it, with their names."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

from prop_quality.embedded.warehouse import find_sql_directory
from prop_quality.sql.base import check_since
from prop_quality.sql.finding import Report
from prop_quality.sql.gate import Request
from prop_quality.sql.workers import Workers

PREFIX = "nba-props-platform.nba_predictions"


def git(folder: Path, *arguments: str) -> None:
    who = ("-c", "user.name=a", "-c", "user.email=a@example.org", "-c", "commit.gpgsign=false")
    subprocess.run(["git", *who, *arguments], cwd=folder, check=True, capture_output=True)


def commit(folder: Path) -> None:
    """Make a repository of `folder` with all of it on main."""
    git(folder, "init", "--quiet", "--initial-branch=main")
    git(folder, "add", ".")
    git(folder, "commit", "--quiet", "--message=before")


def checked(folder: Path) -> Report:
    """What the gate says of the change since main."""
    with Workers() as workers:
        return check_since(Request((folder,), root=folder), "main", workers).report


def test_a_blinded_view_and_a_deleted_one_are_lost_sights(tmp_path: Path) -> None:
    shutil.copytree(find_sql_directory(), tmp_path / "sql")
    commit(tmp_path)
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


def test_only_views_that_can_show_a_night_are_compared_and_one_that_cannot_be_read_is_left_open(tmp_path: Path) -> None:
    (tmp_path / "other.sql").write_text(
        "CREATE TABLE ops.notes (note STRING);\nCREATE VIEW ops.loud AS SELECT UPPER(note) AS note FROM ops.notes"
    )
    (tmp_path / "ours.sql").write_text(
        f"CREATE VIEW `{PREFIX}.mine` AS SELECT COUNTIF(current_points_line = 20.0) AS bad, MAX(note) AS note\n"
        f"FROM `{PREFIX}.player_prop_predictions` JOIN ops.notes ON TRUE WHERE game_date > '2025-12-01'"
    )
    commit(tmp_path)
    for name, old, new in (("other", "UPPER", "LOWER"), ("ours", "JOIN ops.notes", "JOIN ops.elsewhere")):
        path = tmp_path / f"{name}.sql"
        path.write_text(path.read_text(encoding="utf-8").replace(old, new), encoding="utf-8")
    report = checked(tmp_path)
    (said,) = [one for one in report.findings if one.code != "unknown-table"]
    assert (said.code, said.object) == ("not-compared", f"{PREFIX}.mine")
    assert "reads ops.elsewhere, which no file defines" in said.message
    assert report.exit_code == 3
    (loud,) = [one for one in report.changes if one.object == "ops.loud"]
    assert loud.comparison == {"unseen": "it reads no table that the nights on record hold"}


def test_a_view_that_calls_a_function_is_left_open(tmp_path: Path) -> None:
    (tmp_path / "bad.sql").write_text("CREATE FUNCTION ops.is_bad(line NUMERIC) AS (line = 20.0)")
    (tmp_path / "mine.sql").write_text(
        f"CREATE VIEW `{PREFIX}.mine` AS SELECT COUNTIF(ops.is_bad(current_points_line)) AS bad\n"
        f"FROM `{PREFIX}.player_prop_predictions` WHERE game_date > '2025-12-01'"
    )
    commit(tmp_path)
    (tmp_path / "bad.sql").write_text("CREATE FUNCTION ops.is_bad(line NUMERIC) AS (line = 21.0)")
    report = checked(tmp_path)
    (said,) = report.findings
    assert (said.code, said.object) == ("not-compared", f"{PREFIX}.mine")
    assert "it calls ops.is_bad, and the embedded warehouse is given no functions" in said.message
    assert report.exit_code == 3


def test_a_view_over_a_table_that_a_query_fills_is_left_open(tmp_path: Path) -> None:
    (tmp_path / "daily.sql").write_text(
        "CREATE OR REPLACE TABLE ops.daily AS SELECT game_date, COUNTIF(current_points_line = 20.0) AS placeholders\n"
        f"FROM `{PREFIX}.player_prop_predictions` WHERE game_date > '2025-12-01' GROUP BY game_date;\n"
        "CREATE OR REPLACE VIEW ops.alerts AS SELECT game_date FROM ops.daily WHERE placeholders > 0;\n"
    )
    commit(tmp_path)
    path = tmp_path / "daily.sql"
    path.write_text(path.read_text(encoding="utf-8").replace("= 20.0", "= 0.0"), encoding="utf-8")
    report = checked(tmp_path)
    (said,) = [one for one in report.findings if one.code == "not-compared"]
    assert said.object == "ops.alerts"
    assert "reads ops.daily, which a query fills" in said.message
    assert report.exit_code == 3


def test_a_view_of_one_of_our_views_that_the_repository_does_not_define_is_compared(tmp_path: Path) -> None:
    view = tmp_path / "mine.sql"
    view.write_text(
        "CREATE VIEW ops.mine AS SELECT game_date, placeholders FROM nba_predictions.line_quality_daily\n"
        "WHERE placeholders > 0"
    )
    git(tmp_path, "init", "--quiet", "--initial-branch=main")
    git(tmp_path, "add", ".")
    git(tmp_path, "commit", "--quiet", "--message=before")
    view.write_text(view.read_text(encoding="utf-8").replace("> 0", "< 0"), encoding="utf-8")
    with Workers() as workers:
        report = check_since(Request((tmp_path,), root=tmp_path), "main", workers).report
    assert {one.code for one in report.findings} == {"lost-sight"}
