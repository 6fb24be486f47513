"""The one Jinja environment of the site: autoescape for every template, and every value made visible first."""

from __future__ import annotations

import calendar
import functools
import hashlib
import re
import textwrap
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from importlib.resources import files
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup, escape

from prop_quality.site import words
from prop_quality.site.files import slug
from prop_quality.site.limit_words import limit_sentences, limit_words, share
from prop_quality.site.safe import cut, isolated, visible
from prop_quality.site.state import Mark, run_mark
from prop_quality.verdict import format_time, parse_time
from prop_quality.words import plural

_TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,6})?Z")


@dataclass(frozen=True)
class Asset:
    """A file beside the pages. Its name holds its hash, so that old pages keep the style they were made for."""

    path: str
    content: bytes


@functools.cache
def assets() -> dict[str, Asset]:
    """The style sheet, the script and the icon by kind."""
    found = {}
    for kind, name in (("css", "site.css"), ("js", "site.js"), ("icon", "icon.svg")):
        content = files("prop_quality.site").joinpath("assets", name).read_bytes()
        stem, _, ending = name.rpartition(".")
        found[kind] = Asset(f"assets/{stem}-{hashlib.sha256(content).hexdigest()[:10]}.{ending}", content)
    return found


def render(template: str, path: str, **values: Any) -> str:
    """The page `path` (relative to the site) from `template`; links in it are relative, so it works anywhere."""
    root = "../" * path.count("/")
    return environment().get_template(template).render(root=root, path=path, **values)


@functools.cache
def environment() -> Environment:
    """Autoescape is on for every name of template, not by file ending; a name that is not given is an error."""
    made = Environment(
        loader=PackageLoader("prop_quality.site", "templates"),
        autoescape=True,
        finalize=visible,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    made.filters |= {
        "v": isolated,
        "cut": cut,
        "slug": slug,
        "anchor": lambda text: f"suite-{slug(text)}",
        "iso": format_time,
        "utc": words.utc,
        "eastern": words.eastern,
        "clock": words.clock,
        "long_date": words.long_date,
        "short_date": words.short_date,
        "month_name": month_name,
        "number": number,
        "plural": plural,
        "size": words.size,
        "label": words.label,
        "mark_name": mark_name,
        "moment": moment,
        "broken": broken,
        "coverage": lambda pair: words.percent(*pair),
        "run_mark": run_mark,
        "run_said": words.run_said,
        "date_word": words.date_word,
        "prose": prose,
        "share": share,
        "limit_words": limit_words,
        "limit_sentences": limit_sentences,
        "words": lambda text: cut(text[:1].upper() + text[1:].replace("_", " ")),
        "paragraphs": paragraphs,
    }
    made.globals |= {
        "sign": words.SIGN,
        "word": words.WORD,
        "outcome_mark": words.OUTCOME_MARK,
        "assets": {kind: asset.path for kind, asset in assets().items()},
        "here": None,
    }
    return made


def number(value: float | None) -> str:
    """`1,204`, `0.5`, and a dash for what is not known."""
    if value is None:
        return "–"
    return f"{value:,}" if isinstance(value, int) else f"{value:,.1f}".removesuffix(".0")


def prose(text: str) -> Markup:
    """A docstring's text, with what stands in backticks as code."""
    parts = text.split("`")
    if len(parts) % 2 == 0:  # an odd backtick is only a backtick
        return isolated(text)
    code = Markup("<code>{}</code>")
    pieces = [code.format(visible(part)) if i % 2 else escape(visible(part)) for i, part in enumerate(parts)]
    return Markup("<bdi>{}</bdi>").format(Markup("").join(pieces))


def moment(value: object) -> datetime | None:
    """`value` as a time, if it is the text of one: `2026-01-17T03:57:54Z`."""
    if not isinstance(value, str) or not _TIME.fullmatch(value):
        return None
    try:
        return parse_time(value)
    except ValueError:
        return None


def mark_name(mark: str) -> str:
    """A state as the heading of a column."""
    name = words.WORD[Mark(mark)] if mark != Mark.NONE else "no games, or not judged yet"
    return name[0].upper() + name[1:]


def broken(name: str) -> Markup:
    """A name that a narrow column may break after each `_`."""
    parts = Markup("_<wbr>").join(escape(visible(part)) for part in name.split("_"))
    return Markup("<bdi>{}</bdi>").format(parts)


def month_name(month: str) -> str:
    """`January 2026` for `2026-01`."""
    return f"{calendar.month_name[int(month[5:7])]} {month[:4]}"


def paragraphs(text: str) -> list[Mapping[str, Any]]:
    """The blocks of a docstring's section; an indented block or a literal one is code."""
    blocks: list[Mapping[str, Any]] = []
    for block in re.split(r"\n[ \t]*\n", textwrap.dedent(text).strip("\n")):
        lines = block.split("\n")
        code = all(line.startswith("    ") for line in lines if line.strip())
        blocks.append({"code": code, "text": textwrap.dedent(block) if code else " ".join(x.strip() for x in lines)})
    return blocks
