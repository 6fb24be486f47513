"""Every combination of what can be wrong at once: the watch passes only when nothing is."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from itertools import product
from typing import Any

import pytest

import checkpoints
from checkpoints import watch
from expectations.schedule import EASTERN
from prop_quality.scan.answer import read_answer
from prop_quality.scan.scope import Scope, Source
from prop_quality.verdict import Outcome
from tests.expectations.test_watch_over_days import EXPECTATIONS, SETTINGS, eastern, judged, write_times

# Today, and the time of day (Eastern): around midnight, before and after the batches, on the days that clocks change.
DAYS = (date(2026, 1, 20), date(2026, 3, 8), date(2025, 11, 2))
CLOCKS = (
    time(0, 0),
    time(0, 1),
    time(7, 29),
    time(7, 30),
    time(11, 59),
    time(12, 0),
    time(18, 29),
    time(18, 30),
    time(23, 59),
)
GAMES = ("both", "today", "tomorrow", "none")
CONTEXT = ("alive", "dead", "empty", "missing")
BATCH = ("present", "partial", "absent", "old")
CHECKED = ("whole", "never", "in vain")
PLAYERS = 120


def due(day: date, now: datetime) -> datetime | None:
    """The last batch for a date that should have been written by now, written down apart from the product's own."""
    hours = [(day - timedelta(days=1), 18, 0), (day, 7, 0), (day, 10, 0), (day, 11, 30)]
    starts = [datetime(d.year, d.month, d.day, h, m, tzinfo=EASTERN).astimezone(UTC) for d, h, m in hours]
    return max((s for s in starts if s + timedelta(minutes=30) <= now), default=None)


class Situation:
    """One combination at one time, as the warehouse would answer."""

    def __init__(self, now: datetime, games: str, context: str, batch: str, checked: str) -> None:
        self.now, self.context, self.batch, self.checked = now, context, batch, checked
        self.today, self.tomorrow = watch.dates(now)
        days = watch.dates(now)
        self.playing = {"both": days, "today": days[:1], "tomorrow": days[1:], "none": ()}[games]

    def written(self, day: date) -> datetime | None:
        """When the date was last written: at its last batch, or 30 hours before that; None for never."""
        last = due(day, self.now)
        if last is None or day not in self.playing or self.batch == "absent":
            return None
        return last - timedelta(hours=30) if self.batch == "old" else last + timedelta(minutes=3)

    def rows(self, day: date) -> list[dict[str, Any]]:
        written, known = self.written(day), day in self.playing and self.context == "alive"
        stored = {"partial": 1}.get(self.batch, PLAYERS) if written else 0
        life: dict[str, Any] = {}
        if self.context == "alive":
            life = {
                "context_named_dates": [*self.playing, self.today],
                "context_written_at": self.now - timedelta(hours=5),
            }
        if self.context == "dead":
            life = {
                "context_named_dates": [self.today - timedelta(days=3)],
                "context_written_at": self.now - timedelta(hours=60),
            }
        newest = write_times(inserted=written, most=written)
        players = {"context_rows": 150, "context_rows_in_time": 150, "expected_players": PLAYERS} if known else {}
        rows = {"all_rows": stored, "active_rows": stored, "all_active_rows": stored}
        return [
            {
                "scope": "system",
                "game_date": day,
                "system_id": "moving_average",
                "all_rows": stored,
                "active_rows": stored,
            },
            {"scope": "date", "game_date": day, "system_id": None, **rows, **newest, **life, **players}
            | ({"stored_players": stored} if known else {}),
        ]

    def poll(self) -> dict[str, Outcome]:
        days = (self.today, self.tomorrow)
        missing = Source(SETTINGS.context_table, unavailable="The table is not there")
        whole = self.checked == "whole"
        scope = Scope(
            dates=days,
            now=self.now,
            registry=checkpoints.REGISTRY,
            predictions=Source(SETTINGS.table, {"is_active": "BOOL", "created_at": "TIMESTAMP"}, {}),
            context=missing if self.context == "missing" else Source(SETTINGS.context_table, {}, {}),
            book_lines=Source(None, unavailable="not set"),
            context_window=watch.around(days),
            roster_as_of=self.now,
            checked_at={day: at + timedelta(minutes=2) for day in days if whole and (at := self.written(day))},
            checked_in_vain={day: "a run was inconclusive" for day in days if self.checked == "in vain"},
        )
        answer = read_answer(scope, [row for day in days for row in self.rows(day)])
        return judged(EXPECTATIONS, [e.evaluate(answer) for e in EXPECTATIONS])

    def expected(self) -> Outcome:
        """As interface.md says: failed for games without a batch, a write too old, a write that nobody looked at."""
        unseen = self.checked != "whole" and any(
            (at := self.written(day)) and self.now - at > timedelta(minutes=30) for day in self.playing
        )
        if unseen:
            return Outcome.FAILED
        if self.context != "alive":
            return Outcome.INCONCLUSIVE
        for day in self.playing:
            last, written = due(day, self.now), self.written(day)
            if last is None:
                continue
            if written is None or self.batch == "partial":
                return Outcome.FAILED
            if written < min(self.now - timedelta(hours=8), last - timedelta(minutes=30)):
                return Outcome.FAILED
        return Outcome.PASSED


@pytest.mark.parametrize("day", DAYS, ids=str)
def test_the_watch_passes_only_when_nothing_is_wrong(day: date) -> None:
    wrong = []
    for clock, games, context, batch, checked in product(CLOCKS, GAMES, CONTEXT, BATCH, CHECKED):
        situation = Situation(eastern(day, clock), games, context, batch, checked)
        said, expected = situation.poll()["verdict"], situation.expected()
        if said is not expected:
            wrong.append((str(clock), games, context, batch, checked, str(said), str(expected)))
    assert wrong == []
