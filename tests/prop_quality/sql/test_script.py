"""A script comes apart into its statements, each at its place, whatever stands in the others."""

from __future__ import annotations

import pytest

from prop_quality.sql.analyzer import Analyzer

SCRIPT = """-- a comment; with a semicolon
DECLARE x INT64 DEFAULT 3; DECLARE d, z DATE;
/* é */ SELECT ';' FROM a.b.c;
IF x > 1 THEN SELECT 1; ELSEIF x > 3 THEN SELECT 9; ELSE SELECT 2; END IF;
FOR r IN (SELECT 1 AS q) DO SELECT r.q; END FOR;
BEGIN SELECT 4; EXCEPTION WHEN ERROR THEN SELECT @@error.message; END;
SET x = 5;
LOOP BREAK; END LOOP;
REPEAT SELECT 5; UNTIL x > 4 END REPEAT;
CASE WHEN x = 1 THEN SELECT 6; ELSE SELECT 7; END CASE;
WHILE x < 1 DO SET x = 2; END WHILE;
CREATE PROCEDURE d.p(IN y INT64) BEGIN SELECT y; END;
"""


def test_every_statement_of_a_script_is_found_at_its_place(analyzer: Analyzer) -> None:
    found = analyzer.statements(SCRIPT)
    assert not found.unparsed
    assert all(SCRIPT.encode()[one.start : one.end].decode() == one.text for one in found.statements)
    queries = [one.text for one in found.statements if one.kind == "query"]
    assert queries == [
        "SELECT ';' FROM a.b.c", "SELECT 1", "SELECT 9", "SELECT 2", "SELECT 1 AS q", "SELECT r.q", "SELECT 4",
        "SELECT @@error.message", "SELECT 5", "SELECT 6", "SELECT 7", "SELECT y",
    ]  # fmt: skip


def test_conditions_are_no_statements_of_their_own(analyzer: Analyzer) -> None:
    found = analyzer.statements("IF 1 > 2 THEN SELECT 1; END IF")
    assert [(one.kind, one.counted) for one in found.statements] == [("condition", False), ("query", True)]


@pytest.mark.parametrize(
    ("bad", "place"),
    [
        ("SELEC 2;", "SELEC"),
        ("SELECT FROM t;", "FROM"),
        ("IF TRUE THEN\n  SELECT FROM t; SELECT 3;\nEND IF;", "FROM"),
        ("BEGIN\n  SELECT CASE WHEN a THEN b ELSE c END; FROM FROM;\nEND;", "FROM;"),
        ("PRINT 'a; b';", "PRINT"),
        ("SELECT 'never ended;", "'never"),
    ],
)
def test_a_bad_statement_does_not_hide_the_next(analyzer: Analyzer, bad: str, place: str) -> None:
    text = f"SELECT 'é';\n{bad}\nSELECT 4 -- the end"
    found = analyzer.statements(text)
    assert [one.text for one in found.statements] == ["SELECT 'é'", "SELECT 4"]
    assert len(found.unparsed) == 1
    assert text.encode()[found.unparsed[0].at :].decode().startswith(place)


def test_a_file_of_comments_has_no_statements(analyzer: Analyzer) -> None:
    found = analyzer.statements("-- nothing here;\n/* nor here; */\n")
    assert not found.statements
    assert not found.unparsed
