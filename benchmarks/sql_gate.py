"""The SQL gate on an estate of 500 files and 1,600 statements: seconds and memory, whole and for one changed file.

    python -m benchmarks.sql_gate [--files 500] [--seed 1]

The estate is generated: tables, views on views, queries, migrations, scripts. The last row is a change of one of our
own monitoring views, whose results before and after are compared over the nights on record; no goal is set for it.
Each figure is a process of its own, as in CI, with a warm analyzer, the nights made and Python's bytecode kept.
"""

from __future__ import annotations

import argparse
import json
import math
import os
import random
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

TABLES, VIEWS, MIGRATIONS = 0.25, 0.25, 0.05
GOALS = {"whole estate": (60.0, 1500.0), "one changed file, --base": (5.0, 1500.0)}
_OURS = Path(__file__).resolve().parent.parent / "sql"
_OUR_VIEW = "nba_predictions/placeholder_alerts.sql"
_PROGRAM = """
import resource, sys, json
from prop_quality.cli import run
code = run(sys.argv[1:])
peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
print(json.dumps({"code": code, "peak": peak}), file=sys.stderr)
"""


def main() -> int:
    """Generate, measure, print; exit 1 where a goal is missed."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--files", type=int, default=500)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    missed = False
    with tempfile.TemporaryDirectory() as folder:
        root, ours = Path(folder) / "estate", Path(folder) / "ours"
        statements = write_estate(root, options.files, random.Random(options.seed))
        shutil.copytree(_OURS, ours / "sql")
        for repository in (root, ours):
            _commit(repository)
        runs = (
            ("whole estate", root, ["."]),
            ("one changed file, --base", root, [".", "--base", "HEAD"]),
            ("one of our views, --base", ours, ["sql", "--base", "HEAD"]),
        )
        environment = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
        environment["PYTHONPYCACHEPREFIX"] = str(Path(folder) / "bytecode")
        _change(sorted((root / "definitions").rglob("*.sql"))[-1], "> 10", "> 11")
        _change(ours / "sql" / _OUR_VIEW, "SELECT", "SELECT DISTINCT")
        _measure(ours, ["sql", "--base", "HEAD"], environment)  # All caches are warm from here on.
        print(f"{options.files} files, {statements:,} statements generated")
        print(f"{'run':28} {'seconds':>8} {'CPU':>8} {'peak MB':>8}  said")
        for name, repository, arguments in runs:
            seconds, cpu, peak, said = _measure(repository, arguments, environment)
            goal = GOALS.get(name, (math.inf, math.inf))
            over = seconds > goal[0] or peak > goal[1]
            mark = f"  over the goal of {goal[0]:.0f} s, {goal[1]:.0f} MB" if over else ""
            missed = missed or (over and options.files >= 500)
            print(f"{name:28} {seconds:8.1f} {cpu:8.1f} {peak:8.0f}  {said}{mark}")
    return int(missed)


def write_estate(root: Path, files: int, chance: random.Random) -> int:
    """Write that many files below `root`; how many statements they hold."""
    tables: list[tuple[str, list[str]]] = []
    written = 0
    for number in range(files):
        share = number / files
        if share < TABLES:
            text, count = _table(number, chance, tables)
        elif share < TABLES + VIEWS:
            text, count = _view(number, chance, tables)
        elif share < TABLES + VIEWS + MIGRATIONS:
            text, count = _migration(number, chance, tables)
        else:
            text, count = _queries(chance, tables)
        kind = "definitions" if share < TABLES + VIEWS else "queries"
        path = root / kind / f"part_{number % 20:02}" / f"file_{number:04}.sql"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        written += count
    return written


def _table(number: int, chance: random.Random, tables: list[tuple[str, list[str]]]) -> tuple[str, int]:
    name = f"shop.sales_{number % 12}.table_{number}"
    columns = [f"measure_{n}" for n in range(chance.randint(8, 40))]
    listed = ",\n  ".join(f"{one} NUMERIC(9, 2) OPTIONS (description = 'Measure {one}')" for one in columns)
    tables.append((name, columns))
    head = (
        f"-- Table {number}\nCREATE TABLE IF NOT EXISTS `{name}` (\n  day DATE NOT NULL,\n  customer STRING NOT NULL,\n"
    )
    return f"{head}  {listed}\n)\nPARTITION BY day\nCLUSTER BY customer;\n", 1


def _view(number: int, chance: random.Random, tables: list[tuple[str, list[str]]]) -> tuple[str, int]:
    source, columns = chance.choice(tables)
    other, _ = chance.choice(tables)
    first, second = chance.choice(columns), chance.choice(columns)
    name = f"shop.views_{number % 7}.view_{number}"
    text = f"""CREATE OR REPLACE VIEW `{name}` AS
