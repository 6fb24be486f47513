"""No value from outside changes the text of a statement; written out for a person to paste, it stays a value."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

import checkpoints
from prop_quality.api import check_batch
from prop_quality.embedded import EmbeddedWarehouse
from prop_quality.errors import UsageError
from prop_quality.scan.compose import compose_failing, compose_scan
from prop_quality.scan.parameters import Parameter, Statement, literal
from prop_quality.scan.scope import GivenRoster, Scope, Source
from prop_quality.season import NightShape, clean_night
from prop_quality.settings import Settings
from prop_quality.sql.analysis import Analysis
from prop_quality.sql.analyzer import Analyzer
from prop_quality.sql.tree import concrete, kind
from prop_quality.tables import TableRef
from tests.prop_quality.scan.scopes import COMPLETED, DAY, NOW, STARTED, all_checks, event_of, waiver
from tests.warehouse import CONTEXT, PREDICTIONS, load_night

HOSTILE = (
    "x' OR TRUE --",
    'x" OR "1"="1',
    "x`; DROP TABLE `t`; --",
    "\\",
    "\\' OR TRUE --",
    "@now",
    ":now",
    "%(now)s",
    "{{ 7 * 7 }}",
    "*/ OR TRUE /*",
    "line\nbreak\r\u2028",
    "\u202e\x00'",
    "'''",
    "🏀",
)
COLUMNS = {
    **dict.fromkeys(
        ("prediction_id", "player_lookup", "system_id", "line_source", "line_source_api", "recommendation", "game_id"),
        "STRING",
    ),
    **dict.fromkeys(("game_date",), "DATE"),
    **dict.fromkeys(("created_at", "updated_at"), "TIMESTAMP"),
    **dict.fromkeys(("is_active", "has_prop_line"), "BOOL"),
    **dict.fromkeys(("current_points_line", "line_margin", "predicted_points", "confidence_score"), "NUMERIC"),
    "deployment_revision": "STRING",
}


def scope_with(text: str) -> Scope:
    """A run in which every text from outside is `text`."""
    predictions, context = TableRef.parse(PREDICTIONS), TableRef.parse(CONTEXT)
    return Scope(
        dates=(DAY,),
        now=NOW,
        registry=checkpoints.REGISTRY,
        predictions=Source(predictions, COLUMNS, COLUMNS),
        context=Source(context),
        book_lines=Source(None, unavailable="unset"),
        since=STARTED,
        until=COMPLETED,
        roster_as_of=STARTED,
        roster=GivenRoster(text, ((DAY - timedelta(days=1), text), (DAY, text))),
        event=replace(event_of(text), status=text, worker_revision=text),
        expected_revision=text,
        waivers=(waiver("line_not_placeholder", player_lookup=text, system_id=text),),
    )


def statements_with(text: str) -> list[Statement]:
    scope = scope_with(text)
    checks = [check for check in all_checks() if check.unavailable(scope) is None]
    failing = compose_failing(checks, scope, [(check.check_id, DAY, text) for check in checks])
    assert failing is not None
    return [compose_scan(checks, scope), failing]


@pytest.mark.parametrize("text", HOSTILE)
def test_a_value_never_changes_the_text_of_a_statement(text: str) -> None:
    ordinary, hostile = statements_with("lebronjames"), statements_with(text)
    assert [one.sql for one in hostile] == [one.sql for one in ordinary]
    assert any(text == p.value or text in str(p.value) for one in hostile for p in one.parameters.values())


@pytest.fixture(scope="module")
def analyzer() -> Analyzer:
    return Analyzer()


@settings(max_examples=60)
@given(text=st.text(st.characters(codec="utf-8"), max_size=40))
@example(text="x' OR TRUE --")
@example(text="\\'; DROP TABLE t; --")
@example(text='\x00\u202e`"\r\n')
def test_a_text_written_out_is_one_literal_with_that_value(text: str, analyzer: Analyzer) -> None:
    answer = analyzer.analyze(f"SELECT {literal(text, 'STRING')} AS x")
    assert isinstance(answer, Analysis), answer
    (found,) = [node for node in concrete(answer.statement) if kind(node) == "literal"]
    assert found.value.value.string_value == text


@pytest.mark.parametrize("text", HOSTILE)
def test_a_value_that_looks_like_a_parameter_is_not_replaced(text: str, analyzer: Analyzer) -> None:
    statement = Statement("SELECT @a AS a, @now AS b", {"a": Parameter("STRING", text), "now": Parameter("INT64", 7)})
    answer = analyzer.analyze(statement.with_literals())
    assert isinstance(answer, Analysis), answer
    values = [node.value.value for node in concrete(answer.statement) if kind(node) == "literal"]
    assert [values[0].string_value, values[1].int64_value] == [text, 7]


@pytest.mark.parametrize("text", [*HOSTILE, "a.b", "a.b.c; DROP TABLE x", "a.b.c`", "a.b.`c`", "a.b.c d", "a-b.c.d\n"])
def test_no_other_name_passes_for_a_table(text: str) -> None:
    with pytest.raises(UsageError):
        TableRef.parse(text)


def test_hostile_names_are_missed_like_any_other(warehouse: EmbeddedWarehouse, settings: Settings) -> None:
    night = clean_night(NightShape(seed=1, game_date=DAY, games=2, players=12))
    invited = [
        {
            **night.context_rows[0],
            "player_lookup": text,
            "player_status": "ACTIVE",
            "is_production_ready": True,
            "avg_minutes_per_game_last_7": 30.0,
            "created_at": night.started_at,
        }
        for text in HOSTILE
    ]
    load_night(warehouse, settings, replace(night, context_rows=night.context_rows + invited))
    verdict = check_batch(night.event, settings=settings, now=night.now, keep=False)
    covered = next(check for check in verdict.checks if check.id == "players_covered")
    assert covered.failing_rows == len(HOSTILE)
    assert {row["player_lookup"] for row in covered.sample} == set(HOSTILE)
    assert set(verdict.coverage[0].missing) >= set(HOSTILE)
