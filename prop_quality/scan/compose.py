"""The scan's SQL, composed from declarations: one statement for all checks, one more for the rows that failed.

The statements' fixed parts are templates beside this module. Names that reach them are checked identifiers of the
table, or come from our own code; every value travels as a query parameter.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any

import jinja2

from prop_quality.scan.declaration import KEYS, Declaration
from prop_quality.scan.layout import laid_out
from prop_quality.scan.parameters import ERAS, GROUPS, SNAPSHOTS, Parameter, Statement
from prop_quality.scan.scope import Scope
from prop_quality.verdict import MAX_NAMES, MAX_SAMPLE_ROWS

# What the verdict itself reports, whatever the checks are: of all stored rows, and of the active ones.
_STORED_MEASURES = {
    "all_rows": "COUNT(*)",
    "all_active_rows": "COUNTIF(is_active)",
    "last_written_at": "MAX(written_at)",
}
_MEASURES = {
    "active_rows": "COUNT(*)",
    "inserted_rows": "COUNTIF(inserted)",
    "updated_rows": "COUNTIF(fresh AND NOT inserted)",
    "stale_rows": "COUNTIF(NOT fresh)",
}


@dataclass(frozen=True)
class _Slice:
    """What the rows carry: columns, windows, whether a book shows their line, and whether the batch wrote them.

    `with_book`: the book lines are read at all.
    """

    columns: Sequence[str]
    windows: Mapping[str, str]
    with_book: bool
    with_shown: bool
    with_batch: bool


def compose_scan(declarations: Sequence[Declaration], scope: Scope) -> Statement:
    """The one query of a run: a row for each system of each date, and one for each date."""
    with_roster = scope.roster_known and _reads(declarations, "roster")
    stored = _STORED_MEASURES | _named(declarations, "stored_measures", scope)
    measures = _MEASURES | _named(declarations, "measures", scope) | _named(declarations, "date_measures", scope)
    return _statement(
        "scan.sql.j2",
        scope,
        count=len(declarations),
        slice=_slice(declarations, scope, [*stored.values(), *measures.values()], ranked=with_roster),
        stored_measures=stored,
        measures=measures,
        with_roster=with_roster,
        max_names=MAX_NAMES,
    )


def compose_failing(
    declarations: Sequence[Declaration], scope: Scope, groups: Iterable[tuple[str, date, str | None]]
) -> Statement | None:
    """The query for at most 20 failing rows of each check, within the `groups` (check, date, system) that failed."""
    conditions = {d.check_id: condition for d in declarations if (condition := _failing(d, scope))}
    if not conditions:
        return None
    concerned = [d for d in declarations if d.check_id in conditions]
    shown = _columns(concerned, scope)
    rows = [{"check_id": c, "game_date": d, "system_id": s} for c, d, s in groups if c in conditions]
    return _statement(
        "failing.sql.j2",
        scope,
        {"failing_groups": Parameter(GROUPS, rows)},
        slice=_slice(concerned, scope, [*conditions.values(), *shown], ranked=False),
        shown=shown,
        conditions=conditions,
        max_rows=MAX_SAMPLE_ROWS,
    )


def compose_listing(
    declaration: Declaration, scope: Scope, dates: Sequence[date], systems: Sequence[str], order: str
) -> Statement | None:
    """The query that lists every failing row of one check on `dates`, for an operator to paste.

    `systems` are those that failed (empty: all). None when failing is no property of rows.
    """
    condition = _failing(declaration, scope)
    if condition is None:
        return None
    shown = _columns([declaration], scope)
    return _statement(
        "listing.sql.j2",
        scope,
        {**_narrowed(scope, dates), "systems": Parameter("ARRAY<STRING>", list(systems))},
        slice=_slice([declaration], scope, [condition, order, *shown], ranked=False),
        shown=shown,
        condition=condition,
        systems=systems,
        order=order,
    )


def compose_missing(
    scope: Scope, dates: Sequence[date], systems: Sequence[str], states: Sequence[str], *, absent: bool
) -> Statement:
    """The query that names expected players, and which expected systems (of `systems`; empty: all) lack them.

    `states` are `missing` (no active row) and `stale` (none since the batch started); `absent` leaves out players that
    have a row of any system. The highest line comes first.
    """
    more = {"systems": Parameter("ARRAY<STRING>", list(systems)), "states": Parameter("ARRAY<STRING>", list(states))}
    return _statement(
        "missing.sql.j2",
        scope,
        {**_narrowed(scope, dates), **more},
        slice=_slice([], scope, [], ranked=True),
        systems=systems,
        absent=absent,
    )


def _narrowed(scope: Scope, dates: Sequence[date]) -> dict[str, Parameter]:
    """The parameters that say which dates are read, for some of them."""
    wanted, asked = set(dates), set(scope.context_dates)
    given = [(day, player) for day, player in (scope.roster.players if scope.roster else ()) if day in wanted]
    return {
        "first_date": Parameter("DATE", min(dates)),
        "last_date": Parameter("DATE", max(dates)),
        "game_dates": Parameter("ARRAY<DATE>", list(dates)),
        "context_dates": Parameter("ARRAY<DATE>", [day for day in dates if day in asked]),
        "roster_dates": Parameter("ARRAY<DATE>", [day for day, _ in given]),
        "roster_players": Parameter("ARRAY<STRING>", [player for _, player in given]),
        "snapshots": _snapshots(scope, dates),
    }


def _snapshots(scope: Scope, dates: Sequence[date]) -> Parameter:
    """When the snapshot of each date was taken."""
    taken = scope.snapshots
    return Parameter(SNAPSHOTS, [{"game_date": day, "taken_at": taken[day]} for day in dates if day in taken])


def measure_name(check_id: str, name: str) -> str:
    """The column under which a check's measure comes back."""
    return f"{check_id}__{name}"


