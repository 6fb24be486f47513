"""The SQL gate on SQL that we did not write.

    python -m benchmarks.sql_corpora [--list]

Each `syntax`, `unknown-name` or `type` of ours on a statement that BigQuery ran is a false error. What BigQuery refused
and we accept is shown with BigQuery's own words: most of it cannot be known without running the statement.
sqlfluff is not among the corpora: its packages on PyPI hold no fixtures.
"""

from __future__ import annotations

import argparse
import re
import sys
import tempfile
from collections import Counter
from collections.abc import Iterable
from pathlib import Path

from benchmarks.corpora import CORPORA, Case
from prop_quality.sql.estate import Estate
from prop_quality.sql.finding import Finding
from prop_quality.sql.gate import in_order, parse_findings
from prop_quality.sql.refusals import findings as refusal_findings
from prop_quality.sql.sources import SourceFile
from prop_quality.sql.workers import Workers

_NAMED = re.compile(r"(name|found|types?|function|column):? .*")
_REFUSING = ("syntax", "unknown-name", "type")
_THEIRS = {True: "BigQuery ran it", False: "BigQuery refused it", None: "nobody asked BigQuery"}
_SETUP = "setup.sql"


def main() -> int:
    """Download, run, print; exit 1 where there is a false error."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--list", action="store_true", help="name each refused statement with the reason")
    options = parser.parse_args()
    false = 0
    for corpus in CORPORA:
        with tempfile.TemporaryDirectory() as folder, Workers() as workers:
            cases = corpus.cases(Path(folder))
            said = [judged(case, workers) for case in cases]
        print(f"{corpus.package} {corpus.wanted}: {len(cases):,} texts; {corpus.what}")
        false += report(cases, said, everything=options.list)
    print(f"false errors, of what BigQuery ran: {false}")
    return int(false > 0)


def judged(case: Case, workers: Workers) -> list[Finding]:
    """What the gate says of a text that cannot be analysed; what ran before it defines what it reads."""
    estate = Estate([SourceFile(_SETUP, case.setup), SourceFile(case.name, case.sql)], workers)
    estate.analyse_definitions()
    estate.analyse(estate.units)
    said = [one for unit in estate.units for one in refusal_findings(unit, estate)]
    return [one for one in in_order([*parse_findings(estate, [case.name]), *said]) if one.file == case.name]


def report(cases: list[Case], said: list[list[Finding]], *, everything: bool) -> int:
    """Print what became of the texts of one corpus and why; the number of false errors."""
    outcomes = [_outcome(findings) for findings in said]
    for (theirs, ours), count in sorted(Counter(zip([c.ran for c in cases], outcomes, strict=True)).items(), key=str):
        print(f"  {count:6,}  {_THEIRS[theirs]}, {ours}")
    whole = list(zip(cases, said, outcomes, strict=True))
    passed = [_generic(case.answer) for case, _, ours in whole if case.ran is False and ours == "accepted"]
    _reasons("accepted here, refused there for", passed)
    _reasons("refused here for", [_reason(findings) for _, findings, ours in whole if ours.startswith("refused")])
    unchecked = [_generic(findings[0].message) for _, findings, ours in whole if ours == "not checked further"]
    _reasons("not checked further for", unchecked)
    wrong = 0
    for case, findings, ours in whole:
        false = case.ran is True and ours.startswith("refused")
        wrong += false
        if false or (everything and ours != "accepted") or (everything and case.ran is False):
            print(f"    {'FALSE ERROR ' if false else ''}{case.name}: {ours}; {_words(findings)} {case.answer[:160]}")
    return wrong


def _outcome(findings: list[Finding]) -> str:
    codes = {one.code for one in findings if one.severity != "info" or one.code == "unknown-table"}
    refused = next((code for code in _REFUSING if code in codes), None)
    return f"refused: {refused}" if refused else "not checked further" if codes else "accepted"


def _reasons(title: str, reasons: Iterable[str]) -> None:
    counted = Counter(reasons)
    if counted:
        print(f"    {title}")
    for reason, count in sorted(counted.items(), key=lambda one: (-one[1], one[0])):
        print(f"      {count:4,}  {reason}")


def _reason(findings: list[Finding]) -> str:
    first = next(one for one in findings if one.code in _REFUSING)
    return f"{first.code}: {_NAMED.sub(lambda match: match[1] + ' …', _generic(first.message))}"


def _generic(message: str) -> str:
    """A message without the names and numbers in it."""
    message = re.sub(
        r"^\S+(?= is not in the catalogue)|[\"`].*?[\"`]|\b[\w-]+[:.][\w.:-]*\w", "…", message.split("\n")[0]
    )
    return re.sub(r"\b\d+ / \d+.*", "x / 0", message)[:110]


def _words(findings: list[Finding]) -> str:
    return "; ".join(f"{one.code} {one.line}:{one.column} {one.message}" for one in findings)


if __name__ == "__main__":
    sys.exit(main())
