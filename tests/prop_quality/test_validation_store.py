from __future__ import annotations

import great_expectations as gx
import yaml
from great_expectations.core import ExpectationSuiteValidationResult, ExpectationValidationResult
from great_expectations.data_context.store.validation_results_store import ValidationResultsStore
from great_expectations.data_context.types.base import DataContextConfig
from great_expectations.expectations.expectation_configuration import ExpectationConfiguration

from prop_quality.settings import Settings
from prop_quality.validation_store import ResultsOfOneRun


def test_who_reads_a_result_gets_what_the_stock_store_gives() -> None:
    config = ExpectationConfiguration(
        type="expect_column_to_exist", kwargs={"column": "line"}, meta={"suite": "schema"}
    )
    one = ExpectationValidationResult(
        success=True, expectation_config=config, result={"details": {"outcome": "passed"}}
    )
    whole = ExpectationSuiteValidationResult(success=True, results=[one], suite_name="suite", meta={"run_id": "1"})
    ours, stock = ResultsOfOneRun(), ValidationResultsStore()
    assert ours.serialize(whole) is whole
    read = ours.deserialize(ours.serialize(whole))
    assert read == stock.deserialize(stock.serialize(whole))  # type: ignore[no-untyped-call] # the library's


def test_the_configuration_names_this_store_and_great_expectations_takes_it() -> None:
    text = (Settings.load({}).gx_directory / "great_expectations.yml").read_text(encoding="utf-8")
    context = gx.get_context(mode="ephemeral", project_config=DataContextConfig(**yaml.safe_load(text)))
    assert isinstance(context.validation_results_store, ResultsOfOneRun)
