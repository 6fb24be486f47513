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

    def result(self, timeout_seconds: float | None = None) -> T:
        """What the call returned, once it has; what it raised is raised here.

        Raises:
            TimeoutError: it is not there after `timeout_seconds`; nobody waits for it any more.
        """
        return self._outcome.result(timeout_seconds)

    def _run(self, call: Callable[[], T]) -> None:
        try:
            self._outcome.set_result(call())
        except BaseException as error:  # whoever waits must hear of each
            self._outcome.set_exception(error)
