"""Our own SQL, the contract of the predictions table among it: the catalogue that every run begins with."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path

from prop_quality.sql.catalogue import Catalogue
from prop_quality.sql.estate import Estate
from prop_quality.sql.selection import defined
from prop_quality.sql.sources import SourceFile, decoded, sql_files
from prop_quality.sql.workers import Workers

_VIEW = re.compile(r"^CREATE\b[^(;]*\bVIEW\b", re.IGNORECASE | re.MULTILINE)
_analysed: dict[tuple[SourceFile, ...], Estate] = {}


def folder() -> Path:
    """Where it is: inside the installed package, else beside it in the checkout."""
    package = Path(__file__).resolve().parent.parent
    inside = package / "_sql"
    return inside if inside.is_dir() else package.parent / "sql"


def catalogue(workers: Workers) -> Catalogue:
    """Its tables and views."""
    return estate(workers).catalogue


def estate(workers: Workers, asked: Iterable[SourceFile] | None = None) -> Estate:
    """Its files, with their definitions analysed; once for a process, as long as the files stay as they are.

    Where nothing in the files `asked` names one of its views or defines one of its objects, its views are left out:
    only who changes the contract has to know them.
    """
    home = folder()
    files = tuple(
        SourceFile(path.relative_to(home).as_posix(), decoded(path.read_bytes())) for path in sql_files([home])
    )
    if asked is not None and not _concerns(files, list(asked)):
        files = tuple(file for file in files if not _VIEW.search(file.text))
    if files not in _analysed:
        made = Estate(files, workers)
        made.analyse_definitions()
        _analysed[files] = made
    return _analysed[files]


def _concerns(ours: tuple[SourceFile, ...], asked: list[SourceFile]) -> bool:
    # Each of our files is named after what it defines.
    views = {_object(file) for file in ours if _VIEW.search(file.text)}
    whole = {_object(file) for file in ours}
    made = {name for file in asked for name in defined(file.text)}
    return bool(made & whole) or any(view in file.text.lower() for file in asked for view in views)


def _object(file: SourceFile) -> str:
    return Path(file.name).stem
