"""Files of SQL as text with places; what cannot be read becomes a finding, never a silence."""

from __future__ import annotations

import bisect
import contextlib
import os
import stat
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path

from prop_quality.errors import UsageError
from prop_quality.sql.codes import CODES
from prop_quality.sql.finding import Finding, Level

# BigQuery takes no longer query, so a longer file is no SQL to be run.
MAX_BYTES = 1024 * 1024
_LEFT_OUT = frozenset({"node_modules", "site-packages", "__pycache__"})


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

    Folders below that cannot be looked into, and links to folders elsewhere, are among them: `read` says why.

    Raises:
        UsageError: a path is not there.
    """
    found: dict[Path, None] = {}
    for path in paths:
        try:
            if path.is_dir():
                found.update(dict.fromkeys(sorted(_below(path))))
            elif path.exists() or path.is_symlink():
                found[path] = None
            else:
                raise UsageError(f"{path} is not there; name a file or a folder of SQL.")
        except OSError as error:
            raise UsageError(f"{path} cannot be reached: {error.strerror}.") from error
    return list(found)


def read(path: Path, name: str, folder: Path | None = None) -> SourceFile | Finding:
    """Read one file; a link that leads out of `folder` is not followed, and what is no file is not opened."""
    try:
        if folder is not None and not path.resolve().is_relative_to(folder.resolve()):
            return _linked_out(path, name)
        mode = path.stat().st_mode
        if stat.S_ISDIR(mode):
            next(path.iterdir(), None)
            return _linked_out(path, name)
        if not stat.S_ISREG(mode):
            return _unreadable(name, "it is no file that can be read to its end", "Put a regular file in its place.")
        with path.open("rb") as file:
            content = file.read(MAX_BYTES + 1)
        if len(content) > MAX_BYTES:
            size = max(path.stat().st_size, len(content))
            reason = f"it has {size:,} bytes and BigQuery takes at most {MAX_BYTES:,} in one query"
            return _unreadable(
                name, reason, "Split it into several files; data belongs into a table or a file to load."
            )
        return SourceFile(name, decoded(content))
    except UnicodeDecodeError as error:
        return _unreadable(name, f"byte {error.start} is not UTF-8", "Save it as UTF-8 text.")
    except FileNotFoundError:
        return _unreadable(name, "it is a link that leads nowhere", "Remove the link, or mend where it leads.")
    except RuntimeError:
        return _unreadable(name, "it is a link that leads to itself", "Remove the link, or mend where it leads.")
    except OSError as error:
        return _unreadable(name, error.strerror or type(error).__name__, "Make it readable for who runs this.")


def _unreadable(name: str, reason: str, mend: str) -> Finding:
    return CODES["unreadable"].at(name, 1, 1, f"It cannot be checked: {reason}.", mend)


def _linked_out(path: Path, name: str) -> Finding:
    """A link to a file is SQL that is not checked; one to a folder may hold none."""
    mend = "Put the file itself there, or name the place where it leads on the command line."
    found = _unreadable(name, "it is a link that leads out of its folder", mend)
    if not path.is_dir():
        return found
    said = "What is in this folder is not checked: it is a link that leads elsewhere."
    return replace(found, severity=Level.WARNING, message=said, help="Name the folder itself too, where it holds SQL.")


def decoded(content: bytes) -> str:
    """The text of a file, with line feeds alone at the ends of lines and no byte order mark.

    Raises:
        UnicodeDecodeError: not UTF-8.
    """
    return content.decode("utf-8-sig").replace("\r\n", "\n").replace("\r", "\n")


def _below(folder: Path) -> Iterator[Path]:
    unseen: list[Path] = []
    for at, folders, files in os.walk(folder, onerror=lambda error: unseen.append(Path(error.filename))):
        folders[:] = [name for name in folders if not _is_left_out(Path(at, name))]
        yield from (Path(at, name) for name in folders if _leads_out(Path(at, name), folder))
        yield from (Path(at, name) for name in files if name.lower().endswith(".sql"))
    yield from unseen


def _is_left_out(folder: Path) -> bool:
    """Whether other people's files are in there: tools, packages, environments."""
    # What cannot be opened says so when it is walked.
    with contextlib.suppress(OSError):
        return folder.name.startswith(".") or folder.name in _LEFT_OUT or (folder / "pyvenv.cfg").is_file()
    return False


def _leads_out(below: Path, folder: Path) -> bool:
    """Whether a folder is a link, and what it holds is not seen where it really is."""
    try:
        if not below.is_symlink():
            return False
        target, home = below.resolve(), folder.resolve()
    except (OSError, RuntimeError):
        return False
    between = [one for one in (target, *target.parents) if one.is_relative_to(home) and one != home]
    return not target.is_relative_to(home) or any(map(_is_left_out, between))