def _named(declarations: Sequence[Declaration], kind: str, scope: Scope) -> dict[str, str]:
    return {
        measure_name(d.check_id, name): expression
        for d in declarations
        for name, expression in getattr(d, kind)(scope).items()
    }


def _failing(declaration: Declaration, scope: Scope) -> str | None:
    """The condition of a failing row among all that are stored; superseded rows fail only where the check says so."""
    condition = declaration.failing(scope)
    if condition is None or declaration.superseded_too:
        return condition
    return f"is_active AND ({condition})"


def _reads(declarations: Sequence[Declaration], source: str) -> bool:
    return any(source in d.reads_sources for d in declarations)


def _columns(declarations: Sequence[Declaration], scope: Scope) -> list[str]:
    """The keys, then the columns that the checks read, each once and in a stable order."""
    wanted = sorted({column for d in declarations for column in d.reads_columns} - {*KEYS, "is_active"})
    return [name for name in (*KEYS, *wanted) if scope.has(name)]


def _slice(declarations: Sequence[Declaration], scope: Scope, used: Iterable[str], *, ranked: bool) -> _Slice:
    """What the rows must carry for the expressions in `used`: no window and no column that none of them names."""
    with_shown = scope.book_lines.available and _reads(declarations, "book_lines")
    with_book = with_shown or (ranked and scope.book_lines.available)
    words = _words(used)
    windows = {
        name: expression for d in declarations for name, expression in d.row_facts(scope).items() if name in words
    }
    words |= _words(windows.values()) | {*KEYS}
    columns = [name for name in _columns(declarations, scope) if name in words]
    if ranked and not with_book and scope.has("current_points_line") and "current_points_line" not in columns:
        columns.append("current_points_line")
    return _Slice(columns, windows, with_book, with_shown, with_batch="of_batch" in words)


def _words(expressions: Iterable[str]) -> set[str]:
    return set(re.findall(r"\w+", " ".join(expressions)))


def _statement(template: str, scope: Scope, more: Mapping[str, Parameter] | None = None, **values: Any) -> Statement:
    """The rendered template with the parameters that its text names, and no other."""
    known = {**_parameters(scope), **(more or {})}
    gapless = _gapless(known["game_dates"].value)
    sql = _templates().get_template(template).render(scope=scope, gapless=gapless, **values).strip() + "\n"
    return Statement(sql, {name: known[name] for name in dict.fromkeys(re.findall(r"@(\w+)", sql))})


def _gapless(days: Sequence[date]) -> bool:
    """Whether the first and the last of the dates say all."""
    return len(set(days)) == (max(days) - min(days)).days + 1


@cache
def _templates() -> jinja2.Environment:
    # SQL, not HTML: nothing from outside is rendered into it, so there is nothing to escape.
    environment = jinja2.Environment(
        loader=jinja2.PackageLoader("prop_quality.scan"),
        undefined=jinja2.StrictUndefined,
        autoescape=False,  # noqa: S701
    )
    environment.filters["laid_out"] = laid_out
    return environment


def _parameters(scope: Scope) -> dict[str, Parameter]:
    """Every parameter that a scan of `scope` may name."""
    # Beside the systems of each date the date itself, as one without a name.
    eras = [{"from_date": date.min, "until_date": date.max, "system_id": ""}] + [
        {"from_date": era.from_date, "until_date": era.until_date, "system_id": system}
        for era in scope.registry.eras
        for system in era.systems
    ]
    given = scope.roster.players if scope.roster else ()
    window = scope.context_window or scope.dates
    return {
        "first_date": Parameter("DATE", min(scope.dates)),
        "last_date": Parameter("DATE", max(scope.dates)),
        "game_dates": Parameter("ARRAY<DATE>", list(scope.dates)),
        "context_from": Parameter("DATE", min(window)),
        "context_to": Parameter("DATE", max(window)),
        "eras": Parameter(ERAS, eras),
        "now": Parameter("TIMESTAMP", scope.now),
        "since": Parameter("TIMESTAMP", scope.since),
        "until": Parameter("TIMESTAMP", scope.until),
        "roster_as_of": Parameter("TIMESTAMP", scope.roster_as_of or scope.now),
        "min_minutes": Parameter("FLOAT64", scope.registry.min_minutes),
        "context_dates": Parameter("ARRAY<DATE>", list(scope.context_dates)),
        "roster_dates": Parameter("ARRAY<DATE>", [day for day, _ in given]),
        "roster_players": Parameter("ARRAY<STRING>", [player for _, player in given]),
        "snapshots": _snapshots(scope, scope.dates),
        "expected_revision": Parameter("STRING", scope.expected_revision),
        **_waiver_parameters(scope),
    }


def _waiver_parameters(scope: Scope) -> dict[str, Parameter]:
    return {
        f"waiver_{number}_{name}": Parameter(type_, value)
        for number, waiver in enumerate(scope.waivers)
        for name, type_, value in (
            ("from", "DATE", waiver.first_date),
            ("to", "DATE", waiver.last_date),
            ("player", "STRING", waiver.player_lookup),
            ("system", "STRING", waiver.system_id),
        )
    }
