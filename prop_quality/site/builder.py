"""Builds the site from stored verdicts: what is new goes in, what is there already stays as it is.

The order is what makes it safe to die anywhere: pages of the new runs, pages of their dates and months, the month
files that remember them, then what sums everything up, and the front page last. Nothing is believed about an earlier
build but what its files say; see `shards` for when a run counts as published.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path

from prop_quality.errors import DeliveryError
from prop_quality.site import history_pages as history
from prop_quality.site import machine
from prop_quality.site.date_digest import digest_dates
from prop_quality.site.digest import digest_run
from prop_quality.site.files import SiteWriter, locked
from prop_quality.site.listing import Listing, Stored
from prop_quality.site.now_page import PATH as INDEX
from prop_quality.site.now_page import Now, now_page
from prop_quality.site.reference_pages import suites_page, waivers_page
from prop_quality.site.render import assets
from prop_quality.site.run_page import run_page
from prop_quality.site.safe import publishable
from prop_quality.site.shards import Shards, in_order, month_of, months_until
from prop_quality.site.state import DateState, date_state, today_eastern
from prop_quality.suite import Catalogue
from prop_quality.verdict import Verdict

DURABLE_RUNS = 50


@dataclass(frozen=True)
class Published:
    """What one build did. `unreadable` names the stored results that are no verdicts; they are tried again."""

    runs_added: int
    files_written: int
    bytes_written: int
    index: Path
    unreadable: tuple[str, ...] = ()


def build_site(
    state_dir: Path, site_dir: Path, catalogue: Catalogue, *, now: datetime, everything: bool = False
) -> Published:
    """Bring `site_dir` up to date with the verdicts under `state_dir/results`.

    Args:
        state_dir: the state of this installation; it is only read.
        site_dir: where the site is or shall be.
        catalogue: the suites and waivers that the pages describe.
        now: the clock: what is tonight, and how long a failure has lasted.
        everything: apply every stored verdict again, as after a change of the page format.

    Raises:
        DeliveryError: a file could not be read or written, or another build held the site for two minutes.
    """
    with locked(site_dir):
        try:
            published = _Build(state_dir / "results", site_dir, catalogue, now, everything=everything).run()
            if published is None:
                published = _Build(state_dir / "results", site_dir, catalogue, now, everything=True).run()
        except OSError as error:
            raise DeliveryError(
                f"The site could not be written: {error.strerror} ({error.filename or site_dir}). The verdicts are "
                "stored; make room or allow it, and the next run or `prop-quality site build` delivers them."
            ) from error
    assert published is not None
    return published


class _Build:
    """One build, under the lock of its site."""

    def __init__(self, results: Path, root: Path, catalogue: Catalogue, now: datetime, *, everything: bool) -> None:
        self._root = root
        self._catalogue = catalogue
        self._now = now
        self._shards = Shards(root)
        self._known = self._shards.known()
        lost = not set(self._known.date_months) <= set(self._shards.months("dates"))
        self._everything = everything or lost
        self._listing = Listing(results, root, self._shards, everything=self._everything)
        self._new = list(self._listing.new())
        self._writer = SiteWriter(root, durable=len(self._new) <= DURABLE_RUNS)
        self._touched: set[str] = set()
        self._unreadable: list[str] = []
        self._added = 0

    def run(self) -> Published | None:
        """Do it; None when a month file turned out to be damaged, so that every verdict must be applied again."""
        writer = self._writer
        writer.prepare()
        broken_off = self._root / ".building"
        if broken_off.exists():
            self._touched.update(self._known.systems)
        elif self._new:
            broken_off.touch()
        try:
            for asset in assets().values():
                writer.bytes(asset.path, asset.content)
            for month in sorted({stored.month for stored in self._new}):
                self._add_month(month, [stored for stored in self._new if stored.month == month])
            self._sum_up()
            if self._shards.damaged and not self._everything:
                return None
            self._listing.write(writer)
            writer.flush()
            broken_off.unlink(missing_ok=True)
        finally:
            writer.finish()
        counts = (self._added, writer.files_written, writer.bytes_written)
        return Published(*counts, self._root / INDEX, tuple(self._unreadable))

    def _add_month(self, month: str, new: Sequence[Stored]) -> None:
        """Add the new runs of one folder: pages first, the file that calls them published last."""
        shards, writer = self._shards, self._writer
        days: set[date] = set()
        for stored in new:
            verdict = self._read(stored)
            if verdict is None:
                continue
            digest = digest_run(verdict, stored.key, month)
            writer.text(digest.page, run_page(verdict, digest, self._catalogue))
            writer.text(digest.page.removesuffix("html") + "json", json.dumps(verdict.to_json(), indent=1) + "\n")
            shards.runs(month)[stored.key] = digest
            for day, run in digest_dates(verdict, stored.key, month):
                shards.add_date_run(day, run)
                self._touched.update(run.systems, *(problem.by for problem in run.problems.values()))
                days.add(day)
            self._added += 1
        for day in sorted(days):
            writer.text(*history.date_page(date_state(day, in_order(shards.dates(month_of(day))[day]))))
        for touched in sorted({month_of(day) for day in days}):
            writer.text(*history.month_dates_page(touched, list(self._states([touched]).values())))
            shards.note_dates(self._known, touched)
            shards.write_dates(writer, touched)
        writer.text(*history.month_runs_page(month, in_order(shards.runs(month))))
        shards.note_runs(self._known, month)
        shards.write_known(writer, self._known)
        writer.flush()
        shards.write_runs(writer, month)
        if len(self._new) > DURABLE_RUNS:
            shards.forget([month, *{month_of(day) for day in days}])

    def _read(self, stored: Stored) -> Verdict | None:
        try:
            return publishable(Verdict.from_json(json.loads(stored.path.read_bytes())))
        except (ValueError, RecursionError, KeyError, TypeError, AttributeError):
            self._unreadable.append(stored.path.name)
            self._listing.retry(stored.month)
            return None

    def _states(self, months: Iterable[str]) -> dict[date, DateState]:
        held = {day: runs for month in months for day, runs in self._shards.dates(month).items()}
        return {day: date_state(day, in_order(held[day])) for day in sorted(held)}

    def _sum_up(self) -> None:
        """Everything that spans months, from the month files; the front page last."""
        known, writer = self._known, self._writer
        newest_day = max((last for _, last in known.systems.values()), default="")
        last = max(newest_day[:7], max(known.date_months, default=""), month_of(today_eastern(self._now)))
        if last > max(known.date_months, default=last):
            last = _not_far_after(max(known.date_months), last)
        states = self._states(months_until(last))
        run_months = months_until(max(known.run_months, default=month_of(self._now.date())))
        runs = sorted((r for m in run_months for r in self._shards.runs(m).values()), key=lambda r: (r.at, r.key))
        docs = {check.id: check for suite in self._catalogue.suites for check in suite.checks}
        for check in sorted({*docs, *known.checks, *(w.check for w in self._catalogue.waivers)}):
            writer.text(*history.check_page(check, docs.get(check), runs, run_months, known))
        self._system_pages(states)
        writer.text(*suites_page(self._catalogue, known))
        writer.text(*waivers_page(self._catalogue))
        for page in history.history_pages(known):
            writer.text(*page)
        site = Now(states, runs, {id_: doc.sentence for id_, doc in docs.items()}, self._now)
        writer.json("status.json", machine.status(site))
        writer.text("feed.atom", machine.feed(site))
        writer.text("badge.svg", machine.badge(site))
        writer.text(INDEX, now_page(site))

    def _system_pages(self, states: Mapping[date, DateState]) -> None:
        newest: dict[date, DateState | None] = {}
        for system, (_, last) in sorted(self._known.systems.items()):
            day = date.fromisoformat(last)
            window = states if day in states else self._states(months_until(last[:7]))
            newest[day] = window.get(day)
            if system in self._touched or not (self._root / history.system_path(system)).exists():
                dates = [s for d, s in window.items() if d > day - timedelta(days=history.SYSTEM_DAYS)]
                self._writer.text(*history.system_page(system, dates, self._known))
        present = {day: state for day, state in newest.items() if state is not None}
        self._writer.text(*history.systems_page(self._known, present))


def _not_far_after(newest: str, today: str) -> str:
    """The later of two months, unless that leaves the newest data out of sight: then a still site shows what it has."""
    return today if newest in months_until(today, 2) else newest
