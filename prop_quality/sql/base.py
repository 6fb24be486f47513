"""A run over what changed since a commit, and everything downstream of it."""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import nullcontext
from dataclasses import replace

from prop_quality.errors import UsageError
from prop_quality.sql import contract
from prop_quality.sql.catalogue import Catalogue, Table
from prop_quality.sql.changes import Changed, definer, graph_of, makes_view, texts, with_comparisons
from prop_quality.sql.compare import ChangedView, Comparison, ComparisonProcess, findings_of
from prop_quality.sql.compare.nights import TABLES
from prop_quality.sql.estate import Estate
from prop_quality.sql.finding import Finding, Level, Report
from prop_quality.sql.gate import Checked, Given, Request, in_order, parse_findings, sources_of, unit_findings
from prop_quality.sql.git import Repository
from prop_quality.sql.impact import readers
from prop_quality.sql.losses import Losses
from prop_quality.sql.readers import Readers
from prop_quality.sql.rules import Surroundings
from prop_quality.sql.selection import Words, defined
from prop_quality.sql.sources import MAX_BYTES, SourceFile, decoded
from prop_quality.sql.units import Unit
from prop_quality.sql.workers import Workers
from prop_quality.verdict import Outcome

_NIGHTS = Catalogue(Table(name, ()) for name in TABLES)
_FILLED = frozenset({"table", "snapshot"})


def check_since(
    request: Request, ref: str, workers: Workers, ours: Estate | None = None, *, compare: bool = True
) -> Checked:
    """Check what differs from `ref`, and what is downstream of it; with `compare` views before and after too.

    Raises:
        UsageError: not a git repository, no such commit, or a path outside of the repository.
    """
    started = time.perf_counter()
    repository = Repository.around(request.root)
    request = replace(request, root=repository.root)
    for path in request.paths:
        if not path.resolve().is_relative_to(repository.root.resolve()):
            raise UsageError(f"{path} is outside of the repository {repository.root}, so --base cannot compare it.")
    commit = repository.base(ref)
    given = Given.of(request)
    before = dict(_before(repository, commit, request, given))
    changed = {name for name in repository.changed(commit) if name in given.checked or name in before}
    files = [*before.values(), *given.files]
    # Its stage takes as long to set as the analysis takes.
    at_once = compare and _may_show_nights(files)
    with ComparisonProcess(at_once=at_once) if compare and changed else nullcontext() as process:
        ours = ours or contract.estate(workers, files)
        new, old = _estates(given, before, changed, workers, ours)
        checked = _checked(request, given, changed, (old, new, ours), process)
    return replace(checked, report=replace(checked.report, seconds=time.perf_counter() - started))


def _checked(
    request: Request,
    given: Given,
    changed: set[str],
    estates: tuple[Estate, Estate, Estate],
    process: ComparisonProcess | None,
) -> Checked:
    """What is to be said of the change between two estates, old and new, beside our own.

    With a process, of views before and after too.
    """
    old, new, ours = estates
    difference = Changed.between(old, new, changed)
    units = [unit for unit in difference.concerned(new) if unit.file.name in given.checked]
    new.analyse(units)
    closed = {one.file: one for one in given.unreadable if one.file in changed}
    hiding = {one.file.name: [said for said in one.findings if said.severity is not Level.INFO] for one in new.files}
    closed |= {name: said[0] for name, said in hiding.items() if said and name in changed}
    losses = Losses.of(difference, old, new, ours.catalogue, closed)
    # Who is gone reads nothing any more.
    reading = [unit for unit in old.units if new.definers.of(unit.object)]
    known = Readers.of((*ours.units, *reading, *new.units), readers())
    surroundings = Surroundings(new, old.catalogue, known, ours.catalogue)
    findings = [
        *(one for one in given.unreadable if one.file in changed),
        *parse_findings(new, changed),
        *unit_findings(units, surroundings, strict=request.strict, before=losses.known_before(old.catalogue)),
        *losses.findings(difference, surroundings, {*given.checked, *given.known}),
    ]
    gone = [loss.was for loss in losses.gone.values() if loss.was is loss.blamed]
    comparisons: list[Comparison] = []
    if process is not None:
        comparisons = _compare(losses.views(difference.views(units, old)), estates, process)
        refused = {one.object for one in findings if one.severity is Level.ERROR}
        comparisons += _left_open([unit for unit in units if unit.object not in refused], estates)
    blamed = {name: loss.blamed for name, loss in losses.gone.items()}
    findings += _of_comparisons(comparisons, {unit.object: unit for unit in units} | blamed)
    changes = with_comparisons(difference.impact(graph_of(old, new), known.checks), comparisons)
    checked = {unit.file.name for unit in (*units, *gone)} | (changed - given.known.keys())
    checked -= {one.file for one in given.unreadable}
    all_texts = {one.name: one.text for one in given.files if one.name in checked}
    report = Report(
        verdict=Outcome.PASSED,
        files=len(checked),
        statements=sum(unit.statement.counted for unit in (*units, *gone))
        + sum(one.statements - len(one.units) for one in new.files if one.file.name in changed and not one.units),
        seconds=0.0,
        changes=tuple(changes),
        settled=difference.settled,
    )
    whole = report.with_findings(in_order(findings), sources=sources_of(findings, all_texts))
    return Checked(whole, all_texts, tuple(units), difference.queries_before())


