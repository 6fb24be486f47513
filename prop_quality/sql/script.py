"""A file of SQL as its statements, each with its place, whatever stands in the others.

Scripts are taken apart: the statements inside IF, LOOP, BEGIN and procedures are statements of their own, and the
expressions that steer them are checked too. One that cannot be parsed does not hide the next.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from typing import Any, Literal

from zetasql.wasi._pb2.zetasql.local_service import local_service_pb2 as service
from zetasql.wasi._pb2.zetasql.public import parse_resume_location_pb2 as resume

from prop_quality.sql import lexer, tree
from prop_quality.sql.errors import AnalyzerFailed, Refused

# Flow that names nothing; and CALL, on which the analyzer traps when it knows the procedure.
# What may stand before a DECLARE in its block.
_BEFORE_DECLARE = frozenset({"variable_declaration", "system_variable_assignment"})
_NOT_ANALYSED = frozenset({"break", "continue", "return", "raise", "call"})
Mode = Literal["statement", "expression", "nothing"]
Parse = Callable[[Any], Any]


@dataclass(frozen=True)
class Variable:
    """A variable that a statement declares; its type is that of the statement when `type` is None."""

    name: str
    type: str | None


@dataclass(frozen=True)
class Names:
    """The names in a statement, part by part: `tables` that it reads or writes, and all its dotted names (`paths`).

    `connections` are those that it uses. `positional` is true when it has parameters without names (`?`).
    """

    tables: frozenset[tuple[str, ...]]
    paths: frozenset[tuple[str, ...]]
    connections: frozenset[tuple[str, ...]] = frozenset()
    positional: bool = False


@dataclass(frozen=True)
class Statement:
    """One statement: its text, where it starts in the file (bytes), its kind and its parse tree.

    Places in `node` count from `base` in the file. `mode` says what the analyzer is asked: the text as a statement, as
    an expression, or nothing. A `condition` is the expression of an IF or WHILE, and no statement of its own. A DECLARE
    after other statements is `misplaced`, and this is its place in the file.
    """

    text: str
    start: int
    kind: str
    node: Any = field(repr=False, compare=False)
    mode: Mode = "statement"
    declares: tuple[Variable, ...] = ()
    base: int = 0
    misplaced: int | None = None

    @property
    def counted(self) -> bool:
        """Whether it is a statement of its own."""
        return self.kind != "condition"

    @property
    def immediate(self) -> str | None:
        """The one plain text that an EXECUTE IMMEDIATE runs; None where it is put together, and of other statements."""
        if self.kind != "execute_immediate":
            return None
        literal = tree.unwrap(self.node.sql)
        text = str(literal.string_value) if tree.kind(literal) == "string_literal" else ""
        return text if text and text in self.text else None

    @property
    def end(self) -> int:
        """Where it ends in the file, in bytes."""
        return self.start + len(self.text.encode())


@dataclass(frozen=True)
class Unparsed:
    """A statement that the parser refused, or failed on; `at` is the place of the fault in the file, in bytes."""

    message: str
    at: int
    failed: bool = False


@dataclass(frozen=True)
class Script:
    """All statements of one text, and those that could not be parsed."""

    statements: tuple[Statement, ...]
    unparsed: tuple[Unparsed, ...] = ()


def split(text: str, parse: Parse, language: Any) -> Script:
    """The statements of `text`. `parse` sends a request to the analyzer's parser."""
    if lexer.next_significant(text, 0) == len(text):
        return Script(())
    try:
        whole = parse(service.ParseRequest(sql_statement=text, options=language, allow_script=True))
    except (Refused, AnalyzerFailed):
        return _one_by_one(text, parse, language)
    listed = whole.parsed_script.statement_list_node
    statements = _Reader(text.encode(), 0).statements(listed, declares=True)
    return Script(tuple(_with_immediate(text.encode(), statements, parse, language)))


