"""Suites as plain data: which checks, with which severity and limits. Nothing here imports Great Expectations."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from prop_quality.registry import Registry
from prop_quality.verdict import Severity

__all__ = ["Catalogue", "Check", "CheckDoc", "Severity", "StockCheck", "Suite", "SuiteDoc", "WaiverDoc"]


@dataclass(frozen=True)
class Check:
    """One check of a suite: id, what a failure means, and the limits that differ from its defaults."""

    id: str
    severity: Severity
    limits: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class StockCheck:
    """An ordinary expectation of Great Expectations beside ours, made when the suite runs; it costs queries."""

    make: Callable[[], Any]


@dataclass(frozen=True)
class Suite:
    """A named set of checks and the sentence that says what it requires of the table."""

    name: str
    requires: str
    checks: tuple[Check | StockCheck, ...]


@dataclass(frozen=True)
class CheckDoc:
    """One check's page, read from its class docstring.

    `severity` is a text because a check may have two levels (`critical below 95 %, else warning`); `sections` are the
    docstring's titled paragraphs in order, e.g. `For the operator`, `Example that fails`, `Incident`, `Limits`,
    `What to do`; `limits` are the values in force.
    """

    id: str
    suite: str
    severity: str
    sentence: str
    sections: tuple[tuple[str, str], ...]
    limits: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class SuiteDoc:
    """One suite as a reader who knows no code reads it."""

    name: str
    requires: str
    checks: tuple[CheckDoc, ...]


@dataclass(frozen=True)
class WaiverDoc:
    """One waiver as the site shows it; `expired` as of the time of the build."""

    check: str
    scope: str
    reason: str
    owner: str
    expires: str
    expired: bool


@dataclass(frozen=True)
class Catalogue:
    """All that the site says besides verdicts: the suites with their checks, the waivers, the expected systems."""

    suites: tuple[SuiteDoc, ...]
    waivers: tuple[WaiverDoc, ...] = ()
    registry: Registry | None = None
