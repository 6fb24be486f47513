"""What a watch looks at: a day on which all is well, at any time of it, and small changes to it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from math import ceil
from random import Random

from prop_quality.season.clean import clean_night
from prop_quality.season.night import Night, Row, written_at
from prop_quality.season.shape import NightShape, eastern

_BATCHES = (time(7, 0), time(10, 0), time(11, 30))
_EVENING = time(18, 0)


@dataclass(frozen=True)
class Scene:
    """What a watch finds at `now`: the nights in the tables, and when each date was last checked."""

    now: datetime
    nights: tuple[Night, ...]
    checked_at: Mapping[date, datetime] = field(default_factory=dict)


Plant = Callable[[Scene, Random], Scene]


def quiet_day(today: date, at: time, rng: Random) -> Scene:
    """Today's and tomorrow's games at a time of today, all written by each batch that was due, and all checked."""
    now = eastern(today, at)
    nights, checked = [], {}
    for day in (today, today + timedelta(days=1)):
        night = clean_night(
            NightShape(
                seed=rng.randrange(2**31),
                game_date=day,
                games=3,
                players=40,
                starts_at=eastern(day - timedelta(days=1), _EVENING),
            )
        )
        starts = (night.started_at, *(eastern(day, clock) for clock in _BATCHES))
        wrote = [start + timedelta(minutes=4) for start in starts if start + timedelta(minutes=4) <= now]
        context = [row for row in night.context_rows if row["created_at"] <= now]
        night = replace(night, rows=night.rows if wrote else [], context_rows=context)
        if wrote:
            checked[day] = wrote[-1] + timedelta(minutes=2)
        nights.append(updated(night, wrote[-1]) if len(wrote) > 1 else night)
    return Scene(now, tuple(nights), checked)


def random_quiet_day(rng: Random) -> Scene:
    """Any ordinary day of January at any time of it, now and then with an enrichment of less than half of the rows."""
    minutes = rng.randrange(24 * 60)
    scene = quiet_day(date(2026, 1, 12) + timedelta(days=rng.randrange(30)), time(minutes // 60, minutes % 60), rng)
    share = rng.choice((0.0, rng.uniform(0, 0.49)))
    minutes_ago = rng.uniform(0, 600)
    return touched(share, lambda scene: scene.now - timedelta(minutes=minutes_ago))(scene, rng)


def touched(share: float, when: Callable[[Scene], datetime]) -> Plant:
    """Another job updated this share of today's rows (0 to 1)."""

    def plant(scene: Scene, rng: Random) -> Scene:
        rows, at = scene.nights[0].rows, when(scene)
        chosen = {row["prediction_id"] for row in rng.sample(rows, ceil(len(rows) * share))}
        return with_rows(
            scene,
            [row | {"updated_at": max(at, written_at(row))} if row["prediction_id"] in chosen else row for row in rows],
        )

    return plant


def updated(night: Night, at: datetime) -> Night:
    """The night with every row last written at one time."""
    return replace(night, rows=[row | {"updated_at": at} for row in night.rows])


def with_rows(scene: Scene, rows: Iterable[Row]) -> Scene:
    """The scene with other rows of today."""
    return replace(scene, nights=(replace(scene.nights[0], rows=list(rows)), *scene.nights[1:]))
