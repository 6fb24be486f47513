"""What earlier runs of this installation saw, from their stored verdicts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from itertools import islice

from prop_quality.settings import Settings
from prop_quality.store import Store
from prop_quality.verdict import DateVerdict, Outcome, Verdict

# Runs that saw no column are many when the warehouse was away for days: the watch alone makes a hundred a day.
_RUNS_LOOKED_BACK = 1_000
_DAYS_LOOKED_BACK = 3


def last_checked(settings: Settings, dates: Sequence[date], now: datetime, besides: str) -> Looks:
    """When each date was last looked at, by stored verdicts of other checkpoints than `besides`."""
    looks = Looks()
    for verdict in Store(settings.state_dir).newest_first(until=now, besides=besides):
        if verdict.evaluated_at < now - timedelta(days=_DAYS_LOOKED_BACK) or len(looks.at) == len(dates):
            break
        if verdict.table not in (None, str(settings.table)):
            continue
        for one in verdict.dates:
            if one.game_date in dates and one.game_date not in looks.at:
                looks.add(one, verdict)
    return looks


@dataclass(frozen=True)
class Looks:
    """When each date was last looked at, and in words the newest run since that decided nothing or saw a part."""

    at: dict[date, datetime] = field(default_factory=dict)
    vain: dict[date, str] = field(default_factory=dict)

    def add(self, one: DateVerdict, verdict: Verdict) -> None:
        """Take in what an earlier run than those before said of one date."""
        when = f"a run at {verdict.evaluated_at:%Y-%m-%d %H:%M} UTC"
        if one.verdict is Outcome.INCONCLUSIVE:
            self.vain.setdefault(one.game_date, f"{when} was inconclusive")
        elif verdict.systems:
            self.vain.setdefault(one.game_date, f"{when} looked at {', '.join(verdict.systems)} only")
        else:
            self.at[one.game_date] = verdict.evaluated_at


def previous_columns(settings: Settings, now: datetime) -> dict[str, str]:
    """The columns that the previous run on the same table saw; empty when none of its last runs saw any."""
    table = str(settings.table)
    for verdict in islice(Store(settings.state_dir).newest_first(until=now, table=table), _RUNS_LOOKED_BACK):
        if verdict.columns and verdict.table == table:
            return dict(verdict.columns)
    return {}
