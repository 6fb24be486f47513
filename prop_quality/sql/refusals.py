"""What the analyzer refuses, as findings."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from difflib import get_close_matches

from prop_quality.sql import templates, tree
from prop_quality.sql.analysis import Refusal
from prop_quality.sql.codes import CODES
from prop_quality.sql.dialect_gaps import is_bigquery_function
from prop_quality.sql.estate import Estate
from prop_quality.sql.finding import Finding, Level
from prop_quality.sql.script import parts
from prop_quality.sql.units import Unit, failed

_TABLE = re.compile(r"^(?:Table|Table-valued function|Model|Procedure|Connection|Sequence) not found: (.+?)(?:;|$)")
# BigQuery's FLATTEN takes a depth.
_FUNCTION = re.compile(
    r"^(?:Function not found: (.+?)(?:;|$)|Number of arguments does not match for function (FLATTEN)\b|"
    r"(Default connection) not found)"
)
# What the analyzer says where it lacks what BigQuery has, and what that is.
_LACKS = (
    ("Property graph not found", "property graphs"),
    ("Missing TO <grantee_list> clause", "a row access policy without GRANT TO"),
)
_HINT = re.compile(r";? ?(Did you mean [^?]+\?)")
_UNKNOWN = re.compile(
    r"^(?:Unrecognized name|Name \S+ not found|Field name|Type not found|Function not found|Query parameter|"
    r"Column .* not found|Cannot access field|Unrecognized)|not found inside|does not exist|is ambiguous|"
    r"not found (?:in|on) |Unsupported named argument|has no column"
)
# It is said of each such DECLARE already.
_MISPLACED = "Variable declarations are allowed only"
_MIXED = ("Named parameters are not supported", "Positional parameters are not supported")


def findings(unit: Unit, estate: Estate) -> Iterator[Finding]:
    """What is to be said of `unit` because it could not be analysed; nothing when it was."""
    for path in unit.missing:
        yield _missing(unit, path, estate)
    if unit.statement.misplaced is not None:
        yield _misplaced(unit, unit.statement.misplaced)
    name = None if unit.statement.kind == "create_procedure" else templates.name_in_a_text(unit.statement.text)
    if name is not None:
        yield _name_in_a_text(unit, name)
    if isinstance(unit.outcome, Refusal) and not (_is_of_a_name(unit) or unit.outcome.message.startswith(_MISPLACED)):
        yield _refused(unit, unit.outcome)


def code_of(message: str) -> str:
    """The code of what BigQuery, or its analyzer, says of a statement that it refuses."""
    if "Syntax error" in message:
        return "syntax"
    return "unknown-name" if _UNKNOWN.search(message) else "type"


def _missing(unit: Unit, path: tuple[str, ...], estate: Estate) -> Finding:
    name = ".".join(path)
    definers = estate.definers.of(name)
    if definers:
        message = (
            f"The definition of {name} has no columns that are known here, so this statement is not checked further."
        )
        mend = f"See what is said of {definers[0].file.name}."
        return CODES["unknown-table"].at(unit.file.name, *_place_of(unit, path), message, mend, name)
    message = f"{name} is not in the catalogue, so this statement is checked for its grammar alone."
    known = {".".join(table.name.split(".")[-len(path) :]).lower(): table.name for table in estate.catalogue}
    near = get_close_matches(name.lower(), known, 1, 0.85)
    spelled = known[near[0]] if near else None
    mend = f"Did you mean {spelled}?" if spelled else "Name the folder that defines it with --catalog."
    if "INFORMATION_SCHEMA" in name.upper():
        mend = "BigQuery's own metadata is not known offline."
    return CODES["unknown-table"].at(unit.file.name, *_place_of(unit, path), message, mend, name)


def _place_of(unit: Unit, path: tuple[str, ...]) -> tuple[int, int]:
    """Where the statement first names `path`."""
    for node in tree.walk(unit.statement.node):
        if node.DESCRIPTOR.name == "ASTPathExpressionProto" and parts(node) == path:
            return unit.place_of(node)
    return unit.place(0)


def _refused(unit: Unit, refusal: Refusal) -> Finding:
    at = unit.place(refusal.offset)
    message, hint = _split_hint(refusal.message)
    if refusal.failed:
        return failed(unit.file.name, *at, message, unit.object)
    if refusal.message.startswith(_MIXED):
        said = "A statement has parameters with names (@x) or without (?), never both."
        return CODES["syntax"].at(unit.file.name, *at, said, "Give every parameter a name.", unit.object)
    for said, lacking in _LACKS:
        if refusal.message.startswith(said):
            return _not_known(unit, at, lacking)
    function = _FUNCTION.match(refusal.message)
    if function and (function[1] is None or is_bigquery_function(function[1])):
        return _not_known(unit, at, function[1] or function[2] or "the default connection")
    table = _TABLE.match(refusal.message)
    if table and is_bigquery_function(table[1]):
        return _not_known(unit, at, table[1])
    if table or (function and "." in function[1]):
        name = (table or function)[1].replace("`", "")  # type: ignore[index]
        said = f"{name} is not in the catalogue, so this statement is checked for its grammar alone."
        mend = "Name the folder that defines it with --catalog."
        return CODES["unknown-table"].at(unit.file.name, *at, said, mend, name)
    if not refusal.message.startswith("Syntax error") and _hangs_on_a_parameter(unit, refusal):
        message = f"The type of a parameter is not known here, so this statement is not checked further: {message}"
        found = CODES["analyzer-failed"].at(unit.file.name, *at, message, "Ask BigQuery with --dry-run.", unit.object)
        return replace(found, severity=Level.WARNING)
    return CODES[code_of(refusal.message)].at(unit.file.name, *at, message, hint, unit.object)


def _misplaced(unit: Unit, at: int) -> Finding:
    said = "A variable is declared at the start of a script or of a BEGIN block, before all other statements."
    return CODES["syntax"].at(unit.file.name, *unit.file.place(at), said, "Move the DECLARE up.")


def _name_in_a_text(unit: Unit, at: int) -> Finding:
    """A program may put something in its place, or it means itself, as in a regular expression."""
    said = "A program may put something in place of this name; the statement is checked as it stands."
    found = CODES["templated"].at(
        unit.file.name, *unit.place(at), said, "Use a parameter, @name, for a value.", unit.object
    )
    if not unit.name_refused:
        return replace(found, severity=Level.INFO)
    rest = "this statement is not checked further" if _is_of_a_name(unit) else "the rest of the statement is checked"
    return replace(found, message=f"What a program puts in place of this name is not known here; {rest}.")


def _is_of_a_name(unit: Unit) -> bool:
    """Whether what is refused is such a name, and nothing is known of the rest."""
    return (
        unit.name_refused
        and isinstance(unit.outcome, Refusal)
        and templates.meets_a_name(unit.statement.text, unit.outcome.offset)
    )


def _not_known(unit: Unit, at: tuple[int, int], name: str) -> Finding:
    """BigQuery has it and the analyzer does not: nothing is known of the statement, and it may well be right."""
    message = f"Google's analyzer does not know {name}, which BigQuery has; this statement is not checked further."
    found = CODES["analyzer-failed"].at(unit.file.name, *at, message, "Ask BigQuery with --dry-run.", unit.object)
    return replace(found, severity=Level.WARNING)


def _hangs_on_a_parameter(unit: Unit, refusal: Refusal) -> bool:
    """Whether what is refused has a parameter in it: parameters of a file have the types that a program gives them."""
    if "whose type is unknown" in refusal.message:
        return True
    start = unit.statement.start - unit.statement.base + refusal.offset
    return any(
        (place := tree.span(node.message)) is not None
        and place[0] == start
        and next(node.find("parameter_expr"), None) is not None
        for node in unit.syntax.walk()
        if node.kind not in {"query", "select", "select_list", "select_column"}
    )


def _split_hint(message: str) -> tuple[str, str]:
    """The first line of a message as a sentence, and the analyzer's guess at what was meant."""
    hint = _HINT.search(message)
    text = _HINT.sub("", message).removeprefix("Syntax error: ").strip()
    first, _, rest = text.partition("\n")
    text = first if len(rest) > 200 else " ".join(text.split())
    return (text if text.endswith((".", "?", "!")) else f"{text}."), hint[1] if hint else ""
