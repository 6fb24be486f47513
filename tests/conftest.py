"""One embedded warehouse for all tests of a process, and clean tables for each test that asks for them."""

from __future__ import annotations

import gc
import os
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings as hypothesis_settings

from prop_quality.embedded import EmbeddedWarehouse
from prop_quality.settings import EMULATOR_VARIABLE, PREFIX, Settings
from tests.warehouse import empty, settings_of

# The same examples in every run, on every machine; a slow machine is no failure.
hypothesis_settings.register_profile("steady", derandomize=True, deadline=None, database=None)
hypothesis_settings.load_profile("steady")

# What whoever runs the tests watches in production is no part of them.
for name in (name for name in list(os.environ) if name.startswith(PREFIX) or name == EMULATOR_VARIABLE):
    del os.environ[name]

# A shell that starts the tests in the background makes them ignore Ctrl-C, which some of them press.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)


def pytest_xdist_auto_num_workers() -> int:
    """One more than there are cores: a third of the tests' time is waiting, for processes, a browser, a clock."""
    return min((os.cpu_count() or 1) + 1, 4)


@pytest.fixture(scope="session")
def warehouse() -> Iterator[EmbeddedWarehouse]:
    """A running warehouse with the contract's tables; it starts in a second and is shared, so ask for `settings`."""
    import prop_quality.validation  # noqa: F401 - Great Expectations, before its objects are set aside

    with EmbeddedWarehouse() as running:
        running.create_contract_tables()
        # What lives for the whole session is walked by no later collection: runs take 40 % less time.
        gc.collect()
        gc.freeze()
        yield running
        gc.unfreeze()


@pytest.fixture
def settings(warehouse: EmbeddedWarehouse, tmp_path: Path) -> Settings:
    """Settings of the contract's tables, emptied, and of a state directory of the test's own."""
    empty(warehouse)
    return settings_of(warehouse, tmp_path / "state")
