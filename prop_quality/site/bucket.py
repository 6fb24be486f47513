"""A bucket of Google Cloud Storage as the place of a site. Credentials are the application default ones."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from itertools import islice
from typing import Any

from prop_quality.errors import DeliveryError, UsageError
from prop_quality.site.files import checksum
from prop_quality.site.types import cache_control, content_type

EMULATOR_VARIABLE = "STORAGE_EMULATOR_HOST"
SECONDS = 30.0
RETRY_SECONDS = 60.0
WORKERS = 8
_ADDRESS = re.compile(r"gs://(?P<bucket>[a-z0-9][a-z0-9._-]{1,220}[a-z0-9])(?:/(?P<prefix>[^\s?#]*))?")


class Bucket:
    """`gs://bucket/prefix`: objects with their types and cache times, sent eight at a time."""

    def __init__(self, address: str) -> None:
        match = _ADDRESS.fullmatch(address)
        if match is None or "//" in (match["prefix"] or ""):
            raise UsageError(f"{address!r} is no bucket address; write it as gs://bucket/prefix.")
        self._name = match["bucket"]
        self._prefix = f"{prefix}/" if (prefix := (match["prefix"] or "").strip("/")) else ""
        self.address = f"gs://{self._name}/{self._prefix}index.html"
        self._client: Any = None

    def send(self, files: Iterable[tuple[str, bytes]]) -> None:
        """Store `files`; the first refusal ends it."""
        waiting = iter(files)
        with self._refusals(), ThreadPoolExecutor(WORKERS) as pool:
            while some := list(islice(waiting, 8 * WORKERS)):
                list(pool.map(lambda file: self._upload(*file), some))

    def checksum(self, path: str) -> str | None:
        """What the bucket says of `path`."""
        with self._refusals():
            blob = self._bucket().get_blob(self._prefix + path, timeout=SECONDS, retry=self._retry())
            return None if blob is None else blob.md5_hash

    def outdated(self, paths: Iterable[str], read: Callable[[str], bytes]) -> list[str]:
        """Compare by the checksums that the bucket lists."""
        with self._refusals():
            blobs = self._bucket().list_blobs(prefix=self._prefix, timeout=SECONDS, retry=self._retry())
            there = {blob.name: blob.md5_hash for blob in blobs}
        return [path for path in paths if there.get(self._prefix + path) != checksum(read(path))]

    def _upload(self, path: str, content: bytes) -> None:
        blob = self._bucket().blob(self._prefix + path)
        blob.cache_control = cache_control(path)
        blob.upload_from_string(content, content_type=content_type(path), timeout=SECONDS, retry=self._retry())

    def _bucket(self) -> Any:
        if self._client is None:
            from google.auth.credentials import AnonymousCredentials
            from google.cloud import storage

            options: dict[str, Any] = {}
            if os.environ.get(EMULATOR_VARIABLE):
                options = {"project": "emulated", "credentials": AnonymousCredentials()}  # type: ignore[no-untyped-call]
            self._client = storage.Client(**options)
        return self._client.bucket(self._name)

    def _retry(self) -> Any:
        from google.cloud.storage.retry import DEFAULT_RETRY

        return DEFAULT_RETRY.with_timeout(RETRY_SECONDS)

    @contextmanager
    def _refusals(self) -> Iterator[None]:
        """Whatever the bucket, the network or the credentials say no with, as one error with what to do."""
        try:
            import requests
            from google.api_core.exceptions import GoogleAPIError, RetryError
            from google.auth.exceptions import GoogleAuthError

            try:
                self._bucket()
                yield
            except RetryError as error:
                said = type(error.cause).__name__
                raise DeliveryError(
                    f"The bucket {self._name} did not answer within {RETRY_SECONDS:.0f} s ({said}). The site is "
                    "built; the next publish sends what is missing."
                ) from error
            except (GoogleAPIError, GoogleAuthError, requests.RequestException, OSError) as error:
                said = " ".join(str(error).split())[:200]
                raise DeliveryError(
                    f"The bucket {self._name} refused or did not answer ({type(error).__name__}: {said}). The site is "
                    "built; allow it or try later, and the next publish sends what is missing."
                ) from error
        except ImportError as error:
            raise DeliveryError(
                "Publishing to a bucket needs google-cloud-storage; install prop-quality[site]."
            ) from error
