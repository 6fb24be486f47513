"""Walking the analyzer's trees, which are protocol buffers with a wrapper message for every abstract class."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

_KIND = re.compile(r"^(?:AST|Resolved)|(?:Statement|Stmt)?Proto$")
_WORD = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")


def unwrap(node: Any) -> Any:
    """The concrete message inside wrappers named `Any…`; the message itself when it is concrete."""
    while node.DESCRIPTOR.name.startswith("Any"):
        chosen = node.WhichOneof("node")
        if chosen is None:
            return node
        node = getattr(node, chosen)
    return node


def kind(node: Any) -> str:
    """What a concrete message is, in lower case: `query`, `create_table`, `function_call`, `table_scan`."""
    return _WORD.sub("_", _KIND.sub("", node.DESCRIPTOR.name)).lower()


def walk(node: Any) -> Iterator[Any]:
    """Every message below `node` and itself, parents first, in the order of the text."""
    waiting = [node]
    while waiting:
        current = waiting.pop()
        yield current
        below = []
        for field, value in current.ListFields():
            if field.message_type is None:
                continue
            if _repeated(field):
                below.extend(value)
            else:
                below.append(value)
        waiting.extend(reversed(below))


def concrete(node: Any) -> Iterator[Any]:
    """Like `walk`, without wrappers, base classes (`parent`) and places."""
    waiting = [unwrap(node)]
    while waiting:
        current = waiting.pop()
        yield current
        waiting.extend(reversed(list(children(current))))


def children(node: Any) -> Iterator[Any]:
    """The concrete messages directly below `node`, those that its base classes hold included."""
    level = node
    while True:
        parent = None
        for field, value in level.ListFields():
            if field.message_type is None:
                continue
            if field.name == "parent":
                parent = value
            elif _repeated(field):
                yield from (unwrap(one) for one in value)
            else:
                yield unwrap(value)
        if parent is None:
            return
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


def _repeated(field: Any) -> bool:
    return bool(field.is_repeated)
