"""What the site remembers of a run: a few hundred bytes, so that history is read without opening old verdicts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import date, datetime
from typing import Any, Self

from prop_quality.site.safe import cut
from prop_quality.verdict import (
    CheckResult,
    Outcome,
    Severity,
    Verdict,
    format_time,
    parse_time,
)

WATCH = "watch"
PLACEHOLDER_CHECK = "line_not_placeholder"
LATEST_WRITE_CHECK = "latest_write_recent"
MAX_PROBLEMS = 60
MAX_SYSTEMS = 40
LETTER = {Outcome.PASSED: "P", Outcome.FAILED: "F", Outcome.INCONCLUSIVE: "I", Outcome.SKIPPED: "S"}
OUTCOME = {letter: outcome for outcome, letter in LETTER.items()}
Counts = tuple[int, int, int | None, int]


@dataclass(frozen=True)
class Problem:
    """One check that failed or could not be decided; `by` counts failing rows per system where that is known."""

    suite: str
    severity: Severity
    outcome: Outcome
    failing: int
    examined: int
    reason: str
    by: Mapping[str, int] = field(default_factory=dict)

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Self:
        """Read back what `dataclasses.asdict` gave."""
        return cls(**{**data, "severity": Severity(data["severity"]), "outcome": Outcome(data["outcome"])})


@dataclass(frozen=True)
class DateRun:
    """What one run says about one game date.

    `systems` maps a system to (expected, stored, fresh, missing) players, fresh None where the run knew no start of
    the batch; `outcomes` maps each check to its outcome on this date. `rows` is None where the table did not answer.
    """

    key: str
    month: str
    at: datetime
    checkpoint: str
    verdict: Outcome
    rows: int | None
    systems: Mapping[str, Counts]
    problems: Mapping[str, Problem]
    outcomes: Mapping[str, Outcome]

    @property
    def page(self) -> str:
        """The run's page, relative to the site."""
        return f"runs/{self.month}/{self.key}.html"

    def to_json(self) -> dict[str, Any]:
        """As plain JSON values."""
        return {**asdict(self), "at": format_time(self.at)}

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Self:
        """Read back what `to_json` wrote; raises KeyError, TypeError or ValueError on anything else."""
        return cls(
            **{
                **data,
                "at": parse_time(data["at"]),
                "verdict": Outcome(data["verdict"]),
                "systems": {name: tuple(counts) for name, counts in data["systems"].items()},
                "problems": {name: Problem.from_json(p) for name, p in data["problems"].items()},
                "outcomes": {name: Outcome(o) for name, o in data["outcomes"].items()},
            }
        )


@dataclass(frozen=True)
class RunDigest:
    """One run in a line of a list, a point of a trend and an entry of a check's history.

    `coverage` sums (expected, stored, fresh) players over its systems and dates; `minutes` is from the start of the
    batch to its last write, None where that is unknown; `placeholders` counts rows, None where nobody looked; `rows`
    is None where the table did not answer.
    """

    key: str
    month: str
    run_id: str
    at: datetime
    checkpoint: str
    verdict: Outcome
    summary: str
    batch_id: str | None
    first_date: date | None
    last_date: date | None
    dates: int
    rows: int | None
    written: tuple[int, int, int]
    coverage: tuple[int, int, int]
    minutes: float | None
    placeholders: int | None
    jobs: int
    bytes_billed: int
    seconds: float
    problems: Mapping[str, Problem]
    outcomes: Mapping[str, Outcome]

    @property
    def page(self) -> str:
        """The run's page, relative to the site."""
        return f"runs/{self.month}/{self.key}.html"

    def to_json(self) -> dict[str, Any]:
        """As plain JSON values."""
        data = asdict(self)
        data |= {"at": format_time(self.at)}
        data |= {name: data[name] and data[name].isoformat() for name in ("first_date", "last_date")}
        return data

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Self:
        """Read back what `to_json` wrote; raises KeyError, TypeError or ValueError on anything else."""
        return cls(
            **{
                **data,
                "at": parse_time(data["at"]),
                "verdict": Outcome(data["verdict"]),
                "first_date": date.fromisoformat(data["first_date"]) if data["first_date"] else None,
                "last_date": date.fromisoformat(data["last_date"]) if data["last_date"] else None,
                "written": tuple(data["written"]),
                "coverage": tuple(data["coverage"]),
                "problems": {name: Problem.from_json(p) for name, p in data["problems"].items()},
                "outcomes": {name: Outcome(o) for name, o in data["outcomes"].items()},
            }
        )


