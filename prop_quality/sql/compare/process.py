"""The comparison in a process of its own, which is ended when a statement of a stranger does not end by itself."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict
from types import TracebackType
from typing import Any, Self

from prop_quality.sql.compare.comparison import ChangedView, Comparison, Sight
from prop_quality.sql.compare.difference import Difference

SECONDS = 300.0


class ComparisonProcess:
    """The process; with `at_once` it sets its stage while there is something else to do, else when it is needed.

        with ComparisonProcess() as process:
            ...
            comparisons = process.compare(changes)

    It compares once. Leaving the context ends it.
    """

    def __init__(self, *, at_once: bool = True) -> None:
        self._process = self._start() if at_once else None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._process is not None:
            self._process.kill()
            self._process.communicate()

    def compare(
        self,
        changes: Sequence[ChangedView],
        *,
        tables: Mapping[str, str] | None = None,
        views: Mapping[str, str] | None = None,
        seconds: float = SECONDS,
        seconds_a_view: float = 10.0,
    ) -> list[Comparison]:
        """What `compare_views` says of its arguments and of its answer."""
        if not changes:
            return []
        texts = [sql for change in changes for sql in (change.old_sql, change.new_sql) if sql is not None]
        needed_views = _named(texts, views or {})
        job = {
            "changes": [asdict(change) for change in changes],
            "tables": _named([*texts, *needed_views.values()], tables or {}),
            "views": needed_views,
            "seconds_a_view": seconds_a_view,
        }
        found, reason = self._answers(json.dumps(job), seconds)
        return [found.get(change.name) or Comparison(change.name, refused=reason) for change in changes]

    def _start(self) -> subprocess.Popen[str]:
        # -P: the folder in which we are called is a stranger's and may hold modules of our names.
        command = [sys.executable, "-P", "-m", "prop_quality.sql.compare"]
        pipe = subprocess.PIPE
        return subprocess.Popen(  # noqa: S603 - our own module, by our own interpreter
            command, stdin=pipe, stdout=pipe, stderr=pipe, text=True, encoding="utf-8"
        )

    def _answers(self, job: str, seconds: float) -> tuple[dict[str, Comparison], str]:
        """The comparisons that the process wrote, and why there are no more."""
        process = self._process = self._process or self._start()
        try:
            output, errors = process.communicate(job, timeout=seconds)
            reason = f"the comparison ended early: {_last_line(errors)}"
        except subprocess.TimeoutExpired:
            process.kill()
            output, _ = process.communicate()
            reason = f"no result within {seconds:g} s; the comparison was ended"
        whole = [line for line in output.splitlines(keepends=True) if line.endswith("\n")]
        return {one.view: one for one in map(_comparison, map(json.loads, whole))}, reason


def compare_views(
    changes: Sequence[ChangedView],
    *,
    tables: Mapping[str, str] | None = None,
    views: Mapping[str, str] | None = None,
    seconds: float = SECONDS,
    seconds_a_view: float = 10.0,
) -> list[Comparison]:
    """Compare changed views with what they were, over clean nights and each incident on record.

    Args:
        changes: the views that changed, and those downstream of a change with the same text twice.
        tables: CREATE TABLE statements of the repository by name. Our four contract tables hold the nights, with the
            columns that are declared here beside their own; any other table is empty.
        views: CREATE VIEW statements of views that did not change, by name; those that a changed one names are built.
        seconds: how long it may take in all; what was not compared by then says so.
        seconds_a_view: how long a view may take for one night.

    Returns:
        A comparison for each change, in their order; `refused` says why one could not be made.
    """
    if not changes:
        return []
    with ComparisonProcess() as process:
        return process.compare(changes, tables=tables, views=views, seconds=seconds, seconds_a_view=seconds_a_view)


def serve(read: Callable[[], str]) -> Iterator[str]:
    """In the process itself: sets the stage, reads the job, and gives a line of JSON for each comparison."""
    from prop_quality.embedded import EmbeddedWarehouse
    from prop_quality.sql.compare.show import Comparer
    from prop_quality.sql.compare.stage import Stage

    with EmbeddedWarehouse(orderly=True) as warehouse:
        stage = Stage(warehouse)
        job = json.loads(read())
        stage.seconds_a_view = job["seconds_a_view"]
        stage.declare(job["tables"])
        changes = [ChangedView(**change) for change in job["changes"]]
        for one in Comparer(stage).compare(changes, job["views"]):
            yield json.dumps(asdict(one) | {"kept_columns": sorted(one.kept_columns)})


def _comparison(line: Mapping[str, Any]) -> Comparison:
    tuples = {name: tuple(value) for name, value in line.items() if isinstance(value, list)}
    return Comparison(
        **{
            **line,
            **tuples,
            "nights": tuple(Difference(**{**one, "columns": tuple(one["columns"])}) for one in line["nights"]),
            "sights": tuple(
                Sight(one["incident"], tuple(one["before"]), tuple(one["after"]), tuple(one["less"]))
                for one in line["sights"]
            ),
            "fails": tuple((night, reason) for night, reason in line["fails"]),
            "kept_columns": frozenset(line["kept_columns"]),
        }
    )


def _named(texts: Iterable[str], candidates: Mapping[str, str]) -> dict[str, str]:
    """The candidates that the texts name, and those that these name in turn."""
    found: dict[str, str] = {}
    waiting = list(texts)
    while waiting:
        text = waiting.pop()
        for name, sql in candidates.items():
            last = re.escape(name.rpartition(".")[2])
            if name not in found and re.search(rf"\b{last}\b", text):
                found[name] = sql
                waiting.append(sql)
    return found


def _last_line(text: str) -> str:
    """What was raised; of our own errors the sentence alone."""
    lines = text.strip().splitlines()
    return lines[-1].removeprefix("prop_quality.errors.UsageError: ") if lines else "it said nothing"
