"""What a run says: the verdict, its checks and its coverage, and the one rule that decides.

The JSON form (schema version 1) is what other programs rely on; `Verdict.to_json` writes it and `Verdict.from_json`
reads it back, so that pages and trends are made from stored verdicts alone.
"""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from enum import IntEnum, StrEnum
from typing import Any, Self

from prop_quality.dates import parse_day

SCHEMA_VERSION = 1
MAX_SAMPLE_ROWS = 20
MAX_NAMES = 50


class Outcome(StrEnum):
    """What came of one check: four outcomes, never two."""

    PASSED = "passed"
    FAILED = "failed"
    INCONCLUSIVE = "inconclusive"
    SKIPPED = "skipped"


class Severity(StrEnum):
    """What a failed check means for the verdict: only a critical one makes it `failed`."""

    CRITICAL = "critical"
    WARNING = "warning"
    INFO = "info"


class ExitCode(IntEnum):
    """What the shell sees; `meaning` is what the help and the documentation say of it."""

    PASSED = 0
    FAILED = 1
    USAGE = 2
    INCONCLUSIVE = 3
    NOT_DELIVERED = 4

    @property
    def meaning(self) -> str:
        """The code in words."""
        return {
            ExitCode.PASSED: "passed (warnings included)",
            ExitCode.FAILED: "failed: a critical check says so",
            ExitCode.USAGE: "wrong usage or configuration",
            ExitCode.INCONCLUSIVE: "inconclusive: it could not be decided",
            ExitCode.NOT_DELIVERED: "passed, but it could not be recorded, published or announced",
        }[self]


@dataclass(frozen=True)
class Batch:
    """Which batch was judged; for a range of dates only `game_dates` is known."""

    batch_id: str | None
    game_dates: tuple[date, ...]
    started_at: datetime | None = None
    completed_at: datetime | None = None
    worker_revision: str | None = None


@dataclass(frozen=True)
class Written:
    """Active rows by when they were written: since the batch started (new or changed), or before it."""

    inserted: int = 0
    updated: int = 0
    stale: int = 0


@dataclass(frozen=True)
class Coverage:
    """One system on one date: how many of the expected players have an active row, and a fresh one.

    `missing` holds at most 50 names, the highest book line first where lines are known.
    """

    game_date: date
    system_id: str
    expected_players: int
    stored_players: int
    fresh_players: int
    missing: tuple[str, ...] = ()
    missing_count: int = 0


@dataclass(frozen=True)
class Cleared:
    """Rows that a check would have failed and something cleared; nothing is ever cleared silently.

    `sample` holds the keys of at most 20 of them: date, system, and player where single rows were cleared.
    """

    by: str
    rows: int
    because: str
    sample: tuple[Mapping[str, Any], ...] = ()


@dataclass(frozen=True)
class CheckResult:
    """One check's outcome with its numbers; `breakdown` and `sample` are rows as they appear in the JSON."""

    id: str
    suite: str
    severity: Severity
    outcome: Outcome
    reason: str
    rows_examined: int = 0
    failing_rows: int = 0
    breakdown: tuple[Mapping[str, Any], ...] = ()
    sample: tuple[Mapping[str, Any], ...] = ()
    remedy: str | None = None
    cleared: tuple[Cleared, ...] = ()


@dataclass(frozen=True)
class DateVerdict:
    """The verdict of one date of the run."""

    game_date: date
    verdict: Outcome
    failed_checks: tuple[str, ...] = ()
    rows_examined: int = 0


@dataclass(frozen=True)
class Cost:
    """What the run cost the warehouse: query jobs, bytes, and seconds until the verdict."""

    jobs: int = 0
    bytes_processed: int = 0
    bytes_billed: int = 0
    seconds: float = 0.0


@dataclass(frozen=True)
class Provenance:
    """What made this verdict: the tool, the suites with their limits, and the text of the query."""

    tool_version: str
    suite_fingerprint: str
    query_fingerprint: str


@dataclass(frozen=True)
class Failure:
    """Why a run could not be decided."""

    kind: str
    message: str


