"""An embedded warehouse on which a view can be shown one night after the other."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import Any

from prop_quality.embedded import EmbeddedWarehouse
from prop_quality.embedded.direct import Direct
from prop_quality.embedded.warehouse import contract_tables
from prop_quality.errors import QueryRefused
from prop_quality.sql.compare.clock import with_clock
from prop_quality.sql.compare.nights import PREDICTIONS, PROJECT, TABLES, Scene
from prop_quality.sql.compare.record import BACKDROP, NIGHT, record

SECONDS_A_VIEW = 10.0
_SECONDS_A_DATASET = 10
_STORE = "prop-quality-nights.nights"
_SHOWN = f"{_STORE}.shown"
# A moment that no statement names: translated as a literal, then answered by the night that is on. A subquery in its
# place from the start would be mistranslated inside an array.
_MOMENT = "'1908-08-08 08:08:08+00:00'"
# Columns that came after the contract was written and that some nights have.
_LATER = {PREDICTIONS: {"invalidation_reason": "VARCHAR", "deployment_revision": "VARCHAR"}}


@dataclass(frozen=True)
class Shown:
    """What a view shows of one night: its columns with their types, and its rows."""

    columns: Mapping[str, str]
    rows: tuple[tuple[Any, ...], ...]


class Stage:
    """The nights, loaded once; the contract's tables are windows on the one night that is on.

    Names without a project are of the contract's. A view has `seconds_a_view` for a night.
    """

    def __init__(self, warehouse: EmbeddedWarehouse, *, seconds_a_view: float = SECONDS_A_VIEW) -> None:
        self._warehouse = warehouse
        self.seconds_a_view = seconds_a_view
        self._direct = Direct(warehouse)
        self._datasets: set[str] = set()
        nights = record()
        self.scenes = nights.scenes
        self._make_dataset(_SHOWN)
        self._direct.create_table(_SHOWN, {NIGHT: "VARCHAR", "game_date": "DATE", "clock": "TIMESTAMPTZ"})
        self._direct.hold_once(_SHOWN, [_row_of(scene) for scene in self.scenes])
        warehouse.create_contract_tables()
        for table in TABLES:
            self._direct.put_view(table, self._store(table, nights.tables[table]))

    def declare(self, tables: Mapping[str, str]) -> None:
        """Create tables as a repository declares them, from CREATE TABLE statements by name.

        A contract table keeps the nights and gets the declared columns that it lacks, with NULL where no night knows
        them; any other table is empty. One that cannot be created is not there: views that read it say so.
        """
        from google.api_core.exceptions import GoogleAPICallError

        ours = contract_tables()
        for name, sql in tables.items():
            with suppress(GoogleAPICallError, QueryRefused):
                table = _qualified(name)
                if sql in ours.get(table, ""):
                    continue
                self._make_dataset(table)
                if table not in TABLES:
                    self._warehouse.execute(sql)
                    continue
                self._direct.drop_view(table)
                self._warehouse.execute(f"DROP TABLE IF EXISTS `{table}`")
                self._warehouse.execute(sql)
                window = self._window(table, self._direct.columns(table))
                self._direct.drop_table(table)
                self._direct.put_view(table, window)

    @contextmanager
    def views(self, forms: Mapping[str, str]) -> Iterator[dict[str, str]]:
        """Build views from CREATE VIEW statements, in whatever order they need each other; in the end they are dropped.

        Yields those that could not be built, with the reason.
        """
        from google.api_core.exceptions import GoogleAPICallError

        built: list[str] = []
        self._readers = threading.local()
        try:
            yield self._build(dict(forms), built)
        finally:
            for name in reversed(built):
                with suppress(GoogleAPICallError):
                    self._warehouse.execute(f"DROP VIEW IF EXISTS `{name}`")

    def show(self, scene: Scene, view: str) -> Shown:
        """What a built view shows of a night.

        Raises:
            QueryRefused: it fails on the night.
            TimedOut: it takes longer than `seconds_a_view`.
        """
        import duckdb

        readers = self._readers.__dict__
        try:
            if view not in readers:
                readers[view] = self._direct.reader(_qualified(view))
            columns, rows = readers[view].read(_SHOWN, _row_of(scene), self.seconds_a_view)
            return Shown(columns, tuple(rows))
        except duckdb.Error as error:
            raise QueryRefused(f"{view} fails on the night {scene.name!r}: {_first_line(error)}") from error

    def _build(self, waiting: dict[str, str], built: list[str]) -> dict[str, str]:
        from google.api_core.exceptions import GoogleAPICallError
        from sqlglot.errors import SqlglotError

        while True:
            refused: dict[str, str] = {}
            for name, sql in waiting.items():
                try:
                    view = _qualified(name)
                    self._make_dataset(view)
                    self._warehouse.execute(with_clock(sql, f"TIMESTAMP {_MOMENT}"))
                    built.append(view)
                    self._direct.rewrite_view(view, {_MOMENT: f"(SELECT clock::VARCHAR FROM {Direct.name(_SHOWN)})"})
                except (GoogleAPICallError, QueryRefused, SqlglotError) as error:
                    refused[name] = f"{name} cannot be built on the embedded warehouse: {_first_line(error)}"
            if len(refused) in (0, len(waiting)):
                return refused
            waiting = {name: waiting[name] for name in refused}

    def _store(self, table: str, rows: Any) -> str:
        """Store all nights of a contract table and drop it; returns the SELECT of its columns from the store."""
        contract = self._direct.columns(table)
        known = {**contract, **_LATER.get(table, {})}
        self._direct.create_table(_store_of(table), {NIGHT: "VARCHAR", **known})
        self._direct.append(_store_of(table), rows)
        self._direct.drop_table(table)
        return self._window(table, contract)

    def _window(self, table: str, declared: Mapping[str, str]) -> str:
        """The SELECT of a contract table's columns, and of the declared ones, from what is stored."""
        stored = self._direct.columns(_store_of(table))
        later = _LATER.get(table, {})
        columns = [f'"{name}"' for name in stored if name != NIGHT and (name not in later or name in declared)]
        columns += [f'CAST(NULL AS {type_}) AS "{name}"' for name, type_ in declared.items() if name not in stored]
        shown = Direct.name(_SHOWN)
        return (
            f"SELECT {', '.join(columns)} FROM {Direct.name(_store_of(table))} "
            f"WHERE {NIGHT} = (SELECT {NIGHT} FROM {shown}) "
            f"OR ({NIGHT} = '{BACKDROP}' AND game_date < (SELECT game_date FROM {shown}))"
        )

    def _make_dataset(self, relation: str) -> None:
        dataset = relation.rsplit(".", 1)[0]
        if dataset not in self._datasets:
            self._warehouse.client.create_dataset(dataset, exists_ok=True, timeout=_SECONDS_A_DATASET)
            self._datasets.add(dataset)


def _row_of(scene: Scene) -> dict[str, Any]:
    return {NIGHT: scene.name, "game_date": scene.game_date, "clock": scene.clock}


def _store_of(table: str) -> str:
    return f"{_STORE}.{table.rsplit('.', 1)[1]}"


def _qualified(name: str) -> str:
    """The name with its project.

    Raises:
        QueryRefused: it has not even a dataset, and nobody knows which one is meant.
    """
    parts = name.count(".")
    if parts == 0:
        raise QueryRefused(f"{name} is in no dataset; the embedded warehouse cannot build it.")
    return name if parts > 1 else f"{PROJECT}.{name}"


def _first_line(error: Exception) -> str:
    text: str = getattr(error, "message", None) or str(error)
    # The client repeats the message behind the reason.
    return text.strip().splitlines()[0].partition("; reason: ")[0]
