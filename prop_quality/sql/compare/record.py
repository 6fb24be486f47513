"""The nights as they are loaded: columns of the contract's tables, kept in the cache folder since they never change."""

from __future__ import annotations

import hashlib
import json
import shutil
import tempfile
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

import prop_quality.season
from prop_quality.season import Row
from prop_quality.settings import cache_directory
from prop_quality.sql.compare import nights
from prop_quality.sql.compare.nights import TABLES, Scene, backdrop, scenes_with_rows

BACKDROP = "backdrop"
NIGHT = "night"
_SCENES = "scenes.json"


@dataclass(frozen=True)
class Record:
    """The scenes, and for each contract table the rows of all nights as an Arrow table with a column `night`."""

    scenes: tuple[Scene, ...]
    tables: Mapping[str, Any]


def record() -> Record:
    """The nights from the cache folder, or made and kept there; a folder that cannot be used changes nothing else."""
    import pyarrow

    folder = cache_directory() / f"nights-{_fingerprint()}"
    with suppress(OSError, ValueError, KeyError, TypeError, pyarrow.ArrowException):
        return _read(folder)
    made = _make()
    # What is there and could not be read would be in the way of what is whole.
    shutil.rmtree(folder, ignore_errors=True)
    with suppress(OSError, pyarrow.ArrowException):
        _keep(made, folder)
    return made


def _make() -> Record:
    rows: dict[str, list[Row]] = {
        table: [row | {NIGHT: BACKDROP} for row in found] for table, found in backdrop().items()
    }
    scenes = []
    for scene, tables in scenes_with_rows():
        scenes.append(scene)
        for table, found in tables.items():
            rows[table] += [row | {NIGHT: scene.name} for row in found]
    return Record(tuple(scenes), {table: _arrow(found) for table, found in rows.items()})


def _arrow(rows: list[Row]) -> Any:
    import pyarrow

    names = dict.fromkeys(name for row in rows for name in row)
    return pyarrow.table({name: [row.get(name) for row in rows] for name in names})


def _read(folder: Path) -> Record:
    listed = json.loads((folder / _SCENES).read_text(encoding="utf-8"))
    scenes = tuple(
        Scene(
            **one | {"game_date": date.fromisoformat(one["game_date"]), "clock": datetime.fromisoformat(one["clock"])}
        )
        for one in listed
    )
    return Record(scenes, {table: _read_table(folder / f"{table}.arrow") for table in TABLES})


def _read_table(path: Path) -> Any:
    from pyarrow import OSFile, ipc

    with OSFile(str(path)) as file:
        return ipc.open_file(file).read_all()


def _keep(made: Record, folder: Path) -> None:
    """Write beside the folder, then rename: two at a time, or one that is ended, leave no half of it."""
    from pyarrow import ipc

    # Not Parquet: reading that imports ten times as much as it reads.
    packed = ipc.IpcWriteOptions(compression="zstd")
    folder.parent.mkdir(parents=True, exist_ok=True)
    half = Path(tempfile.mkdtemp(prefix=f"{folder.name}-", dir=folder.parent))
    try:
        for table, content in made.tables.items():
            with ipc.new_file(half / f"{table}.arrow", content.schema, options=packed) as file:
                file.write_table(content)
        (half / _SCENES).write_text(json.dumps([asdict(one) for one in made.scenes], default=str), encoding="utf-8")
        half.rename(folder)
    finally:
        shutil.rmtree(half, ignore_errors=True)


def _fingerprint() -> str:
    """Of all that makes the nights what they are."""
    found = hashlib.sha256()
    for path in (
        *sorted(Path(prop_quality.season.__file__).parent.rglob("*.py")),
        Path(nights.__file__),
        Path(__file__),
    ):
        found.update(path.read_bytes())
    return found.hexdigest()[:16]
