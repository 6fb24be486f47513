"""Finds predictions made after the game."""

from typing import ClassVar

from prop_quality.expectation import Judgement, Outcome, RowExpectation, Scope, undecided


class CreatedNearGame(RowExpectation):
    """No row of a live batch was created after the day of its game, in US Eastern time.

    For the operator:
        A prediction made after the game is no prediction. Leave such rows out of every win rate.
    Example that fails:
        Game date 2026-01-15, `created_at` 2026-01-16 10:30 Eastern.
    Incident:
        Regenerations write past dates on purpose, so only live batches are judged; `game_date` is Eastern, times are
        UTC.
    Limits:
        Live: the batch started at most one day after the game date and is no `regen_…`; others are skipped.
    What to do:
        Check the coordinator's date: it predicted yesterday's games.
    """

    columns: ClassVar[tuple[str, ...]] = ("created_at",)
    fault: ClassVar[str] = "were created after the day of their game"

    def unavailable(self, scope: Scope) -> Judgement | None:
        """A regeneration writes late on purpose."""
        if not scope.live:
            return undecided(
                Outcome.SKIPPED, self.level, "This is no live batch; a regeneration writes late.", scope.dates
            )
        return super().unavailable(scope)

    def condition(self, scope: Scope) -> str:
        """The Eastern date of creation lies after the game date."""
        del scope
        return "DATE(created_at, 'America/New_York') > game_date"
