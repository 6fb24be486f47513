"""Batches that stored less than they said, or nothing."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from prop_quality.season.change import active_rows, changed, claimed, claimed_rows, copies, dropped, players_of, setting
from prop_quality.season.clean import clean_night
from prop_quality.season.event import stamp
from prop_quality.season.faults.activity import POSTPONED
from prop_quality.season.faults.coverage import lost_game, lost_players, lost_system, no_rows
from prop_quality.season.incidents.incident import Incident
from prop_quality.season.night import Night
from prop_quality.season.shape import NightShape, dice

_PHANTOM_ID = "batch_2026-01-09_1768624476"
_COVERAGE = ("players_covered", "pairs_covered", "rows_fresh")


def phantom_batch() -> Night:
    """990 rows of 03:57, and a batch at 04:34:55 that claims 3,610 predictions and stores none."""
    shape = NightShape(
        seed=9,
        game_date=date(2026, 1, 9),
        players=150,
        starts_at=datetime(2026, 1, 17, 3, 56, 58, tzinfo=UTC),
        seconds=58.0,
        unlined_share=0.2,
        multi_line=True,
        similarity_share=0.8,
    )
    night = _trimmed(clean_night(shape), 990)
    started, completed = datetime(2026, 1, 17, 4, 34, 55, tzinfo=UTC), datetime(2026, 1, 17, 4, 36, 16, tzinfo=UTC)
    night = claimed(claimed_rows(night, 3610), timestamp=stamp(completed), duration_seconds=81.0, batch_id=_PHANTOM_ID)
    night.event["execution_id"] = _PHANTOM_ID
    return replace(
        night,
        started_at=started,
        completed_at=completed,
        now=completed + timedelta(minutes=4),
        rows_before=night.rows,
    )


def _trimmed(night: Night, rows: int) -> Night:
    """The night with just so many rows: of players with several lines, the outer ones are left out."""
    outer = [row for row in night.rows if row["current_points_line"] != row["estimated_line_value"]]
    outer = [row for row in outer if row["line_source"] == "ESTIMATED_AVG"]
    gone = {row["prediction_id"] for row in outer[: len(night.rows) - rows]}
    return dropped(night, lambda row: row["prediction_id"] in gone)


def players_lost() -> Night:
    """83 of 121 players stored."""
    shape = NightShape(seed=31, game_date=date(2026, 1, 31), games=9, players=121)
    return lost_players(38, admitted=False)(clean_night(shape), dice(31))


def system_absent() -> Night:
    """`xgboost_v1` has no row on a night that the others covered."""
    return lost_system("xgboost_v1")(clean_night(NightShape(seed=20, game_date=date(2026, 1, 20))), dice(20))


def game_skipped() -> Night:
    """The 12 players of one game are missing."""
    shape = NightShape(seed=19, game_date=date(2026, 1, 19), games=9, players=108)
    return lost_game(clean_night(shape), dice(19))


def zero_rows() -> Night:
    """No row on a day with 10 games."""
    shape = NightShape(seed=25, game_date=date(2026, 1, 25), games=10)
    return no_rows(clean_night(shape), dice(25))


def rows_deactivated() -> Night:
    """A clean-up without `system_id` in its key keeps one row a player."""
    night = clean_night(NightShape(seed=11, game_date=date(2026, 2, 11), games=11, later_event=True))
    rng = dice(11)
    kept = set()
    for name in players_of(night):
        kept.add(rng.choice([r["prediction_id"] for r in night.rows if r["player_lookup"] == name]))
    return changed(
        night,
        [row for row in active_rows(night) if row["prediction_id"] not in kept],
        setting(is_active=False, updated_at=night.completed_at),
    )


def postponed_game() -> Night:
    """One game of nine is postponed; its earlier rows say so, the 55 of this batch do not."""
    night = clean_night(NightShape(seed=29, game_date=date(2026, 1, 29), games=9, players=72, similarity_share=0.9))
    game = night.rows[0]["game_id"]
    rows = [row | {"invalidation_reason": None} for row in night.rows]
    theirs = [row for row in rows if row["game_id"] == game]
    earlier = night.started_at - timedelta(hours=4)
    told = copies(theirs, dice(29), invalidation_reason=POSTPONED, is_active=False, created_at=earlier)
    return replace(night, rows=rows + told, extra_columns={"invalidation_reason": "STRING"})


def thirty_rows() -> Night:
    """30 rows of 5 systems stand for a night of 150 players; none of them is wrong."""
    night = clean_night(NightShape(seed=10, game_date=date(2026, 1, 10), players=150))
    rng = dice(10)
    kept = {row["prediction_id"] for row in rng.sample(night.rows, 30)}
    return dropped(night, lambda row: row["prediction_id"] not in kept)


def empty_roster() -> Night:
    """The context table was not filled, so nobody knows who is missing."""
    night = clean_night(NightShape(seed=22, game_date=date(2026, 1, 22)))
    return replace(night, context_rows=[])


INCIDENTS = (
    Incident(
        "phantom_batch",
        "The batch that stored nothing",
        "A batch for 2026-01-09 reported 150 of 150 players and 3,610 predictions in 81 seconds. The table kept the "
        "990 rows of 37 minutes before; not one was new. Counting bad lines among the new rows answered 0.",
        phantom_batch,
        ("rows_fresh", "latest_write_recent", "claim_stored"),
    ),
    Incident(
        "players_lost",
        "A third of the players lost on the way",
        "The batch completed 121 of 121 players and 83 of them reached the table. Between 30 and 40 % of the players "
        "were lost in each batch for days, and nothing said so.",
        players_lost,
        (*_COVERAGE, "claim_stored"),
    ),
    Incident(
        "system_absent",
        "A system that did not come",
        "`xgboost_v1` has no row while the six others cover all 130 players. One system was there on 11 of 31 dates "
        "only.",
        system_absent,
        ("systems_present", "pairs_covered", "rows_fresh"),
    ),
    Incident(
        "game_skipped",
        "A game that UTC hid",
        "A mix-up of UTC and US Eastern dates skipped one of nine games: its 12 players were neither expected by the "
        "batch nor predicted. The batch was content with the other 96.",
        game_skipped,
        _COVERAGE,
    ),
    Incident(
        "zero_rows",
        "No row on a day with ten games",
        "Ten games, 130 players with minutes or a line, and no prediction. The completion event said success.",
        zero_rows,
        (*_COVERAGE, "systems_present"),
        may_fail=("latest_write_recent",),
    ),
    Incident(
        "rows_deactivated",
        "A clean-up that switched off 85 % of the rows",
        "A clean-up of duplicates left `system_id` out of its key and kept one row a player, so that six of seven rows "
        "became inactive. Each player was still there, with one system of seven.",
        rows_deactivated,
        ("rows_active", "pairs_covered", "rows_fresh"),
    ),
    Incident(
        "postponed_game",
        "Predictions for a game that is not played",
        "A game was postponed and its rows were marked so. The next batch predicted its players again: 55 active rows "
        "for a game that nobody plays.",
        postponed_game,
        ("games_not_postponed",),
        "passed",
    ),
    Incident(
        "thirty_rows",
        "Accepted on 30 rows",
        "An acceptance check found no bad line among 30 rows and passed. The night had 150 players.",
        thirty_rows,
        (*_COVERAGE, "claim_stored"),
        may_fail=("systems_present", "direction_balanced", "mean_margin_small"),
    ),
    Incident(
        "empty_roster",
        "Nobody knows who should be there",
        "The table of upcoming players is empty for a date with games. All stored rows look right, but whether any is "
        "missing cannot be said.",
        empty_roster,
        (),
        "inconclusive",
    ),
)
