"""Queries that were asked before: the emulator translates each anew, a second for a long one that runs in 0.1 s.

BigQuery plans a query in milliseconds, so without this whatever is measured here is SQLGlot.
"""

from __future__ import annotations

import re
from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import Any

_MOST = 200
_QUERY = re.compile(r"(?:\s|--[^\n]*\n|/\*.*?\*/|\()*(?:SELECT|WITH)\b", re.IGNORECASE | re.DOTALL)
# What the emulator does for statements that change tables; each parses the whole text to find out.
_FOR_CHANGES = (
    "_reject_dml_on_immutable",
    "assert_drop_schema_allowed",
    "detect_drop_routine",
    "sync_created_schema",
    "sync_created_table",
    "sync_created_view",
    "sync_dropped_object",
)


def remember_translations() -> None:
    """Translate each query once for the same tables, and look for changes of tables in no query."""
    from bqemulator.catalog import ddl_sync
    from bqemulator.jobs import executor
    from bqemulator.sql import catalog_schema, inner_query, table_rewriter
    from bqemulator.sql.translator import SQLTranslator

    if hasattr(SQLTranslator.translate, "remembers"):
        return
    translate, qualify = SQLTranslator.translate, table_rewriter.rewrite_table_refs
    classify, capture = executor.classify_statement_type, executor._capture_dml_snapshots

    def translated(self: Any, sql: str, *, schema: Any = None, caller: Any = None, **more: Any) -> Any:
        if more or not is_query(sql):
            return translate(self, sql, schema=schema, caller=caller, **more)
        return known.get((sql, repr(schema), repr(caller)), lambda: translate(self, sql, schema=schema, caller=caller))

    def qualified(sql: str, project: str) -> str:
        return str(known.get((sql, project), lambda: qualify(sql, project))) if is_query(sql) else qualify(sql, project)

    def classified(sql: str) -> str:
        return str(known.get(sql, lambda: classify(sql)))

    async def captured(project: str, sql: str, context: Any) -> None:
        if not is_query(sql):
            await capture(project, sql, context)

    known = _Known()
    setattr(translated, "remembers", True)  # noqa: B010 - a mark, so that a second warehouse does not wrap it again
    setattr(SQLTranslator, "translate", translated)  # noqa: B010 - a method, to the type checker
    setattr(executor, "rewrite_table_refs", qualified)  # noqa: B010
    setattr(executor, "classify_statement_type", classified)  # noqa: B010
    setattr(executor, "_capture_dml_snapshots", captured)  # noqa: B010
    setattr(inner_query, "build_catalog_schema", _Schemas(catalog_schema.build_catalog_schema))  # noqa: B010
    for module, names in ((executor, _FOR_CHANGES), (ddl_sync, ("_detect_plain_create_table",))):
        for name in names:
            setattr(module, name, _unless_query(getattr(module, name)))


def is_query(sql: str) -> bool:
    """Whether the statement only reads."""
    return _QUERY.match(sql) is not None


class _Known:
    """The last answers, by what was asked."""

    def __init__(self) -> None:
        self._answers: OrderedDict[Hashable, Any] = OrderedDict()

    def get(self, asked: Hashable, answer: Callable[[], Any]) -> Any:
        if asked not in self._answers:
            self._answers[asked] = answer()
            if len(self._answers) > _MOST:
                self._answers.popitem(last=False)
        return self._answers[asked]


class _Schemas:
    """The columns of the tables that a query names: the tables are found once, their columns looked up each time."""

    def __init__(self, build: Callable[..., Any]) -> None:
        self._build = build
        self._tables: dict[tuple[str, str], list[tuple[str, ...]]] = {}

    def __call__(self, sql: str, *, project_id: str, catalog: Any) -> Any:
        recorder = _Recorder(catalog)
        tables = self._tables.get((sql, project_id))
        if tables is None:
            found = self._build(sql, project_id=project_id, catalog=recorder)
            if len(self._tables) >= _MOST:
                self._tables.clear()
            self._tables[sql, project_id] = recorder.asked
            return found
        # A query of nothing but these tables has the same schema as the query itself, and is parsed in no time.
        short = "SELECT * FROM " + ", ".join(f"`{'.'.join(table)}`" for table in tables) if tables else "SELECT 1"
        return self._build(short, project_id=project_id, catalog=catalog)


class _Recorder:
    """A catalogue that remembers which tables it was asked for."""

    def __init__(self, catalog: Any) -> None:
        self._catalog = catalog
        self.asked: list[tuple[str, ...]] = []

    def get_table(self, *table: str) -> Any:
        self.asked.append(table)
        return self._catalog.get_table(*table)


def _unless_query(function: Callable[..., Any]) -> Callable[..., Any]:
    def called(*arguments: Any, **named: Any) -> Any:
        texts = [value for value in (*arguments, *named.values()) if isinstance(value, str)]
        return None if any(map(is_query, texts)) else function(*arguments, **named)

    return called
