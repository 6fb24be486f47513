"""Files of the site: safe names for ids from anywhere, and writes that are whole or absent."""

from __future__ import annotations

import base64
import hashlib
import json
import os
import re
import shutil
import tempfile
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path, PurePosixPath
from typing import Any

from filelock import FileLock, Timeout

from prop_quality.errors import DeliveryError

LOCK_SECONDS = 120.0
KEPT_JOURNALS = 1000
ORIGIN = "origin"
_UNSAFE = re.compile(r"[^a-z0-9_-]+")
_RESERVED = {"", "index", "con", "nul", "aux", "prn"}


def slug(text: str) -> str:
    """A file name for `text`: itself when it is plain, else what is plain of it and eight digits of its hash.

    Two texts never share a name, not even where file names ignore case.
    """
    plain = _UNSAFE.sub("-", text.lower()).strip("-")[:60]
    if plain == text and plain not in _RESERVED:
        return plain
    digest = hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:8]
    return f"{plain or 'x'}.{digest}"


def date_path(day: date) -> str:
    """Where the page of `day` is."""
    return f"dates/{day:%Y-%m}/{day.isoformat()}.html"


def read_json(path: Path) -> Any:
    """The JSON in `path`, or None when there is none or it is damaged: what is lost is derived again."""
    try:
        return json.loads(path.read_bytes())
    except (OSError, ValueError, RecursionError):
        return None


@contextmanager
def locked(folder: Path, name: str = "publish") -> Iterator[None]:
    """Hold `folder` against every other publisher; the system frees the lock when its holder dies.

    Raises:
        DeliveryError: another publisher held it for two minutes, or the folder cannot be written.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        lock = FileLock(folder / f".{name}.lock", timeout=LOCK_SECONDS)
        lock.acquire()
    except Timeout as error:
        raise DeliveryError(
            f"Another publish has held {folder} for {LOCK_SECONDS:.0f} s; the next one delivers this run."
        ) from error
    except OSError as error:
        raise DeliveryError(f"The site folder {folder} cannot be written: {error.strerror}.") from error
    try:
        yield
    finally:
        lock.release()


class SiteWriter:
    """Writes the files of one build: each whole or not at all, none that is already there byte for byte.

    Every path is noted in a journal before its file changes, so that a later upload knows what to send even when
    this process dies on the way. Use it under `locked`.
    """

    def __init__(self, root: Path, *, durable: bool = True) -> None:
        self.root = root
        self.files_written = 0
        self.bytes_written = 0
        self._durable = durable
        self._temporary = root / ".tmp"
        self._journals = root / ".journal"
        self._journal: int | None = None

    def prepare(self) -> None:
        """Make the folders, and remove what a broken-off build left."""
        shutil.rmtree(self._temporary, ignore_errors=True)
        self._temporary.mkdir(parents=True)
        self._journals.mkdir(exist_ok=True)
        if not journal_origin(self.root):
            replace(self._journals / ORIGIN, uuid.uuid4().hex.encode(), self._temporary)
        numbers = journal_numbers(self.root)
        for number in numbers[:-KEPT_JOURNALS]:
            (self._journals / f"{number:08d}").unlink()

    def text(self, path: str, content: str) -> None:
        """Write `content` as UTF-8 to `path`, relative to the site."""
        self.bytes(path, content.encode("utf-8", "replace"))

    def json(self, path: str, content: object) -> None:
        """Write `content` as JSON to `path`, relative to the site."""
        self.bytes(path, (json.dumps(content, separators=(",", ":"), sort_keys=True) + "\n").encode())

    def bytes(self, path: str, content: bytes) -> None:
        """Write `content` to `path`, relative to the site, unless it is there already."""
        target = self.root / PurePosixPath(path)
        if same(target, content):
            return
        if not path.startswith("."):
            self._note(path)
        replace(target, content, self._temporary, durable=self._durable)
        self.files_written += 1
        self.bytes_written += len(content)

    def flush(self) -> None:
        """Make sure that what was written so far outlives a power cut, before it is called published."""
        if not self._durable:
            os.sync()

    def finish(self) -> None:
        """Close the journal and remove the folder for unfinished files."""
        if self._journal is not None:
            os.close(self._journal)
            self._journal = None
        shutil.rmtree(self._temporary, ignore_errors=True)

    def _note(self, path: str) -> None:
        if self._journal is None:
            number = max(journal_numbers(self.root), default=0) + 1
            flags = os.O_WRONLY | os.O_CREAT | os.O_APPEND
            self._journal = os.open(self._journals / f"{number:08d}", flags, 0o644)
        os.write(self._journal, f"{path}\n".encode())


def journal_origin(root: Path) -> str | None:
    """Which series of journals this is: when they are lost a new one begins, and old numbers mean nothing."""
    try:
        return (root / ".journal" / ORIGIN).read_text(encoding="ascii")
    except (OSError, UnicodeDecodeError):
        return None


def journal_numbers(root: Path) -> list[int]:
    """The builds whose changes are still known, oldest first."""
    folder = root / ".journal"
    return sorted(int(p.name) for p in folder.iterdir() if p.name.isdigit()) if folder.is_dir() else []


def journal_paths(root: Path, number: int) -> list[str]:
    """The files that build `number` changed, in the order it did."""
    text = (root / ".journal" / f"{number:08d}").read_text(encoding="utf-8")
    return [line for line in text.split("\n")[:-1] if line]


def checksum(content: bytes) -> str:
    """The MD5 of `content` in base64, as Cloud Storage names it."""
    return base64.b64encode(hashlib.md5(content, usedforsecurity=False).digest()).decode()


def same(path: Path, content: bytes) -> bool:
    """Does `path` hold exactly `content`?"""
    try:
        return path.stat().st_size == len(content) and path.read_bytes() == content
    except OSError:
        return False


def replace(target: Path, content: bytes, temporary: Path, *, durable: bool = True) -> None:
    """Put `content` at `target` in one step; a reader sees the old file or the new one, never a part."""
    target.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=temporary)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            if durable:
                file.flush()
                os.fsync(file.fileno())
        Path(name).chmod(0o644)
        Path(name).replace(target)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
