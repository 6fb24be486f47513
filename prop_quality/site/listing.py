"""Which stored verdicts the site does not have yet, at the same cost after ten runs and after ten thousand."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from prop_quality.site.files import SiteWriter, read_json, slug
from prop_quality.site.shards import FORMAT, Shards

SETTLED_SECONDS = 10
_MONTH = re.compile(r"\d{4}-(?:0[1-9]|1[0-2])")
_PLAIN_KEY = re.compile(r"[0-9][A-Za-z0-9_-]{0,150}")


@dataclass(frozen=True)
class Stored:
    """A stored verdict that the site does not have; `month` is the folder that holds it, `key` names its page."""

    month: str
    key: str
    path: Path


class Listing:
    """Lists the folders of results that changed since the build before, by the time that each last changed.

    A folder that changed within ten seconds is listed again next time, since its clock may stand still between two
    changes. With the record of times lost, every folder is listed: slower once, never wrong.
    """

    PATH = "data/listed.json"

    def __init__(self, results: Path, root: Path, shards: Shards, *, everything: bool) -> None:
        self._results = results
        self._shards = shards
        self._everything = everything
        seen = read_json(root / self.PATH)
        usable = not everything and isinstance(seen, dict) and seen.get("format") == FORMAT
        self._seen: dict[str, int] = seen if usable else {"format": FORMAT}

    def new(self) -> Iterator[Stored]:
        """The results that no month file holds, oldest folder first."""
        if not self._results.is_dir():
            return
        held_months = set(self._shards.months("runs"))
        for folder in sorted(p for p in self._results.iterdir() if _MONTH.fullmatch(p.name) and p.is_dir()):
            changed = folder.stat().st_mtime_ns
            if self._seen.get(folder.name) == changed and folder.name in held_months:
                continue
            self._seen[folder.name] = changed
            if time.time_ns() - changed < SETTLED_SECONDS * 10**9:
                self.retry(folder.name)
            held = {} if self._everything else self._shards.runs(folder.name)
            for path in sorted(folder.glob("*.json")):
                key = run_key(path.stem)
                if key not in held and not path.name.startswith("."):
                    yield Stored(folder.name, key, path)

    def retry(self, month: str) -> None:
        """List `month` again next time, whatever its folder says."""
        self._seen.pop(month, None)

    def write(self, writer: SiteWriter) -> None:
        """Remember what was listed to the end."""
        writer.json(self.PATH, self._seen)


def run_key(stem: str) -> str:
    """The name of a run's page for the name of its file: the run id itself, unless it is none that we made."""
    return stem if _PLAIN_KEY.fullmatch(stem) else slug(stem)
