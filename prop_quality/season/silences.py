"""Silences planted into days on which all is well, on both sides of each limit of the watch."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from random import Random

from prop_quality.season.clean import clean_night
from prop_quality.season.night import Row
from prop_quality.season.rows import copy_of
from prop_quality.season.scene import Plant, Scene, quiet_day, touched, updated, with_rows
from prop_quality.season.shape import dice, eastern

TODAY = date(2026, 1, 20)


@dataclass(frozen=True)
class Silence:
    """Something that does not happen, seen at `at` (US Eastern) of an ordinary day.

    `check` says so with `outcome` (and a failure with `severity`), and every other check but `may` passes. Where
    `detected` is false it lies just inside the limit: no check may say anything.
    """

    id: str
    check: str
    strength: str
    plant: Plant
    at: time
    outcome: str = "failed"
    severity: str = "critical"
    detected: bool = True
    may: tuple[str, ...] = ()

    def build(self, seed: int = 0) -> Scene:
        """The scene; `seed` varies players and values."""
        rng = dice(seed)
        return self.plant(quiet_day(TODAY, self.at, rng), rng)


def _wrote(hour: int, minute: int, second: int = 0) -> Plant:
    """Today's rows were last written then, and looked at then."""

    def plant(scene: Scene, rng: Random) -> Scene:
        del rng
        at = eastern(TODAY, time(hour, minute, second))
        night = updated(scene.nights[0], at)
        return replace(scene, nights=(night, *scene.nights[1:]), checked_at={**scene.checked_at, TODAY: at})

    return plant


def _looked(hour: int, minute: int, second: int = 0) -> Plant:
    """Today was last looked at then."""
    at = eastern(TODAY, time(hour, minute, second))
    return lambda scene, rng: replace(scene, checked_at={**scene.checked_at, TODAY: at})


def _never_looked(scene: Scene, rng: Random) -> Scene:
    del rng
    return replace(scene, checked_at={TODAY: scene.checked_at[TODAY]})


def _inserted(scene: Scene, rng: Random) -> Scene:
    rows = scene.nights[0].rows
    at = eastern(TODAY, time(14))
    return with_rows(scene, [*rows, copy_of(rows[0], rng, created_at=at, updated_at=None, is_active=False)])


def _covered(share: float, *, of_tomorrow: bool = False) -> Plant:
    """Only this share of the expected players (0 to 1) of a date have rows."""

    def plant(scene: Scene, rng: Random) -> Scene:
        nights = list(scene.nights)
        night = nights[of_tomorrow]
        names = sorted({row["player_lookup"] for row in night.rows})
        kept = set(rng.sample(names, int(night.shape.players * share)))
        nights[of_tomorrow] = replace(night, rows=[row for row in night.rows if row["player_lookup"] in kept])
        return replace(scene, nights=tuple(nights))

    return plant


def _deactivated(scene: Scene, rng: Random) -> Scene:
    del rng
    return with_rows(scene, [row | {"is_active": False} for row in scene.nights[0].rows])


def _of_the_future(scene: Scene, rng: Random) -> Scene:
    rows = scene.nights[0].rows
    return with_rows(scene, [rows[0] | {"updated_at": scene.now + timedelta(days=300)}, *rows[1:]])


def _context(edit: Callable[[Row], Row | None]) -> Plant:
    """Every row of the context table is changed, or (None) is not there."""

    def plant(scene: Scene, rng: Random) -> Scene:
        del rng
        nights = [
            replace(night, context_rows=[new for row in night.context_rows if (new := edit(row)) is not None])
            for night in scene.nights
        ]
        return replace(scene, nights=tuple(nights))

    return plant


def _day_off(hours: float) -> Plant:
    """No games on both dates; the context table was last written so long ago, for yesterday."""

    def plant(scene: Scene, rng: Random) -> Scene:
        shape = replace(scene.nights[0].shape, seed=rng.randrange(2**31), game_date=TODAY - timedelta(days=1))
        written = scene.now - timedelta(hours=hours)
        night = clean_night(replace(shape, starts_at=written))
        context = [row | {"created_at": written} for row in night.context_rows]
        return Scene(scene.now, (replace(night, rows=[], context_rows=context),))

    return plant


