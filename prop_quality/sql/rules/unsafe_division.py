"""A division that can meet zero."""

from __future__ import annotations

import re
from collections.abc import Iterator

from prop_quality.sql.codes import CODES
from prop_quality.sql.finding import Finding
from prop_quality.sql.rules.surroundings import Surroundings
from prop_quality.sql.syntax import Node
from prop_quality.sql.units import Unit

_DIVIDING = frozenset({"DIV", "MOD"})
_CONDITIONAL = frozenset({"case_no_value_expression", "case_value_expression"})
_PART = r"\w+|\S"
_FILTERS = ("where_clause", "having", "qualify")


def check(unit: Unit, surroundings: Surroundings) -> Iterator[Finding]:
    """One finding for each division whose divisor nothing keeps from zero."""
    del surroundings
    text = unit.statement.text
    if "/" not in text and not any(name in text.upper() for name in _DIVIDING):
        return
    for node in unit.syntax.walk():
        divisor = _divisor(node)
        if divisor is not None and not _never_zero(divisor) and not _guarded(node, divisor, unit):
            shown = " ".join(unit.text_of(divisor.message).split())
            message = f"This division fails the whole query when {shown} is zero."
            mend = "Use SAFE_DIVIDE(a, b), or NULLIF(b, 0) as the divisor."
            yield CODES["unsafe-division"].at(unit.file.name, *unit.place_of(node.message), message, mend, unit.object)


def _divisor(node: Node) -> Node | None:
    if node.operator == "DIVIDE":
        return node.children[1]
    if node.call in _DIVIDING and len(node.arguments) == 2:
        return node.arguments[1]
    return None


def _never_zero(node: Node) -> bool:
    """Whether what is written there cannot be zero (NULL it may be)."""
    if node.number is not None:
        return node.number != 0
    if node.kind in {"unary_expression", "cast_expression"} or node.operator == "MULTIPLY":
        return all(_never_zero(child) for child in node.children if not child.kind.endswith("_type"))
    if node.call == "NULLIF":
        return node.arguments[1].number == 0
    if node.call in {"GREATEST"}:
        return any((one.number or 0) > 0 for one in node.arguments)
    if node.call in {"COALESCE", "IFNULL"}:
        return all(_never_zero(one) for one in node.arguments)
    if node.call in {"POW", "POWER", "SQRT", "EXP"}:
        return node.call == "EXP" or _never_zero(node.arguments[0])
    return _counts_own_row(node)


def _counts_own_row(node: Node) -> bool:
    """COUNT(*) of a group or of a window: a group without a row is none."""
    counted = node.children[0] if node.kind == "analytic_function_call" else node
    if counted.call != "COUNT" or [one.kind for one in counted.arguments] != ["star"]:
        return False
    if counted is not node:
        return True
    select = next((one for one in node.ancestors() if one.kind == "select"), None)
    return select is not None and select.child("group_by") is not None


def _guarded(node: Node, divisor: Node, unit: Unit) -> bool:
    """Whether a condition around the division, or a filter of its query, speaks of the divisor."""
    if divisor.number is not None:
        return False
    wanted = _plain(unit, divisor)
    inner = node
    for outer in node.ancestors():
        conditions: list[Node] = []
        if outer.call == "IF" and inner is not outer.arguments[0]:
            conditions = [outer.arguments[0]]
        elif outer.kind in _CONDITIONAL:
            conditions = [one for one in outer.children if one is not inner]
        elif outer.kind == "select":
            conditions = [one for one in outer.children if one.kind in _FILTERS and one is not inner]
        elif outer.call.startswith("SAFE."):
            return True
        if any(wanted in _plain(unit, one) for one in conditions):
            return True
        inner = outer
    return False


def _plain(unit: Unit, node: Node) -> str:
    """The words and signs with a space around each, so that `games` is not found in `games_played`."""
    return f" {' '.join(re.findall(_PART, unit.text_of(node.message)))} ".lower()
