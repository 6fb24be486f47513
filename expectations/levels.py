"""What several checks share: levels, and the reason when the roster is unknown."""

from collections.abc import Sequence
from datetime import date

from prop_quality.expectation import Answer, Group, Severity, plural


def coverage_level(have: int, expected: int, critical_below: float, warning_below: float) -> Severity | None:
    """The severity of a share: critical below one floor, a warning below the other (both 0 to 1)."""
    if have < critical_below * expected:
        return Severity.CRITICAL
    return Severity.WARNING if have < warning_below * expected else None


def exceeds(part: int, whole: int, share: float) -> bool:
    """Whether `part` is more than `share` (0 to 1) of `whole`; exactly that share is not more."""
    return part - share * whole > 1e-9


def share_level(part: int, whole: int, critical_above: float, warning_above: float) -> Severity | None:
    """The severity of a share that should be small: critical above one limit, a warning above the other."""
    if exceeds(part, whole, critical_above):
        return Severity.CRITICAL
    return Severity.WARNING if exceeds(part, whole, warning_above) else None


def dates_of_systems(answer: Answer) -> Sequence[date]:
    """The dates whose systems can be judged: not those on which none of the selected systems is expected."""
    registry = answer.scope.registry
    return [day for day in answer.dates if registry.systems_on(day) or not registry.known_on(day)]


def no_roster(day: Group, answer: Answer) -> str:
    """Why no player is expected on a date."""
    scope = answer.scope
    if not scope.roster_known:
        return f"the expected players are unknown: {(scope.context.unavailable or '').rstrip('.')}"
    known = day.count("context_rows")
    if not known:
        if day.game_date in answer.dates_in_doubt:
            return f"that there are no games on {day.game_date} is not known, {answer.doubt}"
        return f"no player is expected on {day.game_date}: {scope.roster_source} has no row for it"
    if not day.count("context_rows_in_time"):
        return (
            f"no player is expected on {day.game_date}: the context table has {plural(known, 'row')} for it, none "
            f"written by {scope.roster_as_of:%Y-%m-%d %H:%M:%S} UTC; take a snapshot with prop-quality roster snapshot"
        )
    return (
        f"no player is expected on {day.game_date}: the context table has {plural(known, 'row')} for it, none of a "
        "player who is eligible"
    )
