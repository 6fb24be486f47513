"""Templates of SQL: what stands in braces is put there later, so nothing is known of the statement yet."""

from __future__ import annotations

import re

from prop_quality.sql import lexer

_ANYWHERE = re.compile(r"\{\{|\{%|\{#|\$\{|<%")
_NAMED = re.compile(r"\{[A-Za-z_][\w.]*(?:![rs])?(?::[^{}\n]*)?\}")
_SCRIPTED = re.compile(r"\bLANGUAGE\s+(?:js|python)\b", re.IGNORECASE)
_LONG_STRING = re.compile(r"[rRbB]{0,2}('''|\"\"\").*?\1", re.DOTALL)


def template_at(text: str) -> int | None:
    """Where (in characters) the first part of a template stands in `text`; None when there is none.

    Braces in comments are no templates, nor those in the body of a function of another language.
    """
    if "{" not in text and "<%" not in text:
        return None
    shown = _without_comments(text)
    if _SCRIPTED.search(shown):
        shown = _LONG_STRING.sub(lambda match: " " * len(match[0]), shown)
    found = [match.start() for pattern in (_ANYWHERE, _NAMED) if (match := pattern.search(shown))]
    return min(found, default=None)


def _without_comments(text: str) -> str:
    # Jinja's own comment {# … #} begins with what GoogleSQL takes for a comment.
    kept = list(text)
    for start, comment in lexer.comments(text):
        if not (comment.startswith("#") and start > 0 and text[start - 1] == "{"):
            kept[start : start + len(comment)] = " " * len(comment)
    return "".join(kept)
