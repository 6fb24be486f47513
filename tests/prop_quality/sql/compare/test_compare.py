"""Views before and after, on the real nights: what is equal, what differs, what is no longer seen."""

from __future__ import annotations

import pytest

from prop_quality.embedded.warehouse import find_sql_directory
from prop_quality.season import INCIDENTS
from prop_quality.season.shape import EASTERN
from prop_quality.sql.codes import CODES
from prop_quality.sql.compare import ChangedView, Comparison, compare_views, findings_of
from prop_quality.sql.compare.difference import difference
from prop_quality.sql.compare.show import Comparer
from prop_quality.sql.compare.stage import Shown
from prop_quality.sql.finding import Report
from prop_quality.verdict import ExitCode, Outcome

PROJECT = "nba-props-platform"
PREDICTIONS = f"`{PROJECT}.nba_predictions.player_prop_predictions`"
LAST_WEEK = "game_date >= DATE_SUB(CURRENT_DATE('America/New_York'), INTERVAL 6 DAY)"
PLACEHOLDERS = "COUNTIF(is_active AND current_points_line = 20.0) AS placeholders"
COUNT = f"{PROJECT}.watch.placeholder_count"


def count_of(*columns: str, where: str = LAST_WEEK) -> str:
    return (
        f"CREATE VIEW `{COUNT}` AS SELECT game_date, {', '.join(columns)} FROM {PREDICTIONS} WHERE {where} "
        "GROUP BY game_date"
    )


def compared(comparer: Comparer, old: str | None, new: str | None, name: str = COUNT, **others: str) -> Comparison:
    (found,) = comparer.compare([ChangedView(name, old, new)], others)
    return found


def shown_by(comparison: Comparison) -> set[str]:
    return {sight.incident for sight in comparison.sights if sight.before}


# The incidents that are nothing but placeholders, however many systems have them and whenever they are looked at.
PLACED = {
    *("backfilled_placeholders", "placeholders_of_a_system", "placeholders_of_two_systems"),
    "placeholders_of_a_system, 3 days later",
}
OURS = {
    "line_quality_daily": {
        *("players_lost", "game_skipped", "zero_rows", "rows_deactivated", "thirty_rows", "empty_roster"),
        *("players_lost, 3 days later", "game_skipped, 3 days later"),
        *("all_without_line", "averaged_lines", "merge_race", "null_line_duplicates", "wrong_merge"),
        *PLACED,
    },
    "placeholder_alerts": {"zero_rows", *PLACED},
    "performance_valid_lines_only": {
        "backfilled_placeholders",
        "all_without_line",
        "averaged_lines",
        "wrong_merge",
    },
    "data_quality_summary": {
        *("zero_rows", "all_without_line", "merge_race", "null_line_duplicates", "wrong_merge"),
        *PLACED,
    },
}


@pytest.mark.parametrize(("view", "incidents"), OURS.items(), ids=list(OURS))
def test_our_views_show_these_incidents_and_a_view_is_equal_to_itself(
    comparer: Comparer, view: str, incidents: set[str]
) -> None:
    sql = (find_sql_directory() / "nba_predictions" / f"{view}.sql").read_text(encoding="utf-8")
    found = compared(comparer, sql, sql, f"{PROJECT}.nba_predictions.{view}")
    assert found.is_unchanged
    assert found.compared == len(comparer.stage.scenes)
    assert shown_by(found) == incidents


def ours(old: str, new: str) -> tuple[str, str]:
    """Our `placeholder_alerts` as it is, and with a mistake."""
    sql = (find_sql_directory() / "nba_predictions" / "placeholder_alerts.sql").read_text(encoding="utf-8")
    assert old in sql
    return sql, sql.replace(old, new)


def test_a_view_that_forgets_the_night_before_loses_sight(comparer: Comparer) -> None:
    found = compared(
        comparer, *ours("INTERVAL 6 DAY", "INTERVAL 0 DAY"), f"{PROJECT}.nba_predictions.placeholder_alerts"
    )
    assert {sight.incident for sight in found.lost} == {"placeholders_of_a_system, 3 days later"}


def test_a_view_that_shows_one_system_of_two_says_less(comparer: Comparer) -> None:
    one_row = ("FROM silent;", "FROM silent ORDER BY system_id LIMIT 1;")
    found = compared(comparer, *ours(*one_row), f"{PROJECT}.nba_predictions.placeholder_alerts")
    assert found.says_less["placeholders_of_two_systems"] == ("problem",)


def test_each_night_is_seen_at_its_own_time_whichever_comes_first(comparer: Comparer) -> None:
    sql = (
        f"CREATE VIEW `{COUNT}` AS SELECT game_date, COUNT(*) AS n, CURRENT_DATE('America/New_York') AS now "
        f"FROM {PREDICTIONS} WHERE game_date = CURRENT_DATE('America/New_York') GROUP BY game_date"
    )
    for scenes in (comparer.stage.scenes, comparer.stage.scenes[::-1]):
        with comparer.stage.views({COUNT: sql}):
            seen = {scene: comparer.stage.show(scene, COUNT).rows for scene in scenes}
        for scene, rows in seen.items():
            is_there = scene.incident != "zero_rows" and scene.clock.astimezone(EASTERN).date() == scene.game_date
            expected = [(scene.game_date, scene.game_date)] if is_there else []
            assert [(row[0], row[2]) for row in rows] == expected, scene.name
        assert len({row[1] for rows in seen.values() for row in rows}) > 10


