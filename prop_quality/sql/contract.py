"""Our own SQL, the contract of the predictions table among it: the catalogue that every run begins with."""

from __future__ import annotations

from pathlib import Path

from prop_quality.sql.catalogue import Catalogue
from prop_quality.sql.estate import Estate
from prop_quality.sql.sources import SourceFile, decoded, sql_files
from prop_quality.sql.workers import Workers

_analysed: dict[tuple[SourceFile, ...], Estate] = {}


def folder() -> Path:
    """Where it is: inside the installed package, else beside it in the checkout."""
    package = Path(__file__).resolve().parent.parent
    inside = package / "_sql"
    return inside if inside.is_dir() else package.parent / "sql"


def catalogue(workers: Workers) -> Catalogue:
    """Its tables and views."""
    return estate(workers).catalogue


def estate(workers: Workers) -> Estate:
    """Its files, with their definitions analysed; once for a process, as long as the files stay as they are."""
    home = folder()
    files = tuple(
        SourceFile(path.relative_to(home).as_posix(), decoded(path.read_bytes())) for path in sql_files([home])
    )
    if files not in _analysed:
        made = Estate(files, workers)
        made.analyse_definitions()
        _analysed.clear()
        _analysed[files] = made
    return _analysed[files]
