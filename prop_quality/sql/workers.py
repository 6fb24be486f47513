"""Several analyzers at work at the same time: the module runs outside Python's lock."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from types import TracebackType
from typing import Any, Self, TypeVar

from prop_quality.sql.analyzer import Analyzer

_In = TypeVar("_In")
_Out = TypeVar("_Out")
# Each has a memory of its own, about 150 MB.
_MOST = 4


class Workers:
    """A pool of threads, `count` of them, each with its own `Analyzer`; use it as a context manager.

    The analyzers start at once, while the caller reads its files.
    """

    def __init__(self, count: int | None = None) -> None:
        self.count = count or min(_MOST, os.cpu_count() or 1)
        self._own = threading.local()
        self._memory: dict[tuple[Any, ...], Any] = {}
        self._pool = ThreadPoolExecutor(self.count, thread_name_prefix="prop-quality-sql")
        for _ in range(self.count):
            self._pool.submit(self._analyzer)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._pool.shutdown(cancel_futures=True)

    def map(self, do: Callable[[Analyzer, _In], _Out], items: Iterable[_In]) -> list[_Out]:
        """`do(analyzer, item)` for each item, in the order of `items`."""
        return list(self._pool.map(lambda item: do(self._analyzer(), item), items))

    def _analyzer(self) -> Analyzer:
        if not hasattr(self._own, "analyzer"):
            self._own.analyzer = Analyzer(self._memory)
        analyzer: Analyzer = self._own.analyzer
        return analyzer
