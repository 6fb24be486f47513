"""A client for the embedded warehouse: no credentials, short deadlines, and errors that are errors."""

from __future__ import annotations

from google.auth.credentials import AnonymousCredentials
from google.cloud import bigquery

PROJECT = "nba-props-platform"


def anonymous_client(endpoint: str) -> bigquery.Client:
    """A client of `endpoint` (`http://127.0.0.1:PORT`).

    The priority forces the job path: on the short path the emulator answers a failed statement with an empty result.
    """
    return bigquery.Client(
        project=PROJECT,
        credentials=AnonymousCredentials(),  # type: ignore[no-untyped-call]
        client_options={"api_endpoint": endpoint},
        default_query_job_config=bigquery.QueryJobConfig(priority="INTERACTIVE"),
    )
