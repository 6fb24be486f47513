"""What waivers and book lines clear, counted and named: nothing is ever cleared silently."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from prop_quality.judgement import Finding
from prop_quality.verdict import MAX_SAMPLE_ROWS, Cleared
from prop_quality.waivers import Waiver

_NAMED_IN_WORDS = 3


def cleared(by: str, rows: int, because: str, named: Sequence[Mapping[str, Any]]) -> Cleared:
    """`rows` rows that `by` cleared, of which `named` are keys; at most 20 are kept, three said in words.

    Keys without a player are of whole systems or dates, and then all of them are there.
    """
    said = ", ".join(_words(one) for one in named[:_NAMED_IN_WORDS])
    more = (rows if named and "player_lookup" in named[0] else len(named)) - _NAMED_IN_WORDS
    rest = f" and {more} more" if more > 0 else ""
    return Cleared(by, rows, f"{because}: {said}{rest}" if said else because, tuple(named[:MAX_SAMPLE_ROWS]))


def cleared_by(waiver: Waiver, rows: int, named: Sequence[Mapping[str, Any]]) -> Cleared:
    """Rows that a waiver cleared."""
    return cleared("waiver", rows, f"{waiver.reason} ({waiver.owner}, until {waiver.expires})", named)


def covers(waiver: Waiver, finding: Finding) -> bool:
    """Whether a waiver covers a whole finding: its date, and its system when the waiver names one."""
    return waiver.touches([finding.game_date]) and waiver.system_id in (None, finding.system_id)


def _words(one: Mapping[str, Any]) -> str:
    if "player_lookup" in one:
        return f"{one['player_lookup']} ({one['system_id']})"
    return str(one["system_id"] or one["game_date"])
