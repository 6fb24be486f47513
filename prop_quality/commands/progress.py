"""What a long run is doing, on standard error."""

from __future__ import annotations

import sys
import threading
import time
from types import TracebackType
from typing import Self, TextIO

import click


class Progress:
    """Says each step at once where a person watches; in a log, only a line now and then while a run lasts.

    A context manager to call with the words of each step. It waits in a thread of its own, because what takes long is
    one call of the warehouse.
    """

    def __init__(self, stream: TextIO | None = None, every_seconds: float = 10.0) -> None:
        self._stream = stream or sys.stderr
        self._every_seconds = every_seconds
        self._step = "Starting"
        self._began = time.monotonic()
        self._done = threading.Event()
        self._thread = threading.Thread(target=self._wait, name="progress", daemon=True)

    def __call__(self, step: str) -> None:
        """The next step has begun."""
        self._step = step
        if self._stream.isatty():
            click.echo(f"{step} …", file=self._stream)

    def __enter__(self) -> Self:
        """Begin to watch the time."""
        self._thread.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        """The run is over; nothing is said after this."""
        del kind, error, at
        self._done.set()
        self._thread.join()

    def _wait(self) -> None:
        while not self._done.wait(self._every_seconds):
            seconds = time.monotonic() - self._began
            try:
                click.echo(f"{self._step} … {seconds:.0f} s so far", file=self._stream)
            except (OSError, ValueError):  # nobody listens any more; that costs nothing
                return
