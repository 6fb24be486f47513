"""One analyzer and one pool a test process: they are the real ones, and their start takes a moment."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from prop_quality.sql import contract
from prop_quality.sql.analyzer import Analyzer
from prop_quality.sql.estate import Estate
from prop_quality.sql.finding import Finding
from prop_quality.sql.gate import Request, check
from prop_quality.sql.workers import Workers

Check = Callable[..., tuple[Finding, ...]]


@pytest.fixture(scope="session")
def analyzer() -> Analyzer:
    return Analyzer()


@pytest.fixture(scope="session")
def workers() -> Iterator[Workers]:
    with Workers(1) as pool:
        yield pool


@pytest.fixture(scope="session")
def ours(workers: Workers) -> Estate:
    """Our contract."""
    return contract.estate(workers)


@pytest.fixture
def findings(workers: Workers, ours: Estate, tmp_path: Path) -> Check:
    """Write files, `x.sql` when one text is given, run the gate over them, and return the findings."""

    def run(sql: str = "", strict: bool = False, **files: str) -> tuple[Finding, ...]:
        for name, text in {**({"x": sql} if sql else {}), **files}.items():
            (tmp_path / f"{name}.sql").write_text(text, encoding="utf-8")
        return check(Request((tmp_path,), root=tmp_path, strict=strict), workers, ours).report.findings

    return run