def digest_run(verdict: Verdict, key: str, month: str) -> RunDigest:
    """What the lists and trends need of `verdict`, whose page is `runs/{month}/{key}.html`."""
    days = sorted({*verdict.batch.game_dates, *(d.game_date for d in verdict.dates)})
    return RunDigest(
        key=key,
        month=month,
        run_id=cut(verdict.run_id, 200),
        at=verdict.evaluated_at,
        checkpoint=cut(verdict.checkpoint, 60),
        verdict=verdict.verdict,
        summary=cut(verdict.summary, 300),
        batch_id=cut(verdict.batch.batch_id, 120) if verdict.batch.batch_id else None,
        first_date=days[0] if days else None,
        last_date=days[-1] if days else None,
        dates=len(days),
        rows=verdict.rows_examined if verdict.answered else None,
        written=(verdict.written.inserted, verdict.written.updated, verdict.written.stale),
        coverage=(
            sum(c.expected_players for c in verdict.coverage),
            sum(c.stored_players for c in verdict.coverage),
            sum(c.fresh_players for c in verdict.coverage),
        ),
        minutes=_minutes_to_last_write(verdict),
        placeholders=_placeholders(verdict),
        jobs=verdict.cost.jobs,
        bytes_billed=verdict.cost.bytes_billed,
        seconds=verdict.cost.seconds,
        problems=dict([(c.id, problem_of(c)) for c in verdict.checks if is_problem(c)][:MAX_PROBLEMS]),
        outcomes={c.id: c.outcome for c in verdict.checks},
    )


def is_problem(check: CheckResult) -> bool:
    """Is there something to say of it: failed, or not decided?"""
    return check.outcome in (Outcome.FAILED, Outcome.INCONCLUSIVE)


def problem_of(check: CheckResult) -> Problem:
    """What is wrong with `check` over the whole run."""
    by = by_system(check.breakdown) if check.outcome is Outcome.FAILED else {}
    return problem_with(check, check.outcome, check.failing_rows, check.rows_examined, by)


def problem_with(check: CheckResult, outcome: Outcome, failing: int, examined: int, by: Mapping[str, int]) -> Problem:
    """What is wrong with `check`, by numbers of a part of the run."""
    return Problem(cut(check.suite, 60), check.severity, outcome, failing, examined, cut(check.reason, 240), by)


def by_system(rows: Any) -> dict[str, int]:
    """Failing rows by system, of rows of a breakdown."""
    by: dict[str, int] = {}
    for row in rows:
        system, failing = row.get("system_id"), whole_number(row.get("failing_rows"))
        if isinstance(system, str) and failing and (system in by or len(by) < MAX_SYSTEMS):
            by[system] = by.get(system, 0) + failing
    return by


def whole_number(value: object) -> int:
    """`value` as a count; 0 for what is none."""
    return int(value) if isinstance(value, int | float) and not isinstance(value, bool) and value >= 0 else 0


def _placeholders(verdict: Verdict) -> int | None:
    for check in verdict.checks:
        if check.id == PLACEHOLDER_CHECK and check.outcome in (Outcome.PASSED, Outcome.FAILED):
            return check.failing_rows
    return None


def _minutes_to_last_write(verdict: Verdict) -> float | None:
    """From the start of the batch to the newest write that the freshness check saw, never below zero."""
    started = verdict.batch.started_at
    if started is None:
        return None
    newest = None
    for check in verdict.checks:
        if check.id == LATEST_WRITE_CHECK:
            for row in check.breakdown:
                newest = max(filter(None, (newest, _time(row.get("last_written_at")))), default=None)
    return None if newest is None or newest < started else round((newest - started).total_seconds() / 60, 1)


def _time(value: object) -> datetime | None:
    try:
        return parse_time(value) if isinstance(value, str) else None
    except ValueError:
        return None
