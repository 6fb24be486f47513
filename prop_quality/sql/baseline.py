"""The baseline: what was found on the day that a repository adopted the gate, so that only what is new fails it.

A finding is known by its file, code, object and source line, not by its line number, and each known one counts: the
same mistake made a second time is new. The file is sorted and has one entry a kind of finding, for readable diffs.
"""

from __future__ import annotations

import json
import os
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from prop_quality.errors import UsageError
from prop_quality.sql.codes import CODES
from prop_quality.sql.finding import Finding, Level, Report
from prop_quality.sql.fingerprint import Fingerprint, fingerprint, numbered

SCHEMA_VERSION = 1
_FIELDS = Fingerprint._fields


@dataclass(frozen=True)
class Baseline:
    """How often each finding was there when the baseline was written."""

    known: Mapping[Fingerprint, int]

    @classmethod
    def of(cls, findings: Iterable[Finding], sources: Mapping[str, Sequence[str]]) -> Baseline:
        """Of everything found, but for information, which never fails anything."""
        kept = (finding for finding in findings if finding.severity is not Level.INFO)
        return cls(Counter(fingerprint(finding, sources) for finding in kept))

    @classmethod
    def read(cls, path: Path) -> Baseline:
        """The baseline in a file.

        Raises:
            UsageError: it cannot be read, or is no baseline.
        """
        try:
            content = json.loads(path.read_text(encoding="utf-8"))
            if content["schema_version"] != SCHEMA_VERSION:
                raise UsageError(f"{path} is a baseline of another version; write it again with --write-baseline.")
            return cls(dict(_entry(entry) for entry in content["findings"]))
        except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
            raise UsageError(
                f"{path} cannot be read as a baseline ({error}); write it with --write-baseline."
            ) from error

    def write(self, path: Path) -> None:
        """Write it to a file.

        Raises:
            UsageError: the file cannot be written.
        """
        entries = [{**key._asdict(), "count": count} for key, count in sorted(self.known.items())]
        text = json.dumps({"schema_version": SCHEMA_VERSION, "findings": entries}, indent=2, ensure_ascii=False)
        try:
            path.write_text(text.encode("utf-8", "replace").decode("utf-8") + "\n", encoding="utf-8")
        except OSError as error:
            raise UsageError(f"The baseline cannot be written to {path}: {error.strerror}.") from error

    def files_gone(self, root: Path) -> set[str]:
        """The files with entries that are no longer there; names are relative to `root`."""
        return {key.file for key in self.known if not os.path.lexists(root / key.file)}

    def applied_to(self, report: Report, name: str, checked: Iterable[str] | None = None) -> Report:
        """The report without what is known, and with an entry for each known finding that no longer occurs.

        `name` is the baseline's file, as it is shown. `checked` names the files that were looked at, where not all
        were: entries of others say nothing.
        """
        seen: Counter[Fingerprint] = Counter()
        new = []
        for finding, key, occurrence in numbered(report.findings, report.sources):
            if occurrence <= self.known.get(key, 0):
                seen[key] += 1
            else:
                new.append(finding)
        looked_at = None if checked is None else set(checked)
        gone = [
            _gone(key, count - seen[key], name)
            for key, count in sorted(self.known.items())
            if seen[key] < count and (looked_at is None or key.file in looked_at)
        ]
        return report.with_findings((*new, *gone), baselined=seen.total())


def _entry(entry: Mapping[str, Any]) -> tuple[Fingerprint, int]:
    values = [entry[name] for name in _FIELDS]
    count = entry["count"]
    if not all(isinstance(value, str) for value in values) or type(count) is not int or count < 1:
        raise ValueError(f"an entry is malformed: {str(dict(entry))[:200]}")
    return Fingerprint(*values), count


def _gone(key: Fingerprint, times: int, name: str) -> Finding:
    often = "" if times == 1 else f" {times} times"
    message = f"{key.file} no longer has the finding {key.code}{often} at: {key.text or '(no line)'}"
    help_ = "Write the baseline anew with --write-baseline, so that the mistake cannot come back unseen."
    return CODES["baseline-unused"].at(name, 1, 1, message, help_, key.object)
