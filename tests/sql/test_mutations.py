"""Mistakes planted in our own SQL, one at a time: the gate finds each, by a finding or because results differ."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import yaml

from prop_quality.embedded import EmbeddedWarehouse
from prop_quality.embedded.warehouse import find_sql_directory
from prop_quality.errors import WarehouseError
from prop_quality.sql import contract
from prop_quality.sql.analyzer import Analyzer
from prop_quality.sql.compare.difference import difference
from prop_quality.sql.compare.stage import Shown, Stage
from prop_quality.sql.estate import Estate
from prop_quality.sql.finding import Level
from prop_quality.sql.gate import Request, check, check_statement
from prop_quality.sql.rules import Surroundings
from prop_quality.sql.workers import Workers

ENOUGH = 40
PREFIX = "nba-props-platform."


@dataclass(frozen=True)
class Mutation:
    file: str
    why: str
    find: str
    replace: str
    found: tuple[str, ...]
    everywhere: bool

    @property
    def codes(self) -> frozenset[str]:
        """The findings that may find it; none when only results can."""
        return frozenset(self.found) - {"results"}

    @property
    def is_of_a_view(self) -> bool:
        return "CREATE OR REPLACE VIEW" in self.original

    @property
    def name(self) -> str:
        return PREFIX + self.file.replace("/", ".")

    @property
    def original(self) -> str:
        return (find_sql_directory() / f"{self.file}.sql").read_text(encoding="utf-8")

    @property
    def mutated(self) -> str:
        count = self.original.count(self.find)
        assert count == 1 or (self.everywhere and count > 1), f"{self.why}: {self.find!r} is there {count} times"
        return self.original.replace(self.find, self.replace)


def mutations() -> Iterator[Mutation]:
    data = yaml.safe_load(Path(__file__).with_name("mutations.yml").read_text(encoding="utf-8"))
    for file, planted in data.items():
        for one in planted:
            found = (one["found"],) if isinstance(one["found"], str) else tuple(one["found"])
            yield Mutation(file, one["why"], one["find"], one["replace"], found, one.get("all", False))


class Results:
    """What our views show, night by night: one night on which a mistake shows is enough."""

    def __init__(self, stage: Stage) -> None:
        self._stage = stage
        # The twins of incidents are more clean nights, and tell nothing that these do not.
        twins = {scene.twin for scene in stage.scenes}
        self._scenes = [scene for scene in stage.scenes if scene.name not in twins]
        self._originals: dict[str, dict[str, Shown]] = {}

    def tell(self, mutation: Mutation) -> str | None:
        """On which night the mutated view shows something else, None when on none."""
        originals = self._originals.get(mutation.file) or self._shown(mutation)
        with self._stage.views({mutation.name: mutation.mutated}) as refused:
            if refused:
                return None
            for scene in self._scenes:
                try:
                    after = self._stage.show(scene, mutation.name)
                except WarehouseError:
                    return f"fails on {scene.name!r}"
                if list(originals[scene.name].columns) != list(after.columns):
                    return "columns differ"
                if not difference(scene.name, originals[scene.name], after).is_none:
                    return f"differs on {scene.name!r}"
        return None

    def _shown(self, mutation: Mutation) -> dict[str, Shown]:
        with self._stage.views({mutation.name: mutation.original}) as refused:
            assert not refused
            found = {scene.name: self._stage.show(scene, mutation.name) for scene in self._scenes}
        self._originals[mutation.file] = found
        return found


class Gate:
    """What `prop-quality sql check` says of our SQL with a mistake in it."""

    def __init__(self, workers: Workers, folder: Path) -> None:
        self._workers, self._folder = workers, folder
        self._analyzer = Analyzer()
        known = contract.catalogue(workers)
        self._surroundings = Surroundings(Estate((), workers, known), known)

    def codes(self, mutation: Mutation) -> list[str]:
        """The codes of the findings: of the view alone, or, when a table is another one, of all that reads it."""
        if mutation.is_of_a_view:
            found = check_statement(mutation.file, mutation.mutated, {}, self._surroundings, self._analyzer)
            return [one.code for one in found]
        root = self._folder / "sql"
        shutil.copytree(find_sql_directory(), root)
        (root / f"{mutation.file}.sql").write_text(mutation.mutated, encoding="utf-8")
        report = check(Request((root,), (), self._folder), self._workers).report
        shutil.rmtree(root)
        return [one.code for one in report.findings if one.severity is not Level.INFO]


PLANTED = list(mutations())
FILES = tuple(dict.fromkeys(mutation.file for mutation in PLANTED))


@pytest.fixture(scope="module")
def workers() -> Iterator[Workers]:
    with Workers() as started:
        yield started


@pytest.fixture(scope="module")
def results() -> Iterator[Results]:
    with EmbeddedWarehouse(orderly=True) as warehouse:
        yield Results(Stage(warehouse))


@pytest.fixture(scope="module")
def gate(workers: Workers, tmp_path_factory: pytest.TempPathFactory) -> Gate:
    return Gate(workers, tmp_path_factory.mktemp("mutated"))


def test_there_are_enough_and_each_changes_the_text_in_one_place() -> None:
    assert len(PLANTED) >= ENOUGH
    assert all(mutation.mutated != mutation.original for mutation in PLANTED)


@pytest.mark.parametrize("file", FILES)
def test_every_mistake_planted_in_it_is_found(file: str, gate: Gate, results: Results) -> None:
    table = []
    for mutation in PLANTED:
        if mutation.file != file:
            continue
        codes = gate.codes(mutation) if mutation.codes else []
        by = next((code for code in codes if code in mutation.codes), None)
        if by is None and "results" in mutation.found:
            by = results.tell(mutation)
        table.append((mutation.why, by))
        print(f"{file.split('/')[1]:30} {mutation.why:50} {by or 'NOT FOUND'}")
    assert [why for why, by in table if by is None] == []


def test_our_sql_as_it_is_has_no_finding(workers: Workers) -> None:
    found: Any = check(Request((find_sql_directory(),)), workers).report.findings
    assert [one for one in found if one.severity is not Level.INFO] == []
