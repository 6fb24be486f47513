"""A template is said and costs itself alone; braces that mean themselves cost nothing."""

from __future__ import annotations

import time

import pytest

from prop_quality.sql.sources import SourceFile
from prop_quality.sql.templates import untemplated
from tests.prop_quality.sql.conftest import Check

AFTER = ";\nSELECT missing"
BOTH = [("templated", 1), ("unknown-name", 2)]


@pytest.mark.parametrize(
    "template",
    [
        "SELECT 1 FROM {{ ref('x') }}",
        "SELECT 1 FROM `{project}.d.t`",
        "SELECT '{{ day }}' AS day",
        "SELECT 1 FROM ${table} WHERE x = 'a;b'",
        "CREATE VIEW d.v AS SELECT {columns} FROM d.t",
        "DROP TABLE {table}",
    ],
)
def test_a_template_hides_no_other_statement(findings: Check, template: str) -> None:
    said = findings(f"SELECT also_missing;\n{template}{AFTER}")
    assert [(one.code, str(one.severity), one.line) for one in said] == [
        ("unknown-name", "error", 1),
        ("templated", "warning", 2),
        ("unknown-name", "error", 3),
    ]


@pytest.mark.parametrize(
    "literal",
    ["r'a{2,3}'", "r'\\p{Lu}'", '\'{"a": {"b": 1}}\'', "FORMAT('{%d}', 1)", "r'^\\{{1,2}'", "'<%'", "'{}{0}'", "'{{'"],
)
def test_braces_that_mean_themselves_are_not_spoken_of(findings: Check, literal: str) -> None:
    (said,) = findings(f"/* {{comment}} {{{{ jinja }}}} */ SELECT {literal} AS x{AFTER}")
    assert (said.code, said.line) == ("unknown-name", 2)


@pytest.mark.parametrize("literal", ["'{day}'", "r'{prefix}.*'", '"""${day}"""', "'{day:%Y}'"])
def test_a_name_in_a_text_is_said_and_the_statement_checked_as_it_stands(findings: Check, literal: str) -> None:
    first, second = findings(f"SELECT {literal}, missing")
    assert (first.code, str(first.severity)) == ("templated", "info")
    assert second.code == "unknown-name"


@pytest.mark.parametrize("refused", ["day = '{day}'", "day = DATE '{day}'", "day BETWEEN '{a}' AND @b"])
def test_what_is_refused_for_such_a_text_is_no_error(findings: Check, refused: str) -> None:
    (said,) = findings(f"SELECT 1 FROM UNNEST([DATE '2026-01-09']) AS day WHERE {refused}")
    assert (said.code, str(said.severity)) == ("templated", "warning")
    assert said.message.endswith("the rest of the statement is checked.")


def test_beside_such_a_text_the_other_mistakes_are_found(findings: Check) -> None:
    said = findings(
        "SELECT missing FROM UNNEST([DATE '2026-01-09']) AS d WHERE DATE_TRUNC(d, MONTH) = DATE '{day}';\n"
        "SELECT 'é', 1 / x FROM UNNEST([0]) AS x WHERE DATE '2026-01-09' = '{day}' AND '{other}' != ''"
    )
    assert [(one.code, one.line, one.column) for one in said] == [
        ("unknown-name", 1, 8), ("templated", 1, 89), ("unsafe-division", 2, 13), ("templated", 2, 68),
    ]  # fmt: skip


def test_where_nothing_fits_in_its_place_the_statement_is_not_checked_further(findings: Check) -> None:
    (said,) = findings("SELECT RANGE<DATE> '[{first}, {last})', missing")
    assert (said.code, str(said.severity)) == ("templated", "warning")
    assert said.message.endswith("this statement is not checked further.")


@pytest.mark.parametrize(
    ("maker", "user"),
    [
        ("DECLARE a, b {type}", "SELECT b"),
        ("CREATE TEMP FUNCTION f(x INT64) AS ({body})", "SELECT f(1)"),
        ("ALTER TABLE `p.d.t` ADD COLUMN {column} INT64", "SELECT new_column FROM d.t"),
    ],
)
def test_what_hangs_on_a_template_is_not_guessed(findings: Check, maker: str, user: str) -> None:
    said = findings(f"{maker};\n{user};\nSELECT missing")
    assert [(one.code, one.line) for one in said] == [("templated", 1), ("templated", 2), ("unknown-name", 3)]
    assert "a template above it" in said[1].message