def test_values_that_change_places_are_a_difference() -> None:
    before, after = Shown({"a": "INT", "b": "INT"}, ((1, 2),)), Shown({"b": "INT", "a": "INT"}, ((1, 2),))
    assert difference("night", before, before).is_none
    assert not difference("night", before, after).is_none


def test_a_count_of_placeholders_that_loses_its_value_loses_sight(comparer: Comparer) -> None:
    old, new = count_of("COUNT(*) AS n", PLACEHOLDERS), count_of("COUNT(*) AS n", PLACEHOLDERS.replace("20.0", "0.0"))
    found = compared(comparer, old, new)
    assert shown_by(found) >= PLACED
    assert {sight.incident for sight in found.lost} == PLACED
    assert [finding.code for finding in findings_of(found, "a.sql")] == ["lost-sight"] * len(PLACED)
    changed = next(night for night in found.nights if night.night == "placeholders_of_a_system")
    assert (changed.changed, changed.added, changed.removed, changed.columns) == (1, 0, 0, ("placeholders",))


def test_a_column_that_goes_blind_beside_one_that_sees_is_a_warning(comparer: Comparer) -> None:
    twice = PLACEHOLDERS.replace("AS placeholders", "AS defaults")
    found = compared(
        comparer,
        count_of(PLACEHOLDERS, twice),
        count_of(PLACEHOLDERS, twice.replace("20.0", "0.0")),
    )
    assert not found.lost
    assert found.narrowed == dict.fromkeys(PLACED, ("defaults",))
    assert [finding.code for finding in findings_of(found, "a.sql")] == ["narrowed-sight"] * len(PLACED)


SENTENCE = (
    "NULLIF(ARRAY_TO_STRING([IF(COUNTIF(is_active AND current_points_line = 20.0) > 0, 'lines of 20.0', NULL), "
    "IF(COUNTIF(is_active AND line_source IS NULL) > 0, 'lines of no known source', NULL)], '; '), '') AS problem"
)


def test_a_sentence_that_says_less_of_an_incident_is_a_warning(comparer: Comparer) -> None:
    new = SENTENCE.replace("20.0) > 0", "20.0) > 100000")
    found = compared(comparer, count_of(SENTENCE, PLACEHOLDERS), count_of(new, PLACEHOLDERS))
    assert not found.lost
    assert found.says_less == {"backfilled_placeholders": ("problem",)}
    said = {finding.code: finding.message for finding in findings_of(found, "a.sql")}
    assert said["narrowed-sight"] == "problem still shows 'backfilled_placeholders' and says less of it than before."


def test_a_sentence_in_other_words_says_no_less(comparer: Comparer) -> None:
    old = count_of(SENTENCE)
    assert not compared(comparer, old, old.replace("no known source", "unknown origin")).says_less


def test_fewer_rows_are_no_way_to_show_anything(comparer: Comparer) -> None:
    assert "zero_rows" not in shown_by(compared(comparer, count_of("COUNT(*) AS n"), count_of("COUNT(*) AS n")))


def test_another_way_to_write_the_same_is_no_change(comparer: Comparer) -> None:
    old = count_of(PLACEHOLDERS)
    new = count_of("SUM(IF(current_points_line = 20, IF(is_active, 1, 0), 0)) AS placeholders")
    found = compared(comparer, old, new)
    assert not found.nights
    assert not found.lost


def test_columns_that_come_and_go_are_named(comparer: Comparer) -> None:
    found = compared(
        comparer, count_of("COUNT(*) AS n", PLACEHOLDERS), count_of("CAST(COUNT(*) AS STRING) AS n", "1 AS m")
    )
    assert (found.added_columns, found.removed_columns, found.retyped_columns) == (("m",), ("placeholders",), ("n",))
    assert found.to_json()["columns"] == {"added": ["m"], "removed": ["placeholders"], "retyped": ["n"]}


def test_a_window_that_shrinks_removes_rows(comparer: Comparer) -> None:
    found = compared(comparer, count_of("COUNT(*) AS n"), count_of("COUNT(*) AS n", where=LAST_WEEK.replace("6", "2")))
    assert found.to_json()["rows"]["removed"] > 0
    assert found.to_json()["rows"]["added"] == 0


def test_todays_date_in_utc_shifts_the_window_on_the_evening_that_it_is_looked_at(comparer: Comparer) -> None:
    utc = LAST_WEEK.replace("'America/New_York'", "")
    assert not compared(comparer, count_of("COUNT(*) AS n"), count_of("COUNT(*) AS n", where=utc)).is_unchanged


def test_a_view_that_is_gone_shows_nothing_and_one_that_is_new_loses_nothing(comparer: Comparer) -> None:
    sql = count_of(PLACEHOLDERS)
    assert {sight.incident for sight in compared(comparer, sql, None).lost} >= {"placeholders_of_a_system"}
    assert not compared(comparer, None, sql).lost


