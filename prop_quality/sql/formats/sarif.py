"""SARIF 2.1.0 (OASIS), for code scanning: rules with their pages, results whose fingerprints survive moved lines."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import quote

from prop_quality import __version__
from prop_quality.sql import pages
from prop_quality.sql.codes import CODES, Code
from prop_quality.sql.finding import Finding, Level, Report
from prop_quality.sql.fingerprint import Fingerprint, numbered
from prop_quality.verdict import Outcome

_SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
_LEVELS = {Level.ERROR: "error", Level.WARNING: "warning", Level.INFO: "note"}
_MOST_OF_A_LINE = 1_000


def render(report: Report) -> str:
    """One run with one result a finding, in the order of the files."""
    extra = sorted({finding.code for finding in report.findings} - CODES.keys())
    codes = [*CODES.values(), *(Code(name, Level.ERROR, name) for name in extra)]
    index = {code.name: number for number, code in enumerate(codes)}
    run = {
        "tool": {"driver": {"name": "prop-quality", "version": __version__, "rules": [_rule(code) for code in codes]}},
        "automationDetails": {"id": "prop-quality/sql-check/"},
        "columnKind": "unicodeCodePoints",
        "invocations": [{"executionSuccessful": report.verdict in (Outcome.PASSED, Outcome.FAILED)}],
        "results": [
            _result(finding, key, nth, index[finding.code], report.sources)
            for finding, key, nth in numbered(report.findings, report.sources)
        ],
        "properties": {
            name: value for name, value in report.to_json().items() if name not in ("schema_version", "findings")
        },
    }
    return json.dumps({"$schema": _SCHEMA, "version": "2.1.0", "runs": [run]}, indent=2, ensure_ascii=False) + "\n"


def _rule(code: Code) -> dict[str, Any]:
    page = pages.text(code)
    return {
        "id": code.name,
        "shortDescription": {"text": code.sentence},
        "defaultConfiguration": {"level": _LEVELS[code.severity]},
        # `helpUri` would have to be absolute, and where these pages are published is not ours to know.
        "help": {"text": f"{code.sentence} See {code.page}.", "markdown": page},
        "properties": {"page": code.page},
    }


def _result(
    finding: Finding, key: Fingerprint, nth: int, rule: int, sources: Mapping[str, Sequence[str]]
) -> dict[str, Any]:
    return {
        "ruleId": finding.code,
        "ruleIndex": rule,
        "level": _LEVELS[finding.severity],
        "message": {"text": "\n".join(part for part in (finding.message, finding.help) if part)},
        "locations": [
            {
                "physicalLocation": {
                    "artifactLocation": {
                        "uri": quote(finding.file.encode("utf-8", "replace"), safe="/"),
                        "uriBaseId": "%SRCROOT%",
                    },
                    "region": _region(finding, sources),
                },
                **({"logicalLocations": [_object(finding.object)]} if finding.object else {}),
            }
        ],
        "partialFingerprints": {"propQuality/v1": key.digest(nth)},
    }


def _region(finding: Finding, sources: Mapping[str, Sequence[str]]) -> dict[str, Any]:
    region: dict[str, Any] = {"startLine": max(finding.line, 1), "startColumn": max(finding.column, 1)}
    lines = sources.get(finding.file, ())
    if 0 < finding.line <= len(lines):
        region["snippet"] = {"text": lines[finding.line - 1][:_MOST_OF_A_LINE]}
    return region


def _object(name: str) -> dict[str, str]:
    return {"fullyQualifiedName": name, "kind": "resource"}
