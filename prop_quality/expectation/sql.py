"""Small pieces of SQL and of words that expectations share."""

from __future__ import annotations

import json
from collections.abc import Sequence

from prop_quality.scan.scope import Scope
from prop_quality.verdict import MAX_SAMPLE_ROWS

_BETWEEN_NAMES = ", "


def in_words(items: Sequence[object]) -> str:
    """`a`, `a and b`, `a, b and c`."""
    texts = [str(item) for item in items]
    return texts[0] if len(texts) == 1 else f"{', '.join(texts[:-1])} and {texts[-1]}"


def literals(texts: Sequence[str]) -> str:
    """Texts of our own as an SQL list."""
    return ", ".join(json.dumps(text) for text in texts)


def partition_key(scope: Scope, column: str) -> str:
    """A number to partition a window by: BigQuery refuses FLOAT64 there."""
    is_float = scope.predictions.columns.get(column, "").upper().startswith("FLOAT")
    return f"CAST({column} AS STRING)" if is_float else column


def players_where(condition: str) -> str:
    """An aggregate: the players of the rows that meet `condition`, at most 20; read back with `player_names`.

    The others are sorted behind them, because the embedded warehouse counts them against the limit.
    """
    return (
        f"STRING_AGG(IF({condition}, player_lookup, NULL), '{_BETWEEN_NAMES}'"
        f" ORDER BY IF({condition}, 0, 1), player_lookup LIMIT {MAX_SAMPLE_ROWS})"
    )


def player_names(text: str) -> list[str]:
    """The players of `players_where`, each once."""
    return list(dict.fromkeys(filter(None, text.split(_BETWEEN_NAMES))))


def waiver_condition(number: int) -> str:
    """SQL that is TRUE for the rows in the scope of the run's waiver of that number."""
    name = f"@waiver_{number}"
    return (
        f"(game_date BETWEEN {name}_from AND {name}_to"
        f" AND ({name}_player IS NULL OR player_lookup = {name}_player)"
        f" AND ({name}_system IS NULL OR system_id = {name}_system))"
    )
