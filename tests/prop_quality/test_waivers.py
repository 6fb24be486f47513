"""A waiver needs a check that exists, a reason, an owner and an end; what is wrong is one sentence that names it."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
import yaml

import checkpoints
from prop_quality.errors import UsageError
from prop_quality.waivers import Waiver, load_waivers

GOOD: dict[str, object] = {
    "check": "line_not_placeholder",
    "game_dates": {"from": date(2026, 1, 9), "to": date(2026, 1, 9)},
    "player_lookup": "karlanthonytowns",
    "reason": "A sportsbook posted exactly 20.0 for him that night.",
    "owner": "data-quality",
    "created": date(2026, 1, 17),
    "expires": date(2026, 2, 28),
}


def load(tmp_path: Path, *entries: object) -> tuple[Waiver, ...]:
    path = tmp_path / "waivers.yml"
    path.write_text(yaml.safe_dump(list(entries)), encoding="utf-8")
    return load_waivers(path, checkpoints.known_checks())


def test_a_whole_waiver_is_read(tmp_path: Path) -> None:
    (waiver,) = load(tmp_path, GOOD)
    assert waiver.scope == "2026-01-09, karlanthonytowns"
    assert not waiver.expired(date(2026, 2, 28))
    assert waiver.expired(date(2026, 3, 1))


def test_the_shipped_file_is_right() -> None:
    checkpoints.waivers()


@pytest.mark.parametrize(
    ("changes", "names"),
    [
        ({"check": "line_not_placeholdr"}, "'line_not_placeholdr' is no check"),
        ({"check": None}, "check is missing"),
        ({"reason": None}, "reason is missing"),
        ({"reason": "  "}, "reason is '  '"),
        ({"owner": None}, "owner is missing"),
        ({"expires": None}, "expires is missing"),
        ({"expires": date(2026, 1, 16)}, "expired on 2026-01-16, before it was created on 2026-01-17"),
        ({"expires": "soon"}, "expires is 'soon'"),
        ({"game_dates": {"from": date(2026, 1, 9)}}, "to is None"),
        ({"game_dates": {"from": date(2026, 1, 9), "to": date(2026, 1, 8)}}, "game_dates end on 2026-01-08"),
        ({"game_dates": "2026-01-09"}, "from is None"),
        ({"until": date(2026, 2, 28)}, "until is no field"),
    ],
)
def test_a_wrong_waiver_is_named_by_its_place_and_field(tmp_path: Path, changes: dict[str, object], names: str) -> None:
    wrong = {name: value for name, value in {**GOOD, **changes}.items() if value is not None}
    with pytest.raises(UsageError) as refused:
        load(tmp_path, GOOD, wrong)
    assert "waivers.yml, waiver 2" in str(refused.value)
    assert names in str(refused.value)
    assert "\n" not in str(refused.value)


@pytest.mark.parametrize("text", ["check: x", "[1]", "- [", "\xff"])
def test_a_file_that_is_no_list_of_waivers_is_named(tmp_path: Path, text: str) -> None:
    path = tmp_path / "waivers.yml"
    path.write_bytes(text.encode("latin-1"))
    with pytest.raises(UsageError, match=r"waivers\.yml"):
        load_waivers(path, checkpoints.known_checks())
