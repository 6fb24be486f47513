"""Sentences, times and numbers for a person who was woken up."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime, timedelta

from prop_quality.gravity import weight
from prop_quality.site.digest import WATCH, Problem, RunDigest
from prop_quality.site.state import EASTERN, DateState, Mark, today_eastern
from prop_quality.verdict import Outcome, Severity
from prop_quality.words import plural

SIGN = {Mark.GOOD: "✓", Mark.WARNING: "!", Mark.FAILED: "✗", Mark.UNKNOWN: "?", Mark.NONE: "·"}
WORD = {
    Mark.GOOD: "good",
    Mark.WARNING: "good, with warnings",
    Mark.FAILED: "not good",
    Mark.UNKNOWN: "not decided",
    Mark.NONE: "no verdict",
}
VERDICT = {
    Outcome.PASSED: "judged good",
    Outcome.FAILED: "judged not good",
    Outcome.INCONCLUSIVE: "not decided",
    Outcome.SKIPPED: "not judged",
}
_PLAIN = re.compile(r"[a-z]+(_[a-z]+)*")
QUIET = "no games were expected and nothing is stored"
NOT_YET = "no batch has been judged yet, and the watch misses nothing"
OUTCOME_MARK = {
    Outcome.PASSED: Mark.GOOD,
    Outcome.FAILED: Mark.FAILED,
    Outcome.INCONCLUSIVE: Mark.UNKNOWN,
    Outcome.SKIPPED: Mark.NONE,
}


def utc(moment: datetime) -> str:
    """`2026-01-17 04:37:16 UTC`; seconds only when there are some."""
    moment = moment.astimezone(UTC)
    return f"{moment:%Y-%m-%d %H:%M:%S}".removesuffix(":00") + " UTC"


def eastern(moment: datetime) -> str:
    """`Fri 16 Jan 23:37 US Eastern`."""
    local = moment.astimezone(EASTERN)
    return f"{local:%a} {local.day} {local:%b %H:%M} US Eastern"


def clock(moment: datetime) -> str:
    """`17 Jan 04:37`, in UTC, for the labels of a chart."""
    moment = moment.astimezone(UTC)
    return f"{moment.day} {moment:%b %H:%M}"


def long_date(day: date) -> str:
    """`Friday 9 January 2026`."""
    return f"{day:%A} {day.day} {day:%B %Y}"


def short_date(day: date) -> str:
    """`Fri 9 Jan 2026`."""
    return f"{day:%a} {day.day} {day:%b %Y}"


def duration(span: timedelta) -> str:
    """`under a minute`, `12 min`, `3 h 20 min`, `5 days`."""
    minutes = max(0, int(span.total_seconds() // 60))
    if minutes < 1:
        return "under a minute"
    if minutes < 60:
        return f"{minutes} min"
    if minutes < 48 * 60:
        return f"{minutes // 60} h {minutes % 60} min" if minutes % 60 else f"{minutes // 60} h"
    return f"{minutes // 1440} days"


def label(name: str) -> str:
    """`Failing rows` for `failing_rows`; what is no plain name, as it is."""
    return name.capitalize().replace("_", " ") if _PLAIN.fullmatch(name) else name


def percent(part: float, whole: float) -> str:
    """`98 %`, rounded down as on the terminal, and never to 0: one missing player matters, and one that is there."""
    if not whole:
        return "–"
    share = 100 * part // whole
    return "<1\u00a0%" if part > 0 and share < 1 else f"{share:.0f}\u00a0%"


def size(count: float) -> str:
    """Bytes as `512 B`, `20 MB`, `1.5 GB`, in powers of 1,000."""
    for unit in ("B", "kB", "MB", "GB"):
        if count < 1000:
            return f"{count:.3g} {unit}"
        count /= 1000
    return f"{count:.3g} TB"


def day_name(day: date, now: datetime) -> str:
    """`Tonight's data`, `Last night's data`, `The data for Friday 9 January 2026`."""
    near = near_name(day, now)
    return f"{near}'s data" if near else f"The data for {long_date(day)}"


def near_name(day: date, now: datetime) -> str:
    """`Tonight`, `Tomorrow`, `Last night`; nothing for another day."""
    names = {0: "Tonight", 1: "Tomorrow", -1: "Last night"}
    return names.get((day - today_eastern(now)).days, "")


def date_sentence(state: DateState, now: datetime) -> str:
    """`Tonight's data is not good: 3 critical checks fail.`, by the day that `now` is."""
    subject = day_name(state.game_date, now)
    told = _told(state)
    if state.mark is Mark.NONE:
        return f"{subject}: {told}."
    if state.mark is Mark.FAILED:
        return f"{subject} is not good: {told}."
    if state.mark is Mark.UNKNOWN:
        return f"{subject} could not be judged; treat it as not good until it is."
    return f"{subject} is good, with {told}." if state.mark is Mark.WARNING else f"{subject} is good."


def date_word(state: DateState) -> str:
    """The state of a date in a word or two."""
    return "no games" if state.mark is Mark.NONE and state.quiet else WORD[state.mark]


def date_summary(state: DateState) -> str:
    """`3 critical checks fail.`: what holds of a date, on whatever day it is read."""
    if state.mark is Mark.UNKNOWN:
        return "It could not be judged; treat it as not good until it is."
    told = _told(state)
    return f"{told[0].upper()}{told[1:]}."


def _told(state: DateState) -> str:
    if state.mark is Mark.NONE:
        return QUIET if state.quiet else NOT_YET
    critical = sum(o.problem.severity is Severity.CRITICAL for o in state.open)
    if state.mark is Mark.FAILED:
        count = critical or len(state.newest.problems)
        return plural(count, "critical check fails", "critical checks fail")
    warnings = len(state.open) - critical
    return plural(warnings, "warning") if warnings else "every critical check passed"


def headline(near: Sequence[DateState], newest: RunDigest | None, now: datetime) -> tuple[Mark, str]:
    """The first words of the front page, and the state that they announce."""
    if near:
        today = today_eastern(now)
        first = next((s for s in near if s.game_date == today), near[0])
        return first.mark, date_sentence(first, now)
    if newest is None:
        return Mark.NONE, "No verdict has been stored yet."
    return Mark.UNKNOWN, "Tonight's data has no verdict."


def run_title(run: RunDigest, mark: Mark) -> str:
    """What one run found, for the head of its page: `Friday 9 January 2026: not good`."""
    about = dates_of(run)
    return f"Watch over {about}: {WORD[mark]}" if run.checkpoint == WATCH else f"{about}: {WORD[mark]}"


def dates_of(run: RunDigest) -> str:
    """`Friday 9 January 2026`, `53 dates, Fri 14 Nov 2025 to Mon 5 Jan 2026`."""
    if run.first_date is None or run.last_date is None:
        return "No game date"
    if run.dates == 1:
        return long_date(run.first_date)
    return f"{run.dates} dates, {short_date(run.first_date)} to {short_date(run.last_date)}"


def run_said(run: RunDigest, summary: str | None = None) -> str:
    """A run's summary (or all of it, as `summary`) without the dates and the batch that it begins with."""
    said = run.summary if summary is None else summary
    for subject in (f"{run.first_date} ({run.batch_id}): ", f"{run.first_date}: "):
        said = said.removeprefix(subject)
    if run.dates > 1:
        said = said.removeprefix(f"{run.dates} dates from {run.first_date} to {run.last_date}: ")
    return said


def gravest(problems: Iterable[Problem]) -> str:
    """The reason of the failure that a person should hear of first."""
    failed = [p for p in problems if p.outcome is Outcome.FAILED]
    return min(failed, key=lambda p: weight(p.severity, p.suite, p.failing, p.examined)).reason if failed else ""
