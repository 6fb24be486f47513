"""Queries that several checks offer as their remedy."""

import re

from prop_quality.expectation import Answer, FailedSlice, Judgement, literal, pasted, start_again

_MAX_PLAYERS = 200


def staging_tables(answer: Answer) -> str | None:
    """The query for what the batch left behind unmerged; None when there is no batch."""
    event, table = answer.scope.event, answer.scope.predictions.table
    if event is None or table is None:
        return None
    prefix = "_staging_" + re.sub(r"[^A-Za-z0-9_]", "_", event.batch_id)
    sql = (
        "SELECT table_name, creation_time\n"
        f"FROM `{table.project}.{table.dataset}`.INFORMATION_SCHEMA.TABLES\n"
        f"WHERE STARTS_WITH(table_name, {literal(prefix, 'STRING')})\nORDER BY creation_time"
    )
    after = "run the consolidation again for the tables that are there; start the coordinator again when none is"
    return pasted("what the batch left in its staging tables", sql, after)


def leanings(answer: Answer, judgement: Judgement) -> str:
    """The query for directions, margins and lines by system."""
    where = FailedSlice.of(answer, judgement)
    edge = "predicted_points - current_points_line"
    sql = (
        "SELECT game_date, system_id, COUNTIF(recommendation = 'OVER') AS n_over,\n"
        "  COUNTIF(recommendation = 'UNDER') AS n_under, COUNTIF(recommendation = 'PASS') AS n_pass,\n"
        f"  AVG({edge}) AS mean_margin, MIN({edge}) AS lowest_margin, MAX({edge}) AS highest_margin,\n"
        "  AVG(predicted_points) AS mean_predicted, AVG(current_points_line) AS mean_line\n"
        f"FROM {answer.scope.predictions.table_sql}\nWHERE {_days(where)} AND is_active\n"
        "GROUP BY game_date, system_id\nORDER BY game_date, system_id"
    )
    return pasted(f"directions and margins by system {where.words}; a shift of all lines shows as one mean", sql)


def revisions(answer: Answer, judgement: Judgement) -> str | None:
    """The query for who wrote how many rows, and when; None where no column tells."""
    if not answer.scope.has("deployment_revision"):
        return None
    where = FailedSlice.of(answer, judgement)
    updated = "GREATEST(created_at, IFNULL(updated_at, created_at))" if answer.scope.has("updated_at") else "created_at"
    sql = (
        "SELECT game_date, deployment_revision, COUNT(*) AS n, COUNT(DISTINCT player_lookup) AS players,\n"
        f"  MIN({updated}) AS first_written, MAX({updated}) AS last_written\n"
        f"FROM {answer.scope.predictions.table_sql}\nWHERE {_days(where)} AND is_active\n"
        "GROUP BY game_date, deployment_revision\nORDER BY game_date, last_written"
    )
    return pasted(
        f"who wrote the rows {where.words}, and when; send all traffic to the revision that was expected",
        sql,
        *start_again(where, answer.scope.registry.min_minutes),
    )


def rows_of_players(answer: Answer, judgement: Judgement, players: list[str], unnamed: int) -> str:
    """The query for the active rows of some players; that `unnamed` more are not among them is said."""
    where = FailedSlice.of(answer, judgement)
    named = players[:_MAX_PLAYERS]
    rest = unnamed + len(players) - len(named)
    more = f", {len(named)} of them; {rest:,} more are not named here" if rest else ""
    names = literal(named, "ARRAY<STRING>")
    sql = (
        "SELECT game_date, player_lookup, system_id, prediction_id, created_at\n"
        f"FROM {answer.scope.predictions.table_sql}\nWHERE {_days(where)} AND is_active\n"
        f"  AND player_lookup IN UNNEST({names})\nORDER BY game_date, player_lookup, system_id"
    )
    return pasted(f"the active rows of players who are not expected {where.words}{more}", sql)


def rows_by_pair(answer: Answer, judgement: Judgement) -> str:
    """The query for players and systems with more than one active row, the most first."""
    where, scope = FailedSlice.of(answer, judgement), answer.scope
    lines = ", COUNT(DISTINCT current_points_line) AS n_lines" if scope.has("current_points_line") else ""
    sql = (
        f"SELECT game_date, system_id, player_lookup, COUNT(*) AS n{lines},\n"
        "  MIN(created_at) AS first_created, MAX(created_at) AS last_created\n"
        f"FROM {scope.predictions.table_sql}\nWHERE {_days(where)} AND is_active\n"
        "GROUP BY game_date, system_id, player_lookup\nHAVING COUNT(*) > 1\nORDER BY n DESC, player_lookup, system_id"
    )
    return pasted(f"players and systems with several active rows {where.words}, the most first", sql)


def _days(where: FailedSlice) -> str:
    return f"game_date IN UNNEST({literal(list(where.dates), 'ARRAY<DATE>')})"
