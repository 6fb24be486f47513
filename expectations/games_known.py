"""Is anybody expected to play?"""

from datetime import date
from typing import ClassVar

from expectations.levels import no_roster
from expectations.schedule import first_due
from prop_quality.expectation import Answer, Finding, Group, Judgement, ScanExpectation, conclude, in_words


class GamesKnown(ScanExpectation):
    """The context table says who plays today and tomorrow, or is known to say that nobody does.

    For the operator:
        Without a roster nothing can be called missing. A night without games is fine, and said so.
    Example that fails:
        The context table has 400 rows for today and no player of them is ready; or no row for today and tomorrow, and
        nobody has written it for two days.
    Incident:
        A day with 10 games had no row and no alert: absence looked like a day off.
    Limits:
        Dates are US Eastern. No games: no row for the date in either table, while the context table has rows for
        one of the ten days after, or was written within the last 36 hours (which speaks of the last ten days, today and
        tomorrow); or `no_games` in systems.yml names it, as it does the All-Star break. Otherwise no row, or rows
        without an eligible player, are a doubt from 18:30 on the day before, when the first batch is due.
    What to do:
        Run the job that fills the context table, then the coordinator.
    """

    sources: ClassVar[frozenset[str]] = frozenset({"roster"})

    def judge(self, answer: Answer) -> Judgement:
        """Each date has expected players, or is known to have no games."""
        quiet = set(answer.dates_without_games)
        findings, said, said_of_quiet = [], [], []
        for day in answer.days:
            expected, doubt = day.pairs.expected, None
            if day.game_date in quiet:
                said_of_quiet.append(self._quiet(day.game_date, answer))
            elif expected or not self._in_the_making(day, answer):
                said.append(f"{expected} players expected on {day.game_date}")
                doubt = None if expected else no_roster(day, answer)
            else:
                said.append(f"nobody expected yet on {day.game_date}")
            findings.append(Finding(day.game_date, None, examined=0 if doubt else max(expected, 1), doubt=doubt))
        return conclude(findings, answer.scope.dates, severity=self.level, says=in_words(said + said_of_quiet))

    def _in_the_making(self, day: Group, answer: Answer) -> bool:
        """Whether the first batch, which needs the roster, is to come; rows of a batch without a roster are a doubt."""
        begun = day.count("context_rows") > 0 or not day.count("all_rows")
        return begun and answer.scope.now < first_due(day.game_date)

    def _quiet(self, day: date, answer: Answer) -> str:
        """Before its first batch is due, a date without players may still get some."""
        because = answer.scope.registry.no_games(day)
        if because:
            return f"no games on {day} ({because})"
        return f"no games {'known yet ' if answer.scope.now < first_due(day) else ''}on {day}"
