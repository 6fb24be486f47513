"""The 36 checks once more, in plain Python over the rows of a night: written from the interface page alone.

It shares no code with the engine nor with the generator, so that the three can disagree.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from prop_quality.season.night import Night, Row

CRITICAL, WARNING = "critical", "warning"
Level = str | None
EASTERN = ZoneInfo("America/New_York")
NEW_SCALE = datetime(2026, 1, 30, 3, 43, tzinfo=UTC)
FLOORS = {"similarity_balanced_v1": (0.75, 0.75)}
ERAS = [
    ("2025-11-01", "moving_average zone_matchup_v1 similarity_balanced_v1 xgboost_v1 ensemble_v1"),
    ("2026-01-09", "moving_average zone_matchup_v1 similarity_balanced_v1 catboost_v8 ensemble_v1"),
    ("2026-01-17", "moving_average zone_matchup_v1 similarity_balanced_v1 catboost_v8 ensemble_v1 xgboost_v1"),
    (
        "2026-01-18",
        "moving_average zone_matchup_v1 similarity_balanced_v1 catboost_v8 ensemble_v1 xgboost_v1 ensemble_v1_1",
    ),
    (
        "2026-02-01",
        "moving_average zone_matchup_v1 similarity_balanced_v1 catboost_v9 ensemble_v1 xgboost_v1 ensemble_v1_1",
    ),
    ("2026-02-25", "moving_average zone_matchup_v1 catboost_v12"),
]


class Facts:
    """What several checks need to know of a night."""

    def __init__(self, night: Night) -> None:
        self.night = night
        self.event = night.event
        self.claim = {**night.event, **night.event["metadata"]}
        self.start = datetime.fromisoformat(self.event["timestamp"]) - timedelta(seconds=self.event["duration_seconds"])
        self.active = [row for row in night.rows if row["is_active"]]
        self.written = [row for row in self.active if write_time(row) >= self.start]
        self.by_system: dict[str, list[Row]] = defaultdict(list)
        for row in self.active:
            self.by_system[row["system_id"]].append(row)
        self.systems = next(names for since, names in reversed(ERAS) if night.game_date.isoformat() >= since).split()
        self.expected = self._expected()

    def _expected(self) -> set[str]:
        latest: dict[str, Row] = {}
        for row in sorted(self.night.context_rows, key=lambda row: row["created_at"]):
            if row["created_at"] <= self.start:
                latest[row["player_lookup"]] = row
        return {
            name
            for name, row in latest.items()
            if (row["avg_minutes_per_game_last_7"] >= 15 or row["has_prop_line"])
            and row["player_status"].upper() not in ("OUT", "DOUBTFUL")
            and row["is_production_ready"]
        }

    def players(self, rows: Iterable[Row], system: str | None = None) -> set[str]:
        return {row["player_lookup"] for row in rows if system in (None, row["system_id"])}


def judge(night: Night) -> dict[str, Level]:
    """The level that each check reaches; None where it passes, or where there is nothing to judge."""
    if set(night.changed_columns.values()) - {"FLOAT64"}:
        return {"required_columns_present": CRITICAL}
    facts = Facts(night)
    return {check.__name__: check(facts) for check in CHECKS}


def failures(night: Night) -> dict[str, str]:
    """The checks that fail, with the level that they reach."""
    return {name: level for name, level in judge(night).items() if level is not None}


def write_time(row: Row) -> datetime:
    created: datetime = row["created_at"]
    return max(created, row["updated_at"] or created)


def fails(level: str, found: Iterable[object]) -> Level:
    return level if any(found) else None


def floors(shares: Iterable[tuple[float, tuple[float, float]]]) -> Level:
    worst: Level = None
    for share, (critical, warning) in shares:
        if share < critical:
            return CRITICAL
        if share < warning:
            worst = WARNING
    return worst


def required_columns_present(facts: Facts) -> Level:
    return None


def line_not_placeholder(facts: Facts) -> Level:
    shown = {
        row["player_lookup"]: row["snapshot_timestamp"] for row in facts.night.book_lines if row["points_line"] == 20.0
    }
    return fails(
        CRITICAL,
        (
            row["current_points_line"] == 20.0
            and not (row["player_lookup"] in shown and shown[row["player_lookup"]] <= write_time(row))
            for row in facts.active
        ),
    )


def line_source_known(facts: Facts) -> Level:
    day = facts.night.game_date
    legal = {"ACTUAL_PROP", "VEGAS_BACKFILL", "NO_VEGAS_DATA"}
    legal.add("ESTIMATED_AVG" if day <= date(2026, 1, 22) else "NO_PROP_LINE")
    return fails(CRITICAL, (row["line_source"] not in legal for row in facts.active))


def line_not_constant(facts: Facts) -> Level:
    def one_line(rows: list[Row]) -> bool:
        lines = Counter(row["current_points_line"] for row in rows if row["current_points_line"] is not None)
        return len(rows) >= 10 and bool(lines) and 2 * max(lines.values()) > len(rows)

    return fails(CRITICAL, (one_line(rows) for rows in facts.by_system.values()))


def players_covered(facts: Facts) -> Level:
    if not facts.expected:
        return None
    stored = facts.expected & facts.players(facts.active)
    return floors([(len(stored) / len(facts.expected), (0.95, 1.0))])


def systems_present(facts: Facts) -> Level:
    return fails(CRITICAL, (system not in facts.by_system for system in facts.systems))


def systems_known(facts: Facts) -> Level:
    return fails(CRITICAL, (system not in facts.systems for system in facts.by_system))


def pair_shares(facts: Facts, rows: list[Row]) -> Iterator[tuple[float, tuple[float, float]]]:
    for system in facts.systems:
        if facts.expected:
            share = len(facts.expected & facts.players(rows, system)) / len(facts.expected)
            yield share, FLOORS.get(system, (0.95, 1.0))


def pairs_covered(facts: Facts) -> Level:
    return floors(pair_shares(facts, facts.active))


def players_expected(facts: Facts) -> Level:
    return fails(WARNING, facts.players(facts.active) - facts.expected) if facts.expected else None


def rows_fresh(facts: Facts) -> Level:
    return floors(pair_shares(facts, facts.written))


def latest_write_recent(facts: Facts) -> Level:
    return CRITICAL if facts.active and not facts.written else None


def created_at_not_future(facts: Facts) -> Level:
    limit = facts.night.now + timedelta(minutes=5)
    return fails(CRITICAL, (write_time(row) > limit for row in facts.active))


def created_near_game(facts: Facts) -> Level:
    day = facts.night.game_date
    if (facts.start.astimezone(EASTERN).date() - day).days > 1 or facts.claim["batch_id"].startswith("regen_"):
        return None
    return fails(WARNING, (row["created_at"].astimezone(EASTERN).date() > day for row in facts.active))


def claim_consistent(facts: Facts) -> Level:
    claim = facts.claim
    agree = claim["completed_players"] == claim["expected_players"] == claim["record_count"]
    return None if agree and claim["records_failed"] == 0 and claim["status"] == "success" else CRITICAL


def claim_stored(facts: Facts) -> Level:
    return CRITICAL if len(facts.players(facts.written)) < facts.claim["completed_players"] else None


def claim_not_exceeded(facts: Facts) -> Level:
    generated = int(facts.claim.get("total_predictions", facts.claim.get("completed_predictions", 0)))
    per_pair = Counter((row["system_id"], row["player_lookup"]) for row in facts.written)
    limit = 5 if facts.night.game_date < date(2026, 2, 9) else 1
    return CRITICAL if len(facts.written) > generated or max(per_pair.values(), default=0) > limit else None


def prediction_id_unique(facts: Facts) -> Level:
    return fails(CRITICAL, (n > 1 for n in Counter(row["prediction_id"] for row in facts.night.rows).values()))


def business_key_unique(facts: Facts) -> Level:
    key = ("game_id", "player_lookup", "system_id", "current_points_line")
    return fails(CRITICAL, (n > 1 for n in Counter(tuple(row[c] for c in key) for row in facts.active).values()))


def prediction_id_is_uuid(facts: Facts) -> Level:
    form = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
    return fails(WARNING, (not form.fullmatch(row["prediction_id"]) for row in facts.active))


def game_id_form(facts: Facts) -> Level:
    forms = (re.compile(r"20\d\d(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01])_[A-Z]{3}_[A-Z]{3}"), re.compile(r"00225\d{5}"))
    used = [next((i for i, form in enumerate(forms) if form.fullmatch(row["game_id"])), 9) for row in facts.active]
    return CRITICAL if 9 in used or len(set(used)) > 1 else None


def line_flag_agrees(facts: Facts) -> Level:
    def contradicts(row: Row) -> bool:
        source, api, flag = row["line_source"], row["line_source_api"], row["has_prop_line"]
        return (
            (source == "ACTUAL_PROP" and (api == "ESTIMATED" or not flag))
            or (source in ("ESTIMATED_AVG", "NO_PROP_LINE") and api in ("ODDS_API", "BETTINGPROS"))
            or (source == "NO_PROP_LINE" and row["current_points_line"] is not None)
            or (flag and (source == "NO_PROP_LINE" or row["current_points_line"] is None))
        )

    return fails(CRITICAL, (contradicts(row) for row in facts.active))


def margin_agrees(facts: Facts) -> Level:
    def differs(row: Row) -> bool:
        line, margin = row["current_points_line"], row["line_margin"]
        if line is None or margin is None:
            return (line is None) != (margin is None)
        return not round(abs(margin - (row["predicted_points"] - line)), 6) <= 0.05

    return fails(CRITICAL, (differs(row) for row in facts.active))


def direction_agrees(facts: Facts) -> Level:
    def contradicts(row: Row) -> bool:
        line, points = row["current_points_line"], row["predicted_points"]
        match row["recommendation"]:
            case "OVER":
                return line is None or not points >= line
            case "UNDER":
                return line is None or not points <= line
            case "NO_LINE":
                return line is not None
            case "PASS":
                return line is None
        return True

    return fails(CRITICAL, (contradicts(row) for row in facts.active))


def line_plausible(facts: Facts) -> Level:
    lines = [row["current_points_line"] for row in facts.active if row["current_points_line"] is not None]
    return fails(CRITICAL, (not 5 <= line <= 50 or round(line * 10) % 5 for line in lines))


def points_plausible(facts: Facts) -> Level:
    return fails(CRITICAL, (not 0 <= row["predicted_points"] <= 60 for row in facts.active))


def points_not_clamped(facts: Facts) -> Level:
    return fails(
        CRITICAL,
        (sum(row["predicted_points"] == 60 for row in rows) > 0.1 * len(rows) for rows in facts.by_system.values()),
    )


def confidence_scale(facts: Facts) -> Level:
    def outside(row: Row) -> bool:
        return not 0 <= row["confidence_score"] <= (100 if write_time(row) >= NEW_SCALE else 1)

    def mixed(rows: list[Row]) -> bool:
        return len({row["confidence_score"] > 1 for row in rows}) > 1

    def old(rows: list[Row]) -> bool:
        new = [row for row in rows if row["created_at"] >= NEW_SCALE]
        return len(new) >= 10 and all(row["confidence_score"] <= 1 for row in rows)

    systems = facts.by_system.values()
    return fails(CRITICAL, [*map(outside, facts.active), *map(mixed, systems), *map(old, systems)])


def confidence_varies(facts: Facts) -> Level:
    return fails(
        CRITICAL,
        (
            len(rows) >= 10 and {row["confidence_score"] for row in rows} in ({0.5}, {50.0})
            for rows in facts.by_system.values()
        ),
    )


def edges(rows: Iterable[Row]) -> list[float]:
    return [
        round(row["predicted_points"] - row["current_points_line"], 6)
        for row in rows
        if row["current_points_line"] is not None
    ]


def edge_plausible(facts: Facts) -> Level:
    return fails(WARNING, (not abs(edge) <= 20 for edge in edges(facts.active)))


def direction_balanced(facts: Facts) -> Level:
    def leans(rows: list[Row]) -> bool:
        over = sum(row["recommendation"] == "OVER" for row in rows)
        both = over + sum(row["recommendation"] == "UNDER" for row in rows)
        return both >= 10 and not 15 * both <= 100 * over <= 85 * both

    return fails(WARNING, (leans(rows) for rows in facts.by_system.values()))


def mean_margin_small(facts: Facts) -> Level:
    def large(rows: list[Row]) -> bool:
        margins = edges(rows)
        return len(margins) >= 10 and not round(abs(sum(margins)) / len(margins), 6) <= 2.0

    return fails(WARNING, (large(rows) for rows in facts.by_system.values()))


def above(part: int, whole: int, critical: float, warning: float) -> Level:
    if not whole:
        return None
    return CRITICAL if part > critical * whole else WARNING if part > warning * whole else None


def lines_available(facts: Facts) -> Level:
    def without(row: Row) -> bool:
        return row["current_points_line"] is None or row["recommendation"] == "NO_LINE"

    def to_come(row: Row) -> bool:
        return str(row["line_source"]) == "NO_PROP_LINE"

    level = above(sum(map(without, facts.active)), len(facts.active), 0.5, 0.1)
    dawn = datetime.combine(facts.night.game_date, time(6, 30), EASTERN)
    if level is None or facts.start >= dawn:
        return level
    unsaid = above(sum(without(row) and not to_come(row) for row in facts.active), len(facts.active), 0.5, 0.1)
    return level if unsaid else None


def rows_active(facts: Facts) -> Level:
    real = [row for row in facts.night.rows if row["line_source"] == "ACTUAL_PROP"]
    return above(sum(not row["is_active"] for row in real), len(real), 0.5, 0.2)


def games_not_postponed(facts: Facts) -> Level:
    if "invalidation_reason" not in facts.night.extra_columns:
        return None
    postponed = {
        row["game_id"] for row in facts.night.rows if "postponed" in (row["invalidation_reason"] or "").lower()
    }
    return fails(WARNING, (row["game_id"] in postponed and not row["invalidation_reason"] for row in facts.active))


def revision_expected(facts: Facts) -> Level:
    wanted = facts.night.expect_revision
    return fails(CRITICAL, (name != wanted for name in revisions(facts))) if wanted else None


def revision_single(facts: Facts) -> Level:
    return CRITICAL if len(revisions(facts)) > 1 else None


def revisions(facts: Facts) -> set[str]:
    named = {row.get("deployment_revision") for row in facts.written} | {facts.claim.get("worker_instance")}
    return {name for name in named if name is not None}


CHECKS: tuple[Callable[[Facts], Level], ...] = (
    *(required_columns_present, line_not_placeholder, line_source_known, line_not_constant),
    *(players_covered, systems_present, systems_known, pairs_covered, players_expected),
    *(rows_fresh, latest_write_recent, created_at_not_future, created_near_game),
    *(claim_consistent, claim_stored, claim_not_exceeded),
    *(prediction_id_unique, business_key_unique, prediction_id_is_uuid, game_id_form),
    *(line_flag_agrees, margin_agrees, direction_agrees, line_plausible),
    *(points_plausible, points_not_clamped, confidence_scale, confidence_varies),
    *(edge_plausible, direction_balanced, mean_margin_small, lines_available),
    *(rows_active, games_not_postponed, revision_expected, revision_single),
)
