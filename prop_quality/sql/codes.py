"""Every code that a finding can carry: its usual severity, one sentence, and its page in `docs/sql/`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from prop_quality.sql.finding import Finding, Level


@dataclass(frozen=True)
class Code:
    """One kind of finding. `severity` is the usual one: an option (`--strict`) or a place may raise it."""

    name: str
    severity: Level
    sentence: str

    @property
    def page(self) -> str:
        """Its page, relative to the root of this project."""
        return f"docs/sql/{self.name}.md"

    def at(self, file: str, line: int, column: int, message: str, mend: str = "", about: str = "") -> Finding:
        """A finding of this code, at its usual severity; `about` is the table or view concerned."""
        return Finding(self.name, self.severity, file, line, column, about, message, mend)


_ALL = (
    Code("syntax", Level.ERROR, "BigQuery would refuse the statement: it is no GoogleSQL."),
    Code("unknown-name", Level.ERROR, "A column, alias, function or field that does not exist where it is used."),
    Code("type", Level.ERROR, "An operator, function or assignment meets types that BigQuery refuses."),
    Code("unknown-table", Level.INFO, "No CREATE statement in the catalogue makes the table (an error with --strict)."),
    Code("partition-filter", Level.ERROR, "A read of a partitioned table without a predicate that can prune it."),
    Code(
        "contract",
        Level.ERROR,
        "What a check, a view or the scan reads is dropped, renamed, replaced, retyped or emptied.",
    ),
    Code("placeholder-default", Level.ERROR, "A constant such as 20.0 is put in place of a missing line."),
    Code("utc-today", Level.WARNING, "Today in UTC is compared with game_date, which is a US Eastern date."),
    Code("unsafe-division", Level.WARNING, "A division that can meet zero, and then fails the whole query."),
    Code("select-star", Level.WARNING, "A view's columns change whenever its source's do, unseen."),
    Code("templated", Level.WARNING, "A template, which cannot be analysed as it stands."),
    Code("cycle", Level.ERROR, "Views that read each other in a circle; none of them can be built."),
    Code("unreadable", Level.ERROR, "A file that cannot be read as UTF-8 text, or is too large to be SQL."),
    Code("analyzer-failed", Level.ERROR, "The analyzer itself failed on the statement, so nothing is known about it."),
    Code("lost-sight", Level.ERROR, "An incident that the old form of a view showed is not shown by the new."),
    Code(
        "narrowed-sight",
        Level.WARNING,
        "A column no longer shows an incident that others of the view still show, or says less of it.",
    ),
    Code("not-compared", Level.WARNING, "What changed could not be compared with what was there before."),
    Code("over-budget", Level.ERROR, "The statement would read more bytes than its budget allows."),
    Code(
        "suppression-malformed",
        Level.ERROR,
        "A suppression without a known code, an end date or a reason; it does nothing.",
    ),
    Code("suppression-expired", Level.WARNING, "A suppression whose end date is past; it does nothing any more."),
    Code("suppression-unused", Level.INFO, "A suppression that no finding needs any more."),
    Code("baseline-unused", Level.INFO, "An entry of the baseline that no longer occurs."),
)

CODES: Mapping[str, Code] = MappingProxyType({code.name: code for code in _ALL})
