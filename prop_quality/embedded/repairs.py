"""What the emulator needs to serve here: each repair a function, each with a test."""

from __future__ import annotations

import logging
from typing import Any

_MUTED = ("bqemulator", "aiohttp", "asyncio", "uvicorn", "hypercorn")


def quiet_logging() -> None:
    """The emulator logs at debug while it is imported and serves; keep that off the host. Call before importing it."""
    import structlog

    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))
    for name in _MUTED:
        logging.getLogger(name).setLevel(logging.CRITICAL)


def skip_spatial() -> None:
    """At start it downloads DuckDB's spatial extension and refuses to start without; only GEOGRAPHY needs it."""
    from bqemulator.storage.engine import DuckDBEngine

    setattr(DuckDBEngine, "_load_spatial", _nothing)  # noqa: B010 - a method, to the type checker


def _nothing(self: Any) -> None:
    del self
