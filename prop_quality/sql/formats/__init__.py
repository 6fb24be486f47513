"""A report in the forms that people and programs read: one module a format."""

from __future__ import annotations

from collections.abc import Callable

from prop_quality.sql.finding import Report
from prop_quality.sql.formats import github, json, junit, markdown, sarif, text

RENDERERS: dict[str, Callable[[Report], str]] = {
    "text": text.render,
    "json": json.render,
    "github": github.render,
    "junit": junit.render,
    "sarif": sarif.render,
    "markdown": markdown.render,
}


def render(report: Report, name: str) -> str:
    """The report in the format of that name, as text that any file can hold as UTF-8."""
    # The name of a file need not be UTF-8; Python then hands it on as lone surrogates.
    return RENDERERS[name](report).encode("utf-8", "replace").decode("utf-8")
