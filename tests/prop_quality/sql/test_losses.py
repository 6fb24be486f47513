"""What a change takes away, or hides, of what the checks read and of what watches the predictions."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from prop_quality.embedded.warehouse import find_sql_directory
from prop_quality.sql.base import check_since
from prop_quality.sql.estate import Estate
from prop_quality.sql.finding import Finding, Report
from prop_quality.sql.gate import Request
from prop_quality.sql.workers import Workers
from tests.prop_quality.sql.test_base import git

DATASET = "nba-props-platform.nba_predictions"
TABLE = "nba_predictions/player_prop_predictions"
ACCURACY = "nba_predictions/prediction_accuracy"
ALERTS = "nba_predictions/placeholder_alerts"
Change = Callable[..., Report]


@pytest.fixture(scope="module")
def checkout(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Our SQL in a repository of its own."""
    root = tmp_path_factory.mktemp("ours")
    shutil.copytree(find_sql_directory(), root / "sql")
    git(root, "init", "--quiet", "--initial-branch=main")
    git(root, "add", ".")
    git(root, "commit", "--quiet", "--message=before")
    return root


@pytest.fixture
def change(checkout: Path, workers: Workers, ours: Estate) -> Change:
    """Write or delete (None) files below `sql/`, and check what that changes; no results are compared."""

    def run(files: dict[str, str | None]) -> Report:
        git(checkout, "checkout", "--quiet", "--force", "main")
        git(checkout, "clean", "-fdq")
        for name, text in files.items():
            path = checkout / "sql" / (name if "." in name else f"{name}.sql")
            if text is None:
                path.unlink()
            else:
                path.parent.mkdir(exist_ok=True)
                path.write_text(text, encoding="utf-8")
        request = Request((checkout / "sql",), root=checkout)
        return check_since(request, "main", workers, ours, compare=False).report

    return run


def text(name: str) -> str:
    return (find_sql_directory() / f"{name}.sql").read_text(encoding="utf-8")


def of_contract(report: Report) -> Finding:
    (found,) = [one for one in report.findings if one.code == "contract"]
    return found


@pytest.mark.parametrize(
    ("file", "reader"),
    [
        (TABLE, "placeholder_lines"),
        (TABLE, "line_quality_daily"),
        (ACCURACY, "performance_valid_lines_only"),
        ("nba_analytics/upcoming_player_game_context", "players_covered"),
        (ALERTS, "one of the views that watch the predictions"),
    ],
)
def test_a_definition_that_is_deleted_names_who_reads_it(change: Change, file: str, reader: str) -> None:
    report = change({file: None})
    said = of_contract(report)
    assert said.object == f"nba-props-platform.{file.replace('/', '.')}"
    assert "is defined by no file any more" in said.message
    assert reader in said.message
    assert report.exit_code == 1


@pytest.mark.parametrize(
    "files",
    [
        {TABLE: ""},
        {ALERTS: "-- no longer needed\n"},
        {ALERTS: None, f"{ALERTS}.txt": text(ALERTS)},
        {ALERTS: None, "../elsewhere.sql": text(ALERTS)},
        {ALERTS: text(ALERTS).replace("placeholder_alerts", "placeholder_news")},
    ],
)
def test_emptied_set_aside_or_renamed_is_deleted_too(change: Change, files: dict[str, str | None]) -> None:
    assert change(files).exit_code == 1


def test_an_alter_without_the_project_takes_no_definition_away(change: Change) -> None:
    report = change({"alter": "ALTER TABLE nba_predictions.player_prop_predictions ADD COLUMN fresh STRING"})
    assert report.findings == ()


def test_a_definition_that_moves_to_another_file_is_still_there(change: Change) -> None:
    report = change({ALERTS: None, "views/alerts.sql": f"SELECT 1;\n{text(ALERTS)}"})
    assert report.findings == ()
    assert report.exit_code == 0


def test_a_drop_in_its_place_carries_the_finding_and_a_suppression_can_stand_there(change: Change) -> None:
    report = change({ALERTS: f"DROP VIEW IF EXISTS `{DATASET}.placeholder_alerts`"})
    said = of_contract(report)
    assert (said.file, said.line) == (f"sql/{ALERTS}.sql", 1)
    assert "is dropped" in said.message


@pytest.mark.parametrize("name", [ALERTS, TABLE])
def test_a_definition_that_becomes_a_template_is_not_taken_for_gone(change: Change, name: str) -> None:
    report = change({name: text(name).replace("nba-props-platform", "{{ project }}")})
    assert {one.code for one in report.findings} == {"templated", "not-compared"}
    assert report.exit_code == 3


def test_a_template_beside_a_definition_hides_nothing_of_it(change: Change) -> None:
    report = change({ALERTS: f"{text(ALERTS)}\nSELECT * FROM `{{{{ project }}}}.d.t`"})
    assert {one.code for one in report.findings} == {"templated"}


