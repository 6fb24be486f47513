"""What the checks find and what they cry wolf at: planted faults, the incidents on record, and clean nights.

    python -m benchmarks.detection                  # 1,000 clean nights, every fault twice: about ten minutes
    python -m benchmarks.detection --nights 50 --seeds 1

Each night is written into an embedded warehouse and judged by the checkpoint after its batch, as `prop-quality check
--event` does. A fault is found when every check that it names fails, the worst of them with its severity; one just
inside a limit must not be reported. A clean night is any legal night: its false alarms are the checks that failed.
The watch is asked of days at some time of them, with silences planted and without.
"""

from __future__ import annotations

import argparse
import os
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from datetime import date
from multiprocessing import get_context
from multiprocessing.util import Finalize
from pathlib import Path
from random import Random

from checkpoints import watch
from prop_quality.api import check_batch
from prop_quality.checkpoint import Request, Run
from prop_quality.embedded import EmbeddedWarehouse
from prop_quality.season import (
    FAULTS,
    INCIDENTS,
    SILENCES,
    Night,
    Scene,
    clean_night,
    random_quiet_day,
    random_shape,
)
from prop_quality.suite import Check, Suite
from prop_quality.verdict import Outcome, Verdict
from tests.nights import slim
from tests.warehouse import empty, load_night, settings_of

WORKERS = max(1, min(4, os.cpu_count() or 1))


@dataclass(frozen=True)
class Job:
    """One night to judge: how to build it, by name, so that a worker can."""

    kind: str
    index: int
    seed: int = 0

    def build(self) -> Night:
        """The night."""
        if self.kind == "fault":
            return FAULTS[self.index].build(self.seed)
        if self.kind == "incident":
            return INCIDENTS[self.index].build()
        return clean_night(random_shape(Random(self.seed)))

    @property
    def watches(self) -> bool:
        """Whether the watch is asked, of a scene."""
        return self.kind in ("silence", "quiet")

    def scene(self) -> Scene:
        """What the watch finds."""
        return SILENCES[self.index].build(self.seed) if self.kind == "silence" else random_quiet_day(Random(self.seed))


@dataclass(frozen=True)
class Heard:
    """What the checkpoint said of a job's night: the verdict, and each failed check with the severity it reached."""

    job: Job
    verdict: str
    failed: dict[str, str]
    undecided: tuple[str, ...]
    rows: int


@dataclass
class Score:
    """Of one check: the faults that should fail it and did, those just inside its limit and reported, false alarms."""

    planted: int = 0
    found: int = 0
    inside: int = 0
    reported: int = 0
    alarms: int = 0


@dataclass
class Tally:
    """The scores by check, and in words what went wrong."""

    scores: dict[str, Score] = field(default_factory=dict)
    problems: list[str] = field(default_factory=list)
    nights: int = 0
    critical: int = 0
    rows: int = 0

    def score(self, check: str) -> Score:
        """The score of one check."""
        return self.scores.setdefault(check, Score())


