from __future__ import annotations

from great_expectations.core import ExpectationSuiteValidationResult, ExpectationValidationResult
from great_expectations.data_context.store.validation_results_store import ValidationResultsStore
from great_expectations.expectations.expectation_configuration import ExpectationConfiguration

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
