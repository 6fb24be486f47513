"""What a night is made of: the slate, the players, the systems, and how the batch ran."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from random import Random
from zoneinfo import ZoneInfo

EASTERN = ZoneInfo("America/New_York")

SIMILARITY = "similarity_balanced_v1"
SYSTEMS_SINCE: tuple[tuple[date, tuple[str, ...]], ...] = (
    (date(2025, 11, 1), ("moving_average", "zone_matchup_v1", SIMILARITY, "xgboost_v1", "ensemble_v1")),
    (date(2026, 1, 9), ("moving_average", "zone_matchup_v1", SIMILARITY, "catboost_v8", "ensemble_v1")),
    (date(2026, 1, 17), ("moving_average", "zone_matchup_v1", SIMILARITY, "catboost_v8", "ensemble_v1", "xgboost_v1")),
    (
        date(2026, 1, 18),
        ("moving_average", "zone_matchup_v1", SIMILARITY, "catboost_v8", "ensemble_v1", "xgboost_v1", "ensemble_v1_1"),
    ),
    (
        date(2026, 2, 1),
        ("moving_average", "zone_matchup_v1", SIMILARITY, "catboost_v9", "ensemble_v1", "xgboost_v1", "ensemble_v1_1"),
    ),
    (date(2026, 2, 25), ("moving_average", "zone_matchup_v1", "catboost_v12")),
)
FIRST_DATE = SYSTEMS_SINCE[0][0]

# The confidence scale changed from 0–1 to 0–100 with the rows written from this moment on.
SCALE_CHANGE = datetime(2026, 1, 30, 3, 43, tzinfo=UTC)
# From this game date a player without a book line has no line at all instead of an estimated one.
NO_ESTIMATES_SINCE = date(2026, 1, 23)
# From this game date a player and system have one row, whatever the lines.
SINGLE_LINE_SINCE = date(2026, 2, 9)

MAX_UNLINED_SHARE = 0.08
MAX_HISTORY_SHARE = 0.15


@dataclass(frozen=True)
class NightShape:
    """One night as numbers; everything else follows from `seed`.

    `players` counts the expected players, all of whom are predicted. Shares are 0 to 1. From 2026-01-23 at most
    `MAX_UNLINED_SHARE` of the players stay without a line, since more NO_LINE rows would be worth a warning; but for
    the evening before the game, when it may be all of them.
    `history_share` is the number of superseded rows over that of active rows, at most `MAX_HISTORY_SHARE`.
    """

    seed: int
    game_date: date
    games: int = 10
    players: int = 130
    systems: tuple[str, ...] = ()
    starts_at: datetime | None = None
    seconds: float = 81.0
    batch_id: str | None = None
    unlined_share: float = 0.06
    multi_line: bool = False
    real_twenties: int = 0
    similarity_share: float = 0.85
    ineligible: int = 14
    context_rewritten: bool = False
    rerun: bool = False
    history_share: float = 0.0
    league_ids: bool = False
    later_event: bool = False
    revision: str | None = None

    @property
    def expected_systems(self) -> tuple[str, ...]:
        """`systems`, or those that the game date expects."""
        return self.systems or systems_on(self.game_date)

    @property
    def started_at(self) -> datetime:
        """When the batch starts, UTC; 11:30 Eastern of the game date unless `starts_at` says otherwise."""
        return self.starts_at or eastern(self.game_date, time(11, 30))

    @property
    def completed_at(self) -> datetime:
        """When the batch says it is done, UTC."""
        return self.started_at + timedelta(seconds=self.seconds)

    @property
    def before_the_lines(self) -> bool:
        """Whether players may be without a line because the books have not opened, not because none posts one."""
        return _before_the_lines(self.game_date, self.started_at)

    @property
    def unlined_players(self) -> int:
        """How many players no book has a line for."""
        any_share = self.game_date < NO_ESTIMATES_SINCE or self.before_the_lines
        share = self.unlined_share if any_share else min(self.unlined_share, MAX_UNLINED_SHARE)
        return int(self.players * share)


def systems_on(game_date: date) -> tuple[str, ...]:
    """The systems that are expected to predict games of `game_date`; those of the first era before it."""
    return [systems for since, systems in SYSTEMS_SINCE if since <= max(game_date, FIRST_DATE)][-1]


def eastern(day: date, clock: time) -> datetime:
    """`clock` in US Eastern time on `day`, as UTC."""
    return datetime.combine(day, clock, EASTERN).astimezone(UTC)


def dice(seed: int) -> Random:
    """The only source of chance here: the same seed throws the same."""
    return Random(seed)  # noqa: S311 - repeatable, not secret


def random_shape(rng: Random) -> NightShape:
    """Any legal night from November 2025 to April 2026: slates of 20 to 160 players, every era, every way to run."""
    game_date = FIRST_DATE + timedelta(days=rng.randrange(165))
    players = rng.randint(20, 160)
    games = max(1, min(15, round(players / rng.uniform(10, 16))))
    starts_at = _start(game_date, rng)
    most_unlined = 1.0 if _before_the_lines(game_date, starts_at) else MAX_UNLINED_SHARE
    return NightShape(
        seed=rng.randrange(2**31),
        game_date=game_date,
        games=games,
        players=players,
        starts_at=starts_at,
        seconds=round(rng.uniform(20, 900), 1),
        batch_id=None,
        unlined_share=rng.uniform(0, 0.5 if game_date < NO_ESTIMATES_SINCE else most_unlined),
        multi_line=rng.random() < 0.6,
        real_twenties=rng.choice((0, 0, 0, 1, 2)),
        similarity_share=rng.uniform(0.8, 0.92),
        ineligible=rng.randint(0, 30),
        context_rewritten=rng.random() < 0.15,
        rerun=rng.random() < 0.3,
        history_share=rng.choice((0.0, 0.0, rng.uniform(0, MAX_HISTORY_SHARE))),
        league_ids=rng.random() < 0.3,
        later_event=game_date >= date(2026, 2, 1) and rng.random() < 0.7,
        revision=f"prediction-worker-{rng.randint(40, 120):05d}-{rng.choice(('g7f', 'jrs', '24s', 'x2k'))}"
        if game_date >= date(2026, 2, 1) and rng.random() < 0.5
        else None,
    )


def _before_the_lines(game_date: date, started_at: datetime) -> bool:
    """Whether the batch runs the evening before the game, when the books may not have opened."""
    return game_date >= NO_ESTIMATES_SINCE and started_at < eastern(game_date, time(6, 30))


def _start(game_date: date, rng: Random) -> datetime:
    """One of the scheduled times, and now and then a regeneration weeks later."""
    clock = rng.choice((time(7), time(10), time(11, 30), time(18)))
    if clock == time(18):
        game_date -= timedelta(days=1)
    elif rng.random() < 0.1:
        game_date += timedelta(days=rng.randint(3, 60))
    return eastern(game_date, clock) + timedelta(seconds=rng.randrange(120))
