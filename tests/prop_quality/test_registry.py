"""The registry of systems is edited by people: what is wrong in it is one sentence that names its place and field."""

from __future__ import annotations

import copy
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

import checkpoints
import expectations
from prop_quality.errors import UsageError
from prop_quality.registry import Registry, load_registry
from prop_quality.waivers import load_waivers
from tests.prop_quality.test_waivers import GOOD as WAIVER

SHIPPED: dict[str, Any] = yaml.safe_load((expectations.FOLDER / "systems.yml").read_text(encoding="utf-8"))
BOMB = "a: &a [x, x]\nb: &b [*a, *a]\nc: [*b, *b]\n"


def load(tmp_path: Path, data: object) -> Registry:
    path = tmp_path / "systems.yml"
    path.write_text(data if isinstance(data, str) else yaml.safe_dump(data), encoding="utf-8")
    return load_registry(path)


def changed(path: tuple[str | int, ...], value: object) -> dict[str, Any]:
    """The shipped file with another value at `path`."""
    data: Any = copy.deepcopy(SHIPPED)
    inner = data
    for step in path[:-1]:
        inner = inner[step]
    inner[path[-1]] = value
    return dict(data)


def test_the_shipped_file_is_read(tmp_path: Path) -> None:
    assert load(tmp_path, SHIPPED) == checkpoints.REGISTRY


@pytest.mark.parametrize(
    ("path", "value", "names"),
    [
        (("min_minutes",), "15", "systems.yml: min_minutes is '15'; it must be a number from 0 to 48"),
        (("min_minutes",), True, "min_minutes is True"),
        (("min_minutes",), float("nan"), "min_minutes is nan"),
        (("min_minutes",), None, "min_minutes is missing"),
        (("coverage",), [], "systems.yml, coverage: it must have the fields critical_below"),
        (("coverage", "critical_below"), 95, "coverage: critical_below is 95; it must be a number from 0 to 1"),
        (("coverage", "warning_below"), 0.5, "critical_below is larger than warning_below"),
        (("coverage", "systems"), ["xgboost_v1"], "systems is ['xgboost_v1']; it must be a mapping of names"),
        (("coverage", "systems", "similarity_balanced_v1"), 0.75, "systems, similarity_balanced_v1: it must have"),
        (("coverage", "systems", "similarity_v1"), {"critical_below": 0, "warning_below": 0}, "which no era knows"),
        (("coverage", "systems", 7), {"critical_below": 0, "warning_below": 0}, "must be a mapping of names"),
        (("rows_per_player_and_system",), [], "it must be a list with something in it"),
        (("rows_per_player_and_system", 0, "max"), 2.5, "rows_per_player_and_system 1: max is 2.5"),
        (("rows_per_player_and_system", 0, "max"), 0, "max is 0; it must be a number from 1"),
        (("rows_per_player_and_system", 1, "from"), date(2025, 11, 1), "two limits from one date"),
        (("eras",), {}, "eras is {}"),
        (("eras", 1), "2026-01-09", "eras 2: it must have the fields from, systems"),
        (("eras", 1, "from"), "9 January", "eras 2: from is '9 January'; it must be a date"),
        (("eras", 1, "from"), date(2025, 11, 1), "the eras must be in order"),
        (("eras", 0, "systems"), "xgboost_v1", "eras 1: systems is 'xgboost_v1'; it must be a list"),
        (("eras", 0, "systems"), [], "eras 1: systems is []"),
        (("eras", 0, "systems"), ["a", 1], "it must be a list of texts"),
        (("eras", 0, "systems"), ["a", "a"], "systems names a twice"),
        (("eras", 0, "since"), 1, "'since' is no field"),
        (("seasons",), 1, "'seasons' is no field"),
        (("no_games",), [], "no_games is []; it must be a list with something in it"),
        (("no_games", 0, "because"), None, "no_games 1: because is missing"),
        (("no_games", 0, "to"), date(2026, 2, 12), "no_games 1: it ends on 2026-02-12, before it begins"),
    ],
)
def test_a_wrong_value_is_named_by_its_place_and_field(
    tmp_path: Path, path: tuple[str | int, ...], value: object, names: str
) -> None:
    with pytest.raises(UsageError) as refused:
        load(tmp_path, changed(path, value))
    assert names in str(refused.value)
    assert "\n" not in str(refused.value)


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("", "it must have the fields min_minutes"),
        ("[]", "it must have the fields min_minutes"),
        ("min_minutes: 15\nmin_minutes: 0\n", "min_minutes stands twice"),
        (BOMB, "*a is an alias; write the value out"),
        ("[" * 1200, "cannot be read as YAML"),
        ("!!bool maybe", "cannot be read as YAML"),
        ("!!timestamp soon", "cannot be read as YAML"),
        ("!!python/object/apply:os.getcwd []", "cannot be read as YAML"),
        ("a: 1\n---\nb: 2\n", "cannot be read as YAML"),
        ("\x00", "cannot be read as YAML"),
    ],
)
def test_a_file_that_cannot_be_read_says_why_on_one_line(tmp_path: Path, text: str, names: str) -> None:
    with pytest.raises(UsageError) as refused:
        load(tmp_path, text)
    assert names in str(refused.value)
    assert len(str(refused.value)) < 500
    assert "\n" not in str(refused.value)


def test_a_day_that_no_calendar_has_is_named_with_its_field(tmp_path: Path) -> None:
    text = yaml.safe_dump([WAIVER]).replace("created: 2026-01-17", "created: 2026-02-30")
    (tmp_path / "waivers.yml").write_text(text, encoding="utf-8")
    with pytest.raises(UsageError, match="waiver 1: created is '2026-02-30'"):
        load_waivers(tmp_path / "waivers.yml", checkpoints.known_checks())


ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5) | st.dates(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3) | st.integers(), inner, max_size=3),
    max_leaves=5,
)


@given(field=st.sampled_from([*WAIVER, "system_id"]), value=ANYTHING)
def test_whatever_stands_in_a_field_of_a_waiver_is_read_or_refused(
    tmp_path_factory: pytest.TempPathFactory, field: str, value: object
) -> None:
    path = tmp_path_factory.getbasetemp() / "waivers.yml"
    path.write_text(yaml.safe_dump([{**WAIVER, field: value}]), encoding="utf-8")
    said = refusal(path)
    assert said is None or "waivers.yml, waiver 1" in said or "cannot be read" in said


def refusal(path: Path) -> str | None:
    """The sentence of a refused file; None when it was read."""
    try:
        load_waivers(path, checkpoints.known_checks())
    except UsageError as refused:
        return str(refused)
    return None
