"""Views look at the last days from now; a night on record is looked at on its own evening. So their clock is moved."""

from __future__ import annotations

_FUNCTIONS = {
    "CURRENT_TIMESTAMP": "{now}",
    "CURRENT_DATE": "DATE({now}, {zone})",
    "CURRENT_DATETIME": "DATETIME({now}, {zone})",
    "CURRENT_TIME": "TIME({now}, {zone})",
}


def with_clock(sql: str, now: str) -> str:
    """The statement with each question for the present time answered by the expression `now`, a TIMESTAMP.

    The zone stays what it was, UTC where none is given; texts, comments and quoted names stay as they are.
    """
    from sqlglot.dialects import BigQuery

    tokens = BigQuery().tokenize(sql)
    texts = [sql[token.start : token.end + 1] for token in tokens]
    parts, copied, i = [], 0, 0
    while i < len(tokens):
        template = _FUNCTIONS.get(texts[i].upper())
        if template is None or (i > 0 and texts[i - 1] == "."):
            i += 1
            continue
        last, zone = _call(texts, i)
        parts += [sql[copied : tokens[i].start], template.format(now=now, zone=zone or "'UTC'")]
        copied = tokens[last].end + 1
        i = last + 1
    return "".join([*parts, sql[copied:]])


def _call(texts: list[str], name: int) -> tuple[int, str]:
    """The position of the last token of the call that begins with `name`, and the text of its argument."""
    if texts[name + 1 : name + 2] != ["("]:
        return name, ""
    depth = 0
    for i in range(name + 1, len(texts)):
        depth += {"(": 1, ")": -1}.get(texts[i], 0)
        if depth == 0:
            return i, " ".join(texts[name + 2 : i])
    return name, ""
