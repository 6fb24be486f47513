"""The catalogue of checks, read from the source of their classes: pages without importing Great Expectations."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from functools import cache
from pathlib import Path
from textwrap import dedent
from typing import Any

from prop_quality.registry import Registry
from prop_quality.scan.scope import EASTERN
from prop_quality.suite import Catalogue, Check, CheckDoc, Suite, SuiteDoc, WaiverDoc
from prop_quality.waivers import Waiver

_SECTION = re.compile(r"^([A-Z][^\n:]{2,40}):$", re.MULTILINE)


def read_catalogue(
    suites: Sequence[Suite], folder: Path, waivers: Iterable[Waiver], now: datetime, registry: Registry | None = None
) -> Catalogue:
    """The suites with a page for each check, the systems by date, and the waivers as they stand at `now`."""
    docs = tuple(
        SuiteDoc(
            suite.name,
            suite.requires,
            tuple(read_check(folder, suite.name, one, registry) for one in suite.checks if isinstance(one, Check)),
        )
        for suite in suites
    )
    today = now.astimezone(EASTERN).date()
    return Catalogue(
        docs,
        tuple(WaiverDoc(w.check, w.scope, w.reason, w.owner, str(w.expires), w.expired(today)) for w in waivers),
        registry,
    )


def read_check(folder: Path, suite: str, check: Check, registry: Registry | None = None) -> CheckDoc:
    """One check's page, from the docstring of its class, with the limits of the registry where they are its limits."""
    class_ = _class(folder / f"{check.id}.py")
    text = ast.get_docstring(class_) or ""
    head, *rest = _SECTION.split(text)
    sections = tuple((title, " ".join(dedent(body).split())) for title, body in zip(rest[::2], rest[1::2], strict=True))
    floors = registry.coverage_limits if registry and _assigned(class_, "floors_by_system") else {}
    given = {**floors, **_fields(class_), **check.limits}
    limits = {name: value for name, value in given.items() if value is not None}
    return CheckDoc(
        id=check.id,
        suite=suite,
        severity=_levels(limits, check),
        sentence=" ".join(head.split()),
        sections=sections,
        limits=limits,
    )


def columns_of(path: Path, check: Check) -> tuple[str, ...]:
    """The columns of the predictions table that a check names: always, where they are there, or as its limits."""
    class_ = _class(path)
    values = [_assigned(class_, name) or () for name in ("columns", "optional_columns")]
    required = check.limits.get("required")
    named: list[str] = [column for value in values for column in value]
    return tuple(dict.fromkeys([*named, *(required if isinstance(required, Mapping) else ())]))


def sources_of(path: Path) -> frozenset[str]:
    """What a check reads besides the predictions table: `roster`, `book_lines` and the like."""
    for node in _class(path).body:
        if (
            isinstance(node, ast.AnnAssign)
            and ast.unparse(node.target) == "sources"
            and isinstance(node.value, ast.Call)
        ):
            return frozenset(name for given in node.value.args for name in ast.literal_eval(given))
    return frozenset()


@cache
def _class(path: Path) -> ast.ClassDef:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    name = "".join(part.capitalize() for part in path.stem.split("_"))
    return next(node for node in tree.body if isinstance(node, ast.ClassDef) and node.name == name)


def _fields(class_: ast.ClassDef) -> dict[str, Any]:
    """The limits with their defaults: annotated attributes that are not of the class itself."""
    found = {}
    for node in class_.body:
        if not isinstance(node, ast.AnnAssign) or not isinstance(node.target, ast.Name) or node.value is None:
            continue
        if not ast.unparse(node.annotation).startswith("ClassVar"):
            found[node.target.id] = ast.literal_eval(node.value)
    return found


def _assigned(class_: ast.ClassDef, name: str) -> Any:
    for node in class_.body:
        if isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name) and node.target.id == name:
            return ast.literal_eval(node.value) if node.value is not None else None
    return None


def _levels(limits: Mapping[str, Any], check: Check) -> str:
    """The severity in words; a check with two levels says where they part."""
    if "critical_below" in limits:
        return f"critical below {_percent(limits['critical_below'])}, else warning"
    if "critical_above" in limits and "warning_above" in limits:
        critical, warning = _percent(limits["critical_above"]), _percent(limits["warning_above"])
        return f"critical above {critical}, warning above {warning}"
    return str(check.severity)


def _percent(share: float) -> str:
    return f"{100 * share:.0f} %"
