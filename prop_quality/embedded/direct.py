"""Straight to the engine of an embedded warehouse: the same tables and views, without the wire that makes much slow."""

from __future__ import annotations

import threading
from collections.abc import Mapping, Sequence
from typing import Any

from prop_quality.embedded.warehouse import EmbeddedWarehouse
from prop_quality.errors import QueryRefused, TimedOut


class Direct:
    """Loads and reads in bulk: 33,000 rows of 59 columns in 0.4 s, a view in what its query takes.

    Names are `project.dataset.table` and checked by the emulator. Types and the text of a view are DuckDB's. Statements
    of others do not come here: they go through the client, where they are BigQuery's.
    """

    def __init__(self, warehouse: EmbeddedWarehouse) -> None:
        self._connection = warehouse.engine.connection.cursor()

    @staticmethod
    def name(relation: str) -> str:
        """The engine's own name of a table or view, quoted."""
        from bqemulator.storage.sql_identifiers import quoted_table_ref

        return str(quoted_table_ref(*relation.rsplit(".", 2)))

    def create_table(self, table: str, columns: Mapping[str, str]) -> None:
        """Create a table from its columns and their types; its dataset exists."""
        listed = ", ".join(f'"{column}" {type_}' for column, type_ in columns.items())
        self._connection.execute(f"CREATE TABLE {self.name(table)} ({listed})")

    def empty(self, table: str) -> None:
        """Delete all rows of a table; a TRUNCATE through the client takes a hundred times as long."""
        self._connection.execute(f"TRUNCATE {self.name(table)}")

    def drop_table(self, table: str) -> None:
        """Drop a table behind the emulator's back: it goes on to know the table and its types."""
        self._connection.execute(f"DROP TABLE {self.name(table)}")

    def put_view(self, view: str, select: str) -> None:
        """Create a view, or replace it; what reads it reads the new one."""
        self._connection.execute(f"CREATE OR REPLACE VIEW {self.name(view)} AS {select}")

    def drop_view(self, view: str) -> None:
        """Drop a view that was put."""
        self._connection.execute(f"DROP VIEW {self.name(view)}")

    def rewrite_view(self, view: str, replacements: Mapping[str, str]) -> None:
        """Replace texts in the engine's own text of a view.

        Raises:
            QueryRefused: there is no such view; a materialized one, for instance, is a table to the engine.
        """
        found = self._connection.execute(
            "SELECT sql FROM duckdb_views() WHERE schema_name || '.' || view_name = ?",
            [self.name(view).replace('"', "")],
        ).fetchone()
        if found is None:
            raise QueryRefused(f"{view} is no plain view.")
        text = str(found[0])
        for old, new in replacements.items():
            text = text.replace(old, new)
        self._connection.execute(text.replace("CREATE VIEW", "CREATE OR REPLACE VIEW", 1))

    def append(self, table: str, rows: Any) -> None:
        """Append an Arrow table to an existing table, by the names of its columns; other columns are NULL."""
        self._connection.register("incoming", rows)
        self._connection.execute(f"INSERT INTO {self.name(table)} BY NAME SELECT * FROM incoming")
        self._connection.unregister("incoming")

    def hold_once(self, table: str, rows: Sequence[Mapping[str, Any]]) -> None:
        """Put rows into an empty table and take them away: plans that are made later expect such values in it."""
        names = list(rows[0])
        marks = ", ".join("?" for _ in names)
        self._connection.executemany(
            f"INSERT INTO {self.name(table)} ({', '.join(names)}) VALUES ({marks})", [[*row.values()] for row in rows]
        )
        self._connection.execute(f"DELETE FROM {self.name(table)}")

    def columns(self, relation: str) -> dict[str, str]:
        """The columns of a table or view with their types, such as `DECIMAL(4,1)`."""
        return {row[0]: row[1] for row in self._connection.execute(f"DESCRIBE {self.name(relation)}").fetchall()}

    def reader(self, relation: str) -> Reader:
        """A reader of a table or view, which may read beside others.

        Raises:
            duckdb.Error: the engine cannot read it at all.
        """
        return Reader(self._connection.cursor(), relation)


class Reader:
    """Reads one table or view again and again, with a plan that is made once.

    The plan knows the lowest and highest values that each table ever held, so a row that is put is no other's kind.
    """

    def __init__(self, connection: Any, relation: str) -> None:
        self._connection = connection
        self._relation = relation
        self._connection.execute(f"PREPARE whole AS SELECT * FROM {Direct.name(relation)}")

    def read(self, table: str, row: Mapping[str, Any], seconds: float) -> tuple[dict[str, str], list[tuple[Any, ...]]]:
        """Its columns with their types, and all its rows, as they are while an empty `table` has one row.

        Nobody else sees that row, and afterwards it is gone.

        Raises:
            TimedOut: it took longer than `seconds`, and was cancelled.
            duckdb.Error: the engine failed on it.
        """
        import duckdb

        self._connection.begin()
        timer = threading.Timer(seconds, self._connection.interrupt)
        timer.start()
        try:
            marks = ", ".join("?" for _ in row)
            self._connection.execute(
                f"INSERT INTO {Direct.name(table)} ({', '.join(row)}) VALUES ({marks})", [*row.values()]
            )
            result = self._connection.execute("EXECUTE whole")
            return {column[0]: str(column[1]) for column in result.description}, result.fetchall()
        except duckdb.InterruptException:
            raise TimedOut(f"{self._relation} gave no result within {seconds:.0f} s and was cancelled.") from None
        finally:
            timer.cancel()
            self._connection.rollback()
