"""Talking to BigQuery: one client with a deadline, bounded retries, labels and a byte cap."""

from __future__ import annotations

import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from functools import cached_property, partial
from typing import Any

from google.api_core.client_options import ClientOptions
from google.api_core.retry import Retry
from google.auth.credentials import AnonymousCredentials
from google.cloud import bigquery

from prop_quality.ahead import Ahead
from prop_quality.errors import TimedOut
from prop_quality.settings import DEFAULT_TIMEOUT_SECONDS, Settings
from prop_quality.tables import TableRef
from prop_quality.troubles import is_timeout, is_transient, translated
from prop_quality.verdict import Cost

# Of that, what one call with no query behind it may take.
_SMALL_CALL_SECONDS = 15.0
_SIGN_IN_SECONDS = 8.0
_CANCEL_SECONDS = 3.0
# The library's own time-out says more of what did not answer; it comes first.
_GRACE_SECONDS = 1.0
_ATTEMPTS = 3
_SCOPES = ("https://www.googleapis.com/auth/cloud-platform",)


class Client(bigquery.Client):
    """A BigQuery client that asks nothing after its deadline and remembers the queries that it sent.

    The DB-API below sqlalchemy-bigquery calls `query_and_wait` with no time-out and retries for ten minutes, waits at
    least 120 s for a page of results, and Great Expectations copies the client deeply on the way there. All of it is
    answered here: every call of the library goes through `_call_api`.
    """

    def __init__(self, *, timeout_seconds: float, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self._ends = time.monotonic() + timeout_seconds
        self.sent: list[bigquery.QueryJob] = []
        self._waited_for: list[bigquery.QueryJob] = []

    def __deepcopy__(self, memo: Any) -> Client:
        return self

    @property
    def remaining(self) -> float:
        """Seconds until the deadline; negative after it."""
        return self._ends - time.monotonic()

    def query_and_wait(self, query: str, **options: Any) -> Any:
        """Send one query, and cancel it when it is not done by the deadline."""
        job = self.query(query, job_config=options.get("job_config"), job_retry=None, location=self.location)
        self.sent.append(job)
        self._waited_for.append(job)
        try:
            return job.result(timeout=max(self.remaining, 0.1), job_retry=None, page_size=options.get("page_size"))
        except (Exception, KeyboardInterrupt) as error:
            if isinstance(error, KeyboardInterrupt | TimedOut) or is_timeout(error):
                self._cancel(job)
            raise
        finally:
            self._waited_for.remove(job)

    def give_up(self) -> None:
        """Cancel what another thread still waits for, and ask nothing more."""
        self._ends = time.monotonic()
        for job in list(self._waited_for):
            self._cancel(job)

    def _call_api(self, retry: Any, *names: Any, **kwargs: Any) -> Any:
        """One call of the REST API: within what is left of the deadline, and again when that may help."""
        del retry
        left = self.remaining
        if left <= 0:
            raise TimedOut("The time of the run is used up, and nothing more was asked; try again, or raise --timeout.")
        waits_for_query = "/queries" in str(kwargs.get("path"))
        kwargs["timeout"] = left if waits_for_query else min(left, _SMALL_CALL_SECONDS)
        # The library's time-out counts from byte to byte, and looking up a name has none.
        return Ahead(partial(super()._call_api, _bounded_retry(left), *names, **kwargs)).result(left + _GRACE_SECONDS)

    def _cancel(self, job: Any) -> None:
        # The run is already inconclusive; a job that cannot be cancelled ends by itself.
        self._ends = time.monotonic() + _CANCEL_SECONDS
        with suppress(Exception):
            job.cancel()
        self._ends = time.monotonic()

    def _ensure_bqstorage_client(self, *args: Any, **kwargs: Any) -> None:
        """No storage client: it would open another endpoint for results of more than a page."""
        return


def _bounded_retry(seconds: float) -> Retry:
    """A retry that tries `_ATTEMPTS` times in all; made for one call, because it counts.

    An attempt that failed slowly (a name that is looked up for half a minute) is not made again.
    """
    left, began = _ATTEMPTS, time.monotonic()

    def worth_another(error: Exception) -> bool:
        nonlocal left
        left -= 1
        return left > 0 and time.monotonic() - began < _SMALL_CALL_SECONDS and is_transient(error)

    return Retry(predicate=worth_another, initial=1.0, maximum=3.0, timeout=seconds)


@dataclass(frozen=True)
class Warehouse:
    """The warehouse of one run; the deadline begins with the first call."""

    settings: Settings
    labels: Mapping[str, str]
    timeout_seconds: float = DEFAULT_TIMEOUT_SECONDS

    @cached_property
    def client(self) -> Client:
        """The client; no credentials are looked up when an emulator is named.

        Raises:
            Unreachable: no credentials were found.
        """
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
                default_query_job_config=config,
                **_access(self.settings.emulator_host, min(self.timeout_seconds, _SIGN_IN_SECONDS)),
            )

    def columns(self, table: TableRef) -> Ahead[dict[str, str]]:
        """The columns of `table` with their types, read from its metadata: no query, nothing billed.

        Raises:
            WarehouseError: no credentials were found; from the result: the table is not there, or cannot be asked.
        """
        client = self.client  # made here: several threads would make several

        def ask() -> dict[str, str]:
            with translated(table):
                found = client.get_table(str(table))
            return {field.name: _type_of(field) for field in found.schema}

        return Ahead(ask)

    def give_up(self) -> None:
        """Cancel the queries that have not ended; the run is over."""
        if "client" in self.__dict__:
            self.client.give_up()

    def cost(self, seconds: float) -> Cost:
        """What the queries of this run cost, as their jobs said when they ended; seconds as given."""
        sent = self.client.sent if "client" in self.__dict__ else []
        return Cost(
            jobs=len(sent),
            bytes_processed=sum(job.total_bytes_processed or 0 for job in sent),
            bytes_billed=sum(job.total_bytes_billed or 0 for job in sent),
            seconds=round(seconds, 3),
        )


def _access(emulator: str | None, sign_in_seconds: float) -> dict[str, Any]:
    """How the client gets in: nothing but an address for an emulator, else Application Default Credentials."""
    if emulator:
        return {
            "credentials": AnonymousCredentials(),  # type: ignore[no-untyped-call]
            "client_options": ClientOptions(api_endpoint=emulator),
        }
    import google.auth
    from google.auth.transport.requests import AuthorizedSession

    credentials, _ = google.auth.default(scopes=_SCOPES)
    # The library's own session waits two minutes for a sign-in that does not answer.
    session = AuthorizedSession(credentials, refresh_timeout=sign_in_seconds)  # type: ignore[no-untyped-call]
    return {"credentials": credentials, "_http": session}


def _type_of(field: Any) -> str:
    return f"ARRAY<{field.field_type}>" if field.mode == "REPEATED" else str(field.field_type)
