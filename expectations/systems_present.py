"""Finds systems that wrote nothing."""

from collections.abc import Sequence
from datetime import date
from typing import ClassVar

from expectations.levels import dates_of_systems, no_roster
from prop_quality.expectation import Answer, Finding, Group, GroupExpectation


class SystemsPresent(GroupExpectation):
    """Every system that is expected on a date has at least one active row.

    For the operator:
        A model did not load, or its rows were lost or switched off. The ensemble of that night lacks a voice.
    Example that fails:
        `catboost_v8` has no active row on 2026-01-12; the four other systems have 150 each.
    Incident:
        One system was there on 11 of 31 dates only, and nobody saw it.
    Limits:
        Which systems are expected on which date is in `expectations/systems.yml`. Not decided for a date with no row
        on which no player is expected: there may be no games.
    What to do:
        Look for the model's load error in the worker's log, then regenerate the date for that system.
    """

    optional_sources: ClassVar[frozenset[str]] = frozenset({"roster"})
    restart: ClassVar[bool] = True
    fault: ClassVar[str] = "have no active row, though expected on their date"

    def dates(self, answer: Answer) -> Sequence[date]:
        """Not those on which none of the selected systems is expected."""
        return dates_of_systems(answer)

    def look(self, group: Group, answer: Answer) -> Finding | None:
        """An expected system without rows."""
        expected = answer.scope.registry.systems_on(group.game_date)
        if not expected and answer.scope.registry.known_on(group.game_date):
            return None
        if not expected:
            return Finding(
                group.game_date, None, 0, doubt=f"no system is registered for {group.game_date} in systems.yml"
            )
        if group.system_id not in expected:
            return None
        day = answer.day(group.game_date)
        if not day.pairs.expected and not day.count("all_rows"):
            return Finding(group.game_date, group.system_id, 0, doubt=no_roster(day, answer))
        there = group.count("active_rows") > 0
        return Finding(
            group.game_date,
            group.system_id,
            examined=1,
            failing=int(not there),
            level=None if there else self.level,
            detail=group.system_id,
        )
