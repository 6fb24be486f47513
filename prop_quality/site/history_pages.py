"""Pages over many runs: a date, a system, a check, the months, and the list of all months."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from prop_quality.site import charts, words
from prop_quality.site.charts import Point, Series
from prop_quality.site.coverage_calendar import calendar_month
from prop_quality.site.digest import DateRun, Problem, RunDigest
from prop_quality.site.files import date_path, slug
from prop_quality.site.render import month_name, render
from prop_quality.site.shards import MAX_RUNS_PER_DATE, Known
from prop_quality.site.state import DateState, Mark, SystemState, date_state, told
from prop_quality.suite import CheckDoc
from prop_quality.verdict import Outcome
from prop_quality.words import plural

MAX_HISTORY = 80
SYSTEM_DAYS = 90
PLAUSIBILITY_SUITES = ("plausibility", "line_consistency", "placeholder_lines")
EARLIER_MONTHS = 12
RECENT_YEARS = 2


@dataclass(frozen=True)
class Chart:
    """A chart as a template wants it: its data, and its drawing if there is one."""

    series: Series
    drawing: Any

    @classmethod
    def of(cls, series: Series) -> Chart:
        """Draw `series`."""
        return cls(series, charts.draw(series))


@dataclass(frozen=True)
class Stretch:
    """Equal outcomes of a check in a row: the run that began them, and what it said."""

    run: RunDigest
    outcome: Outcome
    problem: Problem | None


def date_page(state: DateState) -> tuple[str, str]:
    """A date's page as (path, content); it says nothing that depends on the day that it is read."""
    path = date_path(state.game_date)
    steps = [_step(state.game_date, *pair) for pair in zip(state.runs, [None, *state.runs[:-1]], strict=True)]
    values = {"s": state, "steps": steps, "words": words.date_summary(state), "month_name": month_name(path[6:13])}
    values["ever"] = any(p.outcome is Outcome.FAILED for run in state.runs for p in run.problems.values())
    values["said"] = words.gravest(o.problem for o in state.open)
    return path, render("date.html.j2", path, here="History", full=len(steps) >= MAX_RUNS_PER_DATE, **values)


def system_page(system: str, states: Sequence[DateState], known: Known) -> tuple[str, str]:
    """A system's page over `states` (oldest first) as (path, content)."""
    path = system_path(system)
    held = [(state, found) for state in states if (found := state.system(system)) is not None]
    rows = [
        {"state": state, "x": x, "named": _named(state, system), "implausible": _implausible(state, system)}
        for state, x in reversed(held)
    ]
    months = sorted((m for m in known.date_months if not held or m < f"{held[0][0].game_date:%Y-%m}"), reverse=True)
    values = {"system": system, "dates": rows, "words": _system_words(held), "earlier": months[:EARLIER_MONTHS]}
    drawn = [Chart.of(series) for series in _system_series(held)]
    return path, render("system.html.j2", path, here="Systems", charts=drawn, **values)


def system_path(system: str) -> str:
    """Where the page of `system` is."""
    return f"systems/{slug(system)}.html"


def systems_page(known: Known, states: Mapping[date, DateState]) -> tuple[str, str]:
    """The list of systems as (path, content)."""
    rows = []
    newest_first = sorted(sorted(known.systems.items()), key=lambda item: item[1][1], reverse=True)
    for name, (first, last) in newest_first:
        state = states.get(date.fromisoformat(last))
        held = state.system(name) if state else None
        mark = held.mark if held else Mark.NONE
        counts = (held.stored, held.expected) if held else (0, 0)
        days = {"first": date.fromisoformat(first), "last": date.fromisoformat(last)}
        rows.append({"name": name, "mark": mark, "counts": counts, **days})
    path = "systems/index.html"
    return path, render("systems.html.j2", path, here="Systems", systems=rows)


def check_page(
    check: str, doc: CheckDoc | None, runs: Sequence[RunDigest], months: Sequence[str], known: Known
) -> tuple[str, str]:
    """A check's documentation and its history over `runs` (oldest first) of `months`, as (path, content)."""
    path = f"checks/{slug(check)}.html"
    stretches = list(reversed(stretches_of(check, runs)))
    said = f"From {month_name(months[0])} on."
    if len(stretches) > MAX_HISTORY:
        said = f"The newest {MAX_HISTORY} changes from {month_name(months[0])} on."
    earlier = [m for m in sorted(known.run_months, reverse=True) if m < months[0]][:EARLIER_MONTHS]
    values = {"history": stretches[:MAX_HISTORY], "history_words": said, "earlier": earlier}
    return path, render("check.html.j2", path, here="Suites and checks", id=check, doc=doc, **values)


def stretches_of(check: str, runs: Sequence[RunDigest]) -> list[Stretch]:
    """The history of `check`: every run in which it failed, and the first of each row of other equal outcomes."""
    found: list[Stretch] = []
    for run in runs:
        outcome = run.outcomes.get(check)
        if outcome is None:
            continue
        if outcome is Outcome.FAILED or not found or found[-1].outcome is not outcome:
            found.append(Stretch(run, outcome, run.problems.get(check)))
    return found


