"""Running one case through the real checkpoint, with the one check that it is about."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date, datetime
from typing import Any

import checkpoints
import expectations
from checkpoints import after_batch, date_range, watch
from expectations.suites import SUITES, WATCH
from prop_quality.checkpoint import Checkpoint, Request, Run
from prop_quality.embedded import EmbeddedWarehouse
from prop_quality.event import read_event
from prop_quality.scan.scope import GivenRoster
from prop_quality.season import Night
from prop_quality.settings import Settings
from prop_quality.suite import Check, Suite
from prop_quality.verdict import CheckResult, Verdict
from prop_quality.waivers import Waiver
from tests.expectations.case import Case, as_date
from tests.expectations.edit import moment, nights_of
from tests.warehouse import load_night

_REQUESTS: Mapping[str, Callable[[Request], Request]] = {
    "after_batch": after_batch.request,
    "date_range": date_range.request,
    "watch": watch.request,
}


def play(case: Case, warehouse: EmbeddedWarehouse, settings: Settings) -> CheckResult:
    """What the check of `case` says about its nights; the tables of `settings` are empty before."""
    verdict = verdict_of(case, warehouse, settings)
    assert verdict.error is None, verdict.error
    (result,) = verdict.checks
    return result


def verdict_of(case: Case, warehouse: EmbeddedWarehouse, settings: Settings) -> Verdict:
    """The verdict of a checkpoint that holds this check alone."""
    nights = nights_of(case)
    loaded = load_night(warehouse, settings, *nights)
    run = Run(_checkpoint(case), _request(case, nights, loaded), loaded)
    return run.verdict()


def check_of(check_id: str, checkpoint: str) -> tuple[Suite, Check]:
    """The check as the suites of a checkpoint have it, and its suite."""
    suites = (WATCH,) if checkpoint == "watch" else SUITES
    return next((s, c) for s in suites for c in s.checks if isinstance(c, Check) and c.id == check_id)


def _checkpoint(case: Case) -> Checkpoint:
    suite, check = check_of(case.check, case.checkpoint)
    check = replace(check, limits={**check.limits, **case.limits})
    waivers = tuple(_waiver(case.check, dict(waiver)) for waiver in case.waivers)
    alone = Suite(suite.name, suite.requires, (check,))
    return Checkpoint(case.checkpoint, (alone,), expectations.load, checkpoints.REGISTRY, waivers)


def _request(case: Case, nights: list[Night], settings: Settings) -> Request:
    main, given = nights[0], {key: moment(value, nights[0]) for key, value in case.run.items()}
    now = _time(given.pop("now", main.now))
    checked = {as_date(day): _time(moment(at, main)) for day, at in given.pop("checked_at", {}).items()}
    vain = {as_date(day): said for day, said in given.pop("checked_in_vain", {}).items()}
    roster = _roster(given.pop("roster", None), main)
    dates: tuple[date, ...] = tuple(night.game_date for night in nights)
    base: dict[str, Any] = {"now": now, "checked_at": checked, "checked_in_vain": vain, "roster": roster, **given}
    if "systems" in base:
        base["systems"] = tuple(base["systems"])
    if case.checkpoint == "watch":
        dates = watch.dates(now)
    elif case.checkpoint == "after_batch":
        base["event"] = read_event(main.event, table=settings.table, now=now)
        dates = (main.game_date,)
    return _REQUESTS[case.checkpoint](Request(dates=dates, **base))


def _time(value: datetime | str) -> datetime:
    return datetime.fromisoformat(value) if isinstance(value, str) else value


def _roster(players: list[str] | None, night: Night) -> GivenRoster | None:
    if players is None:
        return None
    return GivenRoster("the snapshot of the case", tuple((night.game_date, player) for player in players))


def _waiver(check: str, data: dict[str, Any]) -> Waiver:
    days = data.pop("game_dates")
    values: dict[str, Any] = {"reason": "the case says so", "owner": "tests", "created": date(2026, 1, 1)} | data
    return Waiver(check=check, first_date=as_date(days["from"]), last_date=as_date(days["to"]), **values)
