"""Which files a change can concern is read off their words, and comments define nothing."""

from __future__ import annotations

import pytest

from prop_quality.sql.selection import Words, defined
from prop_quality.sql.sources import SourceFile


@pytest.mark.parametrize(
    ("sql", "names"),
    [
        ("-- Table 12 is a view since May\nCREATE TABLE `p.d.sales` (a INT64)", {"sales"}),
        ("# the table of old\nSELECT 1", set()),
        ("CREATE /* a view is */ VIEW /* not this */ d.shown AS SELECT 1", {"shown"}),
        ("CREATE VIEW--\n`d`.`shown` AS SELECT '-- no comment', 1; DROP TABLE d.gone", {"shown", "gone"}),
        ("EXECUTE IMMEDIATE 'CREATE TABLE d.made (a INT64)'", {"made"}),
        ("SELECT r'\\\\'; -- it's the table of\nDROP FUNCTION IF EXISTS d.f", {"f"}),
        ("{# a template's comment #} CREATE VIEW d.shown AS SELECT 1", {"shown"}),
        ("{# -- one line #} CREATE VIEW d.shown AS SELECT 1", {"shown"}),
        ("{# /* open #} CREATE VIEW d.shown AS SELECT 1", {"shown"}),
        ('EXECUTE IMMEDIATE """CREATE VIEW -- the main view\n d.shown AS SELECT 1"""', {"shown"}),
        ("ALTER TABLE d.sales RENAME TO sold", {"sales", "sold"}),
    ],
)
def test_the_names_of_what_a_text_defines(sql: str, names: set[str]) -> None:
    assert defined(sql) == names


def test_a_comment_drags_nothing_along() -> None:
    files = [
        SourceFile("a.sql", "-- This view is the view of 10 days.\nCREATE VIEW d.a AS SELECT 1 AS x FROM d.source"),
        SourceFile("b.sql", "SELECT y FROM d.other WHERE y IS NULL AND z < 10"),
        SourceFile("c.sql", "SELECT x FROM d.a"),
        SourceFile("source.sql", "CREATE TABLE d.source (x INT64)"),
    ]
    assert Words(files).concerned({"a.sql"}, set()) == {"a.sql", "c.sql", "source.sql"}


def test_a_set_of_tables_by_prefix_names_each_of_them() -> None:
    files = [
        SourceFile("day.sql", "CREATE TABLE d.events_20260109 (x INT64)"),
        SourceFile("all.sql", "CREATE VIEW d.all AS SELECT x FROM `p.d.events_*`"),
        SourceFile("other.sql", "SELECT COUNT(*) FROM d.other"),
    ]
    assert Words(files).concerned({"day.sql"}, set()) == {"day.sql", "all.sql"}
    assert Words(files).concerned({"all.sql"}, set()) == {"day.sql", "all.sql"}
