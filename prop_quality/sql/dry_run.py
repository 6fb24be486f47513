"""What BigQuery itself says of statements, before anything is run or billed."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from google.cloud import bigquery

from prop_quality.errors import NotFound, QueryRefused, WarehouseError
from prop_quality.settings import Settings
from prop_quality.sql.codes import CODES
from prop_quality.sql.finding import Change, Finding, Level, Report
from prop_quality.sql.refusals import code_of
from prop_quality.sql.units import Unit
from prop_quality.troubles import translated
from prop_quality.verdict import Outcome
from prop_quality.warehouse import Warehouse

# Statements that read; what a view reads is what its query reads.
_READING = frozenset(
    {"query", "create_view", "create_materialized_view", "create_table", "insert", "update", "delete", "merge"}
)
_NO_CAP = 2**62
Bytes = Callable[[str], int]


@dataclass(frozen=True)
class Asked:
    """What one statement would read, in bytes, and what its old form did (None: there was none, or it is refused)."""

    unit: Unit
    after: int
    before: int | None


def with_dry_run(
    report: Report, units: Iterable[Unit], before: Mapping[str, str], settings: Settings, budget: int
) -> Report:
    """The report with what BigQuery says of `units`; `before` are the texts of old forms by object.

    Where BigQuery cannot be asked the report is inconclusive, unless it had failed already.
    """
    ask = _asker(settings)
    findings: list[Finding] = []
    asked: list[Asked] = []
    for unit in units:
        if unit.analysis is None or unit.statement.kind not in _READING:
            continue
        try:
            asked.append(Asked(unit, ask(_reading(unit)), _before(ask, before.get(unit.object))))
        except (QueryRefused, NotFound) as error:
            findings.append(_refused(unit, error))
        except WarehouseError as error:
            return _undecided(report, unit, error, findings)
    findings += [_over(one, budget) for one in asked if one.after > budget]
    if settings.emulator_host and asked and not any(one.after for one in asked):
        message = "An emulator answered the dry run (BIGQUERY_EMULATOR_HOST); it knows no sizes, so none is judged."
        findings.append(replace(CODES["over-budget"].at(asked[0].unit.file.name, 1, 1, message), severity=Level.INFO))
    changes = _with_bytes(report.changes, asked)
    return replace(report.with_findings((*report.findings, *findings)), changes=tuple(changes))


def _asker(settings: Settings) -> Bytes:
    warehouse = Warehouse(settings, {"tool": "prop-quality", "command": "sql-check"})

    def ask(sql: str) -> int:
        # The cap on real queries would turn the answer into an error, and the size is what is asked for.
        config = bigquery.QueryJobConfig(dry_run=True, use_query_cache=False, maximum_bytes_billed=_NO_CAP)
        with translated():
            job: Any = warehouse.client.query(sql, job_config=config, location=settings.location, job_retry=None)
        return int(job.total_bytes_processed or 0)

    return ask


def _reading(unit: Unit) -> str:
    """The text that reads: of a view its query, which is what every reader of the view pays for."""
    query = unit.syntax.child("query")
    if unit.definition is not None and unit.definition.is_view and query is not None:
        return unit.text_of(query.message)
    return unit.statement.text


def _before(ask: Bytes, sql: str | None) -> int | None:
    if sql is None:
        return None
    try:
        return ask(sql)
    except (QueryRefused, NotFound):
        return None


def _refused(unit: Unit, error: WarehouseError) -> Finding:
    code = CODES["unknown-table"] if isinstance(error, NotFound) else CODES[code_of(str(error))]
    message = f"BigQuery's dry run says: {error}"
    return code.at(unit.file.name, *unit.place(0), message, "", unit.object)


def _undecided(report: Report, unit: Unit, error: WarehouseError, findings: list[Finding]) -> Report:
    """Nothing more is asked: what cannot be reached for one statement cannot be reached for the next."""
    message = f"BigQuery could not be asked, so nothing is known of the bytes: {error}"
    said = replace(CODES["over-budget"].at(unit.file.name, *unit.place(0), message), severity=Level.WARNING)
    undecided = replace(report, verdict=Outcome.INCONCLUSIVE)
    return undecided.with_findings((*report.findings, *findings, said))


def _over(asked: Asked, budget: int) -> Finding:
    was = f", and the old form reads {_size(asked.before)}" if asked.before is not None else ""
    message = f"It would read {_size(asked.after)}; the budget is {_size(budget)}{was}."
    mend = "Restore the predicate on the partition column, or read fewer columns."
    unit = asked.unit
    return CODES["over-budget"].at(unit.file.name, *unit.place(0), message, mend, unit.object)


def _with_bytes(changes: Iterable[Change], asked: Iterable[Asked]) -> list[Change]:
    """The changes with bytes before and after; a statement that makes nothing is a change of its own place."""
    sizes = {
        one.unit.object or f"{one.unit.file.name}:{one.unit.place(0)[0]}": {"before": one.before, "after": one.after}
        for one in asked
    }
    found = []
    for change in changes:
        size = sizes.pop(change.object, None)
        found.append(replace(change, comparison={**(change.comparison or {}), "bytes": size}) if size else change)
    return [*found, *(Change(name, comparison={"bytes": size}) for name, size in sizes.items())]


def _size(count: int) -> str:
    return f"{count / 1e9:,.1f} GB" if count >= 1e8 else f"{count / 1e6:,.1f} MB"
