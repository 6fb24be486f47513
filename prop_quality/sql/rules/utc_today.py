"""Today in UTC beside `game_date`, which is a US Eastern date."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from prop_quality.sql.codes import CODES
from prop_quality.sql.finding import Finding
from prop_quality.sql.rules.surroundings import Surroundings
from prop_quality.sql.syntax import Node
from prop_quality.sql.units import Unit

_COLUMN = "game_date"
_NOW = frozenset({"CURRENT_TIMESTAMP", "CURRENT_DATETIME"})
_SHIFTED = frozenset({"TIMESTAMP_ADD", "TIMESTAMP_SUB", "DATETIME_ADD", "DATETIME_SUB"})
_CUT = frozenset({"TIMESTAMP_TRUNC", "DATETIME_TRUNC"})
# Some hours before now may be meant to be Eastern; whole days before it are still UTC's.
_OF_DAYS = frozenset({"DAY", "WEEK", "ISOWEEK", "MONTH", "QUARTER", "YEAR", "ISOYEAR"})
_UTC = frozenset({"UTC", "ETC/UTC", "UCT", "GMT", "ETC/GMT", "ZULU", "UNIVERSAL", "+0", "+00", "+00:00", "-00:00"})


def check(unit: Unit, surroundings: Surroundings) -> Iterator[Finding]:
    """One finding for each today in UTC that meets game_date, itself or under a name that it was given."""
    text = unit.statement.text.lower()
    if _COLUMN not in text:
        return
    named = dict(_named(unit)) if "current_" in text else {}
    variables = {name for name in _variables(unit, surroundings) if name in text}
    if not named and not variables and "current_" not in text:
        return
    found: dict[Node, None] = {}
    for meeting in unit.syntax.walk():
        if not (meeting.is_comparison or meeting.call in {"DATE_DIFF", "DATETIME_DIFF"}):
            continue
        names = {node.path[-1].lower(): node for node in meeting.find("path_expression") if node.path}
        if _COLUMN not in names:
            continue
        found.update(dict.fromkeys(node for node in meeting.walk() if _is_utc_today(node)))
        found.update(dict.fromkeys(named[name] for name in names if name in named))
        found.update(dict.fromkeys(node for name, node in names.items() if name in variables))
    for node in found:
        message = "Today in UTC is compared with game_date, a US Eastern date: from 19:00 Eastern on it is tomorrow."
        mend = "Write CURRENT_DATE('America/New_York')."
        yield CODES["utc-today"].at(unit.file.name, *unit.place_of(node.message), message, mend, unit.object)


def _named(unit: Unit) -> Iterator[tuple[str, Node]]:
    """The columns of subqueries that are today in UTC, with the place where they are."""
    for column in unit.syntax.find("select_column"):
        alias = column.child("alias")
        today = next((node for node in column.walk() if _is_utc_today(node)), None)
        if alias is not None and today is not None:
            yield alias.children[0].message.id_string.lower(), today


def _variables(unit: Unit, surroundings: Surroundings) -> Iterator[str]:
    """The variables of the script that are today in UTC."""
    for other in surroundings.estate.declarations(unit.file.name):
        if other.statement.start < unit.statement.start and any(map(_is_utc_today, other.syntax.walk())):
            yield from (variable.name.lower() for variable in other.statement.declares)


def _is_utc_today(node: Node) -> bool:
    if node.call == "CURRENT_DATE":
        return _in_utc(node.arguments)
    if node.call == "DATE" and node.arguments:
        return _is_now(node.arguments[0]) and _in_utc(node.arguments[1:])
    if node.call in {"FORMAT_TIMESTAMP", "FORMAT_DATETIME"} and len(node.arguments) > 1:
        return _is_now(node.arguments[1]) and _in_utc(node.arguments[2:])
    if node.kind == "extract_expression":
        part, value, *zone = node.children
        return [name.upper() for name in part.path] == ["DATE"] and _is_now(value) and _in_utc(zone)
    if node.kind == "cast_expression":
        type_ = node.child("simple_type")
        names = [one.path[-1].upper() for one in type_.find("path_expression")] if type_ else []
        return names == ["DATE"] and _is_now(node.children[0])
    return False


def _is_now(node: Node) -> bool:
    """Whether it is this moment in UTC, or some days from it."""
    if node.call in _NOW:
        return _in_utc(node.arguments)
    if node.call in _SHIFTED and len(node.arguments) == 2:
        interval = node.arguments[1]
        return _is_now(node.arguments[0]) and interval.children[-1].message.id_string.upper() in _OF_DAYS
    return node.call in _CUT and _is_now(node.arguments[0]) and _in_utc(node.arguments[2:])


def _in_utc(zone: Sequence[Node]) -> bool:
    """Whether the zone, where one is given, is UTC by one of its names."""
    return not zone or (zone[0].kind == "string_literal" and zone[0].message.string_value.upper() in _UTC)
