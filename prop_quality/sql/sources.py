"""Files of SQL as text with places; what cannot be read becomes a finding, never a silence."""

from __future__ import annotations

import bisect
import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from prop_quality.errors import UsageError
from prop_quality.sql.codes import CODES
from prop_quality.sql.finding import Finding

# BigQuery takes no longer query, so a longer file is no SQL to be run.
MAX_BYTES = 1024 * 1024
_SKIPPED = frozenset({"node_modules", "site-packages", "__pycache__"})


@dataclass(frozen=True)
class SourceFile:
    """One file: `name` is relative to the root of the run, with forward slashes."""

    name: str
    text: str

    @cached_property
    def lines(self) -> tuple[str, ...]:
        """Its lines, without their ends."""
        return tuple(self.text.split("\n"))

    def place(self, offset: int) -> tuple[int, int]:
        """The line and column, both from 1 and in characters, of a byte offset."""
        line = bisect.bisect_right(self._starts, offset)
        start = self._starts[line - 1]
        return line, len(self._content[start:offset].decode(errors="replace")) + 1

    def slice(self, start: int, end: int) -> str:
        """The text between two byte offsets."""
        return self._content[start:end].decode(errors="replace")

    @cached_property
    def _content(self) -> bytes:
        return self.text.encode()

    @cached_property
    def _starts(self) -> list[int]:
        return [0, *(at + 1 for at, byte in enumerate(self._content) if byte == 10)]


def name_of(path: Path, root: Path) -> str:
    """How a report names `path`: relative to `root` where it lies below, with forward slashes."""
    absolute = Path(os.path.abspath(path))  # noqa: PTH100 - a link keeps the name that people gave it
    return (absolute.relative_to(root) if absolute.is_relative_to(root) else absolute).as_posix()


def sql_files(paths: Sequence[Path]) -> list[Path]:
    """The files that `paths` mean: each file as given, each folder's `.sql` files below it, sorted.

    Raises:
        UsageError: a path is not there.
    """
    found: dict[Path, None] = {}
    for path in paths:
        if path.is_dir():
            found.update(dict.fromkeys(sorted(_below(path))))
        elif path.exists() or path.is_symlink():
            found[path] = None
        else:
            raise UsageError(f"{path} is not there; name a file or a folder of SQL.")
    return list(found)


def read(path: Path, name: str, folder: Path | None = None) -> SourceFile | Finding:
    """Read one file; a link that leads out of `folder` is not followed."""
    reason = None
    try:
        if folder is not None and not path.resolve().is_relative_to(folder.resolve()):
            reason = "it is a link that leads out of its folder"
        elif path.stat().st_size > MAX_BYTES:
            reason = f"it has {path.stat().st_size:,} bytes and BigQuery takes at most {MAX_BYTES:,} in one query"
        else:
            return SourceFile(name, decoded(path.read_bytes()))
    except UnicodeDecodeError as error:
        reason = f"byte {error.start} is not UTF-8"
    except OSError as error:
        reason = error.strerror or type(error).__name__
    except RuntimeError:
        reason = "it is a link that leads to itself"
    return CODES["unreadable"].at(name, 1, 1, f"The file cannot be checked: {reason}.", "Save it as UTF-8 text.")


def decoded(content: bytes) -> str:
    """The text of a file, with line feeds alone at the ends of lines and no byte order mark.

    Raises:
        UnicodeDecodeError: not UTF-8.
    """
    return content.decode("utf-8-sig").replace("\r\n", "\n").replace("\r", "\n")


def _below(folder: Path) -> Iterator[Path]:
    for at, folders, files in os.walk(folder):
        folders[:] = [
            name
            for name in folders
            if not name.startswith(".") and name not in _SKIPPED and not Path(at, name, "pyvenv.cfg").is_file()
        ]
        yield from (Path(at, name) for name in files if name.lower().endswith(".sql"))
