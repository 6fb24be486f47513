"""Start, load and ask the embedded warehouse."""

from __future__ import annotations

import asyncio
import contextlib
import json
import re
import tempfile
import threading
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self

from prop_quality.embedded import repairs
from prop_quality.embedded.remember import remember_translations
from prop_quality.errors import UsageError

if TYPE_CHECKING:
    from google.cloud import bigquery

_NO_RETRY: Any = None
START_SECONDS = 60
QUERY_SECONDS = 120
_LOAD_ROWS = 5_000
_REST_SECONDS = 3600


class EmbeddedWarehouse:
    """A BigQuery in this process, on an ephemeral port of 127.0.0.1, empty and gone when the context ends.

    Its statements can read no file of this machine and load no extension. With `remembers` a query that was asked
    before is not translated anew; with `orderly` one thread works on each: what has no order then has always the same.
    """

    def __init__(self, *, remembers: bool = True, orderly: bool = False) -> None:
        self._remembers = remembers
        self._orderly = orderly
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="embedded-warehouse", daemon=True)
        self._staging = tempfile.TemporaryDirectory(prefix="prop-quality-")
        self._server: Any = None
        self._client: bigquery.Client | None = None

    def __enter__(self) -> Self:
        try:
            repairs.quiet_logging()
            from bqemulator.config import LogLevel, PersistenceMode, Settings
            from bqemulator.server import EmulatorServer
        except ModuleNotFoundError as error:
            raise UsageError(
                f"The embedded warehouse is not installed ({error.name} is missing); "
                "pip install 'prop-quality[embedded]'."
            ) from error
        repairs.skip_spatial()
        repairs.leave_views_to_the_engine()
        if self._remembers:
            remember_translations()
        settings = Settings(
            rest_host="127.0.0.1",
            rest_port=0,
            grpc_host="127.0.0.1",
            grpc_port=0,
            metrics_enabled=False,
            enable_format_extensions=False,
            log_level=LogLevel.CRITICAL,
            # Said here although these are its defaults: its own environment variables would change them.
            persistence_mode=PersistenceMode.EPHEMERAL,
            gcs_local_root=None,
            otlp_endpoint=None,
            upload_staging_dir=Path(self._staging.name),
        )
        self._thread.start()
        self._server = EmulatorServer(settings)
        self._await(self._server.start())
        repairs.keep_connections(self._server, _REST_SECONDS)
        if self._orderly:
            self.engine.execute("SET threads = 1")
        repairs.confine(self._server, Path(self._staging.name))
        repairs.spare_the_collector()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._client is not None:
            self._client.close()  # type: ignore[no-untyped-call]
        with contextlib.suppress(TimeoutError):
            self._await(self._server.stop())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(5)
        self._loop.close()
        repairs.release(Path(self._staging.name))
        self._staging.cleanup()

    @property
    def endpoint(self) -> str:
        """Its address, `http://127.0.0.1:PORT`."""
        return f"http://127.0.0.1:{self._server.rest_port}"

    @property
    def client(self) -> bigquery.Client:
        """The real client, pointed here."""
        if self._client is None:
            from prop_quality.embedded.client import anonymous_client

            self._client = anonymous_client(self.endpoint)
        return self._client

    @property
    def engine(self) -> Any:
        """The emulator's own engine, for `direct` alone."""
        return self._server._engine

    def execute(self, sql: str) -> list[dict[str, Any]]:
        """Run one statement and return its rows.

        Raises:
            google.api_core.exceptions.GoogleAPICallError: the statement is refused.
        """
        job = self.client.query(sql, timeout=QUERY_SECONDS, retry=_NO_RETRY, job_retry=_NO_RETRY)
        return [dict(row) for row in job.result(timeout=QUERY_SECONDS, retry=_NO_RETRY, job_retry=_NO_RETRY)]

    def load(self, table: str, rows: Iterable[Mapping[str, Any]]) -> None:
        """Append rows to an existing table; a column that a row does not have is NULL.

        Raises:
            UsageError: a row has a column that the table does not, which the emulator alone would drop in silence, or
                lacks a required one, of which it would say nothing but that an internal error occurred.
        """
        waiting = [json.loads(json.dumps(row, default=_to_json)) for row in rows]
        schema = self.client.get_table(table, timeout=QUERY_SECONDS, retry=_NO_RETRY).schema
        unknown = sorted({name for row in waiting for name in row} - {field.name for field in schema})
        if unknown:
            raise UsageError(f"{table} has no column {', '.join(unknown)}.")
        required = [field.name for field in schema if field.mode == "REQUIRED"]
        empty = [name for name in required if any(row.get(name) is None for row in waiting)]
        if empty:
            raise UsageError(f"{table} takes no NULL in {', '.join(empty)}; give each row a value.")
        for start in range(0, len(waiting), _LOAD_ROWS):
            chunk = waiting[start : start + _LOAD_ROWS]
            errors = self.client.insert_rows_json(table, chunk, timeout=QUERY_SECONDS, retry=_NO_RETRY)
            if errors:
                raise UsageError(f"{table} refused {len(errors)} of {len(chunk)} rows: {errors[0]}")

    def query_jobs(self) -> list[Any]:
        """The query jobs that the warehouse's own list holds, oldest first; loads and inserts are none."""
        jobs = [
            job for job in self.client.list_jobs(max_results=100_000, timeout=QUERY_SECONDS) if job.job_type == "query"
        ]
        return sorted(jobs, key=lambda job: (job.created, job.job_id))

    def truncate(self, table: str) -> None:
        """Empty a table."""
        self.execute(f"TRUNCATE TABLE `{table}`")

    def create_contract_tables(self) -> list[str]:
        """Create every table whose contract `sql/` holds, with its dataset; returns their names."""
        found = contract_tables()
        for name, sql in found.items():
            self.client.create_dataset(name.rsplit(".", 1)[0], exists_ok=True, timeout=QUERY_SECONDS)
            self.execute(sql)
        return list(found)

    def _await(self, coroutine: Any) -> Any:
        return asyncio.run_coroutine_threadsafe(coroutine, self._loop).result(START_SECONDS)


def contract_tables() -> dict[str, str]:
    """The file of every table whose contract `sql/` holds, by the name of the table."""
    texts = [path.read_text(encoding="utf-8") for path in sorted(find_sql_directory().glob("*/*.sql"))]
    named = [(re.search(r"CREATE TABLE\s+`?([\w-]+\.\w+\.\w+)`?", text), text) for text in texts]
    return {name[1]: text for name, text in named if name}


def find_sql_directory() -> Path:
    """The folder with our SQL: inside the installed package, else beside it in the checkout."""
    package = Path(__file__).parent.parent
    inside = package / "_sql"
    return inside if inside.is_dir() else package.parent / "sql"


def _to_json(value: object) -> Any:
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return str(value)
    raise TypeError(f"{value!r} cannot be loaded")