def _only_tomorrow(scene: Scene, rng: Random) -> Scene:
    """No games today; tomorrow's players are named, and none is ready."""
    del rng
    context = [row | {"is_production_ready": False} for row in scene.nights[1].context_rows]
    written = scene.now - timedelta(hours=1)
    night = replace(scene.nights[1], context_rows=[row | {"created_at": written} for row in context])
    return Scene(scene.now, (night,))


def _then(*plants: Plant) -> Plant:
    def plant(scene: Scene, rng: Random) -> Scene:
        for one in plants:
            scene = one(scene, rng)
        return scene

    return plant


def _inside(silence_id: str, check: str, strength: str, plant: Plant, at: time) -> Silence:
    return Silence(silence_id, check, strength, plant, at, detected=False)


def _in_doubt(silence_id: str, strength: str, plant: Plant) -> Silence:
    """Without a roster nobody knows whether a batch is missing."""
    return Silence(silence_id, _KNOWN, strength, plant, _NOON, outcome="inconclusive", may=(_PRESENT, _RECENT))


def _at(hour: int, minute: int) -> Callable[[Scene], datetime]:
    return lambda scene: eastern(TODAY, time(hour, minute))


_KNOWN, _PRESENT, _RECENT, _RAN = "games_known", "batch_present", "latest_write_recent", "checkpoint_ran"
_NOON, _AFTERNOON = time(12, 0), time(15, 0)

SILENCES = (
    _in_doubt("no_context", "no row in the context table", _context(lambda _: None)),
    _in_doubt("nobody_ready", "no player ready", _context(lambda row: row | {"is_production_ready": False})),
    _in_doubt("context_dead", "not written for 36 h and a minute", _day_off(36 + 1 / 60)),
    _inside("in_the_making", _KNOWN, "a roster of tomorrow, nobody ready at noon", _only_tomorrow, _NOON),
    _inside("day_off", _KNOWN, "no games, written 36 h ago", _day_off(36), _NOON),
    Silence(
        "no_evening_batch", _PRESENT, "no row at 18:30", _covered(0, of_tomorrow=True), time(18, 30), may=(_RECENT,)
    ),
    _inside("evening_batch_to_come", _PRESENT, "no row at 18:29", _covered(0, of_tomorrow=True), time(18, 29)),
    Silence("batch_of_few", _PRESENT, "19 of 40 players", _covered(0.475), _NOON),
    _inside("batch_of_half", _PRESENT, "20 of 40 players", _covered(0.5), _NOON),
    Silence("all_inactive", _PRESENT, "all rows inactive", _deactivated, _NOON, may=(_RECENT,)),
    Silence("stands_still", _RECENT, "8 h and a second", _wrote(10, 29, 59), time(18, 30)),
    _inside("wrote_eight_hours_ago", _RECENT, "8 h", _wrote(10, 30), time(18, 30)),
    Silence("last_batch_lost", _RECENT, "a second before the batch's time", _wrote(10, 59, 59), time(21, 0)),
    _inside("last_batch_early", _RECENT, "30 min before its time", _wrote(11, 0), time(21, 0)),
    Silence(
        "enrichment_is_no_batch",
        _RECENT,
        "49 % updated after",
        _then(_wrote(10, 4), touched(0.49, _at(13, 40))),
        time(21, 0),
    ),
    Silence("row_of_the_future", _RECENT, "1 row after now", _then(_wrote(10, 4), _of_the_future), time(21, 0)),
    Silence("checkpoint_stopped", _RAN, "31 min after the batch", _looked(10, 6), time(12, 5)),
    _inside("checkpoint_to_come", _RAN, "30 min after the batch", _looked(10, 6), time(12, 4)),
    Silence("never_checked", _RAN, "tomorrow's first batch", _never_looked, time(18, 45)),
    Silence("looked_too_soon", _RAN, "5 min and a second before", _looked(11, 28, 59), _AFTERNOON),
    _inside("looked_just_before", _RAN, "5 min before", _looked(11, 29), _AFTERNOON),
    Silence("inserted_after_the_look", _RAN, "1 row inserted", _inserted, _AFTERNOON),
    Silence(
        "rewritten_by_another", _RAN, "half updated after", touched(0.5, _at(13, 40)), _AFTERNOON, severity="warning"
    ),
    _inside("enriched", _RAN, "49 % updated after", touched(0.49, _at(13, 40)), _AFTERNOON),
)
