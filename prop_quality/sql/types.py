"""BigQuery's types as text, from the analyzer's messages."""

from __future__ import annotations

import re
from typing import Any

from zetasql.wasi._pb2.zetasql.public import type_pb2

TypeProto = type_pb2.TypeProto

# BigQuery's other names of INT64, which the analyzer does not know.
INTEGER_ALIASES = ("INT", "SMALLINT", "INTEGER", "BIGINT", "TINYINT", "BYTEINT")
_BOUNDED = re.compile(r"(\w+)(?:\(([\d, ]+)\))?")
_NAMES = {"DOUBLE": "FLOAT64", "FLOAT": "FLOAT32"}


def simple(name: str) -> Any:
    """The message of a type without parts, such as `INT64`."""
    spelled = {after: before for before, after in _NAMES.items()}.get(name, name)
    return TypeProto(type_kind=type_pb2.TypeKind.Value(f"TYPE_{spelled}"))


def struct(fields: list[tuple[str, Any]]) -> Any:
    """The message of a STRUCT with these fields."""
    message = TypeProto(type_kind=type_pb2.TYPE_STRUCT)
    for name, type_ in fields:
        message.struct_type.field.add(field_name=name, field_type=type_)
    return message


def array(element: Any) -> Any:
    """The message of an ARRAY of `element`."""
    message = TypeProto(type_kind=type_pb2.TYPE_ARRAY)
    message.array_type.element_type.CopyFrom(element)
    return message


def type_text(message: Any, parameters: Any = None) -> str:
    """The type as BigQuery writes it: `NUMERIC(5, 1)`, `ARRAY<STRUCT<a INT64>>`."""
    if message.type_kind == type_pb2.TYPE_ARRAY:
        return f"ARRAY<{type_text(message.array_type.element_type, _child(parameters, 0))}>"
    if message.type_kind == type_pb2.TYPE_RANGE:
        return f"RANGE<{type_text(message.range_type.element_type)}>"
    if message.type_kind == type_pb2.TYPE_STRUCT:
        fields = [
            f"{field.field_name} {type_text(field.field_type, _child(parameters, number))}".strip()
            for number, field in enumerate(message.struct_type.field)
        ]
        return f"STRUCT<{', '.join(fields)}>"
    name: str = type_pb2.TypeKind.Name(message.type_kind).removeprefix("TYPE_")
    return _NAMES.get(name, name) + _parameters_text(parameters)


def is_other_type(old: str, new: str) -> bool:
    """Whether two types as text differ in more than their bounds: `NUMERIC(4, 1)` and `NUMERIC` do not."""
    return _BOUNDED.sub(r"\1", old) != _BOUNDED.sub(r"\1", new)


def holds_less(old: str, new: str) -> bool:
    """Whether a type, with the same bounds or others, has no room for a value that the other one takes."""
    pairs = zip(_BOUNDED.findall(old), _BOUNDED.findall(new), strict=True)
    return any(_is_tighter(before, after) for (_, before), (_, after) in pairs)


def _is_tighter(before: str, after: str) -> bool:
    """Whether the bounds `precision, scale` or `length` are tighter than they were; "" is no bound."""
    if not after or not before:
        return bool(after)
    old, new = ([*map(int, bounds.split(",")), 0][:2] for bounds in (before, after))
    return new[1] < old[1] or new[0] - new[1] < old[0] - old[1]


def _child(parameters: Any, number: int) -> Any:
    if parameters is None or number >= len(parameters.child_list):
        return None
    return parameters.child_list[number]


def _parameters_text(parameters: Any) -> str:
    if parameters is None:
        return ""
    if parameters.HasField("numeric_type_parameters"):
        numeric = parameters.numeric_type_parameters
        return f"({numeric.precision}, {numeric.scale})" if numeric.scale else f"({numeric.precision})"
    if parameters.HasField("string_type_parameters"):
        return f"({parameters.string_type_parameters.max_length})"
    return ""