def month_runs_page(month: str, runs: Sequence[RunDigest]) -> tuple[str, str]:
    """The runs that were judged in `month` (oldest first) as (path, content)."""
    path = f"runs/{month}/index.html"
    troubled: dict[str, dict[str, Any]] = {}
    for run in runs:
        for check, problem in run.problems.items():
            entry = troubled.setdefault(check, {"id": check, "failed": [], "undecided": 0})
            if problem.outcome is Outcome.FAILED:
                entry["failed"].append(run)
            else:
                entry["undecided"] += 1
    checks = sorted(troubled.values(), key=lambda entry: (-len(entry["failed"]), entry["id"]))
    news, same = told(runs)
    values: dict[str, Any] = {
        "month_name": month_name(month),
        "runs": list(reversed(news)),
        "same": list(reversed(same)),
    }
    values |= {"total": len(runs), "checks": checks}
    return path, render("month_runs.html.j2", path, here="History", **values)


def month_dates_page(month: str, states: Sequence[DateState]) -> tuple[str, str]:
    """The game dates of `month` (oldest first) as (path, content)."""
    path = f"dates/{month}/index.html"
    drawn = calendar_month(month, {s.game_date: s for s in states})
    values = {"month_name": month_name(month), "calendar": drawn, "states": list(reversed(states))}
    return path, render("month_dates.html.j2", path, here="History", **values)


def history_pages(known: Known) -> Iterable[tuple[str, str]]:
    """The months as (path, content): a page of each earlier year, then one of the newest two, which names the others.

    So the page that each run changes stays as short after ten years as after one.
    """
    years = sorted({month[:4] for month in (*known.run_months, *known.date_months)}, reverse=True)
    recent, earlier = years[:RECENT_YEARS], years[RECENT_YEARS:]
    for path, shown in [*((f"history/{year}.html", [year]) for year in earlier), ("history.html", recent)]:
        months = {
            "run_months": [item for item in sorted(known.run_months.items(), reverse=True) if item[0][:4] in shown],
            "date_months": [item for item in sorted(known.date_months.items(), reverse=True) if item[0][:4] in shown],
        }
        year = None if shown is recent else shown[0]
        yield path, render("history.html.j2", path, here="History", year=year, earlier=earlier, **months)


def _step(day: date, run: DateRun, before: DateRun | None) -> dict[str, Any]:
    alone = date_state(day, [run])
    pairs = run.systems.values()
    counts = (sum(c[1] for c in pairs), sum(c[0] for c in pairs))
    changes = list(_changes(run, before))
    if not changes:
        changes = [{"words": "Nothing changed since the run before.", "checks": []}]
    return {"run": run, "state": alone, "counts": counts, "changes": changes}


def _changes(run: DateRun, before: DateRun | None) -> Iterable[dict[str, Any]]:
    failing = {check for check, outcome in run.outcomes.items() if outcome is Outcome.FAILED}
    if before is None:
        yield {"words": "The first run of this date.", "checks": []}
        if failing:
            yield {"words": "Failing", "checks": sorted(failing)}
        return
    past = {check for check, outcome in before.outcomes.items() if outcome is Outcome.FAILED}
    passed = {check for check, outcome in run.outcomes.items() if outcome is Outcome.PASSED}
    for label, checks in (
        ("Now failing", failing - past),
        ("Now passing", past & passed),
        ("Failing still", failing & past),
        ("Failed before, not evaluated now", past - failing - passed),
    ):
        if checks:
            yield {"words": label, "checks": sorted(checks)}
    if run.rows is not None and before.rows is not None and run.rows != before.rows:
        yield {"words": f"Rows: {before.rows:,} → {run.rows:,}.", "checks": []}
    moved = [n for n in run.systems if n in before.systems and run.systems[n][1] != before.systems[n][1]]
    if moved:
        yield {"words": f"Coverage moved for {plural(len(moved), 'system')}.", "checks": []}


def _named(state: DateState, system: str) -> list[tuple[str, int]]:
    return [(o.check, o.problem.by[system]) for o in state.open if system in o.problem.by]


def _implausible(state: DateState, system: str) -> int:
    return sum(o.problem.by.get(system, 0) for o in state.open if o.problem.suite in PLAUSIBILITY_SUITES)


def _system_words(held: Sequence[tuple[DateState, SystemState]]) -> str:
    if not held:
        return "A check named it once; nothing that holds now does."
    state, newest = held[-1]
    if not newest.expected:
        when = words.long_date(state.game_date)
        return (
            f"{words.WORD[newest.mark].capitalize()} on {when}: a check names it, and no player was expected from it."
        )
    covered = words.percent(newest.stored, newest.expected)
    when = words.long_date(state.game_date)
    return f"{words.WORD[newest.mark].capitalize()} on {when}: {covered} of its expected players are stored."


def _system_series(held: Sequence[tuple[DateState, SystemState]]) -> Iterable[Series]:
    coverage, implausible = [], []
    for state, x in held:
        label, bad = f"{state.game_date.day} {state.game_date:%b %Y}", x.mark is Mark.FAILED
        coverage.append(Point(label, None if x.share is None else round(100 * x.share, 1), bad))
        implausible.append(Point(label, _implausible(state, x.system_id), bad))
    yield Series(
        "coverage",
        "Coverage",
        "Players stored, in per cent of those expected, by game date.",
        "per cent",
        tuple(coverage),
        top=100 if all((p.value or 0) <= 100 for p in coverage) else None,
    )
    yield Series(
        "implausible",
        "Implausible rows",
        "Rows whose line, margin, points or confidence a check rejected and nothing has corrected, by game date.",
        "rows",
        tuple(implausible),
        quiet=True,
    )
