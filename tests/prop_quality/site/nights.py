"""Verdicts as nights leave them, for the site's tests, benchmark and screenshots; no warehouse is asked."""

from __future__ import annotations

import dataclasses
import hashlib
import json
from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from prop_quality.registry import END_OF_TIME, Era, Floor, Registry
from prop_quality.suite import Catalogue, CheckDoc, SuiteDoc, WaiverDoc
from prop_quality.verdict import (
    Batch,
    CheckResult,
    Cleared,
    Cost,
    Coverage,
    DateVerdict,
    Failure,
    Outcome,
    Provenance,
    Severity,
    Verdict,
    Written,
    decide,
)

SYSTEMS = ("moving_average", "zone_matchup_v1", "similarity_balanced_v1", "catboost_v8", "ensemble_v1")
PLAYERS = (
    "lukadoncic", "shaigilgeousalexander", "giannisantetokounmpo", "nikolajokic", "anthonyedwards", "jaysontatum",
    "stephencurry", "kevindurant", "donovanmitchell", "devinbooker", "tyresemaxey", "jalenbrunson",
    "karlanthonytowns", "victorwembanyama",
)  # fmt: skip
NOW = datetime(2026, 1, 17, 4, 40, tzinfo=UTC)

_REQUIRES = {
    "schema": "The table has the columns that the checks read, each of its type family.",
    "placeholder_lines": "Every active prediction is made against a line that a sportsbook really posted.",
    "coverage": "Every player who is expected to play has a prediction from every system of that date.",
    "freshness": "What the batch says it wrote was really written, since it started.",
    "reconciliation": "The batch's claim about itself agrees with what is stored.",
    "plausibility": "The numbers are ones that a working model makes.",
}
_CHECKS: Mapping[str, tuple[tuple[str, str, str], ...]] = {
    "schema": (("required_columns_present", "critical", "Every required column is there, of its type family."),),
    "placeholder_lines": (
        ("line_not_placeholder", "critical", "No active row has the placeholder line 20.0."),
        ("line_source_known", "critical", "Every line says where it comes from, and the place is a legal one."),
        ("line_not_constant", "critical", "No single line value holds over half of a system's rows."),
    ),
    "coverage": (
        ("players_covered", "critical below 95 %, else warning", "Every expected player has an active row."),
        ("systems_present", "critical", "Every expected system has active rows."),
        ("pairs_covered", "critical below 95 %, else warning", "Every expected player has a row from every system."),
        ("players_expected", "warning", "Only players of the roster have rows."),
    ),
    "freshness": (
        ("rows_fresh", "critical below 95 %, else warning", "What the batch should have written was written."),
        ("latest_write_recent", "critical", "The newest write is not older than the start of the batch."),
    ),
    "reconciliation": (
        ("claim_consistent", "critical", "The completion event does not contradict itself."),
        ("claim_stored", "critical", "As many players were written as the event says completed."),
    ),
    "plausibility": (
        ("confidence_scale", "critical", "Confidence stands on the scale of its time."),
        ("confidence_varies", "critical", "Confidence is not the same for every row of a system."),
        ("direction_balanced", "warning", "Neither OVER nor UNDER holds nearly all of a system's rows."),
    ),
}
_SECTIONS = (
    ("For the operator", "Do not publish picks of this date until it passes.\n\nIt holds for each system on its own."),
    ("Example that fails", "    player_lookup  current_points_line\n    lukadoncic     20.0"),
    ("Incident", "On 2026-01-17 a batch reported success and stored nothing; the old rows still had default lines."),
    ("What to do", "Re-run the batch for the players that the remedy lists."),
)


def catalogue(_now: datetime | None = None) -> Catalogue:
    """Six suites, fifteen checks, one active waiver and one expired, two eras of systems."""
    suites = tuple(
        SuiteDoc(
            name,
            _REQUIRES[name],
            tuple(CheckDoc(i, name, weight, sentence, _SECTIONS, {"min_rows": 10}) for i, weight, sentence in checks),
        )
        for name, checks in _CHECKS.items()
    )
    active = WaiverDoc(
        "line_not_placeholder",
        "2026-01-09, karlanthonytowns",
        "A book posted exactly 20.0.",
        "ana",
        "2026-02-28",
        False,
    )
    registry = Registry(
        min_minutes=15,
        eras=(
            Era(date(2025, 11, 1), date(2026, 1, 9), (*SYSTEMS[:3], "xgboost_v1", SYSTEMS[4])),
            Era(date(2026, 1, 9), END_OF_TIME, SYSTEMS),
        ),
        default_floor=Floor(0.95, 1.0),
        floors={"similarity_balanced_v1": Floor(0.75, 0.75)},
        rows_per_pair=((date(2025, 11, 1), 5), (date(2026, 2, 9), 1)),
    )
    past = WaiverDoc("players_expected", "2025-12-25", "Late trades.", "data-quality", "2026-01-05", True)
    return Catalogue(suites, (active, past), registry)


