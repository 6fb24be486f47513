"""A waiver needs a check that exists, a reason, an owner and an end; what is wrong is one sentence that names it."""

from __future__ import annotations

import copy
from datetime import UTC, date, datetime
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
    path.write_text(yaml.safe_dump([copy.deepcopy(entry) for entry in entries]), encoding="utf-8")
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
        ({"check": ["line_not_placeholder"]}, "check is ['line_not_placeholder']; it must be a text"),
        ({"check": {"a": 1}}, "check is {'a': 1}; it must be a text"),
        ({"check": 7}, "check is 7; it must be a text"),
        ({"reason": 7}, "reason is 7"),
        ({"owner": date(2026, 1, 1)}, "owner is datetime.date(2026, 1, 1)"),
        ({"player_lookup": ["a"]}, "player_lookup is ['a']"),
        ({"player_lookup": ""}, "player_lookup is ''"),
        ({"system_id": True}, "system_id is True"),
        ({"created": datetime(2026, 1, 17, 4, tzinfo=UTC)}, "created is datetime.datetime(2026, 1, 17, 4, 0"),
        ({"created": 20260117}, "created is 20260117"),
        ({"game_dates": [date(2026, 1, 9)]}, "game_dates: it must have the fields from, to"),
        ({"game_dates": {"from": "x", "to": date(2026, 1, 8)}}, "game_dates: from is 'x'"),
        ({"game_dates": {"from": date(2026, 1, 9), "to": date(2026, 1, 9), "until": 1}}, "'until' is no field"),
        ({7: "x"}, "7 is no field"),
        ({"owner": None}, "owner is missing"),
        ({"expires": None}, "expires is missing"),
        ({"expires": date(2026, 1, 16)}, "expired on 2026-01-16, before it was created on 2026-01-17"),
        ({"expires": "soon"}, "expires is 'soon'"),
        ({"game_dates": {"from": date(2026, 1, 9)}}, "game_dates: to is missing"),
        ({"game_dates": {"from": date(2026, 1, 9), "to": date(2026, 1, 8)}}, "game_dates end on 2026-01-08"),
        ({"game_dates": "2026-01-09"}, "game_dates: it must have the fields from, to"),
        ({"until": date(2026, 2, 28)}, "'until' is no field"),
    ],
)
def test_a_wrong_waiver_is_named_by_its_place_and_field(
    tmp_path: Path, changes: dict[object, object], names: str
) -> None:
    fields = [*((name, value) for name, value in GOOD.items() if name not in changes), *changes.items()]
    wrong = {name: value for name, value in fields if value is not None}
    with pytest.raises(UsageError) as refused:
        load(tmp_path, GOOD, wrong)
    assert "waivers.yml, waiver 2" in str(refused.value)
    assert names in str(refused.value)
    assert "\n" not in str(refused.value)


def test_a_waiver_that_stands_twice_is_named(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="waiver 2: it repeats waiver 1"):
        load(tmp_path, GOOD, GOOD)


def test_a_file_with_nothing_in_it_has_no_waivers(tmp_path: Path) -> None:
    for text in ("", "[]", "# none\n", "---\n"):
        (tmp_path / "waivers.yml").write_text(text, encoding="utf-8")
        assert load_waivers(tmp_path / "waivers.yml", checkpoints.known_checks()) == ()


@pytest.mark.parametrize("text", ["check: x", "[1]", "- [", "\xff", "0", "false", "''", "{}", "- - check"])
def test_a_file_that_is_no_list_of_waivers_is_named(tmp_path: Path, text: str) -> None:
    path = tmp_path / "waivers.yml"
    path.write_bytes(text.encode("latin-1"))
    with pytest.raises(UsageError, match=r"waivers\.yml"):
        load_waivers(path, checkpoints.known_checks())