def main() -> None:
    """Judge all nights and print; ends with 1 when a goal is missed."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--nights", type=int, default=1000, help="clean nights")
    parser.add_argument("--seeds", type=int, default=2, help="nights that each fault is planted on")
    options = parser.parse_args()
    jobs = [Job("incident", index) for index in range(len(INCIDENTS))]
    jobs += [Job("fault", index, seed) for index in range(len(FAULTS)) for seed in range(options.seeds)]
    jobs += [Job("clean", 0, seed) for seed in range(options.nights)]
    jobs += [Job("silence", index, seed) for index in range(len(SILENCES)) for seed in range(options.seeds)]
    jobs += [Job("quiet", 0, seed) for seed in range(max(1, options.nights // 10))]
    started = time.monotonic()
    tally, silent = Tally(), Tally()
    for heard in judged(jobs):
        HEAR[heard.job.kind](silent if heard.job.watches else tally, heard)
    print_table(tally, silent, options.seeds, time.monotonic() - started)
    sys.exit(1 if tally.problems or silent.problems else 0)


def judged(jobs: Sequence[Job]) -> Iterator[Heard]:
    """All jobs, by a few processes with a warehouse each; progress on standard error."""
    with ProcessPoolExecutor(WORKERS, get_context("spawn"), initializer=_begin) as pool:
        for number, heard in enumerate(pool.map(_judge, jobs, chunksize=4), start=1):
            if number % 100 == 0 and sys.stderr.isatty():
                print(f"{number} of {len(jobs)} nights", file=sys.stderr)
            yield heard


def hear_fault(tally: Tally, heard: Heard) -> None:
    """A planted fault: found by every check that it names, with its severity, and reported by no other."""
    fault = FAULTS[heard.job.index]
    named = f"{fault.id} ({fault.strength}), seed {heard.job.seed}"
    for check in fault.checks:
        score = tally.score(check)
        failed = check in heard.failed
        if fault.detected:
            score.planted += 1
            score.found += failed
        else:
            score.inside += 1
            score.reported += failed
        if failed is not fault.detected:
            tally.problems.append(f"{named}: {check} {'reported it' if failed else 'did not find it'}")
    if fault.detected and fault.severity not in {heard.failed.get(check) for check in fault.checks}:
        tally.problems.append(f"{named}: no check reached {fault.severity}")
    tally.problems += [f"{named}: {check} was not in doubt" for check in set(fault.doubts) - set(heard.undecided)]
    if strays := set(heard.failed) - {*fault.checks, *fault.may}:
        tally.problems.append(f"{named}: {', '.join(sorted(strays))} failed too")


def hear_incident(tally: Tally, heard: Heard) -> None:
    """An incident on record: the verdict that is due, by the checks that are due."""
    incident = INCIDENTS[heard.job.index]
    for check in incident.fails:
        tally.score(check).planted += 1
        tally.score(check).found += check in heard.failed
        if check not in heard.failed:
            tally.problems.append(f"incident {incident.id}: {check} did not find it")
    if heard.verdict != incident.verdict:
        tally.problems.append(f"incident {incident.id}: {heard.verdict}, not {incident.verdict}")
    if strays := set(heard.failed) - {*incident.fails, *incident.may_fail}:
        tally.problems.append(f"incident {incident.id}: {', '.join(sorted(strays))} failed too")


def hear_clean(tally: Tally, heard: Heard) -> None:
    """A clean night: whatever fails is a false alarm."""
    tally.nights += 1
    tally.rows += heard.rows
    for check, severity in heard.failed.items():
        tally.score(check).alarms += 1
        tally.critical += severity == "critical"
        tally.problems.append(f"clean night {heard.job.seed}: {check} failed ({severity})")
    if heard.verdict != "passed":
        tally.problems.append(f"clean night {heard.job.seed}: {heard.verdict}; undecided {', '.join(heard.undecided)}")


def hear_silence(tally: Tally, heard: Heard) -> None:
    """A planted silence: the check that it names says so, and no other but those that may."""
    silence = SILENCES[heard.job.index]
    named = f"{silence.id} ({silence.strength}), seed {heard.job.seed}"
    said = heard.failed | dict.fromkeys(heard.undecided, "inconclusive")
    wanted = silence.severity if silence.outcome == "failed" else silence.outcome
    score = tally.score(silence.check)
    if silence.detected:
        score.planted += 1
        score.found += said.get(silence.check) == wanted
        if said.get(silence.check) != wanted:
            tally.problems.append(f"{named}: {silence.check} says {said.get(silence.check, 'nothing')}, not {wanted}")
    else:
        score.inside += 1
        score.reported += silence.check in said
    allowed = {silence.check, *silence.may} if silence.detected else set()
    if strays := set(said) - allowed:
        tally.problems.append(f"{named}: {', '.join(sorted(strays))} too")


HEAR: dict[str, Callable[[Tally, Heard], None]] = {
    "fault": hear_fault,
    "incident": hear_incident,
    "clean": hear_clean,
    "silence": hear_silence,
    "quiet": hear_clean,
}


def print_table(tally: Tally, silent: Tally, seeds: int, seconds: float) -> None:
    """A line a check in the order of the catalogue, then those of the watch, the totals and every miss by name."""
    from expectations.suites import SUITES, WATCH

    print(f"{len(FAULTS)} faults, each on {seeds} nights; {len(INCIDENTS)} incidents; {tally.nights:,} clean nights")
    print(
        f"with {tally.rows:,} rows. On the watch {len(SILENCES)} silences, each on {seeds} days, and {silent.nights:,}"
    )
    print(f"quiet times of day. {seconds:,.0f} s with {WORKERS} processes.\n")
    print(f"{'check':<27}{'found':>12}{'recall':>9}{'inside limits':>15}{'reported':>10}{'false alarms':>14}")
    _print_scores(tally, SUITES)
    print("on the watch")
    _print_scores(silent, (WATCH,))
    _print_totals(tally, "every planted fault, every check that it must fail", "clean nights")
    print("\nOn the watch:", end="")
    _print_totals(silent, "every planted silence", "quiet times of day")
    problems = tally.problems + silent.problems
    print("".join(f"\n- {problem}" for problem in problems) or "\nNothing missed, nothing else reported.")


def _print_scores(tally: Tally, suites: Sequence[Suite]) -> None:
    for check in (check.id for suite in suites for check in suite.checks if isinstance(check, Check)):
        score = tally.score(check)
        recall = f"{score.found / score.planted:.1%}" if score.planted else "–"
        found = f"{score.found} of {score.planted}"
        print(f"{check:<27}{found:>12}{recall:>9}{score.inside:>15}{score.reported:>10}{score.alarms:>14}")


def _print_totals(tally: Tally, planted: str, quiet: str) -> None:
    total = Counter[str]()
    for score in tally.scores.values():
        total.update(vars(score))
    print(
        f"\nRecall {total['found'] / total['planted']:.2%}: {total['found']:,} of {total['planted']:,} ({planted}).\n"
        f"Inside the limits {total['inside']:,}, reported {total['reported']:,}.\n"
        f"False alarms on {tally.nights:,} {quiet}: {tally.critical} critical, "
        f"{total['alarms'] - tally.critical} warnings."
    )


class Judge:
    """A worker's own warehouse, and the checkpoints on it. A few nights of different dates share its tables."""

    MOST = 6

    def __init__(self) -> None:
        self._warehouse = EmbeddedWarehouse().__enter__()
        Finalize(self, self._warehouse.__exit__, (None, None, None), exitpriority=10)
        self._warehouse.create_contract_tables()
        self._settings = settings_of(self._warehouse, Path("unused"), book_lines=True)
        self._loaded: set[date] = set()

    def hear(self, job: Job) -> Heard:
        """Load the night and check its batch, or load the scene and ask the watch."""
        return self._watched(job) if job.watches else self._checked(job)

    def _checked(self, job: Job) -> Heard:
        night = slim(job.build())
        if night.game_date in self._loaded or len(self._loaded) == self.MOST:
            empty(self._warehouse)
            self._loaded.clear()
        self._loaded.add(night.game_date)
        settings = load_night(self._warehouse, self._settings, night)
        verdict = check_batch(
            night.event, settings=settings, now=night.now, expect_revision=night.expect_revision, keep=False
        )
        return heard_of(job, verdict, len(night.rows))

    def _watched(self, job: Job) -> Heard:
        scene = job.scene()
        empty(self._warehouse)
        self._loaded = {night.game_date for night in scene.nights}
        settings = load_night(self._warehouse, self._settings, *(slim(night) for night in scene.nights))
        asked = Request(dates=watch.dates(scene.now), now=scene.now, checked_at=scene.checked_at)
        verdict = Run(watch.checkpoint(), watch.request(asked), settings).verdict()
        return heard_of(job, verdict, sum(len(night.rows) for night in scene.nights))


def heard_of(job: Job, verdict: Verdict, rows: int) -> Heard:
    """What a verdict says, in few words."""
    failed = {check.id: str(check.severity) for check in verdict.failed()}
    undecided = tuple(check.id for check in verdict.checks if check.outcome is Outcome.INCONCLUSIVE)
    return Heard(job, str(verdict.verdict), failed, undecided, rows)


_judges: list[Judge] = []


def _begin() -> None:
    _judges.append(Judge())


def _judge(job: Job) -> Heard:
    return _judges[0].hear(job)


if __name__ == "__main__":
    main()