def test_views_that_read_each_other_change_together(comparer: Comparer) -> None:
    upper = f"{PROJECT}.watch.alerts"
    alerts = f"CREATE VIEW `{upper}` AS SELECT game_date, placeholders > 50 AS alert FROM `{COUNT}`"
    changes = [
        ChangedView(upper, alerts, alerts),
        ChangedView(COUNT, count_of(PLACEHOLDERS), count_of(PLACEHOLDERS.replace("20.0", "0.0"))),
    ]
    found = {one.view: one for one in comparer.compare(changes, {})}
    assert {sight.incident for sight in found[upper].lost} == PLACED


def test_a_view_that_did_not_change_is_there_for_those_that_read_it(comparer: Comparer) -> None:
    upper = f"{PROJECT}.watch.alerts"
    old = f"CREATE VIEW `{upper}` AS SELECT game_date, placeholders > 50 AS alert FROM `{COUNT}`"
    found = compared(comparer, old, old.replace("> 50", "> 5000"), upper, **{COUNT: count_of(PLACEHOLDERS)})
    assert {sight.incident for sight in found.lost} == PLACED


def test_a_view_that_begins_to_fail_says_on_which_nights(comparer: Comparer) -> None:
    old, new = (
        count_of(f"{divide} AS share")
        for divide in ("SAFE_DIVIDE(1, COUNTIF(NOT is_active))", "1 / COUNTIF(NOT is_active)")
    )
    found = compared(comparer, old, new)
    assert found.fails
    assert "Division by zero" in found.fails[0][1]
    assert "lost-sight" in {finding.code for finding in findings_of(found, "a.sql")}


def test_what_cannot_be_built_is_said_and_never_passes_for_equal(comparer: Comparer) -> None:
    found = compared(comparer, count_of(PLACEHOLDERS), count_of("no_such_column"))
    assert found.refused
    assert "no_such_column" in found.refused
    assert not found.is_unchanged
    called = compared(comparer, count_of(PLACEHOLDERS), count_of("shop.no_such_function(1)")).refused
    assert called is not None
    assert called.count("no_such_function") == 1
    (finding,) = findings_of(found, "a.sql")
    assert finding.code == "not-compared"


def test_every_incident_is_a_night_of_the_stage(comparer: Comparer) -> None:
    assert {scene.incident for scene in comparer.stage.scenes} >= {one.id for one in INCIDENTS}
    assert {"lost-sight", "narrowed-sight", "not-compared"} <= set(CODES)


def test_in_a_process_of_its_own_with_a_statement_that_never_ends_and_one_that_reads_a_file() -> None:
    endless = f"{PROJECT}.watch.endless"
    numbers = " CROSS JOIN ".join(f"UNNEST(GENERATE_ARRAY(1, 2000)) AS {name}" for name in "abcd")
    sql = f"CREATE VIEW `{endless}` AS SELECT SUM(a * b + c * d) AS s FROM {numbers}"
    table = (
        f"CREATE TABLE {PREDICTIONS} (game_date DATE, is_active BOOL, current_points_line NUMERIC, later_column INT64)"
    )
    secret = f"CREATE VIEW `{PROJECT}.watch.secret` AS SELECT content FROM read_text('/etc/hostname')"
    found = compare_views(
        [
            ChangedView(COUNT, count_of(PLACEHOLDERS), count_of("MAX(later_column) AS later")),
            ChangedView(f"{PROJECT}.watch.secret", None, secret),
            ChangedView(endless, sql, sql),
        ],
        tables={f"{PROJECT}.nba_predictions.player_prop_predictions": table},
        seconds=100,
        seconds_a_view=2,
    )
    counted, read, hung = found
    assert {sight.incident for sight in counted.lost} == PLACED
    assert counted.added_columns == ("later",)
    assert read.refused
    assert hung.refused is not None
    assert "no result within 2 s" in hung.refused


def test_a_process_that_takes_too_long_is_ended() -> None:
    (found,) = compare_views([ChangedView(COUNT, count_of(PLACEHOLDERS), None)], seconds=0.5)
    assert found.refused == "no result within 0.5 s; the comparison was ended"


def test_what_was_not_compared_is_undecided_until_someone_says_that_they_looked() -> None:
    finding = CODES["not-compared"].at("a.sql", 1, 1, "It could not be built.")
    report = Report(Outcome.PASSED, files=1, statements=1, seconds=0.1).with_findings([finding])
    assert report.exit_code == ExitCode.INCONCLUSIVE
    assert report.with_findings([], suppressed=1).exit_code == ExitCode.PASSED


def test_a_table_in_no_dataset_hides_nothing() -> None:
    change = ChangedView(COUNT, count_of(PLACEHOLDERS), count_of(PLACEHOLDERS, "COUNT(*) AS scratch"))
    (found,) = compare_views([change], tables={"scratch": "CREATE TABLE scratch (x INT64)"})
    assert found.refused is None
    assert found.added_columns == ("scratch",)
