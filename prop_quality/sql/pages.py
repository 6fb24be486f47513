"""The pages of the codes, which travel inside the package."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from prop_quality.sql.codes import Code


def folder() -> Path:
    """Where the pages are: inside an installed package, or beside the package in a checkout."""
    package = Path(__file__).resolve().parent.parent
    inside = package / "_docs_sql"
    return inside if inside.is_dir() else package.parent / "docs" / "sql"


@cache
def text(code: Code) -> str:
    """The page in Markdown; the code's sentence where the pages did not come along."""
    page = folder() / f"{code.name}.md"
    return page.read_text(encoding="utf-8") if page.is_file() else code.sentence
