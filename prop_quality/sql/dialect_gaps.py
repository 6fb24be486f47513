"""What BigQuery has and Google's open analyzer does not know, listed in docs/sql/differences.md.

Functions with a plain signature are declared to the analyzer here. Of the others nothing is known, and that is said.
"""

from __future__ import annotations

import re
from typing import Any

from zetasql.wasi._pb2.zetasql.public import function_pb2 as public

from prop_quality.sql import lexer
from prop_quality.sql.types import simple

# Families that only BigQuery runs: `ML.PREDICT`, `AI.GENERATE`.
_FAMILIES = frozenset({"AI", "ML", "OBJ", "VECTOR_INDEX"})
_FUNCTIONS = frozenset(
    {
        "APPENDS",
        "BAG_OF_WORDS",
        "CHANGES",
        "DLP_DETERMINISTIC_DECRYPT",
        "DLP_DETERMINISTIC_ENCRYPT",
        "DLP_KEY_CHAIN",
        "DOUBLE",
        "EXTERNAL_OBJECT_TRANSFORM",
        "EXTERNAL_QUERY",
        "GAP_FILL",
        "RANGE_SESSIONIZE",
        "ST_REGIONSTATS",
        "TEXT_ANALYZE",
        "TF_IDF",
        "VECTOR_SEARCH",
    }
)


_CONNECTION_FIRST = re.compile(
    r"(\bWITH\s+CONNECTION\s+(?:`[^`\n]+`|[\w-]+)(?:\.(?:`[^`\n]+`|[\w-]+))*)(\s+)"
    r"(WITH\s+PARTITION\s+COLUMNS\b(?:\s*\((?:[^()]|\([^()]*\))*\))?)",
    re.IGNORECASE,
)


def reordered(text: str) -> str:
    """`text`, as long as it was, with the clauses of external tables in the one order that the analyzer takes."""
    if not _CONNECTION_FIRST.search(text):
        return text
    code = lexer.blanked(text)
    return _CONNECTION_FIRST.sub(lambda m: m[0] if code[m.start()].isspace() else f"{m[3]}{m[2]}{m[1]}", text)


def is_bigquery_function(name: str) -> bool:
    """Whether BigQuery has the function `name`, which the analyzer does not know."""
    parts = name.replace("`", "").upper().split(".")
    return (len(parts) == 2 and parts[0] in _FAMILIES) or (len(parts) == 1 and parts[0] in _FUNCTIONS)


def is_never_defined(name: str) -> bool:
    """Whether no CREATE statement can define `name`: BigQuery's own metadata and procedures, and wildcard tables."""
    parts = name.upper().split(".")
    own = "INFORMATION_SCHEMA" in parts or parts[0] in {"BQ", "_SESSION"} or parts[-1].startswith("__TABLES")
    return own or parts[-1].endswith("*")


def declare(catalog: Any) -> None:
    """Tell the analyzer the functions that have a plain signature."""
    any_1, any_2, array_1 = public.ARG_TYPE_ANY_1, public.ARG_TYPE_ANY_2, public.ARG_ARRAY_TYPE_ANY_1
    for name in ("MAX_BY", "MIN_BY"):
        _function(catalog, name, public.FunctionEnums.AGGREGATE, (any_1, any_2), any_1)
    _function(catalog, "HPARAM_RANGE", public.FunctionEnums.SCALAR, (any_1, any_1), any_1)
    _function(catalog, "HPARAM_CANDIDATES", public.FunctionEnums.SCALAR, (array_1,), any_1)
    text = simple("STRING")
    for name, options in (
        ("CONTAINS_SUBSTR", {"json_scope": text}),
        ("SEARCH", {"analyzer": text, "analyzer_options": text, "json_scope": text}),
    ):
        _function(
            catalog, name, public.FunctionEnums.SCALAR, (public.ARG_TYPE_ARBITRARY, text), simple("BOOL"), options
        )


def _function(
    catalog: Any, name: str, mode: int, arguments: tuple[Any, ...], result: Any, options: dict[str, Any] | None = None
) -> None:
    function = catalog.custom_function.add(name_path=[name], group="BigQuery", mode=mode)
    signature = function.signature.add()
    for type_ in arguments:
        _argument(signature.argument.add(), type_)
    for option, type_ in (options or {}).items():
        argument = signature.argument.add()
        _argument(argument, type_)
        argument.options.cardinality = public.FunctionEnums.OPTIONAL
        argument.options.argument_name = option
        argument.options.named_argument_kind = public.FunctionEnums.NAMED_ONLY
    _argument(signature.return_type, result)


def _argument(message: Any, type_: Any) -> None:
    if isinstance(type_, int):
        message.kind = type_
    else:
        message.kind = public.ARG_TYPE_FIXED
        message.type.CopyFrom(type_)
    message.num_occurrences = -1
