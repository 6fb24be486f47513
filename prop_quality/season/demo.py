"""Ten nights in the order in which their batches ran: six of the failures on record, and four with nothing wrong."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, time

from prop_quality.season.clean import clean_night
from prop_quality.season.incidents import incident
from prop_quality.season.night import Night
from prop_quality.season.shape import NightShape, eastern


@dataclass(frozen=True)
class DemoNight:
    """One night of the demo: `night.rows_before` is in the table already, then the batch makes it `night.rows`.

    `verdict` is what the checkpoint must say; `fails` are the checks that must fail, `may_fail` those that fail as
    their consequence. No other check may.
    """

    title: str
    story: str
    night: Night
    verdict: str
    fails: tuple[str, ...] = ()
    may_fail: tuple[str, ...] = ()

    def missed(self, failed: Iterable[str]) -> tuple[str, ...]:
        """The checks that had to fail and did not."""
        found = set(failed)
        return tuple(check for check in self.fails if check not in found)

    def unforeseen(self, failed: Iterable[str]) -> tuple[str, ...]:
        """The checks that failed and had no reason to."""
        return tuple(check for check in failed if check not in {*self.fails, *self.may_fail})

    def as_foreseen(self, verdict: str, failed: Sequence[str]) -> bool:
        """Whether the checkpoint said what it had to say, check by check."""
        return verdict == self.verdict and not self.missed(failed) and not self.unforeseen(failed)


def demo_nights() -> tuple[DemoNight, ...]:
    """The nights, in order of `night.started_at`; no two share a game date."""
    return tuple(
        sorted(
            (*(_incident(name) for name in _INCIDENTS), *(_clean(*given) for given in _CLEAN)),
            key=lambda one: one.night.started_at,
        )
    )


_INCIDENTS = (
    "phantom_batch",
    "backfilled_placeholders",
    "game_skipped",
    "stuck_model",
    "players_lost",
    "rows_deactivated",
)
_CLEAN = (
    (
        "A real line of 20.0",
        "A sportsbook posted exactly 20.0 for Towns: the book lines clear it, and nothing is deleted by mistake.",
        NightShape(seed=101, game_date=date(2026, 1, 18), games=8, players=112, real_twenties=1, history_share=0.1),
    ),
    (
        "A re-run that only updates",
        "A second batch MERGEs over the first: created_at stays, updated_at moves, and no row is lost.",
        NightShape(
            seed=102,
            game_date=date(2026, 1, 21),
            games=10,
            players=124,
            starts_at=eastern(date(2026, 1, 21), time(11, 30)),
            unlined_share=0.1,
            rerun=True,
        ),
    ),
    (
        "An ordinary night",
        "New scale, new producer, injured players left out, superseded rows kept as history: nothing to report.",
        NightShape(seed=103, game_date=date(2026, 2, 3), games=10, players=135, history_share=0.12, later_event=True),
    ),
    (
        "The roster rewritten afterwards",
        "The table of upcoming players is rewritten 26 hours after the batch; the roster of the batch start counts.",
        NightShape(
            seed=104, game_date=date(2026, 2, 8), games=9, players=118, context_rewritten=True, later_event=True
        ),
    ),
)


def _incident(incident_id: str) -> DemoNight:
    found = incident(incident_id)
    night = found.build()
    return DemoNight(found.title, found.story, night, found.verdict, found.fails, found.may_fail)


def _clean(title: str, story: str, shape: NightShape) -> DemoNight:
    return DemoNight(title, story, clean_night(shape), "passed")
