"""No value is trusted: what may be published of a verdict, and how any text is made visible.

Three lines of defence, each enough against markup alone: Jinja escapes every value, the Content-Security-Policy
forbids what an escape would have missed, and no link or file name is ever made from a value but by `files.slug`.
"""

from __future__ import annotations

import dataclasses
import re
import unicodedata
from collections.abc import Mapping
from typing import Any

from markupsafe import Markup, escape

from prop_quality.verdict import MAX_NAMES, MAX_SAMPLE_ROWS, CheckResult, Verdict

_ADDRESS = re.compile(r"\b[a-z][a-z0-9+.-]{1,30}://[^\s'\"<>)]+", re.IGNORECASE)
_ACCOUNT = re.compile(r"\b[\w.+-]{1,100}@[\w.-]{1,100}\.[a-z]{2,24}\b", re.IGNORECASE)
_HOST_PORT = re.compile(r"\b(?:\d{1,3}(?:\.\d{1,3}){3}|localhost|[\w.-]{1,100}\.[a-z]{2,24}):\d{2,5}\b", re.IGNORECASE)
_SECRET = re.compile(r"\b(password|passwd|token|secret|api[_-]?key|authorization)(\s*[=:]\s*)\S+", re.IGNORECASE)
_FOLDERS = re.compile(r"(?<![\w:/.~])~?/(?:[\w.@+-]{1,100}/){1,30}")
# Marks that reorder or hide the letters around them: shown by name, since a reader must see that they are there.
_HIDDEN = {0x061C, 0x200B, 0x200E, 0x200F, 0x2060, 0xFEFF, *range(0x202A, 0x202F), *range(0x2066, 0x206A)}


def redact(text: str) -> str:
    """`text` without what tells of the machine: addresses with their credentials, account names, secrets, folders."""
    if "://" in text:
        text = _ADDRESS.sub("[address]", text)
    if "@" in text:
        text = _ACCOUNT.sub("[account]", text)
    if ":" in text or "=" in text:
        text = _SECRET.sub(r"\1\2[secret]", _HOST_PORT.sub("[address]", text))
    return _FOLDERS.sub("…/", text) if "/" in text else text


def publishable(verdict: Verdict) -> Verdict:
    """`verdict` as it may leave the house: no connection details, at most 20 sample rows a check and 50 names."""
    bounded = dataclasses.replace(
        verdict,
        checks=tuple(_short(check) for check in verdict.checks),
        coverage=tuple(dataclasses.replace(c, missing=tuple(c.missing[:MAX_NAMES])) for c in verdict.coverage),
    )
    clean = _redacted(bounded.to_json())
    assert isinstance(clean, dict)
    return Verdict.from_json(clean)


def _short(check: CheckResult) -> CheckResult:
    """`check` with at most 20 rows in each of its samples."""
    cleared = tuple(dataclasses.replace(one, sample=tuple(one.sample[:MAX_SAMPLE_ROWS])) for one in check.cleared)
    return dataclasses.replace(check, sample=tuple(check.sample[:MAX_SAMPLE_ROWS]), cleared=cleared)


def visible(value: object) -> object:
    """`value` as a page shows it: control and direction characters by their names, never by their effect.

    This is Jinja's `finalize`: every expression of every template passes through it before it is escaped.
    """
    if value is None:
        return "–"
    if isinstance(value, Markup):
        return value
    if isinstance(value, str):
        return value if value.isprintable() else "".join(map(_shown, value))
    return value


def isolated(value: object) -> Markup:
    """`value` in `<bdi>`, so that text in another direction cannot reorder what stands beside it."""
    return Markup("<bdi>{}</bdi>").format(escape(visible(_text(value))))  # the value is escaped


def cut(value: object, length: int = 80) -> str:
    """At most `length` characters of `value`, ending in … when some were left out."""
    text = _text(value)
    return text if len(text) <= length else f"{text[: length - 1]}…"


def _text(value: object) -> str:
    if value is None:
        return "–"
    if value is True or value is False:
        return "yes" if value else "no"
    if isinstance(value, float):
        return f"{value:,.4g}" if abs(value) < 1e6 else f"{value:,.0f}"
    return str(value)


def _shown(char: str) -> str:
    code = ord(char)
    if char in "\n\t":
        return char
    if code < 0x20:
        return chr(0x2400 + code)
    if code == 0x7F:
        return "\u2421"
    if code in _HIDDEN or unicodedata.category(char) in {"Cc", "Cs", "Zl", "Zp"} or code & 0xFFFE == 0xFFFE:
        return f"[U+{code:04X}]"
    return char


def _redacted(value: Any) -> Any:
    if isinstance(value, str):
        return redact(value)
    if isinstance(value, Mapping):
        return {_redacted(key): _redacted(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_redacted(item) for item in value]
    return value
