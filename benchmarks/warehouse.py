"""The embedded warehouse in a process of its own: what a run holds in memory is then the run's."""

from __future__ import annotations

import io
import subprocess
import sys
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import pyarrow as pa
from google.cloud import bigquery
from pyarrow import parquet

from prop_quality.embedded import EmbeddedWarehouse
from prop_quality.embedded.client import anonymous_client
from prop_quality.season import Night

ROOT = Path(__file__).parents[1]
PREDICTIONS = "nba-props-platform.nba_predictions.player_prop_predictions"
CONTEXT = "nba-props-platform.nba_analytics.upcoming_player_game_context"
BOOK_LINES = "nba-props-platform.nba_raw.odds_api_player_points_props"
_MIB = 1024 * 1024


@dataclass(frozen=True)
class OtherProcess:
    """A warehouse that runs elsewhere; `pid` is its process."""

    endpoint: str
    pid: int

    @cached_property
    def client(self) -> bigquery.Client:
        """A client of it."""
        return anonymous_client(self.endpoint)

    def queries(self) -> int:
        """How many query jobs its own list holds."""
        return sum(job.job_type == "query" for job in self.client.list_jobs(max_results=100_000, timeout=120))

    def load(self, nights: Iterable[Night]) -> int:
        """Append nights to the three tables; returns how many predictions that were."""
        kept = list(nights)
        self._append(CONTEXT, [row for night in kept for row in night.context_rows])
        self._append(BOOK_LINES, [row for night in kept for row in night.book_lines])
        rows = [row for night in kept for row in night.rows]
        self._append(PREDICTIONS, rows)
        return len(rows)

    def _append(self, table: str, rows: Sequence[dict[str, Any]]) -> None:
        """As Parquet in one load job, ten times faster than JSON; it goes by position, so in the schema's order."""
        schema = self.client.get_table(table).schema
        columns = {field.name: _column(field, [row[field.name] for row in rows]) for field in schema}
        file = io.BytesIO()
        parquet.write_table(pa.table(columns), file)
        config = bigquery.LoadJobConfig(schema=schema, source_format="PARQUET")
        self.client.load_table_from_file(file, table, rewind=True, job_config=config).result(timeout=300)


_TYPES = {
    "STRING": pa.string(),
    "JSON": pa.string(),
    "DATE": pa.date32(),
    "TIMESTAMP": pa.timestamp("us", "UTC"),
    "INTEGER": pa.int64(),
    "FLOAT": pa.float64(),
    "NUMERIC": pa.float64(),
    "BOOLEAN": pa.bool_(),
}


def _column(field: bigquery.SchemaField, values: list[Any]) -> pa.Array:
    type_ = _TYPES[field.field_type]
    made = pa.array(values, pa.list_(type_) if field.mode == "REPEATED" else type_)
    return made.cast(pa.decimal128(12, 2)).cast(pa.decimal128(38, 9)) if field.field_type == "NUMERIC" else made


@contextmanager
def warehouse() -> Iterator[OtherProcess]:
    """Start one with the contract's tables; it ends when its standard input does."""
    process = subprocess.Popen(
        [sys.executable, "-m", "benchmarks.warehouse"],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdin is not None
    assert process.stdout is not None
    try:
        yield OtherProcess(process.stdout.readline().strip(), process.pid)
    finally:
        process.stdin.close()
        process.wait(60)


def peak_memory(pid: int | str = "self") -> float:
    """The most memory that a process has held, in MiB."""
    for line in Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith("VmHWM:"):
            return int(line.split()[1]) * 1024 / _MIB
    raise LookupError(f"/proc/{pid}/status names no VmHWM")


def _serve() -> None:
    with EmbeddedWarehouse(remembers=False) as running:
        running.create_contract_tables()
        print(running.endpoint, flush=True)
        sys.stdin.read()


if __name__ == "__main__":
    _serve()
