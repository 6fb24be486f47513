"""Long expressions over several lines, so that a person can read the statement that was sent."""

from __future__ import annotations

import re
from collections.abc import Iterator

WIDTH = 108
_BREAKS = re.compile(r" (?=(?:OR|AND|WHEN|ELSE|OVER|ORDER BY) )")


def laid_out(expression: str, indent: int, width: int = WIDTH) -> str:
    """`expression` with a new line before each operator of its outermost level, where it is longer than `width`.

    Nothing but spaces between words changes, and none inside quotes. `indent` is where the expression begins.
    """
    if indent + len(expression) <= width:
        return expression
    places = list(_places(expression))
    if not places:
        return expression
    outermost = min(depth for _, depth in places)
    cuts = [at for at, depth in places if depth == outermost]
    # OR binds less than AND: what stands between two of them stays together.
    cuts = [at for at in cuts if expression.startswith(" OR ", at)] or cuts
    parts = [expression[start:end].strip(" ") for start, end in zip([0, *cuts], [*cuts, None], strict=True)]
    deeper = indent + 2
    return ("\n" + " " * deeper).join(laid_out(part, deeper, width) for part in parts)


def _places(expression: str) -> Iterator[tuple[int, int]]:
    """Where a line may begin, and how many parentheses are open there; the AND of a BETWEEN is no such place."""
    depth, quote, between = 0, "", -1
    for at, letter in enumerate(expression):
        if quote:
            quote = "" if letter == quote and expression[at - 1] != "\\" else quote
        elif letter in "'\"`":
            quote = letter
        elif letter in "()":
            depth += 1 if letter == "(" else -1
        elif expression.startswith("BETWEEN ", at):
            between = depth
        elif _BREAKS.match(expression, at):
            if expression.startswith(" AND ", at) and between == depth:
                between = -1
                continue
            yield at, depth
