"""What the emulator needs to serve here: each repair a function, each with a test."""

from __future__ import annotations

import gc
import logging
from collections.abc import Callable
from pathlib import Path
from typing import Any

_MUTED = ("bqemulator", "aiohttp", "asyncio", "uvicorn", "hypercorn")
# The folders of all warehouses of this process that files may be loaded from.
_staging: set[Path] = set()


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


def leave_views_to_the_engine() -> None:
    """A view is a view of DuckDB already; the emulator also pastes its text into each query, for row access policies.

    We have none, and translating the pasted text anew made a query of a view five times as slow.
    """
    from bqemulator.sql import inner_query

    setattr(inner_query, "rewrite_for_row_access", _as_it_is)  # noqa: B010 - a function, to the type checker


def confine(server: Any, staging: Path) -> None:
    """Let statements of a started server touch no file but those in `staging`, where loads are uploaded to.

    DuckDB's own functions (`read_text`, `COPY`, `ATTACH` …) answer to its settings, which cannot be changed back; the
    emulator's readers and writers, which open files themselves, to a check of each path.
    """
    _staging.add(staging.resolve())
    for setting in (
        f"allowed_directories = ['{_quoted(staging.resolve())}/']",
        "enable_external_access = false",
        "autoinstall_known_extensions = false",
        "autoload_known_extensions = false",
        "lock_configuration = true",
    ):
        server._engine.execute(f"SET {setting}")
    from bqemulator.jobs import executor

    if not hasattr(executor._validate_local_path, "confines"):
        setattr(executor, "_validate_local_path", _confined(executor._validate_local_path))  # noqa: B010


def spare_the_collector() -> None:
    """Put what is loaded by now out of the garbage collector's sight, for the rest of the process.

    Translating a statement makes thousands of small objects, and each collection walked the libraries' half a million
    again: a third of every statement's time.
    """
    gc.collect()
    gc.freeze()


def release(staging: Path) -> None:
    """Forget the folder of a warehouse that has ended."""
    _staging.discard(staging.resolve())


def keep_connections(server: Any, seconds: float) -> None:
    """Let connections of a started server rest so long: after its own 5 s a client met one that was being closed."""
    server._fastapi_server.config.timeout_keep_alive = seconds


def _confined(validate: Callable[[str], None]) -> Callable[[str], None]:
    from bqemulator.domain.errors import InvalidQueryError

    def check(path: str) -> None:
        validate(path)
        if not _staging.intersection(Path(path).resolve().parents):
            raise InvalidQueryError(f"The embedded warehouse reads and writes no file of this machine: {path}")

    setattr(check, "confines", True)  # noqa: B010 - a mark, so that a second warehouse does not wrap it again
    return check


def _quoted(path: Path) -> str:
    return str(path).replace("'", "''")


def _as_it_is(bq_sql: str, **_: Any) -> str:
    return bq_sql


def _nothing(self: Any) -> None:
    del self
