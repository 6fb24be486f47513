"""Making the expectations of a checkpoint: ours, and ordinary ones of Great Expectations that stand beside them."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from prop_quality.expectation import ScanExpectation
from prop_quality.suite import StockCheck
from prop_quality.verdict import Severity

if TYPE_CHECKING:
    from prop_quality.checkpoint import Checkpoint

_META = "prop_quality_check_id"


@dataclass(frozen=True)
class LoadedSuite:
    """A suite with its expectations made: ours, and any stock one that stands beside them."""

    name: str
    expectations: tuple[Any, ...]


def load(checkpoint: Checkpoint) -> list[LoadedSuite]:
    """The suites of a checkpoint with their expectations."""
    taken: Counter[str] = Counter()
    return [
        LoadedSuite(
            suite.name,
            tuple(
                _named(check.make(), taken) if isinstance(check, StockCheck) else checkpoint.load(check)
                for check in suite.checks
            ),
        )
        for suite in checkpoint.suites
    ]


def ours(suites: Sequence[LoadedSuite]) -> list[ScanExpectation]:
    """Our own expectations, in order."""
    return [e for suite in suites for e in suite.expectations if isinstance(e, ScanExpectation)]


def stock(suites: Sequence[LoadedSuite]) -> dict[str, Severity]:
    """The ordinary expectations, by id, with the severity of each."""
    beside = [e for suite in suites for e in suite.expectations if not isinstance(e, ScanExpectation)]
    return {check_id(e): Severity(str(getattr(e.severity, "value", e.severity))) for e in beside}


def check_id(expectation: Any) -> str:
    """The id under which the verdict shows an expectation, or the configuration that came back with its result."""
    if isinstance(expectation, ScanExpectation):
        return expectation.check_id
    name = (expectation.meta or {}).get(_META) or getattr(expectation, "type", "")
    return str(name)


def fingerprint(checkpoint: Checkpoint, suites: Sequence[LoadedSuite]) -> str:
    """A hash of all that was required: checks, severities, limits, the registry and the waivers."""
    required = [[e.check_id, str(e.level), e.limits()] for e in ours(suites)]
    beside = [
        e.configuration.to_json_dict()
        for suite in suites
        for e in suite.expectations
        if not isinstance(e, ScanExpectation)
    ]
    known = [repr(checkpoint.registry), repr(checkpoint.waivers)]
    text = json.dumps([required, beside, *known], sort_keys=True, default=str)
    return "sha256:" + hashlib.sha256(text.encode()).hexdigest()


def _named(expectation: Any, taken: Counter[str]) -> Any:
    """An ordinary expectation with an id: its type, its column, and a number where that is not enough."""
    column = str(getattr(expectation, "column", None) or "").lower()
    name = "_".join(filter(None, (expectation.expectation_type, column)))
    taken[name] += 1
    own = name if taken[name] == 1 else f"{name}_{taken[name]}"
    expectation.meta = {**(expectation.meta or {}), _META: own}
    return expectation
