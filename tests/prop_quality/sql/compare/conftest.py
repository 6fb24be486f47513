"""One stage a test process: a warehouse of its own, since the contract's tables are windows on its nights."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from prop_quality.embedded import EmbeddedWarehouse
from prop_quality.sql.compare.show import Comparer
from prop_quality.sql.compare.stage import Stage


@pytest.fixture(scope="session")
def comparer() -> Iterator[Comparer]:
    with EmbeddedWarehouse(orderly=True) as warehouse:
        yield Comparer(Stage(warehouse))
