"""Orders of dependencies, and what goes round in circles."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TypeVar

_Node = TypeVar("_Node")


def levels(needs: Mapping[_Node, set[_Node]]) -> tuple[list[list[_Node]], list[_Node]]:
    """The nodes by levels, each needing earlier levels alone; and those that a circle keeps from any level."""
    waiting = {node: {one for one in needed if one in needs} for node, needed in needs.items()}
    ordered: list[list[_Node]] = []
    while ready := [node for node, needed in waiting.items() if not needed]:
        ordered.append(ready)
        done = set(ready)
        waiting = {node: needed - done for node, needed in waiting.items() if node not in done}
    return ordered, list(waiting)


def circles(nodes: Iterable[_Node], needs: Mapping[_Node, set[_Node]]) -> list[tuple[_Node, ...]]:
    """The groups of nodes that need each other, each as one way round."""
    found: list[tuple[_Node, ...]] = []
    seen: set[_Node] = set()
    for start in nodes:
        if start in seen:
            continue
        way = _way_back(start, needs)
        if way:
            found.append(way)
            seen.update(way)
    return found


def _way_back(start: _Node, needs: Mapping[_Node, set[_Node]]) -> tuple[_Node, ...]:
    """The shortest way from `start` to itself, nothing when there is none."""
    before: dict[_Node, _Node] = {}
    waiting = [start]
    while waiting:
        following = []
        for node in waiting:
            for other in needs.get(node, ()):
                if other == start:
                    return _path(node, start, before)
                if other not in before:
                    before[other] = node
                    following.append(other)
        waiting = following
    return ()


def _path(end: _Node, start: _Node, before: Mapping[_Node, _Node]) -> tuple[_Node, ...]:
    way = [end]
    while way[-1] != start:
        way.append(before[way[-1]])
    return tuple(reversed(way))
