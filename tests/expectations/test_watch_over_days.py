"""The watch polled every 15 minutes: quiet over ordinary days of every kind, and silence noticed within its limits."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pytest

import checkpoints
from checkpoints import watch
from expectations.schedule import DAY_BEFORE, EASTERN, SAME_DAY
from expectations.suites import WATCH
from prop_quality.expectation import ScanExpectation
from prop_quality.scan.answer import read_answer
from prop_quality.scan.scope import Scope, Source
from prop_quality.settings import Settings
from prop_quality.suite import Check
from prop_quality.verdict import CheckResult, Outcome, decide

SETTINGS = Settings.load({})
EXPECTATIONS = [watch.checkpoint().load(check) for check in WATCH.checks if isinstance(check, Check)]


def eastern(day: date, at: time) -> datetime:
    return datetime.combine(day, at, EASTERN).astimezone(UTC)


@dataclass
class World:
    """What happened: which dates have games, whose roster was filled, when batches wrote, and which were checked.

    The context job runs a quarter of an hour before each batch's time and writes the players of the date; on a day
    without games it writes those of the next date with games.
    """

    first: date
    days: int
    quiet: frozenset[date] = frozenset()
    batches: Callable[[datetime], bool] = lambda _: True
    checks: Callable[[datetime], bool] = lambda _: True
    rosters: Callable[[date], bool] = lambda _: True
    context_job: Callable[[datetime], bool] = lambda _: True
    starts_early: timedelta = timedelta(0)
    enriched_at: time | None = None
    writes: list[tuple[date, datetime]] = field(init=False)
    rosters_written: list[tuple[date, datetime]] = field(init=False)

    def __post_init__(self) -> None:
        self.writes = sorted(self._writes(), key=lambda one: one[1])
        self.rosters_written = list(self._rosters_written())

    def _rosters_written(self) -> Iterator[tuple[date, datetime]]:
        for n in range(-11, self.days + 2):
            day = self.first + timedelta(days=n)
            for start in (eastern(day - timedelta(days=1), DAY_BEFORE), *(eastern(day, at) for at in SAME_DAY)):
                at = start - timedelta(minutes=15)
                if self.context_job(at) and self.rosters(day):
                    yield self._next(day), at

    def _next(self, day: date) -> date:
        while day in self.quiet:
            day += timedelta(days=1)
        return day

    def _writes(self) -> Iterator[tuple[date, datetime]]:
        for n in range(-11, self.days + 2):
            day = self.first + timedelta(days=n)
            if day in self.quiet:
                continue
            starts = [eastern(day - timedelta(days=1), DAY_BEFORE), *(eastern(day, at) for at in SAME_DAY)]
            for start in starts:
                if self.batches(start):
                    yield day, start - self.starts_early + timedelta(minutes=4)

    def polls(self) -> Iterator[datetime]:
        first = eastern(self.first, time(0))
        return (first + timedelta(minutes=15 * n) for n in range(self.days * 96))

    def poll(self, now: datetime) -> dict[str, Outcome]:
        """The outcome of each check, and of all under `verdict`."""
        dates = watch.dates(now)
        scope = Scope(
            dates=dates,
            now=now,
            registry=checkpoints.REGISTRY,
            predictions=Source(SETTINGS.table, {"is_active": "BOOL", "created_at": "TIMESTAMP"}, {}),
            context=Source(SETTINGS.context_table, {}, {}),
            book_lines=Source(None, unavailable="not set"),
            context_window=watch.around(dates),
            roster_as_of=now,
            checked_at=self._checked(now),
        )
        answer = read_answer(scope, [row for day in dates for row in self._rows(day, now)])
        return judged(EXPECTATIONS, [e.evaluate(answer) for e in EXPECTATIONS])

    def _checked(self, now: datetime) -> dict[date, datetime]:
        """Each write is checked two minutes later."""
        moments = [(day, at + timedelta(minutes=2)) for day, at in self.writes if self.checks(at)]
        return {day: at for day, at in moments if at <= now}

    def _enriched(self, day: date, now: datetime, written: list[datetime]) -> list[datetime]:
        """When another job updated every row of the date, if it did by now."""
        at = eastern(day, self.enriched_at) if self.enriched_at else None
        return [at] if at and written and at <= now else []

    def _rows(self, day: date, now: datetime) -> list[dict[str, Any]]:
        written = [at for one, at in self.writes if one == day and at <= now]
        filled = [one for one in self.rosters_written if one[1] <= now]
        known = any(one == day for one, _ in filled)
        life: dict[str, Any] = {"context_named_dates": [one for one, _ in filled]}
        life |= {"context_written_at": max((at for _, at in filled), default=None)}
        rows = 600 if written else 0
        system = {"scope": "system", "game_date": day, "system_id": "moving_average"}
        whole = {"scope": "date", "game_date": day, "system_id": None}
        whole |= write_times(
            inserted=min(written, default=None), most=max(written + self._enriched(day, now, written), default=None)
        )
        players = {"context_rows": 150, "context_rows_in_time": 150} if known else {}
        players |= {"expected_players": 120, "stored_players": 120 if rows else 0} if known else {}
        return [
            {**system, "all_rows": rows, "active_rows": rows},
            {**whole, "all_rows": rows, "active_rows": rows, "all_active_rows": rows, **players, **life},
        ]


def write_times(*, inserted: datetime | None, most: datetime | None) -> dict[str, datetime | None]:
    """What the scan says of a date's writes: when a row was last inserted, and since when most are written."""
    newest = {f"{check}__most_written": most for check in ("latest_write_recent", "checkpoint_ran")}
    return {"checkpoint_ran__inserted": inserted, **newest}


