"""Is anybody expected to play?"""

from datetime import date
from typing import ClassVar

from expectations.levels import no_roster
from expectations.schedule import first_due
from prop_quality.expectation import Answer, Finding, Judgement, ScanExpectation, conclude, in_words


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
        Dates are US Eastern. No games: no row for the date in either table, while the context table has rows for a
        later date (of the ten days after), or was written within the last 36 hours (which says nothing of a date after
        tomorrow); or `no_games` in systems.yml names it, as it does the All-Star break.
    What to do:
        Run the job that fills the context table, then the coordinator.
    """

    sources: ClassVar[frozenset[str]] = frozenset({"roster"})

    def judge(self, answer: Answer) -> Judgement:
        """Each date has expected players, or is known to have no games."""
        quiet = set(answer.dates_without_games)
        findings = []
        for day in answer.days:
            if day.game_date in quiet:
                findings.append(Finding(day.game_date, None, examined=1))
                continue
            expected = day.pairs.expected
            doubt = None if expected else no_roster(day, answer)
            findings.append(Finding(day.game_date, None, examined=expected, doubt=doubt))
        said = [f"{f.examined} players expected on {f.game_date}" for f in findings if f.game_date not in quiet]
        said += [self._quiet(day, answer) for day in sorted(quiet)]
        return conclude(findings, answer.scope.dates, severity=self.level, says=in_words(said))

    def _quiet(self, day: date, answer: Answer) -> str:
        """Before its first batch is due, a date without players may still get some."""
        because = answer.scope.registry.no_games(day)
        if because:
            return f"no games on {day} ({because})"
        return f"no games {'known yet ' if answer.scope.now < first_due(day) else ''}on {day}"
