"""The page of one run: a function of the verdict and of what the checks said of themselves on that day."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from prop_quality.site import words
from prop_quality.site.claim import facing
from prop_quality.site.coverage_calendar import calendar_month
from prop_quality.site.date_digest import digest_dates
from prop_quality.site.digest import WATCH, RunDigest
from prop_quality.site.render import month_name, render
from prop_quality.site.shards import month_of
from prop_quality.site.state import Mark, date_state, run_mark
from prop_quality.suite import Catalogue
from prop_quality.verdict import CheckResult, Cleared, Coverage, DateVerdict, Outcome, Severity, Verdict

MAX_COVERAGE_ROWS = 300
MAX_BREAKDOWN_ROWS = 60
MAX_COLUMNS = 30
MAX_MONTHS = 13
MANY_DATES = 14
_ORDER = (Outcome.FAILED, Outcome.INCONCLUSIVE, Outcome.PASSED, Outcome.SKIPPED)


@dataclass(frozen=True)
class Grid:
    """Rows of a breakdown or sample as a table: all columns that any row has, in order of appearance."""

    columns: Sequence[str]
    rows: Sequence[Sequence[Any]]
    more: int


@dataclass(frozen=True)
class CheckView:
    """One check on the page."""

    r: CheckResult
    mark: Mark
    sentence: str | None
    breakdown: Grid
    sample: Grid
    cleared: Sequence[tuple[Cleared, Grid]]


def run_page(verdict: Verdict, digest: RunDigest, catalogue: Catalogue) -> str:
    """The page of `verdict`, which must be `publishable`."""
    sentences = {check.id: check.sentence for suite in catalogue.suites for check in suite.checks}
    checks = sorted(verdict.checks, key=_weight)
    mark, many = run_mark(digest), len(verdict.dates) > 1
    coverage = sorted(verdict.coverage, key=_gap)
    shown = [c for c in coverage if not _whole(c)] if many else coverage
    noted = sorted((d for d in verdict.dates if len(verdict.dates) <= MANY_DATES or _noted(d)), key=_gravity)
    return render(
        "run.html.j2",
        digest.page,
        here="History",
        v=verdict,
        key=digest.key,
        mark=mark,
        title=words.run_title(digest, mark),
        said=words.run_said(digest, verdict.summary),
        month_name=month_name(digest.month),
        claim=facing(verdict),
        months=_months(verdict, digest) if many and verdict.checkpoint != WATCH else [],
        noted=noted[:MAX_COVERAGE_ROWS],
        noted_more=len(noted[MAX_COVERAGE_ROWS:]),
        other_dates=len(verdict.dates) - len(noted),
        coverage=shown[:MAX_COVERAGE_ROWS],
        coverage_more=len(shown[MAX_COVERAGE_ROWS:]),
        linked={name for _, run in digest_dates(verdict, digest.key, digest.month) for name in run.systems},
        coverage_whole=len(coverage) - len(shown),
        started=verdict.batch.started_at is not None,
        many=many,
        checks=[_view(check, sentences.get(check.id)) for check in checks],
        tally=[(o, n) for o in _ORDER if (n := sum(c.outcome is o for c in checks))],
        columns=sorted(verdict.columns.items()),
    )


def grid(rows: Sequence[Mapping[str, Any]], limit: int) -> Grid:
    """`rows` as a table of at most `limit` rows and 30 columns; a value that a row lacks is None."""
    columns = list(dict.fromkeys(name for row in rows[:limit] for name in row))[:MAX_COLUMNS]
    cells = [[row.get(name) for name in columns] for row in rows[:limit]]
    return Grid(columns, cells, max(0, len(rows) - limit))


def _breakdown(check: CheckResult) -> Grid:
    """The breakdown with our own names in words, without what none of its rows knows."""
    whole = grid(check.breakdown, MAX_BREAKDOWN_ROWS)
    known = [i for i in range(len(whole.columns)) if any(row[i] is not None for row in whole.rows)]
    columns = [words.label(whole.columns[i]) for i in known]
    return Grid(columns, [[row[i] for i in known] for row in whole.rows], whole.more)


def _view(check: CheckResult, sentence: str | None) -> CheckView:
    mark = words.OUTCOME_MARK[check.outcome]
    if check.outcome is Outcome.FAILED and check.severity is not Severity.CRITICAL:
        mark = Mark.WARNING
    breakdown, sample = _breakdown(check), grid(check.sample, len(check.sample))
    cleared = [(one, grid(one.sample, len(one.sample))) for one in check.cleared]
    return CheckView(check, mark, sentence, breakdown, sample, cleared)


def _weight(check: CheckResult) -> tuple[int, int]:
    """Failed critical checks first, skipped ones last; otherwise the order of the suites."""
    return (_ORDER.index(check.outcome), list(Severity).index(check.severity))


def _noted(decided: DateVerdict) -> bool:
    return decided.verdict is not Outcome.PASSED or bool(decided.failed_checks)


def _gravity(decided: DateVerdict) -> tuple[int, int]:
    """The dates that failed first, the newest of them first."""
    return (_ORDER.index(decided.verdict), -decided.game_date.toordinal())


def _whole(coverage: Coverage) -> bool:
    return coverage.stored_players >= coverage.expected_players


def _gap(coverage: Coverage) -> tuple[float, float, object, str]:
    """The least complete systems first, then those that the batch did not write."""
    expected = max(1, coverage.expected_players)
    stored, fresh = coverage.stored_players / expected, coverage.fresh_players / expected
    return (min(stored, 1), min(fresh, 1), coverage.game_date, coverage.system_id)


def _months(verdict: Verdict, digest: RunDigest) -> list[dict[str, Any]]:
    """The dates of this run as a calendar, by this run alone; the newest month first."""
    states = {day: date_state(day, [run]) for day, run in digest_dates(verdict, digest.key, digest.month)}
    months = sorted({month_of(day) for day in states}, reverse=True)
    first, last = min(states), max(states)
    return [calendar_month(m, states, first=first, last=last) for m in months[:MAX_MONTHS]]
