"""A statement's parse tree as plain nodes with parents, for rules that judge how something is written."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from zetasql.wasi._pb2.zetasql.parser import ast_enums_pb2

from prop_quality.sql import tree
from prop_quality.sql.script import parts

_OPERATORS = ast_enums_pb2.ASTBinaryExpressionEnums.Op
_UNARY = ast_enums_pb2.ASTUnaryExpressionEnums.Op
_COMPARISONS = frozenset({"EQ", "NE", "NE2", "GT", "LT", "GE", "LE", "DISTINCT", "LIKE"})
_NUMBERS = frozenset({"int_literal", "float_literal", "numeric_literal", "big_numeric_literal"})


class Node:
    """One node: `kind` as `prop_quality.sql.tree.kind` names it, its message, and its relatives."""

    __slots__ = ("children", "kind", "message", "parent")

    def __init__(self, message: Any, parent: Node | None = None) -> None:
        self.message = message
        self.parent = parent
        self.kind = tree.kind(message)
        self.children: list[Node] = []

    @classmethod
    def tree(cls, message: Any) -> Node:
        """The nodes of a parse tree."""
        root = cls(message)
        waiting = [root]
        while waiting:
            node = waiting.pop()
            node.children = [cls(one, node) for one in tree.children(node.message) if _shown(one)]
            waiting.extend(node.children)
        return root

    def walk(self) -> Iterator[Node]:
        """This node and all below it, in the order of the text."""
        waiting = [self]
        while waiting:
            node = waiting.pop()
            yield node
            waiting.extend(reversed(node.children))

    def find(self, *kinds: str) -> Iterator[Node]:
        """The nodes of these kinds, this one included."""
        return (node for node in self.walk() if node.kind in kinds)

    def ancestors(self) -> Iterator[Node]:
        """The nodes around this one, the nearest first."""
        node = self.parent
        while node is not None:
            yield node
            node = node.parent

    def child(self, *kinds: str) -> Node | None:
        """The first child of one of these kinds."""
        return next((node for node in self.children if node.kind in kinds), None)

    @property
    def path(self) -> tuple[str, ...]:
        """The parts of a dotted name; nothing for other nodes."""
        return parts(self.message) if self.kind == "path_expression" else ()

    @property
    def call(self) -> str:
        """The name of the function that is called, in capitals; "" for other nodes."""
        return ".".join(self.children[0].path).upper() if self.kind == "function_call" else ""

    @property
    def arguments(self) -> list[Node]:
        """The arguments of a function call."""
        return self.children[1:] if self.kind == "function_call" else []

    @property
    def operator(self) -> str:
        """The operator of a binary expression, `DIVIDE`, `EQ` …; "" for other nodes."""
        return str(_OPERATORS.Name(self.message.op)) if self.kind == "binary_expression" else ""

    @property
    def is_comparison(self) -> bool:
        """Whether it compares its parts."""
        return self.operator in _COMPARISONS or self.kind in {"between_expression", "in_expression"}

    @property
    def number(self) -> float | None:
        """The value of a numeric constant, with its sign and inside casts; None for everything else."""
        if self.kind in _NUMBERS:
            literal = self.child("string_literal")
            text = literal.message.string_value if literal else tree.inherited(self.message, "image")
            try:
                return float(int(text, 0)) if text.lower().startswith("0x") else float(text)
            except ValueError:
                return None
        if self.kind == "unary_expression" and self.message.op == _UNARY.Value("MINUS"):
            value = self.children[0].number
            return None if value is None else -value
        return self.children[0].number if self.kind == "cast_expression" else None


def _shown(message: Any) -> bool:
    return message.DESCRIPTOR.name not in {"ParseLocationRangeProto", "ASTLocationProto"}
