"""What an expectation may declare of the scan; the composer reads nothing else."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol

from prop_quality.scan.scope import Scope

KEYS = ("prediction_id", "player_lookup", "system_id", "game_date")


class Declaration(Protocol):
    """One check's needs. All SQL refers to `facts`: the columns it names, its row facts, and what every row knows.

    Every row knows `is_active`, `written_at`, `fresh` (active, and written since the batch started), `inserted` (fresh,
    and created since), and where the batch's end is known `of_batch` (fresh, and written before that end). Where
    `book_lines` can be read, also `book_shows_line`: a book showed exactly the row's line before it was written.

    `check_id` prefixes its measures in the answer.
    """

    @property
    def check_id(self) -> str:
        """The id under which other programs know the check."""

    @property
    def reads_columns(self) -> tuple[str, ...]:
        """Columns of the predictions table that its SQL names."""

    @property
    def reads_sources(self) -> frozenset[str]:
        """`roster` and `book_lines`, where it needs them."""

    @property
    def superseded_too(self) -> bool:
        """Whether a row that is not active can fail."""

    def row_facts(self, scope: Scope) -> Mapping[str, str]:
        """Values of a row that need other rows, or that several measures need: name to expression over all rows."""

    def measures(self, scope: Scope) -> Mapping[str, str]:
        """Aggregates over the active rows of one system on one date: name to expression."""

    def date_measures(self, scope: Scope) -> Mapping[str, str]:
        """Aggregates over the active rows of a date that cannot be summed from systems, such as distinct players."""

    def stored_measures(self, scope: Scope) -> Mapping[str, str]:
        """Aggregates over all stored rows of one system on one date, and of a date: name to expression."""

    def failing(self, scope: Scope) -> str | None:
        """The condition that a failing row meets (an active one, unless `superseded_too`); None: no row fails alone."""
