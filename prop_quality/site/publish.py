"""Delivers the site to a folder or a bucket: only what changed, pages first, the front page last.

Each target has a record of the last build that it got. A build notes the files that it changes in a journal before it
changes them, so a delivery costs what changed since, not what is there. A target without a record, one that fell behind
the journals, and one whose front page is not the one that it got, are compared file by file. A record is written after
the front page has arrived: a delivery that broke off is repeated by the next one.
"""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Protocol

from prop_quality.errors import DeliveryError, UsageError
from prop_quality.site.files import (
    checksum,
    journal_numbers,
    journal_origin,
    journal_paths,
    locked,
    read_json,
    replace,
    same,
)

INDEX = "index.html"


@dataclass(frozen=True)
class Delivered:
    """What one delivery sent, and where the front page is now."""

    files_sent: int
    bytes_sent: int
    address: str


class Target(Protocol):
    """Where a site can go."""

    address: str

    def send(self, files: Iterable[tuple[str, bytes]]) -> None:
        """Store `files` (path relative to the site, content), each whole; raises DeliveryError."""

    def checksum(self, path: str) -> str | None:
        """The checksum of `path` there, None when it is absent; raises DeliveryError."""

    def outdated(self, paths: Iterable[str], read: Callable[[str], bytes]) -> list[str]:
        """Those of `paths` that are absent there or differ; raises DeliveryError."""


class Folder:
    """A folder of this machine, or one that is mounted."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self.address = str(folder / INDEX)

    def send(self, files: Iterable[tuple[str, bytes]]) -> None:
        """Store `files`, each in one step, while no other delivery to the folder runs."""
        temporary = self._folder / ".tmp"
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            with locked(self._folder, "delivery"):
                temporary.mkdir(exist_ok=True)
                for path, content in files:
                    replace(self._folder / path, content, temporary)
                shutil.rmtree(temporary, ignore_errors=True)
        except OSError as error:
            raise DeliveryError(
                f"The site could not be copied to {self._folder}: {error.strerror} ({error.filename or temporary}). "
                "Make room or allow it; the next publish sends what is missing."
            ) from error

    def checksum(self, path: str) -> str | None:
        """The checksum of the file, None when it cannot be read."""
        try:
            return checksum((self._folder / path).read_bytes())
        except OSError:
            return None

    def outdated(self, paths: Iterable[str], read: Callable[[str], bytes]) -> list[str]:
        """Compare by content."""
        return [path for path in paths if not same(self._folder / path, read(path))]


def publish(site_dir: Path, to: str | Path) -> Delivered:
    """Bring `to` up to date with the site in `site_dir`.

    Args:
        site_dir: a site that `build_site` made.
        to: a folder, or `gs://bucket/prefix`.

    Raises:
        UsageError: there is no site in `site_dir`, or `to` is no place for one.
        DeliveryError: it could not all be delivered; the site itself is untouched and the next call sends the rest.
    """
    if not (site_dir / INDEX).is_file():
        raise UsageError(f"There is no site in {site_dir}; run `prop-quality site build` first.")
    target = _target(site_dir, str(to))
    record = site_dir / ".targets" / f"{hashlib.sha256(target.address.encode()).hexdigest()[:16]}.json"
    sent = [0, 0]
    held = _record(site_dir, record)
    if held is None or not _reaches_back(site_dir, held.build) or target.checksum(INDEX) != held.index:
        # Comparing all files can take minutes: leave the lock to builds meanwhile, and settle the rest under it.
        with locked(site_dir):
            known = max(journal_numbers(site_dir), default=0)
        pages = [path for path in _all_files(site_dir) if path.startswith(("runs/", "assets/"))]
        _deliver(site_dir, target, target.outdated(pages, _reader(site_dir)), sent)
        with locked(site_dir):
            others = [path for path in _all_files(site_dir) if not path.startswith(("runs/", "assets/"))]
            changed = [*target.outdated(others, _reader(site_dir)), *_since(site_dir, known)]
            _settle(site_dir, target, changed, record, sent)
    else:
        with locked(site_dir):
            _settle(site_dir, target, _since(site_dir, held.build), record, sent)
    return Delivered(sent[0], sent[1], target.address)


def _settle(site_dir: Path, target: Target, changed: Iterable[str], record: Path, sent: list[int]) -> None:
    """Send what changed, the front page after everything that it links to, and remember that it arrived."""
    paths = dict.fromkeys(path for path in changed if (site_dir / path).is_file())
    newest = max(journal_numbers(site_dir), default=0)
    _deliver(site_dir, target, [path for path in paths if path != INDEX], sent)
    if INDEX in paths:
        _deliver(site_dir, target, [INDEX], sent)
    held = _Record(newest, checksum(_reader(site_dir)(INDEX)))
    if _record(site_dir, record) != held:
        content = json.dumps({**asdict(held), "origin": journal_origin(site_dir)}).encode()
        try:
            record.parent.mkdir(exist_ok=True)
            replace(record, content, record.parent)
        except OSError as error:
            raise DeliveryError(f"The delivery to {target.address} cannot be recorded: {error.strerror}.") from error


def _deliver(site_dir: Path, target: Target, paths: list[str], sent: list[int]) -> None:
    read = _reader(site_dir)

    def contents() -> Iterable[tuple[str, bytes]]:
        for path in paths:
            content = read(path)
            sent[0] += 1
            sent[1] += len(content)
            yield path, content

    if paths:
        target.send(contents())


def _target(site_dir: Path, to: str) -> Target:
    if to.startswith("gs://"):
        from prop_quality.site.bucket import Bucket

        return Bucket(to)
    if "://" in to:
        raise UsageError(f"{to!r} is no place for a site; name a folder or gs://bucket/prefix.")
    folder = Path(to).resolve()
    inside = site_dir.resolve()
    if folder == inside or inside in folder.parents or folder in inside.parents:
        raise UsageError(f"{to!r} holds the site itself or lies inside it; name another folder.")
    return Folder(folder)


@dataclass(frozen=True)
class _Record:
    """The last build that a target got, and the checksum of the front page that it got with it."""

    build: int
    index: str


def _record(site_dir: Path, path: Path) -> _Record | None:
    """What a target got last; None when that is not known."""
    data = read_json(path)
    if not isinstance(data, dict) or data.get("origin") != journal_origin(site_dir):
        return None
    build, index = data.get("build"), data.get("index")
    return _Record(build, index) if isinstance(build, int) and isinstance(index, str) else None


def _reaches_back(site_dir: Path, build: int) -> bool:
    """Are the journals of all builds after `build` still there?"""
    numbers = journal_numbers(site_dir)
    newest = max(numbers, default=0)
    return build <= newest and set(range(build + 1, newest + 1)) <= set(numbers)


def _since(site_dir: Path, build: int) -> list[str]:
    return [p for number in journal_numbers(site_dir) if number > build for p in journal_paths(site_dir, number)]


def _all_files(site_dir: Path) -> list[str]:
    found = (path.relative_to(site_dir) for path in site_dir.rglob("*") if path.is_file())
    return sorted(path.as_posix() for path in found if not any(part.startswith(".") for part in path.parts))


def _reader(site_dir: Path) -> Callable[[str], bytes]:
    def read(path: str) -> bytes:
        try:
            return (site_dir / path).read_bytes()
        except OSError as error:
            raise DeliveryError(f"{path} of the site in {site_dir} cannot be read: {error.strerror}.") from error

    return read
