"""The claim of a batch beside what the table holds; without a claim, what the table holds alone."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from prop_quality.site import words
from prop_quality.verdict import Outcome, Verdict
from prop_quality.words import plural

_KNOWN = {
    *("status", "expected_players", "completed_players", "total_predictions"),
    *("record_count", "records_failed", "completion_percentage"),
}
_UNKNOWN = "not known: the table did not answer"


@dataclass(frozen=True)
class Facing:
    """One line of the claim beside what is stored; `off` when they contradict each other."""

    about: str
    says: str
    holds: str
    off: bool = False


def facing(verdict: Verdict) -> list[Facing]:
    """What the batch says beside what the scan found; empty `says` where there is no claim about it."""
    if verdict.claim is None:
        return list(_holdings(verdict)) if verdict.answered else [Facing("Rows", "", _UNKNOWN)]
    claim, written = verdict.claim, verdict.written
    fresh, status = written.inserted + written.updated, claim.get("status")
    completed, total = claim.get("completed_players"), claim.get("total_predictions")
    players, found = _players_written(verdict)
    held = Facing(
        "Players",
        _players_claimed(claim),
        f"{found}; the roster expects {_expected(verdict):,}",
        number(completed) > players,
    )
    made = Facing("Predictions", f"{said(total)} generated", _new(verdict), number(total) > 0 and fresh == 0)
    if not verdict.answered:
        held, made = (replace(one, holds=_UNKNOWN, off=False) for one in (held, made))
    rows = [
        Facing(
            "Outcome",
            said(status),
            words.VERDICT[verdict.verdict],
            status == "success" and verdict.verdict is Outcome.FAILED,
        ),
        held,
        made,
        *([Facing("Older rows", "", _older(verdict))] if verdict.answered else []),
    ]
    if "records_failed" in claim:
        rows.insert(2, Facing("Players failed", said(claim["records_failed"]), "", number(claim["records_failed"]) > 0))
    # What a later producer adds is shown too: nothing of a claim is left out.
    return rows + [
        Facing(words.label(str(name)), said(value), "") for name, value in claim.items() if name not in _KNOWN
    ]


def said(value: object) -> str:
    """A value of the claim in words: `3,610`, `success`, a dash for what is not there."""
    if value is None:
        return "–"
    return f"{value:,}" if isinstance(value, int) and not isinstance(value, bool) else str(value)


def number(value: object) -> float:
    """A value of the claim as a number; 0 for what is none."""
    return value if isinstance(value, int | float) and not isinstance(value, bool) else 0


def _players_claimed(claim: Mapping[str, Any]) -> str:
    """`150 completed of 150 expected (100 %)`, and the count of records where it is another."""
    completed, recorded, share = (claim.get(n) for n in ("completed_players", "record_count", "completion_percentage"))
    text = f"{said(completed)} completed of {said(claim.get('expected_players'))} expected"
    if share is not None:
        text += f" ({share:g}\u00a0%)" if isinstance(share, int | float) else f" ({said(share)})"
    return text if recorded in (None, completed) else f"{text}, {said(recorded)} recorded"


def _holdings(verdict: Verdict) -> Iterator[Facing]:
    yield Facing("Rows", "", f"{verdict.rows_examined:,} rows on {plural(len(verdict.batch.game_dates), 'date')}")
    expected, stored = (
        sum(c.expected_players for c in verdict.coverage),
        sum(c.stored_players for c in verdict.coverage),
    )
    if expected:
        share = words.percent(stored, expected)
        yield Facing("Coverage", "", f"{stored:,} of {expected:,} expected player × system pairs ({share})")
    if verdict.batch.started_at is not None:
        yield Facing("New rows", "", _new(verdict))
        yield Facing("Older rows", "", _older(verdict))


def _players_written(verdict: Verdict) -> tuple[int, str]:
    """How many players were written since the start, from the check that counted them, else from the best system."""
    for check in verdict.checks:
        counts = [row["written_players"] for row in check.breakdown if isinstance(row.get("written_players"), int)]
        if counts:
            return sum(counts), f"{plural(sum(counts), 'player')} written since the start"
    most = max((c.fresh_players for c in verdict.coverage), default=0)
    return most, f"at most {most:,} written since the start, by any one system"


def _expected(verdict: Verdict) -> int:
    return max((c.expected_players for c in verdict.coverage), default=0)


def _new(verdict: Verdict) -> str:
    written = verdict.written
    fresh = written.inserted + written.updated
    rows = plural(fresh, "row")
    return f"{rows} written since the start ({written.inserted:,} new, {written.updated:,} changed)"


def _older(verdict: Verdict) -> str:
    return f"{plural(verdict.written.stale, 'active row')} from before the start, not touched since"
