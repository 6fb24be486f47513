"""What earlier runs saw is found however many runs since saw nothing, and none of another table is taken for it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

from prop_quality.history import last_checked, previous_columns
from prop_quality.settings import Settings
from prop_quality.store import Store, new_run_id
from prop_quality.verdict import DateVerdict, Outcome, Verdict
from tests.prop_quality.test_store import AT, verdict

SETTINGS = Settings.load({})
DAY = date(2026, 1, 9)


def save(state: Path, minutes: float, **values: object) -> Verdict:
    at = AT + timedelta(minutes=minutes)
    known = {"table": str(SETTINGS.table), "dates": (DateVerdict(DAY, Outcome.PASSED),)}
    made: Verdict = replace(verdict(), run_id=new_run_id("date_range", at), evaluated_at=at, **(known | values))  # type: ignore[arg-type]  # values of any field
    Store(state).save(made)
    return made


def test_the_columns_of_the_last_run_that_saw_any_are_found_behind_days_of_troubles(tmp_path: Path) -> None:
    settings = replace(SETTINGS, state_dir=tmp_path)
    save(tmp_path, 0, columns={"old": "STRING"})
    save(tmp_path, 1, columns={"game_date": "DATE"})
    for n in range(40):
        save(tmp_path, 15 * (n + 1), dates=())
    save(tmp_path, 5000, table="other.other.other", columns={"other": "DATE"})
    assert previous_columns(settings, AT + timedelta(days=9)) == {"game_date": "DATE"}
    assert previous_columns(settings, AT + timedelta(seconds=30)) == {"old": "STRING"}
    assert previous_columns(settings, AT - timedelta(days=1)) == {}


def test_only_a_whole_run_that_decided_something_of_a_date_has_looked_at_it(tmp_path: Path) -> None:
    settings = replace(SETTINGS, state_dir=tmp_path)
    save(tmp_path, 0, verdict=Outcome.FAILED, dates=(DateVerdict(DAY, Outcome.FAILED),))
    save(tmp_path, 1, systems=("xgboost_v1", "moving_average"))
    save(tmp_path, 2, dates=(DateVerdict(DAY, Outcome.INCONCLUSIVE), DateVerdict(date(2026, 1, 10), Outcome.PASSED)))
    save(tmp_path, 3, table="other.other.other")
    days = (DAY, date(2026, 1, 10), date(2026, 1, 11))
    looks = last_checked(settings, days, AT + timedelta(hours=1), besides="watch")
    assert looks.at == {DAY: AT, date(2026, 1, 10): AT + timedelta(minutes=2)}
    assert looks.vain == {DAY: f"a run at {AT + timedelta(minutes=2):%Y-%m-%d %H:%M} UTC was inconclusive"}
    before = last_checked(settings, days, AT + timedelta(seconds=90), besides="watch")
    assert before.vain[DAY].endswith("looked at xgboost_v1, moving_average only")