@dataclasses.dataclass(frozen=True)
class Night:
    """One batch: how many players were expected, stored and written, and which checks say no."""

    game_date: date
    ended: datetime
    players: int = 150
    stored: int = 150
    fresh: int = 150
    failing: tuple[str, ...] = ()
    undecided: tuple[str, ...] = ()
    checkpoint: str = "after_batch"
    system_failing: str = "catboost_v8"
    summary: str = ""
    error: Failure | None = None
    rows_per_pair: int = 1


def verdict_of(night: Night) -> Verdict:
    """The verdict that the checkpoint would store after `night`."""
    started, evaluated = night.ended - timedelta(seconds=81), night.ended + timedelta(seconds=60)
    batch_id = f"batch_{night.game_date}_{int(night.ended.timestamp())}"
    coverage = () if night.error else tuple(_coverage(night, system) for system in SYSTEMS)
    checks = () if night.error else tuple(_result(night, suite, check) for suite, check in _every_check())
    rows = sum(c.stored_players for c in coverage) * night.rows_per_pair
    fresh = sum(c.fresh_players for c in coverage) * night.rows_per_pair
    decided = decide(checks)
    failed = tuple(c.id for c in checks if c.outcome is Outcome.FAILED and c.severity is Severity.CRITICAL)
    return Verdict(
        run_id=f"{evaluated:%Y%m%dT%H%M%SZ}-{night.checkpoint}-{_hash(batch_id)[:8]}",
        checkpoint=night.checkpoint,
        verdict=decided,
        summary=night.summary or _summary(night, rows, fresh),
        batch=Batch(batch_id, (night.game_date,), started, night.ended, "prediction-worker-00049-jrs"),
        evaluated_at=evaluated,
        rows_examined=rows,
        written=Written(inserted=fresh, updated=0, stale=rows - fresh),
        coverage=coverage,
        checks=checks,
        dates=(DateVerdict(night.game_date, decided, failed, rows),),
        cost=Cost(1 + bool(failed), 48_000_000, 52_428_800, 3.2),
        provenance=Provenance("0.1.0", f"sha256:{_hash('suite')}", f"sha256:{_hash('query')}"),
        error=night.error,
        roster_source="snapshot taken at the start of the batch",
        claim={"status": "success", "record_count": night.players, "records_failed": 0,
               "expected_players": night.players, "completed_players": night.players, "total_predictions": 3610},
        query=_QUERY.format(day=night.game_date),
        columns={"prediction_id": "STRING", "game_date": "DATE", "current_points_line": "NUMERIC"},
    )  # fmt: skip


def incident() -> list[Night]:
    """The nights around 2026-01-17: clean ones, faults of several kinds, and the batch that stored nothing."""

    def at(day: int, hour: int, minute: int) -> datetime:
        return datetime(2026, 1, day, hour, minute, 16, tzinfo=UTC)

    return [
        Night(date(2026, 1, 9), at(9, 23, 30), failing=("line_not_placeholder",)),
        Night(date(2026, 1, 10), at(10, 23, 31), players=118, stored=118, fresh=118),
        Night(date(2026, 1, 11), at(11, 23, 29), players=96, stored=96, fresh=96),
        Night(date(2026, 1, 12), at(12, 23, 40), players=130, stored=83, fresh=83,
              failing=("players_covered", "pairs_covered", "claim_stored")),
        Night(date(2026, 1, 12), at(13, 0, 20), players=130, stored=130, fresh=47),
        Night(date(2026, 1, 13), at(13, 23, 30), players=104, stored=104, fresh=104, failing=("direction_balanced",)),
        Night(date(2026, 1, 14), at(14, 23, 30), players=141, stored=141, fresh=141, failing=("confidence_scale",)),
        Night(date(2026, 1, 15), at(15, 23, 33), players=126, stored=126, fresh=126, rows_per_pair=3),
        Night(date(2026, 1, 16), at(16, 16, 32), players=71, stored=0, fresh=0, error=Failure(
            "Unreachable", "The warehouse did not answer within 60 s at https://user:hunter2@10.1.2.3:9050/bigquery.")),
        Night(date(2026, 1, 16), at(16, 23, 31), players=71, stored=70, fresh=70, undecided=("latest_write_recent",)),
        Night(date(2026, 1, 16), at(17, 0, 31), players=71, stored=71, fresh=71),
        Night(date(2026, 1, 17), at(17, 3, 57), players=150, stored=150, fresh=150),
        Night(date(2026, 1, 9), at(17, 4, 36), stored=150, fresh=0,
              failing=("rows_fresh", "claim_stored", "latest_write_recent", "line_not_placeholder"),
              summary="The batch says 150 players completed; nothing was written since it started."),
    ]  # fmt: skip


