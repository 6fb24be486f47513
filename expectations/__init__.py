"""What must be true of the predictions table: one expectation, one class, one file of the same name.

Importing this package imports nothing of Great Expectations; `load` does.
"""

from __future__ import annotations

import importlib
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from prop_quality.expectation import ScanExpectation
    from prop_quality.suite import Check

FOLDER = Path(__file__).parent


def class_name(check_id: str) -> str:
    """The class of a check: `rows_fresh` is `RowsFresh`."""
    return "".join(part.capitalize() for part in check_id.split("_"))


def load(check: Check) -> ScanExpectation:
    """The expectation of `check`, with its severity and limits."""
    module = importlib.import_module(f"expectations.{check.id}")
    expectation: ScanExpectation = getattr(module, class_name(check.id))(severity=str(check.severity), **check.limits)
    return expectation
