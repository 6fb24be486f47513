"""Walking the analyzer's trees, which are protocol buffers with a wrapper message for every abstract class.

An estate has millions of nodes, so what is known of a kind of message or field is worked out once.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

_KIND = re.compile(r"^(?:AST|Resolved)|(?:Statement|Stmt)?Proto$")
_WORD = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")
# What is no node of a tree: places, types, and what the analyzer repeats of a function at each of its calls.
_NO_NODES = frozenset(
    {
        "ParseLocationRangeProto",
        "TypeProto",
        "AnnotationMapProto",
        "FunctionSignatureProto",
        "ResolvedFunctionCallInfoProto",
        "TVFSignatureProto",
    }
)
_SKIPPED, _ONE, _MANY, _PARENT = range(4)
_roles: dict[Any, int] = {}
_kinds: dict[Any, tuple[bool, str]] = {}


def unwrap(node: Any) -> Any:
    """The concrete message inside wrappers named `Any…`; the message itself when it is concrete."""
    while _known(node)[0]:
        chosen = node.WhichOneof("node")
        if chosen is None:
            return node
        node = getattr(node, chosen)
    return node


def kind(node: Any) -> str:
    """What a concrete message is, in lower case: `query`, `create_table`, `function_call`, `table_scan`."""
    return _known(node)[1]


def walk(node: Any) -> Iterator[Any]:
    """Every message below `node` and itself, wrappers and base classes too, in the order of the text."""
    waiting = [node]
    while waiting:
        current = waiting.pop()
        yield current
        below: list[Any] = []
        for field, value in current.ListFields():
            role = _role(field)
            if role == _MANY:
                below.extend(value)
            elif role != _SKIPPED:
                below.append(value)
        below.reverse()
        waiting.extend(below)


def concrete(node: Any) -> Iterator[Any]:
    """Like `walk`, without wrappers and base classes (`parent`)."""
    waiting = [unwrap(node)]
    while waiting:
        current = waiting.pop()
        yield current
        below = list(children(current))
        below.reverse()
        waiting.extend(below)


def children(node: Any) -> Iterator[Any]:
    """The concrete messages directly below `node`, those that its base classes hold included."""
    level = node
    while level is not None:
        parent = None
        for field, value in level.ListFields():
            role = _role(field)
            if role == _PARENT:
                parent = value
            elif role == _MANY:
                for one in value:
                    yield unwrap(one)
            elif role == _ONE:
                yield unwrap(value)
        level = parent


def inherited(node: Any, name: str) -> Any:
    """The field `name` of `node` or of the base class that has it.

    Raises:
        AttributeError: no class of the node has such a field.
    """
    level = node
    while name not in level.DESCRIPTOR.fields_by_name:
        if "parent" not in level.DESCRIPTOR.fields_by_name:
            raise AttributeError(f"{node.DESCRIPTOR.name} has no {name}")
        level = level.parent
    return getattr(level, name)


def listed(node: Any, name: str) -> Any:
    """The repeated field `name` of `node` or its base classes, nothing where there is none."""
    try:
        return inherited(node, name)
    except AttributeError:
        return ()


def span(node: Any) -> tuple[int, int] | None:
    """Where `node` stands in the text that was sent, as byte offsets; None when the analyzer does not say."""
    try:
        place = inherited(node, "parse_location_range")
    except AttributeError:
        return None
    return (place.start, place.end) if place.end > place.start >= 0 else None


def _known(node: Any) -> tuple[bool, str]:
    """Whether the message is a wrapper, and its kind."""
    descriptor = node.DESCRIPTOR
    found = _kinds.get(descriptor)
    if found is None:
        name = descriptor.name
        found = _kinds[descriptor] = (name.startswith("Any"), _WORD.sub("_", _KIND.sub("", name)).lower())
    return found


def _role(field: Any) -> int:
    """What a field is to a tree."""
    found = _roles.get(field)
    if found is None:
        message = field.message_type
        if message is None or message.name in _NO_NODES:
            found = _SKIPPED
        elif field.name == "parent":
            found = _PARENT
        else:
            found = _MANY if field.is_repeated else _ONE
        _roles[field] = found
    return found
