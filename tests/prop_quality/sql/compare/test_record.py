"""The nights are kept in the cache folder, whole or not at all, and a folder that cannot be used costs time only."""

from __future__ import annotations

from pathlib import Path

import pytest

from prop_quality.season import INCIDENTS
from prop_quality.sql.compare.nights import PREDICTIONS
from prop_quality.sql.compare.record import Record, record


@pytest.fixture
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    return tmp_path / "prop-quality"


def same(one: Record, other: Record) -> bool:
    return one.scenes == other.scenes and all(
        content.equals(other.tables[name].cast(content.schema)) for name, content in one.tables.items()
    )


def test_what_was_kept_is_what_was_made_and_half_a_file_is_made_anew(cache: Path) -> None:
    made = record()
    (folder,) = cache.iterdir()
    kept = record()
    assert same(made, kept)
    assert {scene.incident for scene in kept.scenes} >= {one.id for one in INCIDENTS}
    path = folder / f"{PREDICTIONS}.arrow"
    path.write_bytes(path.read_bytes()[:1000])
    assert same(record(), made)
    assert len(path.read_bytes()) > 1000
    assert list(cache.iterdir()) == [folder]


def test_without_a_folder_to_write_to_the_nights_are_made(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "file"))
    assert len(record().scenes) > 2 * len(INCIDENTS)
