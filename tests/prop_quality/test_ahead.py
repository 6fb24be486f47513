from __future__ import annotations

import threading

import pytest

from prop_quality.ahead import Ahead
from prop_quality.errors import Unreachable


def test_a_call_runs_before_anyone_waits_for_it() -> None:
    began, allowed = threading.Event(), threading.Event()

    def call() -> int:
        began.set()
        allowed.wait(10)
        return 7

    asked = Ahead(call)
    assert began.wait(10)
    allowed.set()
    assert asked.result() == 7
    assert asked.result() == 7


def test_who_waits_hears_what_was_raised() -> None:
    def call() -> int:
        raise Unreachable("Nobody is there.")

    with pytest.raises(Unreachable, match="Nobody"):
        Ahead(call).result()
