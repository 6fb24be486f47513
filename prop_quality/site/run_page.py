"""The page of one run: a function of the verdict and of what the checks said of themselves on that day."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from prop_quality.site import words
from prop_quality.site.digest import RunDigest
from prop_quality.site.render import month_name, render
from prop_quality.site.state import Mark, run_mark
from prop_quality.suite import Catalogue
from prop_quality.verdict import CheckResult, Coverage, Outcome, Severity, Verdict

MAX_COVERAGE_ROWS = 300
MAX_BREAKDOWN_ROWS = 60
MAX_COLUMNS = 30
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
    listed: bool = True


@dataclass(frozen=True)
class Facing:
    """One line of the claim beside what is stored; `off` when they contradict each other."""

    about: str
    says: str
    holds: str
    off: bool = False


def run_page(verdict: Verdict, digest: RunDigest, catalogue: Catalogue) -> str:
    """The page of `verdict`, which must be `publishable`."""
    sentences = {check.id: check.sentence for suite in catalogue.suites for check in suite.checks}
    checks = sorted(verdict.checks, key=_weight)
    failed = [c for c in checks if c.outcome is Outcome.FAILED]
    critical = sum(c.severity is Severity.CRITICAL for c in failed)
    undecided = sum(c.outcome is Outcome.INCONCLUSIVE for c in checks)
    coverage = sorted(verdict.coverage, key=_gap)
    return render(
        "run.html.j2",
        digest.page,
        here="Run",
        v=verdict,
        key=digest.key,
        mark=run_mark(digest),
        words=words.run_sentence(verdict.verdict, critical, len(failed) - critical, undecided),
        dates_words=_dates(digest),
        month_name=month_name(digest.month),
        claim=facing(verdict),
        coverage=coverage[:MAX_COVERAGE_ROWS],
        coverage_more=len(coverage[MAX_COVERAGE_ROWS:]),
        checks=[_view(check, sentences.get(check.id)) for check in checks],
        tally=[(o, n) for o in _ORDER if (n := sum(c.outcome is o for c in checks))],
        columns=sorted(verdict.columns.items()),
    )


def facing(verdict: Verdict) -> list[Facing]:
    """The claim of the batch beside what the scan found; without a claim, what was found alone."""
    claim = dict(verdict.claim or {})
    written = verdict.written
    most_fresh = max((c.fresh_players for c in verdict.coverage), default=0)
    expected = max((c.expected_players for c in verdict.coverage), default=0)
    completed, said_expected = claim.pop("completed_players", None), claim.pop("expected_players", None)
    total, status = claim.pop("total_predictions", None), claim.pop("status", None)
    fresh = written.inserted + written.updated
    rows = [
        Facing("Outcome", _said(status), f"verdict {verdict.verdict}", status == "success" and _bad(verdict)),
        Facing(
            "Players",
            f"{_said(completed)} completed of {_said(said_expected)} expected",
            f"at most {most_fresh:,} written since the start, by any one system; the roster expects {expected:,}",
            _number(completed) > most_fresh,
        ),
        Facing(
            "Predictions",
            f"{_said(total)} generated",
            f"{fresh:,} rows written since the start ({written.inserted:,} new, {written.updated:,} changed)",
            _number(total) > 0 and fresh == 0,
        ),
        Facing("Older rows", "–", f"{written.stale:,} active rows were there before and were not touched"),
    ]
    return rows + [Facing(str(name).replace("_", " ").capitalize(), _said(value), "–") for name, value in claim.items()]


def grid(rows: Sequence[Mapping[str, Any]], limit: int) -> Grid:
    """`rows` as a table of at most `limit` rows and 30 columns; a value that a row lacks is None."""
    columns = list(dict.fromkeys(name for row in rows[:limit] for name in row))[:MAX_COLUMNS]
    cells = [[row.get(name) for name in columns] for row in rows[:limit]]
    return Grid(columns, cells, max(0, len(rows) - limit))


def _view(check: CheckResult, sentence: str | None) -> CheckView:
    mark = words.OUTCOME_MARK[check.outcome]
    if check.outcome is Outcome.FAILED and check.severity is not Severity.CRITICAL:
        mark = Mark.WARNING
    breakdown, sample = grid(check.breakdown, MAX_BREAKDOWN_ROWS), grid(check.sample, len(check.sample))
    return CheckView(check, mark, sentence, breakdown, sample)


def _weight(check: CheckResult) -> tuple[int, int]:
    """Failed critical checks first, skipped ones last; otherwise the order of the suites."""
    return (_ORDER.index(check.outcome), list(Severity).index(check.severity))


def _gap(coverage: Coverage) -> tuple[bool, bool, object, str]:
    """Incomplete systems first, then those that the batch did not write."""
    whole = coverage.stored_players >= coverage.expected_players
    return (whole, coverage.fresh_players >= coverage.expected_players, coverage.game_date, coverage.system_id)


def _dates(digest: RunDigest) -> str:
    if digest.first_date is None or digest.last_date is None:
        return "no game date"
    if digest.dates == 1:
        return words.long_date(digest.first_date)
    return f"{digest.dates} dates, {words.short_date(digest.first_date)} to {words.short_date(digest.last_date)}"


def _said(value: object) -> str:
    if value is None:
        return "–"
    return f"{value:,}" if isinstance(value, int) and not isinstance(value, bool) else str(value)


def _number(value: object) -> float:
    return value if isinstance(value, int | float) and not isinstance(value, bool) else 0


def _bad(verdict: Verdict) -> bool:
    return verdict.verdict is not Outcome.PASSED
