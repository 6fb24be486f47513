"""Every combination of flag, line, source and api, against the table of what may stand together in `domain.md`."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from itertools import product
from pathlib import Path
from random import Random

from prop_quality.embedded import EmbeddedWarehouse
from prop_quality.season import NightShape, clean_night
from prop_quality.season.rows import copy_of
from prop_quality.verdict import Outcome
from tests.nights import Judge
from tests.prop_quality.season import judge as oracle
from tests.warehouse import empty, settings_of

# What a source may stand beside: the flags, the apis, and whether there may be a line, or none. NULL is "-".
MAY = {
    "ACTUAL_PROP": ("TRUE", "ODDS_API BETTINGPROS -", "line"),
    "ESTIMATED_AVG": ("TRUE FALSE -", "ESTIMATED -", "line none"),
    "NO_PROP_LINE": ("FALSE -", "ESTIMATED -", "none"),
    "VEGAS_BACKFILL": ("TRUE FALSE -", "ODDS_API BETTINGPROS ESTIMATED -", "line none"),
    "NO_VEGAS_DATA": ("TRUE FALSE -", "ODDS_API BETTINGPROS ESTIMATED -", "line none"),
    # Another check refuses these; the rest of such a row can still contradict itself.
    "NEEDS_BOOTSTRAP": ("TRUE FALSE -", "ODDS_API BETTINGPROS ESTIMATED -", "line none"),
    "-": ("TRUE FALSE -", "ODDS_API BETTINGPROS ESTIMATED -", "line none"),
}
FLAGS = {"TRUE": True, "FALSE": False, "-": None}
APIS = ("ODDS_API", "BETTINGPROS", "ESTIMATED", "-")
LINES = {"line": 12.5, "none": None}
COMBINATIONS = tuple(product(MAY, FLAGS, APIS, LINES))


def may_stand_together(source: str, flag: str, api: str, line: str) -> bool:
    flags, apis, lines = (words.split() for words in MAY[source])
    return flag in flags and api in apis and line in lines and not (flag == "TRUE" and line == "none")


def test_exactly_the_combinations_that_contradict_themselves_are_found(
    warehouse: EmbeddedWarehouse, tmp_path: Path
) -> None:
    # A system of its own for each combination, so that the check says which of them failed.
    night = clean_night(NightShape(seed=1, game_date=date(2026, 1, 27), games=1, players=2, ineligible=0))
    dice = Random(1)
    rows = [
        copy_of(
            night.rows[0],
            dice,
            system_id=" ".join(one),
            line_source=None if source == "-" else source,
            has_prop_line=FLAGS[flag],
            line_source_api=None if api == "-" else api,
            current_points_line=LINES[line],
        )
        for one in COMBINATIONS
        for source, flag, api, line in [one]
    ]
    empty(warehouse)
    planted = replace(night, rows=rows)
    found = Judge.of(warehouse, settings_of(warehouse, tmp_path)).judgements(planted)["line_flag_agrees"]
    contradicting = {" ".join(one) for one in COMBINATIONS if not may_stand_together(*one)}
    assert {system for _, system in found.groups} == contradicting
    assert (found.outcome, found.failing_rows, found.rows_examined) == (Outcome.FAILED, len(contradicting), 168)
    alone = [row["system_id"] for row in rows if oracle.failures(replace(night, rows=[row])).get("line_flag_agrees")]
    assert set(alone) == contradicting