def names_in(node: Any) -> Names:
    """The names below `node`; which of them are tables is not said."""
    found: set[tuple[str, ...]] = set()
    connections: set[tuple[str, ...]] = set()
    positional = False
    for message in tree.walk(node):
        kind = message.DESCRIPTOR.name
        if kind == "ASTPathExpressionProto":
            found.add(parts(message))
        elif kind == "ASTConnectionClauseProto":
            connections.update(parts(one) for one in tree.concrete(message) if "names" in one.DESCRIPTOR.fields_by_name)
        elif kind == "ASTParameterExprProto":
            positional = positional or message.position > 0
    return Names(frozenset(), frozenset(found), frozenset(connections), positional)


def parts(path: Any) -> tuple[str, ...]:
    """The parts of a path expression."""
    return tuple(identifier.id_string for identifier in path.names)


def byte_offset(text: str, line: int, column: int) -> int:
    """The place of the analyzer's `line` and `column` in `text`, in bytes; the analyzer expands tabs to eight."""
    lines = text.split("\n")
    before = sum(len(one.encode()) + 1 for one in lines[: line - 1])
    content = lines[line - 1] if line <= len(lines) else ""
    at = 1
    for number, letter in enumerate(content):
        if at >= column:
            return before + len(content[:number].encode())
        at = ((at - 1) // 8 + 1) * 8 + 1 if letter == "\t" else at + 1
    return before + len(content.encode())


def _one_by_one(text: str, parse: Parse, language: Any) -> Script:
    statements: list[Statement] = []
    unparsed: list[Unparsed] = []
    at, declares = lexer.next_significant(text, 0), True
    while at < len(text):
        rest, base = text[at:], len(text[:at].encode())
        place = resume.ParseResumeLocationProto(input=rest, byte_position=0)
        try:
            one = parse(service.ParseRequest(parse_resume_location=place, options=language, allow_script=True))
            read = _Reader(text.encode(), base).unit(one.parsed_statement, declares=declares)
            statements.extend(_with_immediate(text.encode(), read, parse, language))
            declares = declares and tree.kind(tree.unwrap(one.parsed_statement)) in _BEFORE_DECLARE
            at += len(rest.encode()[: one.resume_byte_position].decode())
        except (Refused, AnalyzerFailed) as error:
            end = lexer.after_statement(text, at)
            unparsed.append(_unparsed(text[at:end], base, parse, language, error))
            at = end
        at = lexer.next_significant(text, at)
    return Script(tuple(statements), tuple(unparsed))


def _with_immediate(
    content: bytes, statements: Iterable[Statement], parse: Parse, language: Any
) -> Iterator[Statement]:
    """The statements, and after each EXECUTE IMMEDIATE of one plain text what it runs, at its place in the file.

    A text that is put together, or written with escapes, is known only when it runs; so is one that is no statement.
    """
    for one in statements:
        yield one
        text = one.immediate
        if text is None:
            continue
        at = content.find(text.encode(), one.start, one.end)
        try:
            whole = parse(service.ParseRequest(sql_statement=text, options=language, allow_script=True))
        except (Refused, AnalyzerFailed):
            continue
        yield from _Reader(content, at).statements(whole.parsed_script.statement_list_node)


def _unparsed(text: str, base: int, parse: Parse, language: Any, error: Refused | AnalyzerFailed) -> Unparsed:
    """Why `text` cannot be parsed, and where. Only the parser of whole scripts names places, so it is asked again."""
    try:
        parse(service.ParseRequest(sql_statement=text, options=language, allow_script=True))
    except Refused as again:
        if again.placed:
            return Unparsed(again.message, base + byte_offset(text, again.line, again.column))
    except AnalyzerFailed:
        pass
    return Unparsed(str(error), base, failed=isinstance(error, AnalyzerFailed))


class _Reader:
    """Takes parse trees apart; places in them count from `base` in the file's `content`."""

    def __init__(self, content: bytes, base: int) -> None:
        self._content = content
        self._base = base

    def statements(self, statement_list: Any, *, declares: bool = False) -> Iterator[Statement]:
        """Those of a list; variables can be declared at the start of a script or BEGIN block (`declares`) alone."""
        for one in statement_list.statement_list:
            yield from self.unit(one, declares=declares)
            declares = declares and tree.kind(tree.unwrap(one)) in _BEFORE_DECLARE

    def unit(self, wrapped: Any, *, declares: bool) -> Iterator[Statement]:
        node = tree.unwrap(wrapped)
        kind = tree.kind(node)
        if kind == "variable_declaration" and not declares:
            misplaced = self._base + self._span(node)[0]
            yield from (replace(one, misplaced=misplaced) for one in self._variable_declaration(node))
            return
        special = getattr(self, f"_{kind}", None)
        if special is not None:
            yield from special(node)
        elif kind in _NOT_ANALYSED:
            yield from self._made(node, kind, mode="nothing")
        else:
            yield from self._made(node, kind)

    def _made(self, node: Any, kind: str, mode: Mode = "statement", **more: Any) -> Iterator[Statement]:
        start, end = self._span(node)
        yield Statement(self._text(start, end), self._base + start, kind, node, mode, base=self._base, **more)

    def _condition(self, wrapped: Any) -> Iterator[Statement]:
        node = tree.unwrap(wrapped)
        if tree.span(node):
            yield from self._made(node, "condition", mode="expression")

    def _span(self, node: Any) -> tuple[int, int]:
        return tree.span(node) or (0, 0)

    def _text(self, start: int, end: int) -> str:
        return self._content[self._base + start : self._base + end].decode(errors="replace")

    def _variable_declaration(self, node: Any) -> Iterator[Statement]:
        names = [one.id_string for one in node.variable_list.identifier_list]
        type_ = tree.unwrap(node.type)
        type_text = self._text(*self._span(type_)) if tree.span(type_) else None
        default = tree.unwrap(node.default_value)
        declares = tuple(Variable(name, type_text) for name in names)
        shown: Any = default if tree.span(default) else node
        mode: Mode = "expression" if tree.span(default) else "nothing"
        yield from self._made(shown, "variable_declaration", mode, declares=declares)

    def _single_assignment(self, node: Any) -> Iterator[Statement]:
        yield from self._made(tree.unwrap(node.expression), "single_assignment", "expression")

    def _assignment_from_struct(self, node: Any) -> Iterator[Statement]:
        yield from self._made(tree.unwrap(node.struct_expression), "assignment_from_struct", "expression")

    def _if(self, node: Any) -> Iterator[Statement]:
        yield from self._condition(node.condition)
        yield from self.statements(node.then_list)
        for clause in node.elseif_clauses.elseif_clauses:
            yield from self._condition(clause.condition)
            yield from self.statements(clause.body)
        yield from self.statements(node.else_list)

    def _case(self, node: Any) -> Iterator[Statement]:
        yield from self._condition(node.expression)
        for clause in node.when_then_clauses.when_then_clauses:
            yield from self._condition(clause.condition)
            yield from self.statements(clause.body)
        yield from self.statements(node.else_list)

    def _begin_end_block(self, node: Any) -> Iterator[Statement]:
        yield from self.statements(node.statement_list_node, declares=True)
        for handler in node.handler_list.exception_handler_list:
            yield from self.statements(handler.statement_list)

    def _while(self, node: Any) -> Iterator[Statement]:
        yield from self._condition(node.condition)
        yield from self.statements(tree.inherited(node, "body"))

    def _repeat(self, node: Any) -> Iterator[Statement]:
        yield from self.statements(tree.inherited(node, "body"))
        yield from self._condition(node.until_clause.condition)

    def _for_in(self, node: Any) -> Iterator[Statement]:
        row = (Variable(node.variable.id_string, None),)
        yield from self._made(node.query, "query", declares=row)
        yield from self.statements(tree.inherited(node, "body"))

    def _create_procedure(self, node: Any) -> Iterator[Statement]:
        arguments = [
            Variable(one.name.id_string, self._text(*self._span(tree.unwrap(one.type))))
            for one in node.parameters.parameter_entries
            if tree.span(tree.unwrap(one.type))
        ]
        yield from self._made(node, "create_procedure", declares=tuple(arguments))
        yield from self.statements(node.body.statement_list_node, declares=True)
