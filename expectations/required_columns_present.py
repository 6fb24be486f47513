"""Requires a subset of columns by type family."""

from collections.abc import Mapping

from prop_quality.expectation import (
    TYPE_FAMILIES,
    Answer,
    Finding,
    Judgement,
    ScanExpectation,
    Scope,
    conclude,
    in_words,
    pasted,
)


class RequiredColumnsPresent(ScanExpectation):
    """The columns that the platform and these suites rely on are there, each of its type family.

    For the operator:
        Somebody changed the table. Checks that read a missing column are skipped, so tonight's verdict knows less.
    Example that fails:
        `current_points_line` was renamed to `points_line`; or `game_date` became a STRING.
    Incident:
        The table grew from 59 to 102 columns within half a year, with columns that no definition file names. So a
        subset is required, never an exact set.
    Limits:
        `required`: column to type family (text, date, time, number, true or false). `optional`: the same for columns
        that came later; one that is absent or of another type is not used, and what reads it is skipped.
    What to do:
        Compare the table with `sql/nba_predictions/player_prop_predictions.sql` and undo the change, or add the column.
    """

    required: dict[str, str]
    optional: dict[str, str] = {}  # noqa: RUF012 - a field of the model, copied by it

    def usable(self, columns: Mapping[str, str]) -> dict[str, str]:
        """The columns without those of another type: a statement that reads one of these would be refused."""
        known = {**self.optional, **self.required}
        return {
            name: type_
            for name, type_ in columns.items()
            if name not in known or type_.upper() in TYPE_FAMILIES[known[name]]
        }

    def judge(self, answer: Answer) -> Judgement:
        """Failed when one column is missing or of another family."""
        return self.judge_schema(answer.scope)

    def judge_schema(self, scope: Scope) -> Judgement:
        """The same without an answer: needed when the table has changed so far that it cannot be asked."""
        found = scope.predictions.seen
        missing = [name for name in self.required if name not in found]
        changed = [
            f"{name} is {found[name]}, not {family}"
            for name, family in self.required.items()
            if name in found and found[name].upper() not in TYPE_FAMILIES[family]
        ]
        problems = ([f"{in_words(missing)} missing"] if missing else []) + changed
        bad = len(missing) + len(changed)
        finding = Finding(
            scope.dates[0],
            None,
            examined=len(self.required),
            failing=bad,
            level=self.level if bad else None,
            detail="; ".join(problems) or None,
        )
        return conclude(
            [finding],
            scope.dates[:1],
            severity=self.level,
            says=f"{len(self.required) - bad} of {len(self.required)} required columns are there and of their type",
        )

    def advice(self, answer: Answer, judgement: Judgement) -> str:
        """The query that shows the columns."""
        del judgement
        table = answer.scope.predictions.table
        assert table is not None
        sql = (
            f"SELECT column_name, data_type FROM `{table.project}.{table.dataset}`.INFORMATION_SCHEMA.COLUMNS\n"
            f"WHERE table_name = '{table.table}' ORDER BY ordinal_position"
        )
        return pasted("the columns as they are; compare with sql/nba_predictions/player_prop_predictions.sql", sql)