def season(count: int, a_day: int = 4, last: date = date(2026, 1, 16)) -> Iterator[Night]:
    """`count` nights, `a_day` batches a day, ending on `last`; every ninth one has a fault."""
    kinds: tuple[tuple[str, ...], ...] = (("rows_fresh", "claim_stored"), ("pairs_covered",), ("confidence_varies",))
    for number in range(count):
        day = last - timedelta(days=(count - 1 - number) // a_day)
        hour = (11, 15, 17, 23)[(number - count) % a_day % 4]
        ended = datetime(day.year, day.month, day.day, hour, 30, 16, tzinfo=UTC)
        failing = kinds[number // 9 % 3] if number % 9 == 5 else ()
        yield Night(
            day, ended, players=96 + number % 50, stored=96 + number % 50, fresh=96 + number % 50, failing=failing
        )


def store(state_dir: Path, *nights: Night) -> list[Verdict]:
    """Store the verdicts of `nights` as the runner does."""
    return [store_verdict(state_dir, verdict_of(night)) for night in nights]


def store_verdict(state_dir: Path, verdict: Verdict, name: str | None = None) -> Verdict:
    """Store `verdict` in one step, under its run id."""
    folder = state_dir / "results" / f"{verdict.evaluated_at:%Y-%m}"
    folder.mkdir(parents=True, exist_ok=True)
    unfinished = folder / f".{_hash(repr(verdict.run_id))}"
    unfinished.write_text(json.dumps(verdict.to_json()))
    unfinished.rename(folder / f"{name or verdict.run_id}.json")
    return verdict


def _every_check() -> Iterator[tuple[str, tuple[str, str, str]]]:
    return ((suite, check) for suite, checks in _CHECKS.items() for check in checks)


def _coverage(night: Night, system: str) -> Coverage:
    names = tuple(PLAYERS[i % len(PLAYERS)] + ("" if i < len(PLAYERS) else str(i)) for i in range(night.players))
    missing = names[: night.players - night.stored]
    return Coverage(night.game_date, system, night.players, night.stored, night.fresh, missing[:50], len(missing))


def _result(night: Night, suite: str, check: tuple[str, str, str]) -> CheckResult:
    name, weight, sentence = check
    severity = Severity.WARNING if weight == "warning" else Severity.CRITICAL
    examined = night.stored * len(SYSTEMS)
    if name in night.undecided:
        return CheckResult(name, suite, severity, Outcome.INCONCLUSIVE, "Cannot be decided: no row has a write time.")
    if name == "players_expected":
        return CheckResult(name, suite, severity, Outcome.SKIPPED, "The roster was given by hand.")
    day = night.game_date.isoformat()
    if name not in night.failing:
        rows: tuple[dict[str, Any], ...] = ()
        if name == "latest_write_recent":
            rows = ({"game_date": day, "last_written_at": f"{night.ended:%Y-%m-%dT%H:%M:%SZ}"},)
        cleared = (
            (Cleared("waiver of ana", 1, "A book posted exactly 20.0."),) if name == "line_not_placeholder" else ()
        )
        reason = f"{sentence} 0 of {examined:,} rows fail."
        return CheckResult(name, suite, severity, Outcome.PASSED, reason, examined, 0, rows, cleared=cleared)
    everyone = name in ("rows_fresh", "pairs_covered", "players_covered")
    systems = SYSTEMS if everyone else (night.system_failing,)
    each = night.stored if name == "rows_fresh" else max(1, night.players // 5)
    failing = 150 if name == "claim_stored" else each * len(systems)
    shown = (150, "players") if name == "claim_stored" else (max(examined, failing), "rows")
    return CheckResult(
        id=name,
        suite=suite,
        severity=severity,
        outcome=Outcome.FAILED,
        reason=f"{failing:,} of {shown[0]:,} {shown[1]} fail: {sentence[0].lower()}{sentence[1:]}",
        rows_examined=shown[0],
        failing_rows=failing,
        breakdown=tuple({"game_date": day, "system_id": s, "failing_rows": each, "share": 0.5} for s in systems),
        sample=tuple(
            {
                "prediction_id": f"{_hash(name + str(i))[:8]}-0000-4000-8000-{_hash(str(i))[:12]}",
                "player_lookup": PLAYERS[i % len(PLAYERS)],
                "system_id": systems[i % len(systems)],
                "game_date": day,
                "current_points_line": 20.0,
            }
            for i in range(min(failing, 20))
        ),
        remedy=f"SELECT player_lookup FROM `nba_predictions.player_prop_predictions`\nWHERE game_date = '{day}'\n"
        "ORDER BY current_points_line DESC",
    )


def _summary(night: Night, rows: int, fresh: int) -> str:
    if night.error:
        return "The warehouse did not answer, so nothing could be judged."
    said = f"{fresh:,} of {rows:,} rows are of this batch; {night.stored} of {night.players} players are stored."
    return f"{len(night.failing)} checks fail. {said}" if night.failing else said


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


_QUERY = """\
WITH rows_of_dates AS (
  SELECT game_date, system_id, player_lookup, current_points_line
  FROM `nba-props-platform.nba_predictions.player_prop_predictions`
  WHERE game_date = DATE '{day}' AND is_active
)
SELECT game_date, system_id, COUNT(*) AS examined_rows, COUNTIF(current_points_line = 20.0) AS placeholder_rows
FROM rows_of_dates
GROUP BY game_date, system_id
"""
