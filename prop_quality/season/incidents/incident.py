"""The failures on record, each as a night that can be built, and what the checkpoint must say of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from prop_quality.season.night import Night


@dataclass(frozen=True)
class Incident:
    """One failure on record: `fails` are the checks that must fail, `may_fail` those that fail as its consequence.

    `verdict` is what the run must conclude, `failed`, `inconclusive`, or `passed` where only warnings are due.
    """

    id: str
    title: str
    story: str
    build: Callable[[], Night]
    fails: tuple[str, ...]
    verdict: str = "failed"
    may_fail: tuple[str, ...] = ()
