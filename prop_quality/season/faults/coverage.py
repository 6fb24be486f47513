"""Players, systems and pairs that should be stored and are not, and some that should not be."""

from __future__ import annotations

from dataclasses import replace
from random import Random

from prop_quality.season.change import (
    active_rows,
    added,
    changed,
    claimed_players,
    claimed_rows,
    copies,
    dropped,
    of_players,
    players_of,
    setting,
)
from prop_quality.season.faults.fault import FEBRUARY, JANUARY, Fault, Plant, within
from prop_quality.season.night import Night
from prop_quality.season.shape import SIMILARITY


def lost_players(count: int, *, admitted: bool = True) -> Plant:
    """All rows of some players are gone; the event counts them as completed unless `admitted`."""

    def plant(night: Night, rng: Random) -> Night:
        names = players_of(night)
        short = dropped(night, of_players(rng.sample(names, count)))
        return claimed_players(short, len(names) - count) if admitted else short

    return plant


def lost_game(night: Night, rng: Random) -> Night:
    """No player of one game is predicted, and the event counts only the others."""
    game = rng.choice(sorted({row["game_id"] for row in night.rows}))
    short = dropped(night, lambda row: bool(row["game_id"] == game))
    return claimed_players(short, len(players_of(short)))


def lost_pairs(system_id: str, count: int) -> Plant:
    """One system lacks some players that the others have."""

    def plant(night: Night, rng: Random) -> Night:
        names = sorted({row["player_lookup"] for row in active_rows(night, system_id)})
        gone = of_players(rng.sample(names, count))
        return dropped(night, lambda row: row["system_id"] == system_id and gone(row))

    return plant


def similarity_at(players: int) -> Plant:
    """The system that needs history covers just so many players."""
    covered = int(JANUARY.players * JANUARY.similarity_share)
    return lost_pairs(SIMILARITY, covered - players)


def lost_system(system_id: str) -> Plant:
    """One system has no row."""
    return lambda night, rng: dropped(night, lambda row: row["system_id"] == system_id)


def deactivated_system(system_id: str) -> Plant:
    """One system has inactive rows only."""
    return lambda night, rng: changed(night, active_rows(night, system_id), setting(is_active=False))


def unknown_system(count: int, name: str) -> Plant:
    """Some rows are there once more under a system that nobody expects."""

    def plant(night: Night, rng: Random) -> Night:
        rows = rng.sample(active_rows(night, night.shape.expected_systems[0], real_line=True), count)
        return added(night, copies(rows, rng, system_id=name))

    return plant


def uninvited(count: int) -> Plant:
    """All systems predict some players whom the context table rules out."""

    def plant(night: Night, rng: Random) -> Night:
        context = [row for row in night.context_rows if row["player_lookup"] not in set(players_of(night))]
        names = rng.sample(sorted({row["player_lookup"] for row in context}), count)
        model = players_of(night)[0]
        rows = [row for row in active_rows(night) if row["player_lookup"] == model]
        return added(night, (copy for name in names for copy in copies(rows, rng, player_lookup=name)))

    return plant


def no_rows(night: Night, rng: Random) -> Night:
    """Nothing is stored at all, though there are games; the event claims nothing either."""
    return claimed_rows(claimed_players(replace(night, rows=[]), 0), 0)


_PLAYERS = ("players_covered", "pairs_covered", "rows_fresh")
_PAIRS = ("pairs_covered", "rows_fresh")
_SYSTEM = ("systems_present", "pairs_covered", "rows_fresh")

FAULTS = (
    Fault("one_player_lost", _PLAYERS, "warning", lost_players(1), "1 of 100 players"),
    Fault("players_lost_down_to_95", _PLAYERS, "warning", lost_players(5), "5 of 100 players, just a warning"),
    Fault("players_lost_below_95", _PLAYERS, "critical", lost_players(6), "6 of 100 players"),
    Fault("third_of_players_lost", _PLAYERS, "critical", lost_players(33), "a third of the players"),
    Fault(
        "players_lost_silently", (*_PLAYERS, "claim_stored"), "critical", lost_players(35, admitted=False), "35 of 100"
    ),
    Fault("game_lost", _PLAYERS, "critical", lost_game, "one game of nine"),
    Fault("one_pair_lost", _PAIRS, "warning", lost_pairs("catboost_v8", 1), "1 pair of a system"),
    Fault("pairs_lost_down_to_95", _PAIRS, "warning", lost_pairs("catboost_v8", 5), "5 of 100 pairs, just a warning"),
    Fault("pairs_lost_below_95", _PAIRS, "critical", lost_pairs("catboost_v8", 6), "6 of 100 pairs"),
    within("similarity_at_its_floor", "pairs_covered", similarity_at(75), "75 of 100 players"),
    Fault("similarity_below_its_floor", _PAIRS, "critical", similarity_at(74), "74 of 100 players"),
    Fault("system_absent", _SYSTEM, "critical", lost_system("ensemble_v1"), "one system of five"),
    Fault(
        "system_inactive",
        _SYSTEM,
        "critical",
        deactivated_system("ensemble_v1"),
        "one system of five",
        may=("rows_active",),
    ),
    Fault(
        "system_of_yesterday", ("systems_known",), "critical", unknown_system(1, "catboost_v8"), "1 row", shape=FEBRUARY
    ),
    Fault("system_misspelt", ("systems_known",), "critical", unknown_system(40, "catboost-v8"), "40 rows"),
    Fault("one_uninvited_player", ("players_expected",), "warning", uninvited(1), "1 player"),
    Fault("many_uninvited_players", ("players_expected",), "warning", uninvited(9), "9 players"),
    Fault(
        "no_rows_at_all",
        ("players_covered", "systems_present", "pairs_covered", "rows_fresh"),
        "critical",
        no_rows,
        "no row on a day with nine games",
        may=("latest_write_recent",),
    ),
)
