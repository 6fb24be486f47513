"""Rows that are in the table more often than they should be."""

from __future__ import annotations

from datetime import date

from prop_quality.season.change import added, claimed_rows, copies, generated_rows
from prop_quality.season.clean import clean_night
from prop_quality.season.faults.identity import raced, twins_without_line
from prop_quality.season.incidents.incident import Incident
from prop_quality.season.night import Night
from prop_quality.season.shape import NightShape, dice


def merge_race() -> Night:
    """Five keys twice, 0.4 seconds apart."""
    return raced(5)(clean_night(NightShape(seed=11, game_date=date(2026, 1, 11))), dice(11))


def null_line_duplicates() -> Night:
    """Each key without a line ten times."""
    shape = NightShape(seed=26, game_date=date(2026, 1, 26), games=9, players=120)
    return twins_without_line(0, 10)(clean_night(shape), dice(26))


def wrong_merge() -> Night:
    """911 rows become 20,851."""
    night = clean_night(NightShape(seed=30, game_date=date(2026, 1, 30), games=10, players=133, similarity_share=0.85))
    rng = dice(30)
    generated = generated_rows(night)
    full, rest = divmod(20_851 - len(night.rows), len(night.rows))
    night = added(night, copies(night.rows * full + night.rows[:rest], rng))
    return claimed_rows(night, generated)


INCIDENTS = (
    Incident(
        "merge_race",
        "Two MERGEs at once",
        "Two consolidations ran 0.4 seconds apart and neither saw the other's rows: five keys are in the table twice.",
        merge_race,
        ("business_key_unique",),
        may_fail=("claim_not_exceeded",),
    ),
    Incident(
        "null_line_duplicates",
        "NULL is not equal to NULL",
        "The MERGE compared lines with =, so that rows without a line never matched and were inserted again on each "
        "run: ten per player and system, 6,473 extra rows in all.",
        null_line_duplicates,
        ("business_key_unique", "claim_not_exceeded"),
        may_fail=("lines_available",),
    ),
    Incident(
        "wrong_merge",
        "911 rows become 20,851",
        "After a change of the MERGE's key the night of 2026-01-30 held 20,851 rows instead of 911, each prediction 23 "
        "times.",
        wrong_merge,
        ("business_key_unique", "claim_not_exceeded"),
    ),
)
