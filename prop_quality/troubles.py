"""The warehouse's troubles in our own words: what the client libraries raise, as `WarehouseError`s."""

from __future__ import annotations

import concurrent.futures
import re
from collections.abc import Iterator
from contextlib import contextmanager

import requests
from google.api_core import exceptions as api
from google.auth import exceptions as auth

from prop_quality.errors import (
    NotFound,
    OverBudget,
    PermissionRefused,
    QueryRefused,
    TimedOut,
    Unreachable,
    WarehouseError,
)
from prop_quality.tables import TableRef
from prop_quality.words import discreet

_TIMEOUTS = (
    api.DeadlineExceeded,
    api.GatewayTimeout,
    requests.exceptions.Timeout,
    TimeoutError,
    concurrent.futures.TimeoutError,
)
_NO_ANSWER = (
    requests.exceptions.RequestException,
    api.ServiceUnavailable,
    api.BadGateway,
    api.TooManyRequests,
    api.InternalServerError,
    ConnectionError,
)

_QUOTA = ("rateLimitExceeded", "quotaExceeded")
# Of a message: which request it was, the same said again as the job keeps it, and where the job is.
_REQUEST = re.compile(r"^(GET|HEAD|POST|PUT|PATCH|DELETE) \S+: ")
_AGAIN = re.compile(r"; reason: \w+, .*")
_FOOTER = re.compile(r"(\s+Location: \S+)?\s+Job ID: \S+$")
_SYSTEM_SAID = re.compile(r"\[Errno -?\d+\] ([\w ]+)|Error\(\d+, '([^']+)'\)")


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


def not_there(table: TableRef, variable: str) -> str:
    """The sentence for a table that is absent, and the setting that names it."""
    return f"The table {table} is not there; check {variable} and PROP_QUALITY_LOCATION."


def is_timeout(error: BaseException) -> bool:
    """Whether nothing came within the time that was left."""
    return isinstance(error, _TIMEOUTS)


def is_transient(error: BaseException) -> bool:
    """Whether asking again may help: the server was busy, or the connection broke."""
    return (isinstance(error, _NO_ANSWER) and not is_timeout(error)) or _reason(error) == "rateLimitExceeded"


def _known(error: BaseException, table: TableRef | None) -> WarehouseError | None:
    text, about = _message(error), f" for {table}" if table else ""
    if is_timeout(error):
        return TimedOut(f"The warehouse did not answer in time{about}; try again, or raise --timeout.")
    if _reason(error) in _QUOTA:
        return Unreachable(
            f"The warehouse takes no more requests{about} for now: {text}; try again later, or ask for more quota."
        )
    if isinstance(error, api.Forbidden | api.Unauthorized) and not _over_budget(error):
        return PermissionRefused(
            f"The warehouse refused access{about}: {text}; grant bigquery.jobs.create and read access to the tables."
        )
    if isinstance(error, api.NotFound):
        unnamed = f"A table is not there: {text}; check the tables' names and PROP_QUALITY_LOCATION."
        return NotFound(not_there(table, "PROP_QUALITY_TABLE") if table else unnamed)
    if _over_budget(error):
        return OverBudget(
            f"The query would bill more than the cap: {text}; narrow the dates, or raise PROP_QUALITY_MAX_BYTES_BILLED."
        )
    if isinstance(error, auth.DefaultCredentialsError):
        return Unreachable(
            "No Google credentials were found; run `gcloud auth application-default login`, "
            "or set BIGQUERY_EMULATOR_HOST for an emulator."
        )
    if isinstance(error, auth.GoogleAuthError):
        return Unreachable(f"Google's sign-in did not work: {text}; check the network and the credentials.")
    if isinstance(error, _NO_ANSWER):
        return Unreachable(f"The warehouse could not be reached{about}: {text}; check the network and try again.")
    if isinstance(error, api.GoogleAPICallError):
        return QueryRefused(f"The warehouse refused the request{about}: {text}.")
    return None


def _over_budget(error: BaseException) -> bool:
    return isinstance(error, api.GoogleAPICallError) and (
        "bytesBilledLimitExceeded" in str(error) or "limit for bytes billed" in str(error).lower()
    )


def _reason(error: BaseException) -> str | None:
    """The word by which the REST API tells errors of one status apart."""
    first = next(iter(getattr(error, "errors", None) or ()), None)
    return str(first.get("reason")) if isinstance(first, dict) else None


def _message(error: BaseException) -> str:
    text = str(getattr(error, "message", None) or error)
    if isinstance(error, requests.exceptions.JSONDecodeError):
        text = "what answered is not BigQuery, perhaps a proxy in between"
    if isinstance(error, requests.exceptions.ConnectionError | ConnectionError):
        # The library wraps what the system said in a sentence about its pools.
        said = _SYSTEM_SAID.search(text)
        text = (said[1] or said[2]) if said else text
    text = _FOOTER.sub("", _REQUEST.sub("", " ".join(text.split())))
    return discreet(_AGAIN.sub("", text))[:300].rstrip(".")
