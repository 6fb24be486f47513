"""The limits of a check as a reader says them who knows no code: by the convention that names them, not by check.

A name says bound, quantity and unit (`max_share`, `tolerance_minutes`); shares are from 0 to 1.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from prop_quality.site.safe import cut

_BOUNDS = {"max": "at most ", "min": "at least "}
_UNITS = ("minutes", "hours", "days")
_LEVELS = {"critical_below", "warning_below", "critical_above", "warning_above"}
_LONGEST = 1200


def limit_words(limits: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Each limit that is set as (what it bounds, by how much): `("share", "at most 50 %")`."""
    return [_words(name, value) for name, value in limits.items() if value is not None]


def limit_sentences(limits: Mapping[str, Any]) -> list[str]:
    """The limits as short phrases, without the levels that the severity says already."""
    told = {name: value for name, value in limits.items() if value is not None and name not in _LEVELS}
    return [_phrase(name, value) for name, value in told.items()]


def _phrase(name: str, value: Any) -> str:
    label, text = _words(name, value)
    if name == "min_rows":
        return f"{label} {text}"
    return text if name in ("since", "until", "floors", "max_share", "min_share") else f"{label}: {text}"


def _words(name: str, value: Any) -> tuple[str, str]:
    if name == "min_rows":
        return "judged from", f"{_text(value)} rows on"
    if name in ("since", "until") and isinstance(value, Mapping):
        word = "from" if name == "since" else "until"
        return name, ", ".join(f"{_text(key)} {word} {_text(day)}" for key, day in value.items())
    if name == "floors" and isinstance(value, Mapping):
        own = (f"{_text(key)} critical below {_floor(held)}" for key, held in value.items())
        return "for some systems", ", ".join(own)
    said = share(value) if name.endswith(("share", "below", "above")) else _text(value)
    label, unit = name, ""
    for ending in _UNITS:
        if label.endswith(f"_{ending}"):
            label, unit = label.removesuffix(f"_{ending}"), f" {ending}"
    bound, _, rest = label.partition("_")
    prefix = _BOUNDS.get(bound, "") if rest else ""
    label = (rest if prefix else label).replace("_", " ")
    return cut(label), f"{prefix}{said}{unit}"


def _floor(value: Any) -> str:
    if isinstance(value, tuple | list) and len(value) == 2:
        return f"{share(value[0])} (a warning below {share(value[1])})"
    return share(value)


def share(value: Any) -> str:
    """A share of 0 to 1 in per cent; what is no number, as it is."""
    number = isinstance(value, int | float) and not isinstance(value, bool)
    return f"{100 * value:.4g}\u00a0%" if number else _text(value)


def _text(value: Any) -> str:
    """A limit in force as a reader would say it."""
    if isinstance(value, Mapping):
        said = ", ".join(f"{key} ({_text(held)})" for key, held in value.items())
    elif isinstance(value, list | tuple):
        said = ", ".join(map(_text, value))
    elif isinstance(value, set | frozenset):
        said = ", ".join(sorted(map(_text, value)))
    else:
        said = str(value)
    return cut(said, _LONGEST)