def judged(expectations: list[ScanExpectation], judgements: list[Any]) -> dict[str, Outcome]:
    results = [
        CheckResult(e.check_id, "watch", j.severity, j.outcome, j.reason)
        for e, j in zip(expectations, judgements, strict=True)
    ]
    return {r.id: r.outcome for r in results} | {"verdict": decide(results)}


def alarms(world: World) -> list[tuple[datetime, dict[str, Outcome]]]:
    """The polls that did not pass."""
    return [(now, said) for now in world.polls() if (said := world.poll(now))["verdict"] is not Outcome.PASSED]


JANUARY = World(date(2026, 1, 20), 2)


@pytest.mark.parametrize(
    "world",
    [
        JANUARY,
        replace(JANUARY, starts_early=timedelta(minutes=6)),
        World(date(2026, 1, 20), 4, quiet=frozenset({date(2026, 1, 22)})),
        World(date(2026, 2, 12), 8, quiet=frozenset(date(2026, 2, n) for n in range(13, 19))),
        World(date(2026, 3, 7), 3),
        World(date(2026, 10, 31), 3),
    ],
    ids=["two days", "early batches", "a night off", "All-Star break", "clocks forward", "clocks back"],
)
def test_days_on_which_all_is_well_raise_no_alarm(world: World) -> None:
    assert alarms(world) == []


def test_a_break_that_the_registry_knows_is_quiet_although_nobody_writes_the_context_table() -> None:
    """Until the evening batch for the first games after it needs a roster."""
    last_games, first_again = date(2026, 2, 12), date(2026, 2, 19)
    off = eastern(last_games, time(12)), eastern(first_again - timedelta(days=1), time(17))
    quiet = frozenset(last_games + timedelta(days=n) for n in range(1, 7))
    world = World(last_games, 8, quiet=quiet, context_job=lambda at: not off[0] < at < off[1])
    assert alarms(world) == []
    dead = replace(world, context_job=lambda at: at < off[0], batches=lambda start: start < off[0])
    first_alarm = alarms(dead)[0][0]
    assert first_alarm == eastern(first_again - timedelta(days=1), DAY_BEFORE) + timedelta(minutes=30)


def test_an_evening_batch_that_does_not_come_is_noticed_within_three_quarters_of_an_hour() -> None:
    missing = eastern(date(2026, 1, 21), DAY_BEFORE)
    found = alarms(replace(World(date(2026, 1, 21), 1), batches=lambda start: start != missing))
    at, said = found[0]
    assert missing < at <= missing + timedelta(minutes=45)
    assert said["batch_present"] is Outcome.FAILED


