"""The front page: is tonight's data good, what is broken, since when, for whom; bounded at any size of history."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from prop_quality.site import charts, words
from prop_quality.site.coverage_calendar import calendar_month
from prop_quality.site.digest import WATCH, RunDigest
from prop_quality.site.history_pages import Chart
from prop_quality.site.render import month_name, render
from prop_quality.site.shards import month_of, months_until
from prop_quality.site.state import DateState, Mark, Open, run_mark, today_eastern, told, tonight
from prop_quality.site.trends import Trends
from prop_quality.verdict import Outcome, Severity
from prop_quality.words import plural

MAX_BYTES = 200_000
PATH = "index.html"


@dataclass(frozen=True)
class Limits:
    """How much of everything the page shows; the next of `STEPS` is taken while the page is too large."""

    days: int = 90
    systems: int = 16
    failures: int = 30
    runs: int = 12
    points: int = 40
    cards: int = 6


STEPS = (Limits(), Limits(90, 12, 20, 10, 24, 4), Limits(45, 8, 10, 6, 16, 3), Limits(30, 4, 5, 4, 8, 2))


@dataclass(frozen=True)
class OpenCheck:
    """One check that is failing now, over all near dates, or all `past` ones, where it does."""

    check: str
    past: bool
    sentence: str
    severity: Severity
    mark: Mark
    days: Sequence[date]
    more: int
    systems: Sequence[str]
    more_systems: int
    failing: int
    examined: int
    lasting: str
    since: Any
    runs: str


@dataclass(frozen=True)
class Notice:
    """A line under the headline that must not be missed."""

    mark: Mark
    text: str
    href: str | None = None


@dataclass(frozen=True)
class Now:
    """All that the front page is made of; `states` and `runs` (oldest first) of the last four months."""

    states: Mapping[date, DateState]
    runs: Sequence[RunDigest]
    sentences: Mapping[str, str]
    now: datetime

    @property
    def judged(self) -> list[RunDigest]:
        """The runs that judged data; a watch only looks whether there is any."""
        return [run for run in self.runs if run.checkpoint != WATCH]

    @property
    def near(self) -> list[DateState]:
        """The dates still to be played or just played."""
        return tonight(self.states, self.now)

    @property
    def headline(self) -> tuple[Mark, str]:
        """The state in a word and in a sentence."""
        return words.headline(self.near, self.judged[-1] if self.judged else None, self.now)

    @property
    def last_day(self) -> date:
        """Where the calendar ends: today, a later date that has a verdict, or, on a still site, the newest date."""
        today = today_eastern(self.now)
        newest = max(self.states, default=today)
        return newest if newest > today or today - newest > timedelta(days=30) else today


def now_page(site: Now) -> str:
    """The front page in at most 200,000 bytes."""
    content = ""
    for limits in STEPS:
        content = _page(site, limits, Trends(site.judged, limits.points))
        if len(content.encode("utf-8", "replace")) <= MAX_BYTES:
            break
    return content


def open_checks(site: Now, days_shown: int = 4, systems_shown: int = 8) -> list[OpenCheck]:
    """What is failing: first for the dates that are still to be played or were just played, then for earlier ones.

    Among each the critical come first, then what has lasted longest.
    """
    near = {state.game_date for state in site.near}
    grouped: dict[tuple[bool, str], list[Open]] = {}
    for state in site.states.values():
        for failure in state.open:
            grouped.setdefault((failure.game_date not in near, failure.check), []).append(failure)
    found = []
    for (past, check), failures in grouped.items():
        first = min(failures, key=lambda f: f.since.at)
        severity = min((f.problem.severity for f in failures), key=list(Severity).index)
        systems = sorted({name for f in failures for name in f.problem.by})
        days = sorted((f.game_date for f in failures), reverse=True)
        found.append(
            OpenCheck(
                check=check,
                past=past,
                sentence=site.sentences.get(check, ""),
                severity=severity,
                mark=Mark.FAILED if severity is Severity.CRITICAL else Mark.WARNING,
                days=days[:days_shown],
                more=len(days[days_shown:]),
                systems=systems[:systems_shown],
                more_systems=len(systems[systems_shown:]),
                failing=sum(f.problem.failing for f in failures),
                examined=sum(f.problem.examined for f in failures),
                lasting=words.duration(site.now - first.since.at),
                since=first.since,
                runs=plural(max(f.runs for f in failures), "run"),
            )
        )
    return sorted(found, key=lambda o: (o.past, list(Severity).index(o.severity), o.since.at, o.check))


def notices(site: Now) -> list[Notice]:
    """What the headline alone would hide: silence, a failing watch, a failed run for another date."""
    found = []
    today = today_eastern(site.now)
    near = site.near
    if site.judged and today not in {state.game_date for state in near}:
        text = f"There is no verdict for tonight, {words.long_date(today)}."
        found.append(Notice(Mark.UNKNOWN, text))
    watches = [run for run in site.runs if run.checkpoint == WATCH]
    if watches and watches[-1].verdict is not Outcome.PASSED:
        found.append(Notice(run_mark(watches[-1]), f"The watch says: {words.run_said(watches[-1])}", watches[-1].page))
    newest = site.judged[-1] if site.judged else None
    if newest and newest.verdict is not Outcome.PASSED and newest.last_date not in {s.game_date for s in near}:
        about = words.short_date(newest.last_date) if newest.last_date else "no date"
        text = f"The newest run, for {about}, is {words.WORD[run_mark(newest)]}."
        found.append(Notice(run_mark(newest), text, newest.page))
    return found


def _page(site: Now, limits: Limits, trends: Trends) -> str:
    mark, said = site.headline
    near = site.near
    shown = near or [site.states[day] for day in sorted(site.states, reverse=True)[:3]]
    failures = open_checks(site)
    past = [o for o in failures if o.past]
    months, hidden = _calendar(site, limits)
    first = next((s for s in near if s.game_date == today_eastern(site.now)), near[0] if near else None)
    return render(
        "index.html.j2",
        PATH,
        here="Now",
        mark=mark,
        words=said,
        lead=_lead(site, first),
        notices=notices(site),
        now=site.now,
        dates_title="Still to be played or just played" if near else "The newest dates that were judged",
        dates=shown[: limits.cards],
        near_name=lambda day: words.near_name(day, site.now),
        date_summary=words.date_summary,
        open=failures[: limits.failures],
        open_more=len(failures[limits.failures :]),
        past=past[0] if past else None,
        days=limits.days,
        months=months,
        hidden_systems=hidden,
        charts=[Chart.of(series) for series in trends.series()],
        numbers=list(trends.numbers()),
        drawn=charts.available(),
        points=limits.points,
        runs=list(reversed(told(site.runs)[0]))[: limits.runs],
        month_name=month_name,
    )


def _lead(site: Now, state: DateState | None) -> str | None:
    if state is None:
        newest = site.judged[-1] if site.judged else None
        return f"The newest run is {words.duration(site.now - newest.at)} old." if newest else None
    if state.open:
        return words.gravest(o.problem for o in state.open)
    newest = next((run for run in reversed(site.judged) if run.key == state.newest.key), None)
    return words.run_said(newest) if newest else None


def _calendar(site: Now, limits: Limits) -> tuple[list[dict[str, Any]], int]:
    last = site.last_day
    first = last - timedelta(days=limits.days - 1)
    window = {day: state for day, state in site.states.items() if first <= day <= last}
    newest: dict[str, date] = {}
    for day, state in sorted(window.items()):
        newest.update(dict.fromkeys(state.systems, day))
    systems = sorted(newest, key=lambda name: (-newest[name].toordinal(), name))
    months = [m for m in months_until(month_of(last)) if any(month_of(day) == m for day in window)]
    today = today_eastern(site.now)
    drawn = [
        calendar_month(m, window, first=first, last=last, today=today, systems=systems[: limits.systems])
        for m in reversed(months)
    ]
    return drawn, len(systems[limits.systems :])