@pytest.mark.parametrize(
    "text", ["{% if x %}\nSELECT missing;", "{% include 'x' %}\nSELECT missing", "{# it", "<% x %>;"]
)
def test_a_file_that_a_template_steers_is_left_whole(findings: Check, text: str) -> None:
    (said,) = findings(text)
    assert (said.code, said.line) == ("templated", 1)
    assert said.message.startswith("This file is a template")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("{# it's; #}\nSELECT missing", BOTH),
        ("SELECT {# a\nb #} missing", BOTH),
        ("{%- set x = 'y;' -%}\nSELECT missing", BOTH),
        ("{% if x %}SELECT a;{% else %}SELECT b; SELECT c;{% endif %}\nSELECT missing", BOTH),
        ("{% set x = run_query('DROP TABLE d.t') %}\nSELECT missing", BOTH),
        ("SELECT 1;\n{% do run_query('DROP TABLE d.t') %}", [("templated", 2)]),
        ("{% for x in y %}SELECT a{% endfor %}\nSELECT b;\nSELECT missing", [("templated", 1), ("unknown-name", 3)]),
        ("SELECT 1\n{% if x %}, a{% endif %}; SELECT missing", [("templated", 2), ("unknown-name", 2)]),
        ("{% macro m() %}SELECT a{% endmacro %}\nSELECT missing", [("templated", 1), ("unknown-name", 2)]),
        ("SELECT missing;\n{% include 'x' %}\nSELECT a", [("unknown-name", 1), ("templated", 2)]),
        ("SELECT missing;\n{% if x %}{{ all() }};{% endif %}\nSELECT a", [("unknown-name", 1), ("templated", 2)]),
        ("{% if x %}CREATE TABLE d.t (a INT64);{% endif %}\nSELECT b FROM d.t", [("templated", 1), ("templated", 2)]),
        ("{% if x %}CREATE PROCEDURE d.p(a INT64) BEGIN{% endif %} SELECT a; SELECT a; END;", [("templated", 1)]),
        ("{% if x %}SELECT 1 {% else %}SELECT 2;{% endif %} WHERE y;\nSELECT missing", BOTH),
    ],
)  # fmt: skip
def test_a_block_hides_the_statements_that_it_touches_and_no_other(
    findings: Check, text: str, said: list[tuple[str, int]]
) -> None:
    assert [(one.code, one.line) for one in findings(text)] == said


def test_what_a_template_leaves_out_is_information_and_no_more(findings: Check) -> None:
    (said,) = findings("{# a note #} {% set x = 1 %}\nSELECT 1")
    assert (said.code, str(said.severity), said.line) == ("templated", "info", 1)


@pytest.mark.parametrize("letters", ["{% ", "{# ", "SELECT '" + "{{ " * 9])
def test_marks_that_are_never_closed_cost_no_time(letters: str) -> None:
    started = time.process_time()
    untemplated(SourceFile("a.sql", letters * 50_000))
    assert time.process_time() - started < 20


def test_after_a_macro_nothing_is_known_and_what_stands_before_is_checked(findings: Check) -> None:
    said = findings("SELECT missing;\n{{ functions() }};\nSELECT f(1)")
    assert [(one.code, one.line) for one in said] == [("unknown-name", 1), ("templated", 2)]


def test_the_places_after_a_template_count_its_letters_as_they_stand(findings: Check) -> None:
    said = findings("SELECT 'é' FROM {größe}; SELECT 'é', missing; SELECT {é}; SELECT missing")
    assert [(one.code, one.column) for one in said] == [
        ("templated", 17), ("unknown-name", 38), ("templated", 54), ("unknown-name", 66),
    ]  # fmt: skip


def test_the_braces_of_other_languages_and_of_graphs_are_theirs(findings: Check) -> None:
    js = "CREATE TEMP FUNCTION f(x STRING) RETURNS STRING LANGUAGE js AS 'return `${x}{{}}`'; SELECT f('a')"
    assert findings(js) == ()
    graph = "GRAPH d.g MATCH (a:P {id: 1})-[e]->{1,3}(b) RETURN b.id"
    assert "templated" not in {one.code for one in findings(graph)}
