"""What a working tree changed since a commit, asked of git itself."""

from __future__ import annotations

import subprocess
from dataclasses import dataclass
from pathlib import Path

from prop_quality.errors import UsageError

_SECONDS = 60
# Nothing that the repository's own configuration names is run.
_SAFE = ("-c", "core.fsmonitor=false", "-c", "core.hooksPath=/dev/null", "-c", "core.quotePath=false")


@dataclass(frozen=True)
class Repository:
    """A git working tree, by its topmost folder."""

    root: Path

    @classmethod
    def around(cls, folder: Path) -> Repository:
        """The repository that `folder` is in.

        Raises:
            UsageError: it is in none, or git is not installed.
        """
        try:
            return cls(Path(_git(folder, "rev-parse", "--show-toplevel").decode().rstrip("\n")))
        except _Refused:
            raise UsageError(f"{folder} is not in a git repository, which --base needs.") from None

    def base(self, ref: str) -> str:
        """The commit from which the working tree and `ref` went apart; `ref` itself where they have none in common.

        Raises:
            UsageError: there is no such commit.
        """
        try:
            commit = _git(self.root, "rev-parse", "--verify", "--quiet", "--end-of-options", f"{ref}^{{commit}}")
        except _Refused:
            raise UsageError(
                f"There is no commit {ref!r} in {self.root}; fetch it first (git fetch origin, with enough depth)."
            ) from None
        found = commit.decode().strip()
        try:
            return _git(self.root, "merge-base", found, "HEAD").decode().strip()
        except _Refused:
            return found

    def changed(self, commit: str) -> set[str]:
        """The files that differ from `commit`, or are new and not ignored; names with forward slashes from the root."""
        differing = _git(
            self.root, "diff", "--no-ext-diff", "--no-textconv", "--no-renames", "--name-only", "-z", commit
        )
        untracked = _git(self.root, "ls-files", "--others", "--exclude-standard", "-z")
        return {name.decode(errors="surrogateescape") for name in (differing + untracked).split(b"\0") if name}

    def files(self, commit: str) -> set[str]:
        """The files of `commit`."""
        listed = _git(self.root, "ls-tree", "-r", "-z", "--name-only", commit)
        return {name.decode(errors="surrogateescape") for name in listed.split(b"\0") if name}

    def content(self, commit: str, name: str) -> bytes:
        """What a file held at `commit`."""
        return _git(self.root, "cat-file", "blob", f"{commit}:{name}")


class _Refused(Exception):
    """Git answered that it could not."""


def _git(folder: Path, *arguments: str) -> bytes:
    try:
        done = subprocess.run(  # noqa: S603 - fixed arguments; names from outside follow --end-of-options or a colon
            ["git", *_SAFE, "-C", str(folder), *arguments],  # noqa: S607 - the user's own git
            capture_output=True,
            timeout=_SECONDS,
            check=False,
        )
    except FileNotFoundError:
        raise UsageError("git is not installed, which --base needs.") from None
    except subprocess.TimeoutExpired:
        raise UsageError(f"git {arguments[0]} did not answer within {_SECONDS} s.") from None
    if done.returncode != 0:
        raise _Refused(done.stderr.decode(errors="replace").strip())
    return done.stdout
