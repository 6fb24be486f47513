"""Rows and events of a worker that should not have written them."""

from __future__ import annotations

from dataclasses import replace
from random import Random

from prop_quality.season.change import changed, claimed, picked, setting
from prop_quality.season.faults.fault import FEBRUARY, Fault, Plant, in_doubt, within
from prop_quality.season.night import Night

OLD = "prediction-worker-00044-g7f"
NEW = "prediction-worker-00049-jrs"
_TOLD = replace(FEBRUARY, revision=NEW)
_OLD_WORKER = replace(FEBRUARY, revision=OLD)


def expecting(revision: str) -> Plant:
    """The operator expects another revision than the one that wrote the night."""
    return lambda night, rng: replace(night, expect_revision=revision)


def partly(count: int, *, expected: str | None = None, by: str | None = OLD) -> Plant:
    """Some rows were written by another revision than the rest; `by` None: they do not say by which."""

    def plant(night: Night, rng: Random) -> Night:
        mixed = changed(night, picked(night, count, rng), setting(deployment_revision=by))
        return replace(mixed, expect_revision=expected)

    return plant


def unnamed(night: Night, rng: Random) -> Night:
    """No row says which revision wrote it; the event says that the expected one did."""
    silent = changed(night, night.rows, setting(deployment_revision=None))
    return replace(claimed(silent, worker_instance=NEW), expect_revision=NEW)


def event_says(revision: str) -> Plant:
    """The event names another revision than the rows do."""
    return lambda night, rng: replace(claimed(night, worker_instance=revision), expect_revision=NEW)


_EXPECTED = "revision_expected"
_SINGLE = "revision_single"

FAULTS = (
    Fault("old_worker", (_EXPECTED,), "critical", expecting(NEW), "all rows", shape=_OLD_WORKER),
    Fault("one_row_of_an_old_worker", (_SINGLE,), "critical", partly(1), "1 row", shape=_TOLD),
    Fault(
        "rows_of_an_old_worker", (_SINGLE, _EXPECTED), "critical", partly(120, expected=NEW), "120 rows", shape=_TOLD
    ),
    Fault(
        "event_of_an_old_worker", (_EXPECTED,), "critical", event_says(OLD), "event alone", shape=_TOLD, may=(_SINGLE,)
    ),
    within("the_worker_that_was_expected", _EXPECTED, expecting(NEW), "all rows", _TOLD),
    in_doubt("one_row_names_no_worker", _EXPECTED, partly(1, expected=NEW, by=None), "1 row without a revision", _TOLD),
    in_doubt("only_the_event_names_the_worker", _EXPECTED, unnamed, "all rows without a revision", _TOLD),
)
