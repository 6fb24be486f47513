"""One run of Great Expectations: our suites as one of its suites, its validation definition, its results."""

from __future__ import annotations

import logging
import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

# Before the import: it looks for a place to report usage to.
os.environ.setdefault("GX_ANALYTICS_ENABLED", "false")

import great_expectations as gx
import yaml
from great_expectations.data_context.types.base import DataContextConfig, InMemoryStoreBackendDefaults
from great_expectations.execution_engine import SqlAlchemyExecutionEngine

from prop_quality.judgement import Judgement, undecided
from prop_quality.loading import LoadedSuite, check_id, ours
from prop_quality.scan.metric import ScanSession, bind, execute
from prop_quality.scan.parameters import Statement, literal
from prop_quality.scan.scope import Scope
from prop_quality.verdict import Outcome, Severity
from prop_quality.warehouse import Warehouse

if TYPE_CHECKING:
    from great_expectations.core import ExpectationValidationResult


class Validation:
    """A throw-away context of Great Expectations over the slice of one run."""

    def __init__(self, warehouse: Warehouse, session: ScanSession, suites: Sequence[LoadedSuite], name: str) -> None:
        logging.getLogger("great_expectations").setLevel(logging.CRITICAL)
        self._session = session
        self._suites = suites
        table = warehouse.settings.table
        url = f"bigquery://{table.project}/{table.dataset}?user_supplied_client=true"
        client = {"client": warehouse.client}
        # An engine of its own: the one of a data source is there only after the context, which takes longer to make.
        self._engine = SqlAlchemyExecutionEngine(connection_string=url, create_temp_table=False, connect_args=client)
        if ours(suites):
            session.ask(self._engine)
        context = gx.get_context(mode="ephemeral", project_config=_configuration(warehouse.settings.gx_directory))
        source = context.data_sources.add_bigquery(
            "predictions",
            connection_string=url,
            create_temp_table=False,
            kwargs={"connect_args": client},  # type: ignore[call-arg]
        )
        bind(source.get_execution_engine(), session)
        batch = source.add_query_asset("slice", query=slice_query(session.scope)).add_batch_definition_whole_table(
            "run"
        )
        suite = context.suites.add(gx.ExpectationSuite(name=name, expectations=_together(suites)))
        definition = context.validation_definitions.add(gx.ValidationDefinition(name=name, data=batch, suite=suite))
        self._checkpoint = context.checkpoints.add(gx.Checkpoint(name=name, validation_definitions=[definition]))

    def run(self) -> dict[str, Judgement]:
        """Each check's judgement by id; inconclusive where the expectation raised or no result came back."""
        results = self._checkpoint.run().run_results.values()
        found = dict(self._judgement(one) for result in results for one in result.results)
        for expectation in ours(self._suites):
            if expectation.check_id not in found:
                reason = "Great Expectations returned no result for this check."
                found[expectation.check_id] = undecided(Outcome.INCONCLUSIVE, expectation.level, reason)
        return found

    def rows(self, statement: Statement) -> list[dict[str, Any]]:
        """Send one more statement through the same engine.

        Raises:
            WarehouseError: the warehouse did not answer.
        """
        return execute(self._engine, statement)

    def _judgement(self, result: ExpectationValidationResult) -> tuple[str, Judgement]:
        config = result.expectation_config
        assert config is not None
        severity = Severity(str(getattr(config.severity, "value", config.severity)))
        raised = exception_text(result.exception_info)
        details = (result.result or {}).get("details") or {}
        if raised is not None:
            reason = (
                str(self._session.error) if self._session.error else f"The check itself failed: {raised.rstrip('.')}."
            )
            return check_id(config), undecided(Outcome.INCONCLUSIVE, severity, reason)
        if "outcome" in details:
            return check_id(config), self._session.judgements[check_id(config)]
        return check_id(config), _stock(result, severity, self._session.active_rows)


def exception_text(info: Mapping[str, Any] | None) -> str | None:
    """What was raised, from either form of `exception_info`; None when nothing was."""
    entries = [info] if info and "raised_exception" in info else list((info or {}).values())
    for entry in entries:
        if isinstance(entry, Mapping) and entry.get("raised_exception"):
            return " ".join(str(entry.get("exception_message")).split())[:300]
    return None


def _stock(result: ExpectationValidationResult, severity: Severity, active_rows: int | None) -> Judgement:
    """A stock expectation's result; it passes over nothing, which here is no pass.

    Args:
        result: what Great Expectations made of it.
        severity: the severity that the suite gave.
        active_rows: how many rows it looked at, as the scan counted them; None when the scan was not sent.
    """
    data = result.result or {}
    observed = data.get("observed_value")
    examined = int(data.get("element_count") or active_rows or 0)
    if examined == 0 and (active_rows == 0 or observed in (None, 0, [])):
        return undecided(Outcome.INCONCLUSIVE, severity, "Cannot be decided: there are no rows to look at.")
    if data.get("missing_count") == examined and data.get("unexpected_percent", 0) is None:
        return undecided(Outcome.INCONCLUSIVE, severity, "Cannot be decided: every value is NULL.")
    query = result.expectation_config is not None and result.expectation_config.type == "unexpected_rows_expectation"
    failing = int((observed if query else data.get("unexpected_count")) or 0)
    counted = query or "unexpected_count" in data
    said = f"{failing:,} of {examined:,} rows are unexpected" if counted else f"Observed {observed!r:.80}"
    return Judgement(
        outcome=Outcome.PASSED if result.success else Outcome.FAILED,
        severity=severity,
        reason=f"{said}.",
        rows_examined=examined,
        failing_rows=failing,
    )


def _together(suites: Sequence[LoadedSuite]) -> list[Any]:
    """All expectations, each saying which suite it is of.

    One validation for ten suites: Great Expectations compares each suite with its store several times in a run, which
    takes longer than judging it.
    """
    for suite in suites:
        for expectation in suite.expectations:
            expectation.meta = {**(expectation.meta or {}), "suite": suite.name}
    return [expectation for suite in suites for expectation in suite.expectations]


def _configuration(folder: Path) -> DataContextConfig:
    """What `gx/great_expectations.yml` says, with stores in memory: verdicts are kept by `prop_quality.store`."""
    content = yaml.safe_load((folder / "great_expectations.yml").read_text(encoding="utf-8"))
    defaults = InMemoryStoreBackendDefaults(init_temp_docs_sites=False)
    return DataContextConfig(store_backend_defaults=defaults, **content)


def slice_query(scope: Scope) -> str:
    """What a stock expectation sees: the active rows of the dates."""
    dates = ", ".join(literal(day, "DATE") for day in scope.dates)
    first, last = literal(min(scope.dates), "DATE"), literal(max(scope.dates), "DATE")
    return (
        f"SELECT * FROM {scope.predictions.table_sql} "
        f"WHERE game_date BETWEEN {first} AND {last} AND game_date IN ({dates}) AND is_active"
    )
