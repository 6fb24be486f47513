"""What an expression stands for, as far as its writing tells: a line, or the same constant for every row.

Names are followed through a statement: an alias of a line is a line, an alias of a constant and a variable of the
script are constants. Scopes are not told apart; a name that is given to two kinds of values is neither.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cached_property

from prop_quality.sql.syntax import Node

_LINE = re.compile(
    r"(?!(?:is|has|had|was|num|n)_|(?:.*_)?(?:with|without|missing|null|no|per)_line$)(?:.*_)?(?:line|line_value)",
    re.IGNORECASE,
)
_CHOOSING = frozenset({"COALESCE", "IFNULL", "IFERROR"})
# What comes out of these is no line any more, whatever goes in.
_COUNTING = re.compile(
    r"(?:APPROX_)?COUNT.*|STDDEV.*|VAR(?:_.*|IANCE)|CORR|COVAR_.*|.*LENGTH|LOGICAL_.*|SIGN|IS_.*|(?:DENSE_|PERCENT_)?RANK"
    r"|ROW_NUMBER|NTILE|CUME_DIST|APPROX_TOP_.*|FORMAT|CONCAT|TO_JSON.*|FARM_FINGERPRINT|MD5|SHA\d+"
)
_ARITHMETIC = frozenset({"PLUS", "MINUS", "MULTIPLY", "DIVIDE"})
_VALUES = frozenset({"null_literal", "boolean_literal", "string_literal"})


class Values:
    """The values of one statement; `variables` are the names, in lower case, that are one value for all its rows."""

    def __init__(self, root: Node, variables: Iterable[str] = ()) -> None:
        self._root = root
        self._variables = frozenset(variables)
        self._lines: frozenset[str] = frozenset()
        self._constants = self._variables
        self._learn()

    def carries_line(self, node: Node) -> bool:
        """Whether the value is a line, perhaps rounded, cast, chosen or aggregated."""
        if node.path:
            name = node.path[-1].lower()
            return is_line_name(name) or name in self._lines
        if node.kind == "analytic_function_call":
            return self.carries_line(node.children[0])
        if node.operator in _ARITHMETIC:
            rest = [term for term in _terms(node) if not self.is_constant(term)]
            return len(rest) == 1 and self.carries_line(rest[0])
        if node.call:
            return not _COUNTING.fullmatch(node.call) and any(map(self.carries_line, node.arguments))
        if node.kind == "cast_expression":
            return self.carries_line(node.children[0])
        return any(map(self.carries_line, alternatives(node)))

    def is_substitute(self, node: Node) -> bool:
        """Whether it is a constant that can be taken for a line; a negative one is none."""
        return self.is_constant(node) and (node.number is None or node.number >= 0)

    def is_constant(self, node: Node) -> bool:
        """Whether it is the same number for every row: written, computed, cast, or under a name."""
        if node.number is not None or node.kind == "parameter_expr":
            return True
        if node.path:
            return node.path[-1].lower() in self._constants
        if node.kind == "string_literal":
            return _is_number(node.message.string_value)
        if node.kind in {"cast_expression", "unary_expression", "array_element"}:
            return self.is_constant(node.children[0])
        if node.operator in _ARITHMETIC:
            return all(map(self.is_constant, _terms(node)))
        if node.kind == "array_constructor":
            return bool(node.children) and all(map(self.is_constant, node.children))
        if node.call:
            return self._is_constant_call(node)
        if node.kind in {"expression_subquery", "query", "select", "select_list", "select_column"}:
            return self._is_constant_query(node)
        return False

    def _is_constant_call(self, node: Node) -> bool:
        values = [one for one in node.arguments if one.kind not in _VALUES or self.is_constant(one)]
        return bool(values) and all(map(self.is_constant, values))

    def _is_constant_query(self, node: Node) -> bool:
        if node.kind == "select_column":
            return self.is_constant(node.children[0])
        inner = [one for one in node.children if one.kind in {"query", "select", "select_list", "select_column"}]
        return len(inner) == 1 and self.is_constant(inner[0])

    def _learn(self) -> None:
        """Follow the aliases until nothing new is learned."""
        while True:
            lines, others = self._told(self.carries_line)
            self._lines, known = frozenset(lines - others), (self._lines, self._constants)
            constants, others = self._told(self.is_constant)
            self._constants = frozenset(constants - others) | self._variables
            if (self._lines, self._constants) == known:
                return

    def _told(self, is_one: Callable[[Node], bool]) -> tuple[set[str], set[str]]:
        """The names of values that are such a one, and those of others."""
        told: tuple[set[str], set[str]] = set(), set()
        for name, value in self._named:
            told[0 if is_one(value) else 1].add(name)
        return told

    @cached_property
    def _named(self) -> Sequence[tuple[str, Node]]:
        """The values that are given a name: columns, and the elements of an array."""
        found = []
        for node in self._root.find("select_column", "table_path_expression"):
            alias = node.child("alias")
            array = next(node.find("array_constructor"), None) if node.child("unnest_expression") else None
            value = array if node.kind == "table_path_expression" else node.children[0]
            if alias is not None and value is not None:
                found.append((str(alias.children[0].message.id_string).lower(), value))
        return found


def alternatives(node: Node) -> Sequence[Node]:
    """The values between which an expression chooses, nothing for other expressions."""
    if node.call in _CHOOSING:
        return node.arguments
    if node.call == "IF" and len(node.arguments) == 3:
        return node.arguments[1:]
    if node.call in {"LAG", "LEAD"} and len(node.arguments) == 3:
        return [node.arguments[0], node.arguments[2]]
    if node.kind == "case_no_value_expression":
        return [*node.children[1::2], *(node.children[-1:] if len(node.children) % 2 else [])]
    if node.kind == "case_value_expression":
        return [*node.children[2::2], *(node.children[-1:] if len(node.children) % 2 == 0 else [])]
    return node.children if node.kind == "array_constructor" else ()


def is_line_name(name: str) -> bool:
    """Whether a column of that name holds lines."""
    return _LINE.fullmatch(name) is not None


def selects(query: Node) -> Iterator[Node]:
    """The SELECTs of which a query is made, side by side."""
    for node in query.children:
        if node.kind == "select":
            yield node
        elif node.kind in {"query", "set_operation"}:
            yield from selects(node)


def _terms(node: Node) -> Iterator[Node]:
    """What a calculation is made of. A sum of hundreds of terms is a tree as deep, too deep to go down in calls."""
    waiting = [node]
    while waiting:
        one = waiting.pop()
        if one.operator in _ARITHMETIC:
            waiting += one.children
        else:
            yield one


def _is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True