def _before(repository: Repository, commit: str, request: Request, given: Given) -> Iterator[tuple[str, SourceFile]]:
    """The changed files as they were, deleted ones below the folders of the run included."""
    folders = [path.resolve() for path in (*request.paths, *request.catalog)]
    then = repository.files(commit)
    for name in sorted(repository.changed(commit) & then):
        path = (repository.root / name).resolve()
        inside = any(path.is_relative_to(folder) for folder in folders)
        if name in given.checked or name in given.known or (inside and name.lower().endswith(".sql")):
            content = repository.content(commit, name)
            try:
                if len(content) <= MAX_BYTES:
                    yield name, SourceFile(name, decoded(content))
            except UnicodeDecodeError:
                continue


def _estates(
    given: Given, before: Mapping[str, SourceFile], changed: set[str], workers: Workers, ours: Estate
) -> tuple[Estate, Estate]:
    """What the change can concern, as it is and as it was."""
    now = {file.name: file for file in given.files}
    names = {name for file in before.values() for name in defined(file.text)}
    concerned = Words(now.values()).concerned(changed, names)
    # What the changed files read before the change is part of how things were.
    concerned |= Words([*(f for n, f in now.items() if n not in before), *before.values()]).concerned(before, names)
    was = {name: before.get(name, now.get(name)) for name in concerned if name not in changed or name in before}
    estates = []
    for files in ([now[name] for name in concerned if name in now], [one for one in was.values() if one]):
        estate = Estate(files, workers, ours.catalogue)
        estate.analyse_definitions()
        estates.append(estate)
    return estates[0], estates[1]


def _compare(
    views: list[ChangedView], estates: tuple[Estate, Estate, Estate], process: ComparisonProcess
) -> list[Comparison]:
    old, new, ours = estates
    changed = {view.name for view in views}
    refused = {view.name: _unshown(view.name, new) or _unshown(view.name, old) for view in views}
    seen = [
        view
        for view in views
        if not refused[view.name] and (_sees_nights(view.name, old, ours) or _sees_nights(view.name, new, ours))
    ]
    # A repository may read our views and define none of them.
    known = {**texts(ours, views=True), **texts(new, views=True)}
    others = {name: sql for name, sql in known.items() if name not in changed}
    left = [
        Comparison(name, refused=why) if why else Comparison(name, unseen=True)
        for name, why in refused.items()
        if name not in {view.name for view in seen}
    ]
    return [*process.compare(seen, tables=texts(new, views=False), views=others), *left]


def _left_open(units: Iterable[Unit], estates: tuple[Estate, Estate, Estate]) -> Iterator[Comparison]:
    """The views that could show a night and cannot be analysed, though that is no error."""
    old, new, ours = estates
    for unit in units:
        if (
            makes_view(unit)
            and not unit.analysis
            and definer(old, unit.object)
            and _sees_nights(unit.object, new, ours)
        ):
            missing = ", ".join(map(".".join, unit.missing))
            why = f"it reads {missing}, which no file defines" if missing else "it cannot be analysed offline"
            yield Comparison(unit.object, refused=f"{why}.")


def _may_show_nights(files: Sequence[SourceFile]) -> bool:
    """Whether a comparison is likely: there are views, and names of tables that hold the nights.

    Where there is one all the same, as of a view of our views, its process starts when it is needed.
    """
    tables = {name.rpartition(".")[2] for name in TABLES}
    texts = [file.text.lower() for file in files]
    return any("view" in text for text in texts) and any(table in text for text in texts for table in tables)


def _sees_nights(name: str, estate: Estate, ours: Estate) -> bool:
    """Whether a view reads a table that holds the nights, or a view of ours that does.

    Over others there is nothing to see, in either form.
    """
    nights = Catalogue((*_NIGHTS, *(table for table in ours.catalogue if table.kind == "view")))
    return any(estate.definers.reads(unit, nights) for unit in estate.definers.of(name))


def _unshown(name: str, estate: Estate) -> str | None:
    """Why the stage cannot show a view as it is: it has no rows that a query makes of the nights, and no routines."""
    for unit in estate.definers.of(name):
        for one in estate.definers.behind(unit):
            made = one.definition
            if made and made.kind in _FILLED and not _NIGHTS.table(made.name) and estate.definers.reads(one, _NIGHTS):
                return f"it reads {made.name}, which a query fills: the nights on record are not in it."
            if made and made.is_routine and estate.definers.reads(unit, _NIGHTS):
                return f"it calls {made.name}, and the embedded warehouse is given no functions."
    return None


def _of_comparisons(comparisons: Iterable[Comparison], places: Mapping[str, Unit]) -> Iterator[Finding]:
    for one in comparisons:
        unit = places[one.view]
        yield from findings_of(one, unit.file.name, *unit.place(0))