@dataclass(frozen=True)
class Verdict:
    """All that one run says. Built once, by `prop_quality.reporting`; nothing changes it afterwards.

    `systems` are those that `--systems` narrowed coverage to, empty when all were judged.
    """

    run_id: str
    checkpoint: str
    verdict: Outcome
    summary: str
    batch: Batch
    evaluated_at: datetime
    rows_examined: int
    written: Written
    coverage: tuple[Coverage, ...]
    checks: tuple[CheckResult, ...]
    dates: tuple[DateVerdict, ...]
    cost: Cost
    provenance: Provenance
    error: Failure | None = None
    notes: tuple[str, ...] = ()
    roster_source: str | None = None
    claim: Mapping[str, Any] | None = None
    query: str | None = None
    columns: Mapping[str, str] = field(default_factory=dict)
    table: str | None = None
    systems: tuple[str, ...] = ()
    schema_version: int = SCHEMA_VERSION

    @property
    def exit_code(self) -> ExitCode:
        """The code that the command ends with when nothing goes wrong after the decision."""
        return {
            Outcome.PASSED: ExitCode.PASSED,
            Outcome.FAILED: ExitCode.FAILED,
        }.get(self.verdict, ExitCode.INCONCLUSIVE)

    @property
    def answered(self) -> bool:
        """Whether the table was asked and answered; if not, its rows are unknown, not absent."""
        return self.error is None and self.cost.jobs > 0

    def check(self, check_id: str) -> CheckResult:
        """The result of the check `check_id`.

        Raises:
            KeyError: no such check was part of this run.
        """
        for result in self.checks:
            if result.id == check_id:
                return result
        raise KeyError(check_id)

    def failed(self, severity: Severity | None = None) -> tuple[CheckResult, ...]:
        """The failed checks, critical ones first, of one severity when it is given."""
        found = [c for c in self.checks if c.outcome is Outcome.FAILED and severity in (None, c.severity)]
        return tuple(sorted(found, key=lambda c: list(Severity).index(c.severity)))

    def to_json(self) -> dict[str, Any]:
        """The verdict as plain JSON values; dates as `YYYY-MM-DD`, times as UTC with a trailing `Z`."""
        plain = _plain(self)
        assert isinstance(plain, dict)
        return {"schema_version": plain.pop("schema_version"), **plain}

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Self:
        """Read back what `to_json` wrote.

        Raises:
            ValueError: another schema version, or a field is absent or malformed.
        """
        try:
            if data["schema_version"] != SCHEMA_VERSION:
                raise ValueError(f"schema_version {data['schema_version']} is not {SCHEMA_VERSION}")
            return cls(
                run_id=data["run_id"],
                checkpoint=data["checkpoint"],
                verdict=Outcome(data["verdict"]),
                summary=data["summary"],
                batch=_batch(data["batch"]),
                evaluated_at=parse_time(data["evaluated_at"]),
                rows_examined=data["rows_examined"],
                written=Written(**data["written"]),
                coverage=tuple(_coverage(c) for c in data["coverage"]),
                checks=tuple(_check(c) for c in data["checks"]),
                dates=tuple(_date_verdict(d) for d in data["dates"]),
                cost=Cost(**data["cost"]),
                provenance=Provenance(**data["provenance"]),
                error=Failure(**data["error"]) if data.get("error") else None,
                notes=tuple(data.get("notes", ())),
                roster_source=data.get("roster_source"),
                claim=data.get("claim"),
                query=data.get("query"),
                columns=data.get("columns") or {},
                table=data.get("table"),
                systems=tuple(data.get("systems", ())),
            )
        except (KeyError, TypeError, AttributeError) as error:
            raise ValueError(f"not a verdict: {error!r}") from error


def decide(checks: Iterable[CheckResult]) -> Outcome:
    """The verdict over `checks`: failed beats inconclusive beats passed, and nothing is never passed.

    Only critical checks weigh. A run without one critical check that was really evaluated is inconclusive.
    """
    critical = [check.outcome for check in checks if check.severity is Severity.CRITICAL]
    if Outcome.FAILED in critical:
        return Outcome.FAILED
    if Outcome.INCONCLUSIVE in critical or Outcome.PASSED not in critical:
        return Outcome.INCONCLUSIVE
    return Outcome.PASSED


def format_time(moment: datetime) -> str:
    """`moment` in UTC, ISO 8601 with a trailing `Z`, seconds or as fine as it is."""
    return moment.astimezone(UTC).isoformat().replace("+00:00", "Z")


def parse_time(text: str) -> datetime:
    """The aware UTC time that `text` says; a time with no zone is refused.

    Raises:
        ValueError: no time like 2026-01-17T04:36:16Z, one without a zone, or a year before 2000 or after 2099.
    """
    parse_day(text[:10])
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is None:
        raise ValueError(f"{text!r} has no time zone; end it with Z for UTC")
    return moment.astimezone(UTC)


def _plain(value: object) -> Any:
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {f.name: _plain(getattr(value, f.name)) for f in dataclasses.fields(value)}
    if isinstance(value, datetime):
        return format_time(value)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, StrEnum):
        return str(value)
    if isinstance(value, Mapping):
        return {str(k): _plain(v) for k, v in value.items()}
    if isinstance(value, tuple | list):
        return [_plain(v) for v in value]
    if isinstance(value, float) and not math.isfinite(value):
        # A column may hold it, JSON may not.
        return None
    return value


def _batch(data: Mapping[str, Any]) -> Batch:
    return Batch(
        batch_id=data["batch_id"],
        game_dates=tuple(date.fromisoformat(d) for d in data["game_dates"]),
        started_at=parse_time(data["started_at"]) if data["started_at"] else None,
        completed_at=parse_time(data["completed_at"]) if data["completed_at"] else None,
        worker_revision=data["worker_revision"],
    )


def _coverage(data: Mapping[str, Any]) -> Coverage:
    return Coverage(
        **{**data, "game_date": date.fromisoformat(data["game_date"]), "missing": tuple(data["missing"])},
    )


def _check(data: Mapping[str, Any]) -> CheckResult:
    return CheckResult(
        **{
            **data,
            "severity": Severity(data["severity"]),
            "outcome": Outcome(data["outcome"]),
            "breakdown": tuple(data["breakdown"]),
            "sample": tuple(data["sample"]),
            "cleared": tuple(Cleared(**{**c, "sample": tuple(c.get("sample", ()))}) for c in data.get("cleared", ())),
        },
    )


def _date_verdict(data: Mapping[str, Any]) -> DateVerdict:
    return DateVerdict(
        game_date=date.fromisoformat(data["game_date"]),
        verdict=Outcome(data["verdict"]),
        failed_checks=tuple(data["failed_checks"]),
        rows_examined=data.get("rows_examined", 0),
    )
