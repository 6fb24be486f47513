"""Where verdicts are kept: one file a run, in month folders of the state directory."""

from __future__ import annotations

import json
import os
import secrets
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from prop_quality.errors import DeliveryError
from prop_quality.verdict import Verdict


def new_run_id(checkpoint: str, at: datetime) -> str:
    """A run id that sorts by time and that no other run has: `20260117T043716Z-after_batch-1a2b3c4d`."""
    return f"{at.astimezone(UTC):%Y%m%dT%H%M%SZ}-{checkpoint}-{secrets.token_hex(4)}"


class Store:
    """The stored verdicts of one installation: `STATE/results/YYYY-MM/<run_id>.json`.

    A file is complete or it is not there: it is written beside its place, flushed to the disk, and renamed. Each run
    has a file of its own, so runs at the same time cannot lose anything.
    """

    def __init__(self, state_dir: Path) -> None:
        self.folder = state_dir / "results"

    def save(self, verdict: Verdict) -> Path:
        """Write the verdict down.

        Raises:
            DeliveryError: the disk refused; the verdict itself still stands.
        """
        path = self.path(verdict.run_id)
        try:
            write_atomically(path, json.dumps(verdict.to_json(), ensure_ascii=False, indent=1) + "\n")
        except OSError as error:
            raise DeliveryError(f"The verdict could not be stored at {path}: {error.strerror}.") from error
        return path

    def path(self, run_id: str) -> Path:
        """Where the verdict of a run is kept."""
        return self.folder / f"{run_id[:4]}-{run_id[4:6]}" / f"{run_id}.json"

    def paths(self) -> Iterator[Path]:
        """The files of all runs, the newest first; none where the folder is not there or cannot be read."""
        try:
            months = sorted((p for p in self.folder.iterdir() if p.is_dir()), reverse=True)
        except OSError:
            return
        for month in months:
            yield from sorted(month.glob("*.json"), reverse=True)

    def newest_first(
        self, until: datetime | None = None, besides: str | None = None, table: str | None = None
    ) -> Iterator[Verdict]:
        """The stored verdicts, the newest first; a file that is no verdict is passed over.

        `until` leaves out runs that began later, `besides` those of one checkpoint: by their names, unread. `table`
        leaves out those of other tables: read, which is a hundred times faster than understood.
        """
        of_table = f'"table": {json.dumps(table)}' if table else ""
        last = f"{until.astimezone(UTC):%Y%m%dT%H%M%SZ}" if until else "9"
        for path in self.paths():
            moment, _, checkpoint = path.stem.partition("-")
            if moment > last or (besides and checkpoint.startswith(f"{besides}-")):
                continue
            try:
                text = path.read_text(encoding="utf-8")
                if of_table in text:
                    yield Verdict.from_json(json.loads(text))
            except (OSError, ValueError):
                continue


def write_atomically(path: Path, text: str) -> None:
    """Write `text` so that a reader, at any moment and after any crash, sees all of it or what was there before.

    Raises:
        OSError: the disk refused.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    waiting = path.with_name(f".{path.name}.{os.getpid()}.{secrets.token_hex(4)}")
    try:
        with waiting.open("w", encoding="utf-8") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        waiting.replace(path)
    finally:
        waiting.unlink(missing_ok=True)