WITH recent AS (
  SELECT day, customer, {first} AS one, {second} AS two
  FROM `{source}`
  WHERE day >= DATE_SUB(CURRENT_DATE('America/New_York'), INTERVAL 90 DAY)
),
ranked AS (
  SELECT day, customer, one, two, ROW_NUMBER() OVER (PARTITION BY customer ORDER BY day DESC) AS age
  FROM recent
)
SELECT
  ranked.day,
  ranked.customer,
  SUM(ranked.one) AS measure_0,
  AVG(IF(ranked.two > 0, ranked.two, NULL)) AS measure_1,
  SAFE_DIVIDE(COUNTIF(ranked.one > 10), COUNT(*)) AS measure_2,
  ARRAY_AGG(STRUCT(ranked.one AS one, ranked.two AS two) ORDER BY ranked.day LIMIT 5) AS sample
FROM ranked
LEFT JOIN `{other}` AS other
  ON other.day = ranked.day AND other.customer = ranked.customer AND other.day >= '2025-10-21'
WHERE ranked.age < {chance.randint(2, 50)}
GROUP BY ranked.day, ranked.customer;
"""
    tables.append((name, ["measure_0", "measure_1", "measure_2"]))
    return text, 1


def _migration(number: int, chance: random.Random, tables: list[tuple[str, list[str]]]) -> tuple[str, int]:
    name, _ = chance.choice([one for one in tables if ".sales_" in one[0]])
    lines = [f"ALTER TABLE `{name}` ADD COLUMN IF NOT EXISTS added_{number}_{n} STRING;" for n in range(4)]
    lines.append(f"UPDATE `{name}` SET added_{number}_0 = customer WHERE day >= '2025-10-21';")
    return "\n".join(lines) + "\n", len(lines)


def _queries(chance: random.Random, tables: list[tuple[str, list[str]]]) -> tuple[str, int]:
    parts = ["DECLARE first_day DATE DEFAULT DATE_SUB(CURRENT_DATE('America/New_York'), INTERVAL 7 DAY);"]
    for _ in range(chance.randint(3, 6)):
        source, columns = chance.choice(tables)
        chosen = chance.sample(columns, min(3, len(columns)))
        sums = ",\n  ".join(f"ROUND(SUM({one}), 1) AS total_{n}" for n, one in enumerate(chosen))
        parts.append(
            f"SELECT\n  customer,\n  COUNT(DISTINCT day) AS days,\n  {sums}\nFROM `{source}`\n"
            f"WHERE day BETWEEN first_day AND first_day + 6 AND {chosen[0]} > {chance.randint(0, 9)}\n"
            "GROUP BY customer\nHAVING days > 1\nORDER BY days DESC\nLIMIT 100;"
        )
    return "\n\n".join(parts) + "\n", len(parts)


def _commit(root: Path) -> None:
    _git(root, "init", "--quiet")
    _git(root, "add", ".")
    _git(root, "-c", "user.name=a", "-c", "user.email=a@example.org", "commit", "--quiet", "--message=estate")


def _change(path: Path, old: str, new: str) -> None:
    path.write_text(path.read_text(encoding="utf-8").replace(old, new, 1), encoding="utf-8")


def _measure(root: Path, arguments: list[str], environment: dict[str, str]) -> tuple[float, float, float, str]:
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    started = time.perf_counter()
    done = subprocess.run(
        [sys.executable, "-c", _PROGRAM, "sql", "check", *arguments, "--format", "json"],
        cwd=root,
        env=environment,
        capture_output=True,
        text=True,
        check=True,
    )
    seconds = time.perf_counter() - started
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    report = json.loads(done.stdout)
    end = json.loads(done.stderr.strip().splitlines()[-1])
    said = f"{report['verdict']}, {report['files']} files, {report['statements']:,} statements"
    said += f", {len(report['findings'])} findings"
    nights = [(one.get("comparison") or {}).get("nights_compared", 0) for one in report["changes"]]
    said += f", {sum(nights)} nights compared" if any(nights) else ""
    return seconds, cpu, end["peak"], said


def _git(root: Path, *arguments: str) -> None:
    subprocess.run(["git", *arguments], cwd=root, check=True, capture_output=True)


if __name__ == "__main__":
    sys.exit(main())