def test_a_template_that_speaks_of_a_view_of_ours_leaves_it_open(change: Change) -> None:
    report = change({"later": "CREATE OR REPLACE VIEW `{{ project }}.nba_predictions.placeholder_alerts` AS SELECT 1"})
    assert {one.code for one in report.findings} == {"templated", "not-compared"}


def test_a_definition_that_cannot_be_parsed_is_said_once_as_such(change: Change) -> None:
    report = change({ALERTS: text(ALERTS).replace("SELECT", "SELEC")})
    assert [one.code for one in report.findings] == ["not-compared", "syntax"]
    assert report.exit_code == 1


def test_a_view_that_the_change_defines_twice_is_left_open(change: Change) -> None:
    blind = f"CREATE OR REPLACE VIEW `{DATASET}.placeholder_alerts` AS SELECT 0 AS issue_count"
    report = change({ALERTS: f"{text(ALERTS).replace('20.0', '20')}", "first": blind})
    assert {one.file for one in report.findings if one.code == "not-compared"} == {"sql/first.sql", f"sql/{ALERTS}.sql"}


def test_another_file_that_replaces_a_view_is_what_counts(change: Change) -> None:
    blind = f"CREATE OR REPLACE VIEW `{DATASET}.placeholder_alerts` AS SELECT 0 AS issue_count"
    report = change({"a_first": blind})
    (touched,) = [one for one in report.changes if one.object == f"{DATASET}.placeholder_alerts"]
    assert "sample_issues" in touched.columns


def test_only_comments_changed_and_that_was_looked_at(change: Change) -> None:
    report = change({ALERTS: f"-- said better\n{text(ALERTS)}"})
    assert (report.files, report.statements, report.settled, int(report.exit_code)) == (1, 0, 1, 0)


def test_a_query_that_is_deleted_takes_nothing_away(checkout: Path, workers: Workers, ours: Estate) -> None:
    git(checkout, "checkout", "--quiet", "--force", "-B", "with-a-query", "main")
    (checkout / "sql/query.sql").write_text("SELECT 1; SELECT 2", encoding="utf-8")
    git(checkout, "add", ".")
    git(checkout, "commit", "--quiet", "--message=query")
    (checkout / "sql/query.sql").unlink()
    request = Request((checkout / "sql",), root=checkout)
    report = check_since(request, "with-a-query", workers, ours, compare=False).report
    assert (report.files, report.statements, report.settled, int(report.exit_code)) == (1, 0, 2, 0)


def test_a_column_that_a_watching_view_no_longer_has_is_said(change: Change) -> None:
    shown = text(ALERTS).replace("0) AS issue_count,\n", "0) AS issues,\n")
    said = [one for one in change({ALERTS: shown}).findings if one.code == "contract"]
    assert [str(one.severity) for one in said] == ["warning"]
    assert "loses its column issue_count" in said[0].message


def test_a_column_that_an_alter_gave_is_lost_with_the_alter_and_not_before(
    checkout: Path, workers: Workers, ours: Estate
) -> None:
    git(checkout, "checkout", "--quiet", "--force", "-B", "with-an-alter", "main")
    git(checkout, "clean", "-fdq")
    alter = f"ALTER TABLE `{DATASET}.player_prop_predictions` ADD COLUMN"
    (checkout / "sql/migrate.sql").write_text(f"{alter} deployment_revision STRING", encoding="utf-8")
    git(checkout, "add", ".")
    git(checkout, "commit", "--quiet", "--message=alter")
    request = Request((checkout / "sql",), root=checkout)
    (checkout / "sql/more.sql").write_text(f"{alter} more STRING", encoding="utf-8")
    assert check_since(request, "with-an-alter", workers, ours, compare=False).report.findings == ()
    (checkout / "sql/migrate.sql").unlink()
    report = check_since(request, "with-an-alter", workers, ours, compare=False).report
    assert "revision_expected" in of_contract(report).message


def test_a_definition_beside_it_counts_when_the_first_one_goes(checkout: Path, workers: Workers, ours: Estate) -> None:
    git(checkout, "checkout", "--quiet", "--force", "-B", "with-two", "main")
    git(checkout, "clean", "-fdq")
    older = (
        f"CREATE OR REPLACE VIEW `{DATASET}.placeholder_alerts` AS SELECT nothing FROM `{DATASET}.prediction_accuracy`"
    )
    (checkout / "sql/an_older_one.sql").write_text(older, encoding="utf-8")
    git(checkout, "add", ".")
    git(checkout, "commit", "--quiet", "--message=two")
    (checkout / f"sql/{ALERTS}.sql").unlink()
    request = Request((checkout / "sql",), root=checkout)
    report = check_since(request, "with-two", workers, ours, compare=False).report
    assert [(one.code, one.file) for one in report.findings] == [("unknown-name", "sql/an_older_one.sql")]
