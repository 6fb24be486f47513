"""What makes a finding the same one after the lines above it have moved."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from prop_quality.sql.finding import Finding


class Fingerprint(NamedTuple):
    """The file, the code, the object, and the source line but for its spacing; no line number, no wording of ours."""

    file: str
    code: str
    object: str
    text: str

    def digest(self, occurrence: int) -> str:
        """32 hexadecimal digits; `occurrence` tells apart the same mistake made again, from 1."""
        return hashlib.sha256("\0".join((*self, str(occurrence))).encode("utf-8", "surrogatepass")).hexdigest()[:32]


def fingerprint(finding: Finding, sources: Mapping[str, Sequence[str]]) -> Fingerprint:
    """The fingerprint of a finding; `sources` holds the lines of its file."""
    lines = sources.get(finding.file, ())
    text = lines[finding.line - 1] if 0 < finding.line <= len(lines) else ""
    return Fingerprint(finding.file, finding.code, finding.object, " ".join(text.split()))


def numbered(
    findings: Iterable[Finding], sources: Mapping[str, Sequence[str]]
) -> Iterator[tuple[Finding, Fingerprint, int]]:
    """Each finding in the order of its place, its fingerprint, and the how-manieth of that fingerprint it is."""
    seen: Counter[Fingerprint] = Counter()
    for finding in sorted(findings, key=place):
        key = fingerprint(finding, sources)
        seen[key] += 1
        yield finding, key, seen[key]


def place(finding: Finding) -> tuple[str, int, int, str]:
    """The order in which findings are read."""
    return finding.file, finding.line, finding.column, finding.code
