"""Talking to BigQuery: one client with deadlines, labels and a byte cap, and errors in our own words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import requests
from google.api_core import exceptions as api
from google.api_core.client_options import ClientOptions
from google.auth import exceptions as auth
from google.auth.credentials import AnonymousCredentials
from google.cloud import bigquery

from prop_quality.errors import (
    NotFound,
    OverBudget,
    PermissionRefused,
    QueryRefused,
    TimedOut,
    Unreachable,
    WarehouseError,
)
from prop_quality.settings import Settings
from prop_quality.tables import TableRef
from prop_quality.verdict import Cost

DEFAULT_TIMEOUT_SECONDS = 300.0
_SMALL_CALL_SECONDS = 20.0


class Client(bigquery.Client):
    """A BigQuery client whose every query has a deadline and is remembered.

    The DB-API below sqlalchemy-bigquery calls `query_and_wait` with no time-out and retries for ten minutes; Great
    Expectations copies the client deeply on the way there. Both are answered here.
    """

    def __init__(self, *, timeout_seconds: float, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.timeout_seconds = timeout_seconds
        self.sent: list[tuple[str, str | None]] = []

    def __deepcopy__(self, memo: Any) -> Client:
        return self

    def query_and_wait(self, query: str, **options: Any) -> Any:
        """Send one query and wait for it at most `timeout_seconds`, then cancel it."""
        config = options.get("job_config")
        job = self.query(
            query,
            job_config=config,
            timeout=_SMALL_CALL_SECONDS,
            retry=_NO_RETRY,
            job_retry=None,
            location=self.location,
        )
        self.sent.append((job.job_id, job.location))
        try:
            return job.result(
                timeout=self.timeout_seconds, retry=_NO_RETRY, job_retry=None, page_size=options.get("page_size")
            )
        except Exception as error:
            if _is_timeout(error):
                _cancel(job)
            raise

    def _ensure_bqstorage_client(self, *args: Any, **kwargs: Any) -> None:
        """No storage client: it would open another endpoint for results of more than a page."""
        return


_NO_RETRY: Any = None


@dataclass(frozen=True)
class Warehouse:
    """The warehouse of one run."""

    settings: Settings
    labels: Mapping[str, str]
    timeout_seconds: float = DEFAULT_TIMEOUT_SECONDS

    @cached_property
    def client(self) -> Client:
        """The client; no credentials are looked up when an emulator is named.

        Raises:
            Unreachable: no credentials were found.
        """
        host = self.settings.emulator_host
        config = bigquery.QueryJobConfig(
            priority="INTERACTIVE",
            labels=dict(self.labels),
            maximum_bytes_billed=self.settings.max_bytes_billed,
        )
        with translated():
            return Client(
                timeout_seconds=self.timeout_seconds,
                project=self.settings.table.project,
                location=self.settings.location,
                credentials=AnonymousCredentials() if host else None,  # type: ignore[no-untyped-call]
                client_options=ClientOptions(api_endpoint=host) if host else None,
                default_query_job_config=config,
            )

    def columns(self, table: TableRef) -> dict[str, str]:
        """The columns of `table` with their types, read from its metadata: no query, nothing billed.

        Raises:
            WarehouseError: the table is not there, or it cannot be asked.
        """
        with translated(table):
            found = self.client.get_table(
                str(table), timeout=min(_SMALL_CALL_SECONDS, self.timeout_seconds), retry=_NO_RETRY
            )
        return {field.name: _type_of(field) for field in found.schema}

    def cost(self, seconds: float) -> Cost:
        """What the queries of this run cost, read from the warehouse's own jobs; seconds as given.

        A job that cannot be read counts as one whose bytes are unknown (0): the verdict does not wait for its bill.
        """
        processed = billed = 0
        sent = self.client.sent if "client" in self.__dict__ else []
        for job_id, location in sent:
            try:
                job: Any = self.client.get_job(job_id, location=location, timeout=_SMALL_CALL_SECONDS, retry=_NO_RETRY)
            except Exception:  # noqa: S112 - see the docstring
                continue
            processed += job.total_bytes_processed or 0
            billed += job.total_bytes_billed or 0
        return Cost(jobs=len(sent), bytes_processed=processed, bytes_billed=billed, seconds=round(seconds, 3))


@contextmanager
def translated(table: TableRef | None = None) -> Iterator[None]:
    """Turn what the client libraries raise into `WarehouseError`s that say what happened and what to do."""
    try:
        yield
    except WarehouseError:
        raise
    except Exception as error:
        known = translate(error, table)
        if known is None:
            raise
        raise known from error


def translate(error: BaseException, table: TableRef | None = None) -> WarehouseError | None:
    """The `WarehouseError` that `error` (or what caused it) means; None when it is none of the warehouse's."""
    seen: set[int] = set()
    cause: BaseException | None = error
    while cause is not None and id(cause) not in seen:
        seen.add(id(cause))
        if isinstance(cause, WarehouseError):
            return cause
        if (known := _known(cause, table)) is not None:
            return known
        cause = getattr(cause, "orig", None) or cause.__cause__ or cause.__context__
    return None


def _known(error: BaseException, table: TableRef | None) -> WarehouseError | None:
    named = f" {table}" if table else ""
    text = _message(error)
    if _is_timeout(error):
        return TimedOut(
            f"The warehouse did not answer in time{named}; the job was cancelled. Try again or raise --timeout."
        )
    if isinstance(error, api.Forbidden | api.Unauthorized):
        return PermissionRefused(
            f"The warehouse refused access{named}: {text}. Grant bigquery.jobs.create and read access to the tables."
        )
    if isinstance(error, api.NotFound):
        return NotFound(f"The table{named} is not there: {text}. Check PROP_QUALITY_TABLE and PROP_QUALITY_LOCATION.")
    if "bytesBilledLimitExceeded" in str(error) or "bytes billed" in text.lower():
        return OverBudget(
            f"The query would bill more than the cap: {text}. Narrow the dates, or raise PROP_QUALITY_MAX_BYTES_BILLED."
        )
    if isinstance(error, auth.GoogleAuthError):
        return Unreachable(
            "No Google credentials were found; run `gcloud auth application-default login`, "
            "or set BIGQUERY_EMULATOR_HOST for an emulator."
        )
    if isinstance(
        error, requests.exceptions.ConnectionError | api.ServiceUnavailable | api.BadGateway | ConnectionError
    ):
        return Unreachable(f"Nothing answered at the warehouse's address: {text}. Check the network and try again.")
    if isinstance(error, api.BadRequest | api.GoogleAPICallError):
        return QueryRefused(f"The warehouse refused the statement: {text}.")
    return None


def _is_timeout(error: BaseException) -> bool:
    import concurrent.futures

    kinds = (api.DeadlineExceeded, api.GatewayTimeout, requests.exceptions.Timeout, TimeoutError, api.RetryError)
    return isinstance(error, (*kinds, concurrent.futures.TimeoutError))


def _message(error: BaseException) -> str:
    text = str(getattr(error, "message", None) or error)
    return " ".join(text.split())[:300].rstrip(".")


def _cancel(job: Any) -> None:
    # The run is already inconclusive; a job that cannot be cancelled ends by itself.
    with suppress(Exception):
        job.cancel(timeout=5, retry=_NO_RETRY)


def _type_of(field: Any) -> str:
    return f"ARRAY<{field.field_type}>" if field.mode == "REPEATED" else str(field.field_type)
