"""One analyzer a test process: it is the real one, and its start takes a moment."""

from __future__ import annotations

from pathlib import Path

import pytest

from prop_quality.sql.analyzer import Analyzer

ROOT = Path(__file__).resolve().parents[3]


@pytest.fixture(scope="session")
def analyzer() -> Analyzer:
    return Analyzer()
