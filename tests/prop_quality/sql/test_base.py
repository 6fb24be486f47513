"""With --base only what changed counts, and everything downstream of it."""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from prop_quality.cli import run
from prop_quality.errors import UsageError
from prop_quality.sql.base import check_since
from prop_quality.sql.estate import Estate
from prop_quality.sql.finding import Level, Report
from prop_quality.sql.gate import Request
from prop_quality.sql.workers import Workers

FILES = {
    "tables/nights.sql": "CREATE TABLE d.nights (game_date DATE, line NUMERIC, points NUMERIC, note STRING)",
    "tables/other.sql": "CREATE TABLE d.other (x INT64)",
    "views/margins.sql": "CREATE VIEW d.margins AS SELECT game_date, points - line AS margin FROM d.nights",
    "views/daily.sql": "CREATE VIEW d.daily AS SELECT game_date, AVG(margin) AS mean FROM d.margins GROUP BY game_date",
    "views/unrelated.sql": "CREATE VIEW d.unrelated AS SELECT x FROM d.other",
    "queries/broken.sql": "SELECT no_such_column FROM d.other",
    "queries/use.sql": "SELECT mean FROM d.daily; SELECT x FROM d.unrelated",
}
Since = Callable[..., Report]


def git(folder: Path, *arguments: str) -> None:
    who = ("-c", "user.name=a", "-c", "user.email=a@example.org", "-c", "commit.gpgsign=false")
    subprocess.run(["git", *who, *arguments], cwd=folder, check=True, capture_output=True)


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    for name, text in FILES.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text, encoding="utf-8")
    git(tmp_path, "init", "--quiet", "--initial-branch=main")
    git(tmp_path, "add", ".")
    git(tmp_path, "commit", "--quiet", "--message=before")
    return tmp_path


@pytest.fixture
def since(repository: Path, workers: Workers, ours: Estate) -> Since:
    def check(ref: str = "main", **files: str | None) -> Report:
        for name, text in files.items():
            path = repository / f"{name.replace('__', '/')}.sql"
            if text is None:
                path.unlink()
            else:
                path.write_text(text, encoding="utf-8")
        request = Request((repository,), root=repository)
        return check_since(request, ref, workers, ours, compare=False).report

    return check


def test_nothing_changed_is_nothing_checked(since: Since) -> None:
    report = since()
    assert (report.files, report.statements, int(report.exit_code)) == (0, 0, 3)


def test_a_changed_view_is_checked_with_all_that_reads_it_and_nothing_else(since: Since) -> None:
    report = since(
        views__margins="CREATE VIEW d.margins AS SELECT game_date, points - line - 1 AS margin FROM d.nights"
    )
    assert (report.files, report.statements) == (3, 3)
    assert report.findings == ()
    (change,) = report.changes
    assert (change.object, change.columns, change.downstream) == ("d.margins", ("margin",), ("d.daily",))


def test_a_change_of_layout_alone_touches_no_column(since: Since) -> None:
    report = since(
        views__margins="CREATE VIEW d.margins AS\n"
        "-- the margin\nSELECT game_date, (points) - line AS margin FROM d.nights"
    )
    assert report.changes == ()
    assert report.files == 3


def test_a_form_too_deep_to_be_compared_part_by_part_has_changed_as_a_whole(since: Since) -> None:
    deep = f"{'ABS(' * 240}points{')' * 240}"
    report = since(views__margins=f"CREATE VIEW d.margins AS SELECT game_date, {deep} AS margin FROM d.nights")
    (change,) = report.changes
    assert set(change.columns) == {"game_date", "margin", "(rows)"}
    assert report.exit_code == 0


def test_a_column_that_is_taken_away_shows_in_every_reader(since: Since) -> None:
    report = since(tables__nights="CREATE TABLE d.nights (game_date DATE, line NUMERIC, note STRING)")
    assert [(one.code, one.file) for one in report.findings if one.severity is Level.ERROR] == [
        ("contract", "tables/nights.sql"),
        ("unknown-name", "views/margins.sql"),
    ]
    (change,) = report.changes
    assert (change.object, change.columns) == ("d.nights", ("points",))
    assert set(change.downstream) == {"d.margins", "d.daily"}


def test_a_view_that_is_deleted_and_still_read_is_an_error(since: Since) -> None:
    report = since(views__margins=None)
    (said,) = [one for one in report.findings if one.severity is Level.ERROR and one.file == "views/daily.sql"]
    assert (said.code, said.object) == ("unknown-table", "d.margins")
    assert "takes its definition away" in said.message


def test_a_new_file_counts_though_git_does_not_know_it_yet(since: Since) -> None:
    report = since(views__fresh="CREATE VIEW d.fresh AS SELECT nowhere FROM d.nights")
    assert [(one.code, one.file) for one in report.findings] == [("unknown-name", "views/fresh.sql")]


def test_of_a_changed_file_only_the_changed_statement_is_judged(since: Since) -> None:
    before = "SELECT no_such_column FROM d.other"
    report = since(queries__broken=f"{before};\nSELECT x FROM d.other")
    assert report.findings == ()
    assert report.statements == 1


def test_what_cannot_be_read_or_parsed_is_said(since: Since, repository: Path) -> None:
    (repository / "views/bytes.sql").write_bytes(b"SELECT '\xff'")
    report = since(views__daily="CREATE VIEW d.daily AS SELEC 1")
    assert {(one.code, one.file) for one in report.findings if one.severity is Level.ERROR} >= {
        ("unreadable", "views/bytes.sql"),
        ("syntax", "views/daily.sql"),
    }
    # The file of bytes was not checked; that of the query on top was.
    assert report.files == 2


def test_a_column_of_the_contract_names_its_checks(since: Since) -> None:
    name = "nba-props-platform.nba_predictions.player_prop_predictions"
    report = since(queries__migrate=f"ALTER TABLE `{name}` DROP COLUMN line_source")
    (said,) = report.findings
    assert (said.code, said.object) == ("contract", name)
    assert "line_source_known" in said.message


def test_an_unknown_commit_is_wrong_usage(since: Since) -> None:
    with pytest.raises(UsageError, match="There is no commit 'nowhere'"):
        since("nowhere")
    with pytest.raises(UsageError, match="There is no commit '--help'"):
        since("--help")


def test_no_repository_and_a_path_outside_are_wrong_usage(
    workers: Workers, repository: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    outside = tmp_path_factory.mktemp("outside")
    (outside / "a.sql").write_text("SELECT 1", encoding="utf-8")
    with pytest.raises(UsageError, match="is not in a git repository"):
        check_since(Request((outside,), root=outside), "main", workers)
    with pytest.raises(UsageError, match="is outside of the repository"):
        check_since(Request((outside,), root=repository), "main", workers)


def test_the_command_says_in_one_sentence_what_is_wrong(
    repository: Path, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    assert run(["sql", "check", str(repository / "nowhere.sql")]) == 2
    error = capsys.readouterr().err
    assert error.count("\n") == 1
    assert "is not there" in error
