"""The words that several formats share: the counts of a run, and what a change did."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any

from prop_quality.sql.finding import Change, Finding, Level, Report
from prop_quality.sql.fingerprint import place

_RANK = {Level.ERROR: 0, Level.WARNING: 1, Level.INFO: 2}
_NAMES = 12


def by_place(findings: Iterable[Finding]) -> list[Finding]:
    """In the order of the files."""
    return sorted(findings, key=place)


def worst_first(findings: Iterable[Finding]) -> list[Finding]:
    """Errors, warnings, information, each in the order of the files."""
    return sorted(findings, key=lambda finding: (_RANK[finding.severity], place(finding)))


def headline(report: Report) -> str:
    """The run in one line: what was found, what was looked at, and what a comment or the baseline kept out."""
    if not report.looked_at:
        parts = [f"Nothing was checked: {_looked_at(report)}", *([_found(report)] if report.findings else [])]
    else:
        parts = [_found(report), f"{_looked_at(report)} checked in {report.seconds:.1f} s"]
        if report.settled:
            parts[1] += f", {report.settled:,} more unchanged or gone"
    if report.suppressed:
        parts.append(f"{report.suppressed:,} suppressed")
    if report.baselined:
        parts.append(f"{report.baselined:,} known from the baseline")
    return "; ".join(parts) + "."


def _looked_at(report: Report) -> str:
    return f"{_many(report.files, 'file')} and {_many(report.statements, 'statement')}"


def _found(report: Report) -> str:
    counts = Counter(finding.severity for finding in report.findings)
    parts = [_many(counts[level], str(level)) for level in (Level.ERROR, Level.WARNING) if counts[level]]
    if counts[Level.INFO]:
        parts.append(f"{counts[Level.INFO]:,} info")
    return ", ".join(parts) or "Nothing found"


def described(change: Change) -> Iterator[tuple[str, str]]:
    """What a change touches, as labels and texts, empty ones left out."""
    for label, names in (
        ("columns", change.columns),
        ("read by", change.downstream),
        ("checks", change.checks),
        ("suites", change.suites),
    ):
        if names:
            yield label, ", ".join(names)
    yield from compared(change.comparison or {})


def compared(comparison: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """The results before and after, as labels and texts of one line or more."""
    for key, value in comparison.items():
        label, words = _WORDS.get(key, (str(key).replace("_", " "), plain))
        try:
            text = words(value)
        except (AttributeError, TypeError, KeyError):
            # Whatever it holds is shown; a shape that we do not know is shown as it stands.
            text = plain(value)
        if text:
            yield label, text


def plain(value: Any) -> str:
    """Any plain value as words."""
    if isinstance(value, Mapping):
        return "; ".join(f"{str(key).replace('_', ' ')} {plain(one)}" for key, one in value.items())
    if isinstance(value, (list, tuple)):
        rest = f" and {len(value) - _NAMES:,} more" if len(value) > _NAMES else ""
        return ", ".join(plain(one) for one in value[:_NAMES]) + rest
    if isinstance(value, bool):
        return "yes" if value else "no"
    return f"{value:,}" if isinstance(value, int) else "" if value is None else str(value)


def _columns(value: Mapping[str, Any]) -> str:
    signs = {"added": "+", "removed": "−", "retyped": "≠"}
    return " ".join(f"{signs.get(how, how + ' ')}{plain(name)}" for how, names in value.items() for name in names)


def _rows(value: Mapping[str, Any]) -> str:
    if value.get("before") == value.get("after") == 0:
        return "none: no night on record has rows for it"
    start = f"{value['before']:,} → {value['after']:,}" if {"before", "after"} <= value.keys() else ""
    changes = ", ".join(f"{value[how]:,} {how}" for how in ("added", "removed", "changed") if value.get(how))
    return "; ".join(part for part in (start, changes or "the same rows") if part)


def _incidents(value: Sequence[Mapping[str, Any]]) -> str:
    """What was lost from sight and what came into it, by name; what stayed, as a count."""
    parts = [f"{one['incident']} NO LONGER SHOWN" for one in value if one["before"] and not one["after"]]
    parts += [f"{one['incident']} newly shown" for one in value if one["after"] and not one["before"]]
    still = sum(bool(one["before"] and one["after"]) for one in value)
    return "\n".join([*parts, f"{still:,} still shown"] if still else parts)


def _nights(value: Sequence[Mapping[str, Any]]) -> str:
    lines = []
    for one in value[:_NAMES]:
        columns = f" (in {plain(one['columns'])})" if one["columns"] else ""
        lines.append(f"{one['night']}: {_rows(one['rows'])}{columns}")
    return "\n".join([*lines, f"and {len(value) - _NAMES:,} more nights"] if len(value) > _NAMES else lines)


def _fails(value: Sequence[Mapping[str, Any]]) -> str:
    return "\n".join(f"{one['night']}: {one['reason']}" for one in value)


_WORDS: Mapping[str, tuple[str, Callable[[Any], str]]] = {
    "columns": ("columns compared", _columns),
    "rows": ("rows compared", _rows),
    "incidents": ("incidents", _incidents),
    "nights": ("nights that differ", _nights),
    "nights_compared": ("nights compared", plain),
    "fails": ("fails on", _fails),
    "refused": ("not compared", plain),
    "unseen": ("not compared", plain),
}


def _many(count: int, what: str) -> str:
    return f"{count:,} {what}{'' if count == 1 else 's'}"
