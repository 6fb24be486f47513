"""`SELECT *` in a view, where the star takes over the columns of a table."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from prop_quality.sql.codes import CODES
from prop_quality.sql.finding import Finding
from prop_quality.sql.rules.surroundings import Surroundings
from prop_quality.sql.syntax import Node
from prop_quality.sql.units import Unit

_STARS = frozenset({"star", "star_with_modifiers"})
_DOT_STARS = frozenset({"dot_star", "dot_star_with_modifiers"})
Queries = Mapping[str, Node]


def check(unit: Unit, surroundings: Surroundings) -> Iterator[Finding]:
    """One finding for each star through which columns of a table become columns of the view."""
    del surroundings
    if unit.definition is None or not unit.definition.is_view or "*" not in unit.statement.text:
        return
    query = unit.syntax.child("query")
    for star, table in dict.fromkeys(_exposed(query, {}, frozenset())) if query else ():
        message = f"The columns of this view are those that {table} happened to have when it was made."
        mend = "Name the columns that the view is meant to have."
        yield CODES["select-star"].at(unit.file.name, *unit.place_of(star.message), message, mend, unit.object)


def _exposed(query: Node, known: Queries, around: frozenset[Node]) -> Iterator[tuple[Node, str]]:
    """The stars over tables that reach the columns of `query`; `known` are the named queries that it sees."""
    if query in around:
        return
    seen = dict(known)
    clause = query.child("with_clause")
    for named in clause.children if clause else ():
        body = named.child("query")
        if body is not None:
            seen[named.children[0].message.id_string.lower()] = body
    for one in query.children:
        yield from _of_expression(one, seen, around | {query})


def _of_expression(node: Node, known: Queries, around: frozenset[Node]) -> Iterator[tuple[Node, str]]:
    if node.kind == "set_operation":
        for one in node.children:
            yield from _of_expression(one, known, around)
    elif node.kind == "query":
        yield from _exposed(node, known, around)
    elif node.kind == "select":
        sources = list(_sources(node))
        columns = node.child("select_list")
        for column in columns.children if columns else ():
            star = column.children[0] if column.children else column
            for alias, source in sources:
                if star.kind in _STARS or (star.kind in _DOT_STARS and _names(star, alias)):
                    yield from _of_source(star, source, known, around)


def _of_source(star: Node, source: Node, known: Queries, around: frozenset[Node]) -> Iterator[tuple[Node, str]]:
    if source.kind == "query":
        yield from _exposed(source, known, around)
    elif len(source.path) == 1 and source.path[0].lower() in known:
        yield from _exposed(known[source.path[0].lower()], known, around)
    else:
        yield star, ".".join(source.path)


def _sources(select: Node) -> Iterator[tuple[str, Node]]:
    """The tables (paths) and subqueries (queries) after FROM, with the names by which they are called."""
    clause = select.child("from_clause")
    waiting = list(clause.children) if clause else []
    aliases: set[str] = set()
    while waiting:
        node = waiting.pop(0)
        alias = node.child("alias")
        name = alias.children[0].message.id_string.lower() if alias else ""
        if node.kind == "table_path_expression":
            path = node.child("path_expression")
            # A path that begins with a name of this FROM is an array of that row, not a table.
            if path is not None and not (len(path.path) > 1 and path.path[0].lower() in aliases):
                name = name or path.path[-1].lower()
                yield name, path
        elif node.kind == "table_subquery":
            body = node.child("query")
            if body is not None:
                yield name, body
        elif node.kind in {"join", "parenthesized_join"}:
            waiting = [*node.children, *waiting]
        aliases.add(name)


def _names(star: Node, alias: str) -> bool:
    path = star.child("path_expression")
    return path is not None and len(path.path) == 1 and path.path[0].lower() == alias
