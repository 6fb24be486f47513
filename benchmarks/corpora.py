"""SQL that we did not write, read from the source packages of others at run time, never copied here."""

from __future__ import annotations

import ast
import json
import re
import subprocess
import sys
import tarfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path
from typing import Any

_BEGINNING = re.compile(
    r"[\s(]*(?:ALTER|ASSERT|BEGIN|CALL|COMMIT|CREATE|DECLARE|DELETE|DROP|EXECUTE|EXPORT|FOR|FROM|GRANT|IF|INSERT|LOAD|MERGE"
    r"|RENAME|REVOKE|ROLLBACK|SELECT|SET|TRUNCATE|UNDROP|UPDATE|WITH)\b",
    re.IGNORECASE,
)
# The types of BigQuery's REST API, where SQL has another name.
_TYPES = {"INTEGER": "INT64", "FLOAT": "FLOAT64", "BOOLEAN": "BOOL"}


@dataclass(frozen=True)
class Case:
    """One text, with what was run before it, and whether BigQuery ran it: None where nobody asked BigQuery.

    `answer` is what BigQuery said when it refused.
    """

    name: str
    sql: str
    setup: str = ""
    ran: bool | None = None
    answer: str = ""


@dataclass(frozen=True)
class Corpus:
    """The package that holds it, at the version that is installed or else this one; what it is; how it is read."""

    package: str
    what: str
    read: Callable[[Path], Iterator[Case]]
    version: str | None = None

    @property
    def wanted(self) -> str:
        """The version to read."""
        return self.version or metadata.version(self.package)

    def cases(self, folder: Path) -> list[Case]:
        """Its texts, with the package unpacked below `folder`."""
        return list(self.read(_source(self.package, self.wanted, folder)))


def _source(package: str, version: str, folder: Path) -> Path:
    """The source package, unpacked; its tests are in no wheel."""
    command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--dest", str(folder)]
    subprocess.run([*command, "--no-binary", package, f"{package}=={version}"], check=True, capture_output=True)
    (archive,) = folder.glob(f"{package.replace('-', '_')}-*.tar.gz")
    with tarfile.open(archive) as packed:
        packed.extractall(folder, filter="data")
    return folder / archive.name.removesuffix(".tar.gz")


def _recorded(root: Path) -> Iterator[Case]:
    for query in sorted((root / "tests/conformance/sql_corpus").rglob("query.sql")):
        home = query.parent
        if "legacy" in home.name:
            continue
        error = json.loads((home / "expected.json").read_text(encoding="utf-8")).get("error")
        setup = home / "setup.sql"
        yield Case(
            f"{home.parent.name}/{home.name}",
            _filled_in(query.read_text(encoding="utf-8")),
            _filled_in(setup.read_text(encoding="utf-8")) if setup.is_file() else "",
            error is None,
            error["message_sample"] if error else "",
        )


def _filled_in(text: str) -> str:
    for mark, value in (("${DATASET}", "p.d"), ("${PROJECT}", "p"), ("${DATASET_ID}", "d")):
        text = text.replace(mark, value)
    return text


def _sqlglot(root: Path) -> Iterator[Case]:
    tree = ast.parse((root / "tests/dialects/test_bigquery.py").read_text(encoding="utf-8"))
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and getattr(node.func, "attr", "") in {"validate_identity", "validate_all"}:
            first = node.args[0] if node.args else None
            if isinstance(first, ast.Constant) and isinstance(first.value, str):
                yield Case(f"line {node.lineno}", _as_statement(first.value))


def _as_statement(text: str) -> str:
    """The test holds expressions as well as statements."""
    return text if _BEGINNING.match(text) else f"SELECT {text}"


def _bigframes(root: Path) -> Iterator[Case]:
    schemas = {"scalar_types": "scalars", "json_types": "json", "repeated_types": "repeated"}
    tables = "\n".join(
        f"CREATE TABLE `bigframes-dev`.sqlglot_test.{table} ({', '.join(map(_column, _schema(root, name)))});"
        for table, name in schemas.items()
    )
    home = root / "tests/unit"
    for path in sorted(home.rglob("*.sql")):
        if "snapshots" in path.parts:
            sql = path.read_text(encoding="utf-8")
            yield Case(str(path.relative_to(home)), _as_statement(sql), tables)


def _schema(root: Path, name: str) -> Sequence[Mapping[str, Any]]:
    fields: list[dict[str, Any]] = json.loads((root / f"tests/data/{name}_schema.json").read_text(encoding="utf-8"))
    return [*fields, {"name": "rowindex", "type": "INT64"}] if all(f["name"] != "rowindex" for f in fields) else fields


def _column(field: Mapping[str, Any]) -> str:
    type_ = _TYPES.get(field["type"], field["type"])
    if type_ in {"RECORD", "STRUCT"}:
        type_ = f"STRUCT<{', '.join(map(_column, field['fields']))}>"
    return f"`{field['name']}` {f'ARRAY<{type_}>' if field.get('mode') == 'REPEATED' else type_}"


def _ibis(root: Path) -> Iterator[Case]:
    for path in sorted((root / "ibis/backends").rglob("*.sql")):
        if "bigquery" in path.relative_to(root).as_posix():
            yield Case(str(path.relative_to(root / "ibis/backends")), path.read_text(encoding="utf-8"))


CORPORA = (
    Corpus("bqemulator", "statements with what real BigQuery answered", _recorded),
    Corpus(
        "bigframes",
        "what Google's DataFrames send to BigQuery, over tables whose schemas are there",
        _bigframes,
        "2.51.0",
    ),
    Corpus("ibis-framework", "what Ibis sends to BigQuery, over tables that nobody defines", _ibis, "12.0.0"),
    Corpus("sqlglot", "its test of the dialect: parsed there, run by nobody, its columns mostly of no table", _sqlglot),
)
