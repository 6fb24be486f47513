"""Asking ahead: a call to the warehouse that is begun now and waited for later."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future
from threading import Thread
from typing import Generic, TypeVar

T = TypeVar("T")


class Ahead(Generic[T]):
    """A call that runs in a thread of its own from the moment it is made.

    The thread ends with the process: who gives up waiting leaves at once, whatever the network does.
    """

    def __init__(self, call: Callable[[], T]) -> None:
        self._outcome: Future[T] = Future()
        Thread(target=self._run, args=(call,), name="prop-quality-ahead", daemon=True).start()

    def result(self) -> T:
        """What the call returned, once it has; what it raised is raised here."""
        return self._outcome.result()

    def _run(self, call: Callable[[], T]) -> None:
        try:
            self._outcome.set_result(call())
        except BaseException as error:  # whoever waits must hear of each
            self._outcome.set_exception(error)