@pytest.mark.parametrize("stops", [SAME_DAY[0], SAME_DAY[1], SAME_DAY[2], DAY_BEFORE])
def test_a_table_that_stands_still_is_noticed_within_eight_hours_of_its_last_write(stops: time) -> None:
    silent_from = eastern(date(2026, 1, 21), stops)
    world = World(date(2026, 1, 21), 2, batches=lambda start: start < silent_from)
    last_write = max(at for _, at in world.writes)
    first_alarm = alarms(world)[0][0]
    assert first_alarm >= silent_from, "nothing is missing before it is due"
    due = silent_from + timedelta(minutes=30)
    assert first_alarm <= max(last_write + timedelta(hours=8), due) + timedelta(minutes=15)


def test_a_checkpoint_that_stops_running_is_noticed_within_three_quarters_of_an_hour() -> None:
    stopped = eastern(date(2026, 1, 20), SAME_DAY[1])
    found = alarms(replace(JANUARY, checks=lambda at: at < stopped))
    at, said = found[0]
    assert stopped < at <= stopped + timedelta(minutes=4 + 30 + 15)
    assert said == {
        "games_known": Outcome.PASSED,
        "batch_present": Outcome.PASSED,
        "latest_write_recent": Outcome.PASSED,
        "checkpoint_ran": Outcome.FAILED,
        "verdict": Outcome.FAILED,
    }


def test_an_enrichment_of_the_whole_night_is_a_warning_and_hides_no_checkpoint_that_died() -> None:
    enriched = replace(JANUARY, enriched_at=time(13, 40))
    assert alarms(enriched) == []
    assert enriched.poll(eastern(date(2026, 1, 20), time(14, 15)))["checkpoint_ran"] is Outcome.FAILED
    died = eastern(date(2026, 1, 20), SAME_DAY[1])
    dead, dead_and_enriched = (
        {now for now, _ in alarms(replace(w, checks=lambda at: at < died))} for w in (JANUARY, enriched)
    )
    assert dead <= dead_and_enriched


def test_a_roster_that_is_missing_while_rows_are_written_is_inconclusive() -> None:
    world = World(date(2026, 1, 20), 1, rosters=lambda day: day != date(2026, 1, 20))
    said = world.poll(eastern(date(2026, 1, 20), time(12)))
    assert said["games_known"] is Outcome.INCONCLUSIVE
    assert said["verdict"] is Outcome.INCONCLUSIVE


def test_a_context_job_that_died_with_the_batches_is_no_night_off() -> None:
    died = eastern(date(2026, 1, 20), time(12))
    world = World(date(2026, 1, 20), 4, batches=lambda start: start < died, context_job=lambda at: at < died)
    found = alarms(world)
    assert found[0][0] <= died + timedelta(hours=36, minutes=15)
    assert {said["verdict"] for _, said in found[1:]} <= {Outcome.INCONCLUSIVE, Outcome.FAILED}
    silent = [now for now in world.polls() if now >= found[0][0]]
    assert [now for now, _ in found] == silent, "once noticed, it is not forgotten"


def test_a_context_job_that_died_alone_is_noticed_too() -> None:
    died = eastern(date(2026, 1, 20), time(12))
    world = World(date(2026, 1, 20), 3, context_job=lambda at: at < died)
    assert alarms(world)[0][1]["games_known"] is Outcome.INCONCLUSIVE


def test_a_context_table_that_nobody_fills_is_inconclusive_and_no_night_off() -> None:
    world = World(date(2026, 1, 20), 1, rosters=lambda _: False, batches=lambda _: False)
    assert world.poll(eastern(date(2026, 1, 20), time(12)))["verdict"] is Outcome.INCONCLUSIVE


def test_today_and_tomorrow_are_eastern_dates() -> None:
    late = datetime(2026, 1, 10, 4, 30, tzinfo=UTC)
    assert watch.dates(late) == (date(2026, 1, 9), date(2026, 1, 10))
    assert watch.dates(datetime(2026, 7, 10, 4, 30, tzinfo=UTC)) == (date(2026, 7, 10), date(2026, 7, 11))
