"""NaN and the infinities are found on BigQuery too: Google's own evaluator says what each condition means.

On BigQuery a comparison with NaN is false; the embedded warehouse takes NaN for the greatest number. What is found
there (`prop_quality/season/faults`) would prove nothing of BigQuery.
"""

from __future__ import annotations

from collections.abc import Callable

import pytest
from zetasql.wasi._pb2.zetasql.local_service import local_service_pb2 as service
from zetasql.wasi._pb2.zetasql.proto import options_pb2

import expectations
from prop_quality.expectation import RowExpectation
from prop_quality.sql.engine import Engine
from prop_quality.sql.language import Dialect
from tests.expectations.play import check_of
from tests.prop_quality.scan.scopes import kinds_of_runs

POINTS, LINE, MARGIN = "predicted_points", "current_points_line", "line_margin"
READERS = {
    "points_plausible": (POINTS,),
    "line_plausible": (LINE,),
    "margin_agrees": (POINTS, LINE, MARGIN),
    "edge_plausible": (POINTS, LINE),
    "direction_agrees": (POINTS, LINE),
}
ROW = {POINTS: "24.5", LINE: "22.5", MARGIN: "2.0", "recommendation": "'OVER'"}
UNDER = {POINTS: "20.5", LINE: "22.5", MARGIN: "-2.0", "recommendation": "'UNDER'"}


Fails = Callable[..., bool]


@pytest.fixture(scope="module")
def fails() -> Fails:
    """Whether a check's condition is true of a row, its numbers FLOAT64."""
    engine = Engine()
    options = options_pb2.AnalyzerOptionsProto(language_options=Dialect(engine).language)

    def evaluated(check_id: str, row: dict[str, str], **changes: str) -> bool:
        values = {**row, **changes}
        typed = [f"CAST({v} AS {'STRING' if n == 'recommendation' else 'FLOAT64'}) AS {n}" for n, v in values.items()]
        sql = f"(SELECT {condition(check_id)} FROM (SELECT {', '.join(typed)}))"
        request = service.EvaluateRequest(sql=sql, options=options)
        return bool(engine.call("Evaluate", request, service.EvaluateResponse).value.bool_value)

    return evaluated


def condition(check_id: str) -> str:
    _, check = check_of(check_id, "after_batch")
    made = expectations.load(check)
    assert isinstance(made, RowExpectation)
    return made.condition(next(kinds_of_runs(dict.fromkeys(ROW, "FLOAT64"))).scope)


@pytest.mark.parametrize("check_id", READERS)
def test_numbers_in_order_pass(fails: Fails, check_id: str) -> None:
    assert [fails(check_id, row) for row in (ROW, UNDER)] == [False, False]


@pytest.mark.parametrize(("check_id", "column"), [(check, column) for check, of in READERS.items() for column in of])
def test_nan_is_found_wherever_it_stands(fails: Fails, check_id: str, column: str) -> None:
    assert [fails(check_id, row, **{column: "'nan'"}) for row in (ROW, UNDER)] == [True, True]


@pytest.mark.parametrize("value", ["'inf'", "'-inf'"])
def test_an_infinity_is_found(fails: Fails, value: str) -> None:
    found = {
        (check, column): fails(check, ROW, **{column: value})
        for check, columns in READERS.items()
        if check != "direction_agrees"  # one end of the numbers supports OVER, which is no contradiction
        for column in columns
    }
    assert [where for where, failed in found.items() if not failed] == []
