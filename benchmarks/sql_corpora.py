"""The SQL gate on SQL that we did not write, read from the source packages of others at run time, never copied here.

    python -m benchmarks.sql_corpora [--list]

- bqemulator's conformance corpus: statements with what real BigQuery answered. Each `syntax`, `unknown-name` or `type`
  of ours on a statement that BigQuery ran is a false error. Those that BigQuery refused are shown for comparison: some
  refusals (a division by zero, a missing permission) cannot be known without running the statement.
- sqlglot's test of its BigQuery dialect: the statements that it takes, most of them over tables that nobody defines.
"""

from __future__ import annotations

import argparse
import ast
import json
import re
import subprocess
import sys
import tarfile
import tempfile
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path

from prop_quality.sql.estate import Estate
from prop_quality.sql.finding import Finding
from prop_quality.sql.gate import in_order, parse_findings
from prop_quality.sql.refusals import findings as refusal_findings
from prop_quality.sql.sources import SourceFile
from prop_quality.sql.workers import Workers

_BEGINNING = re.compile(
    r"[\s(]*(?:ALTER|ASSERT|BEGIN|CALL|COMMIT|CREATE|DECLARE|DELETE|DROP|EXECUTE|EXPORT|FOR|FROM|GRANT|IF|INSERT|LOAD|MERGE"
    r"|RENAME|REVOKE|ROLLBACK|SELECT|SET|TRUNCATE|UNDROP|UPDATE|WITH)\b",
    re.IGNORECASE,
)
_NAMED = re.compile(r"(name|found|types?|function|column):? .*")
REFUSING = ("syntax", "unknown-name", "type")


@dataclass(frozen=True)
class Case:
    """One text, and whether BigQuery ran it: None where nobody asked BigQuery."""

    name: str
    sql: str
    ran: bool | None
    answer: str = ""


def main() -> int:
    """Download, run, print; exit 1 where there is a false error."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--list", action="store_true", help="name each refused statement with the reason")
    options = parser.parse_args()
    false = 0
    with tempfile.TemporaryDirectory() as folder, Workers() as workers:
        for package, read in (("bqemulator", _recorded), ("sqlglot", _sqlglot)):
            root = _source_of(package, Path(folder))
            cases = list(read(root))
            print(f"{package} {metadata.version(package)}: {len(cases):,} texts")
            false += _report(cases, [_judge(case, workers) for case in cases], everything=options.list)
    return int(false > 0)


def _source_of(package: str, folder: Path) -> Path:
    """The source package of the installed version, unpacked; its tests are in no wheel."""
    wanted = f"{package}=={metadata.version(package)}"
    command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps"]
    subprocess.run([*command, "--no-binary", package, "--dest", str(folder), wanted], check=True, capture_output=True)
    (archive,) = folder.glob(f"{package}-*.tar.gz")
    with tarfile.open(archive) as packed:
        packed.extractall(folder, filter="data")
    return folder / archive.name.removesuffix(".tar.gz")


def _recorded(root: Path) -> Iterator[Case]:
    for query in sorted((root / "tests/conformance/sql_corpus").rglob("query.sql")):
        home = query.parent
        if "legacy" in home.name:
            continue
        answer = json.loads((home / "expected.json").read_text(encoding="utf-8"))
        setup = home / "setup.sql"
        text = (setup.read_text(encoding="utf-8").rstrip().rstrip(";") + ";\n") if setup.is_file() else ""
        text += query.read_text(encoding="utf-8")
        for mark, value in (("${DATASET}", "p.d"), ("${PROJECT}", "p"), ("${DATASET_ID}", "d")):
            text = text.replace(mark, value)
        error = answer.get("error")
        yield Case(f"{home.parent.name}/{home.name}", text, error is None, json.dumps(error) if error else "")


def _sqlglot(root: Path) -> Iterator[Case]:
    tree = ast.parse((root / "tests/dialects/test_bigquery.py").read_text(encoding="utf-8"))
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and getattr(node.func, "attr", "") in {"validate_identity", "validate_all"}:
            first = node.args[0] if node.args else None
            if isinstance(first, ast.Constant) and isinstance(first.value, str):
                yield Case(f"line {node.lineno}", _as_statement(first.value), None)


def _as_statement(text: str) -> str:
    """The test holds expressions as well as statements."""
    return text if _BEGINNING.match(text) else f"SELECT {text}"


def _judge(case: Case, workers: Workers) -> list[Finding]:
    estate = Estate([SourceFile(case.name, case.sql)], workers)
    estate.analyse_definitions()
    estate.analyse(estate.units)
    said = [one for unit in estate.units for one in refusal_findings(unit, estate)]
    return in_order([*parse_findings(estate, [case.name]), *said])


def _report(cases: list[Case], said: list[list[Finding]], *, everything: bool) -> int:
    table: Counter[tuple[str, str]] = Counter()
    false = 0
    for case, findings in zip(cases, said, strict=True):
        codes = {one.code for one in findings}
        refused = next((code for code in REFUSING if code in codes), None)
        ours = refused or ("not checked" if codes else "accepted")
        theirs = {True: "BigQuery ran it", False: "BigQuery refused it", None: "nobody asked BigQuery"}[case.ran]
        table[theirs, ours] += 1
        if case.ran and refused:
            false += 1
        if (case.ran and refused) or (everything and (refused or (case.ran is False and not codes))):
            print(f"  {case.name}: {theirs}; {_words(findings) or 'accepted here'} {case.answer[:160]}")
    for (theirs, ours), count in sorted(table.items()):
        print(f"  {theirs:24} {ours:14} {count:6,}")
    why = Counter(_reason(findings) for case, findings in zip(cases, said, strict=True) if case.ran is None)
    for reason, count in why.most_common():
        if reason:
            print(f"    {count:4,}  {reason}")
    return false


def _reason(findings: list[Finding]) -> str:
    """Why a statement is refused, without the names in it; "" when it is not."""
    first = next((one for one in findings if one.code in REFUSING), None)
    if first is None:
        return ""
    message = re.sub(r"[\"`].*?[\"`]", "…", first.message)
    return f"{first.code}: {_NAMED.sub(lambda match: match[1] + ' …', message)[:100]}"


def _words(findings: list[Finding]) -> str:
    return "; ".join(f"{one.code} {one.line}:{one.column} {one.message}" for one in findings if one.code in REFUSING)


if __name__ == "__main__":
    sys.exit(main())
