"""Invented players on real teams: who plays whom, how many minutes, and which line a book posts for them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from random import Random

from prop_quality.season.shape import NightShape

TEAMS = (
    *("ATL", "BOS", "BKN", "CHA", "CHI", "CLE", "DAL", "DEN", "DET", "GSW", "HOU", "IND", "LAC", "LAL", "MEM"),
    *("MIA", "MIL", "MIN", "NOP", "NYK", "OKC", "ORL", "PHI", "PHX", "POR", "SAC", "SAS", "TOR", "UTA", "WAS"),
)
_FIRST = (
    *("aaron", "amir", "anton", "brandon", "caleb", "cam", "cedric", "damon", "dario", "deshawn", "dillon", "emeka"),
    *("evan", "felix", "garrett", "goran", "hassan", "ivan", "jalen", "jamal", "jaxon", "jonas", "julian", "kai"),
    *("keon", "kofi", "kyle", "lamar", "leandro", "luca", "malik", "marcus", "mateo", "micah", "naz", "nikola"),
    *("omari", "oscar", "patrick", "quentin", "rashad", "ricky", "sandro", "sekou", "tariq", "theo", "tyrese", "vasa"),
)
_LAST = (
    *("abara", "ainsworth", "baptiste", "barlow", "bellamy", "boateng", "carver", "castell", "clarkson", "cordova"),
    *("dampier", "delacroix", "diallo", "dunmore", "easley", "ferrand", "fontaine", "garland", "grier", "hadley"),
    *(
        "halvorsen",
        "hendrix",
        "holloway",
        "ibarra",
        "isaksen",
        "jefferies",
        "kaminski",
        "kessler",
        "kovacs",
        "lattimore",
    ),
    *("lindqvist", "mabry", "marchetti", "mbaye", "nakamura", "novak", "okafor", "oyelaran", "pemberton", "petrov"),
    *("quarles", "radic", "renner", "sabonjian", "samuels", "santoro", "tamez", "thorne", "udoka", "vukovic"),
)

TOWNS = "karlanthonytowns"
_BOOKS = ("draftkings", "fanduel", "betmgm", "caesars")


@dataclass(frozen=True)
class Player:
    """One player of the night; `real_line` is what a book posted, None when none did."""

    lookup: str
    team: str
    game_id: str
    minutes: float
    base_line: float
    real_line: float | None
    book: str


def slate(game_date: date, games: int, league_ids: bool, rng: Random) -> tuple[tuple[str, str, str], ...]:
    """The games of a date as (game_id, away, home); at most 15, since each of the 30 teams plays once."""
    teams = rng.sample(TEAMS, 2 * min(games, len(TEAMS) // 2))
    first = rng.randrange(90_000)
    pairs = zip(teams[::2], teams[1::2], strict=True)
    return tuple(
        (f"00225{first + i:05d}" if league_ids else f"{game_date:%Y%m%d}_{away}_{home}", away, home)
        for i, (away, home) in enumerate(pairs)
    )


def roster(shape: NightShape, rng: Random) -> tuple[tuple[Player, ...], tuple[Player, ...]]:
    """The expected players, and those whom an injury, few minutes or a thin history rules out."""
    games = slate(shape.game_date, shape.games, shape.league_ids, rng)
    names = _names(shape.players + shape.ineligible, rng)
    everyone = []
    for i, name in enumerate(names):
        game_id, away, home = games[i % len(games)]
        unlined = i < shape.unlined_players or i >= shape.players
        everyone.append(_player(name, game_id, (away, home)[i // len(games) % 2], unlined, rng))
    for i in range(shape.unlined_players, min(shape.unlined_players + shape.real_twenties, shape.players)):
        name = TOWNS if i == shape.unlined_players else everyone[i].lookup
        everyone[i] = _at_twenty(everyone[i], name)
    return tuple(everyone[: shape.players]), tuple(everyone[shape.players :])


def _names(count: int, rng: Random) -> list[str]:
    picked = rng.sample(range(len(_FIRST) * len(_LAST)), count)
    return [_FIRST[n % len(_FIRST)] + _LAST[n // len(_FIRST)] for n in picked]


def _player(name: str, game_id: str, team: str, unlined: bool, rng: Random) -> Player:
    base = int(rng.triangular(5, 35, 11)) + 0.5
    if unlined:
        # Room for the two lines below it, and never a whole number: an estimate that lands on 20.0 is no placeholder
        # by its origin, but nobody could tell.
        return Player(name, team, game_id, round(rng.uniform(15, 30), 1), max(base, 7.5), None, "")
    if rng.random() < 0.12 and base != 20.5:
        base -= 0.5
    return Player(name, team, game_id, round(rng.uniform(12, 38), 1), base, base, rng.choice(_BOOKS))


def _at_twenty(player: Player, name: str) -> Player:
    return Player(name, player.team, player.game_id, 34.0, 20.0, 20.0, player.book)
