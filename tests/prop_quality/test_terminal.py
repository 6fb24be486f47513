"""What a person sees: the verdict, what to do and why, at two widths, in colour and without, whatever names hold.

`UPDATE_GOLDEN=1 pytest tests/prop_quality/test_terminal.py` writes the golden files anew; look at them, then commit.
"""

from __future__ import annotations

import fcntl
import io
import os
import pty
import re
import struct
import termios
import threading
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from prop_quality.terminal import print_verdict
from prop_quality.verdict import (
    Batch,
    CheckResult,
    Cleared,
    Cost,
    Coverage,
    DateVerdict,
    Failure,
    Outcome,
    Provenance,
    Severity,
    Verdict,
    Written,
)

GOLDEN = Path(__file__).with_name("golden")
NIGHT = date(2026, 1, 9)
ADVICE = {
    "claim_stored": "Look for staging tables of the batch that were not merged, and run the consolidation again.",
    "pairs_covered": "Regenerate the date for the systems named, for the players named.",
}
STORED = ".prop-quality/results/2026-01/20260117T043716Z-after_batch-1a2b3c4d.json"
QUERY = "SELECT system_id, COUNT(*) AS n\nFROM `p.d.t`\nWHERE game_date IN (DATE '2026-01-09')\nGROUP BY 1"


def check(
    id_: str, outcome: Outcome, reason: str, severity: Severity = Severity.CRITICAL, **more: object
) -> CheckResult:
    counts = {"rows_examined": 990, "failing_rows": 990 if outcome is Outcome.FAILED else 0, **more}
    suite = "reconciliation" if id_.startswith("claim") else "coverage"
    return CheckResult(id_, suite, severity, outcome, reason, **counts)  # type: ignore[arg-type]  # as the test gives them


def coverage(system: str, stored: int, day: date = NIGHT, fresh: int = 0) -> Coverage:
    names = tuple(f"player{n}" for n in range(1, 150 - stored + 1))[:50]
    return Coverage(day, system, 150, stored, fresh, names, 150 - stored)


FAILED = Verdict(
    run_id="20260117T043716Z-after_batch-1a2b3c4d",
    checkpoint="after_batch",
    verdict=Outcome.FAILED,
    summary="2026-01-09 (batch_2026-01-09_1768624476): 2 critical checks failed. 0 players were written since the "
    "batch started, 150 were claimed. 1 warning.",
    batch=Batch(
        "batch_2026-01-09_1768624476",
        (NIGHT,),
        datetime(2026, 1, 17, 4, 34, 55, tzinfo=UTC),
        datetime(2026, 1, 17, 4, 36, 16, tzinfo=UTC),
    ),
    evaluated_at=datetime(2026, 1, 17, 4, 37, 16, tzinfo=UTC),
    rows_examined=990,
    written=Written(0, 0, 990),
    coverage=(coverage("catboost_v8", 150), coverage("similarity_balanced_v1", 120), coverage("xgboost_v1", 83)),
    checks=(
        check("rows_fresh", Outcome.FAILED, "3 of 3 systems lack rows written since the batch started."),
        check(
            "claim_stored",
            Outcome.FAILED,
            "0 players were written since the batch started, 150 were claimed.",
            remedy=QUERY,
        ),
        check(
            "pairs_covered",
            Outcome.FAILED,
            "1 of 3 systems lack expected players: xgboost_v1 has 83 of 150 players.",
            Severity.WARNING,
            breakdown=({"game_date": "2026-01-09", "system_id": "xgboost_v1", "failing_rows": 67},),
        ),
        check("claim_not_exceeded", Outcome.INCONCLUSIVE, "Cannot be decided: no row was written."),
        check("edge_plausible", Outcome.INCONCLUSIVE, "Cannot be decided: there are no active rows to look at."),
        check("margin_agrees", Outcome.INCONCLUSIVE, "Cannot be decided: there are no active rows to look at."),
        check("line_not_placeholder", Outcome.PASSED, "…", cleared=(Cleared("book_lines", 2, "a book shows 20.0"),)),
        check("revision_expected", Outcome.SKIPPED, "No worker revision is expected."),
        check("games_not_postponed", Outcome.SKIPPED, "The table has no usable column invalidation_reason."),
    ),
    dates=(DateVerdict(NIGHT, Outcome.FAILED, ("rows_fresh", "claim_stored"), 990),),
    cost=Cost(2, 10_485_760, 20_971_520, 2.345),
    provenance=Provenance("0.1.0", "", ""),
    notes=("Columns appeared since the previous run: predicted_at (TIMESTAMP)",),
    roster_source="nba-props-platform.nba_analytics.upcoming_player_game_context as of 2026-01-17 04:34:55 UTC",
    claim={"status": "success", "expected_players": 150, "completed_players": 150, "total_predictions": 3610},
)
PASSED = replace(
    FAILED,
    verdict=Outcome.PASSED,
    summary="2026-01-09 (batch_2026-01-09_1768624476): 36 checks passed over 990 rows.",
    written=Written(750, 240, 0),
    coverage=(coverage("catboost_v8", 150, fresh=150), coverage("similarity_balanced_v1", 120, fresh=120)),
    checks=(check("rows_fresh", Outcome.PASSED, "…"), check("claim_stored", Outcome.PASSED, "…")),
    dates=(DateVerdict(NIGHT, Outcome.PASSED, (), 990),),
    cost=Cost(1, 0, 0, 1.2),
    notes=(),
)
UNREACHABLE = replace(
    FAILED,
    verdict=Outcome.INCONCLUSIVE,
    summary="2026-01-09 (batch_2026-01-09_1768624476): could not be decided. The warehouse could not be reached: "
    "connection refused; check the network and try again.",
    checks=(check("rows_fresh", Outcome.INCONCLUSIVE, "The warehouse could not be reached."),),
    error=Failure("unreachable", "The warehouse could not be reached."),
    coverage=(),
    cost=Cost(0, 0, 0, 3.0),
    notes=(),
    roster_source=None,
)
LOST = (date(2025, 11, 20), date(2025, 11, 21), date(2026, 1, 3))
DAYS = [date(2025, 11, 15) + timedelta(days=n) for n in range(53)]
RANGE = replace(
    FAILED,
    checkpoint="date_range",
    summary="53 dates from 2025-11-15 to 2026-01-06: 1 critical check failed. 3 of 53 system-dates lack players.",
    batch=Batch(None, tuple(DAYS), datetime(2026, 1, 17, 20, tzinfo=UTC)),
    coverage=tuple(
        one
        for day in DAYS
        for one in (coverage("xgboost_v1", 83 if day in LOST else 150, day), coverage("ensemble_v1", 150, day))
    ),
    checks=(
        check(
            "pairs_covered",
            Outcome.FAILED,
            "3 of 53 system-dates lack expected players.",
            breakdown=tuple({"game_date": str(d), "system_id": "xgboost_v1", "failing_rows": 67} for d in LOST),
            remedy="\n".join(f"SELECT {n}" for n in range(40)),
        ),
        check("systems_present", Outcome.PASSED, "…"),
    ),
    dates=tuple(
        DateVerdict(d, Outcome.FAILED, ("pairs_covered", "rows_fresh"), 1)
        if d in LOST
        else DateVerdict(d, Outcome.INCONCLUSIVE if d == DAYS[40] else Outcome.PASSED, (), 1)
        for d in DAYS
    ),
    claim=None,
    notes=("1 of 53 dates was not decided; run it with: prop-quality check --from 2025-12-25 --to 2025-12-25",),
)
WATCH = replace(
    PASSED,
    checkpoint="watch",
    summary="2026-01-09 and 2026-01-10: 120 players expected on 2026-01-09 and no games known yet on 2026-01-10.",
    batch=Batch(None, (NIGHT, NIGHT + timedelta(days=1))),
    checks=(
        check(
            "games_known", Outcome.PASSED, "120 players expected on 2026-01-09 and no games known yet on 2026-01-10."
        ),
        check("batch_present", Outcome.PASSED, "1 of 1 due date has a batch."),
        check("latest_write_recent", Outcome.SKIPPED, "No batch is due yet."),
    ),
    dates=(DateVerdict(NIGHT, Outcome.PASSED), DateVerdict(NIGHT + timedelta(days=1), Outcome.PASSED)),
    claim=None,
)
SCREENS = {"failed": FAILED, "passed": PASSED, "unreachable": UNREACHABLE, "range": RANGE, "watch": WATCH}


def piped(verdict: Verdict) -> str:
    stream = io.StringIO()
    print_verdict(verdict, STORED, stream, advice=ADVICE)
    return stream.getvalue()


def on_a_terminal(verdict: Verdict, width: int) -> str:
    """What a terminal of that width receives."""
    master, slave = pty.openpty()
    fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", 50, width, 0, 0))
    received: list[bytes] = []
    reader = threading.Thread(target=read_all, args=(master, received))
    reader.start()
    with os.fdopen(slave, "w", encoding="utf-8") as stream:
        print_verdict(verdict, STORED, stream, advice=ADVICE)
    reader.join(10)
    os.close(master)
    return b"".join(received).decode().replace("\r\n", "\n")


def plain(text: str) -> str:
    """The letters alone: styles and the blanks that they end in taken out."""
    lines = re.sub(r"\x1b\[[0-9;]*m", "", text).splitlines()
    return "".join(f"{line.rstrip()}\n" for line in lines)


def read_all(master: int, received: list[bytes]) -> None:
    while True:
        try:
            received.append(os.read(master, 65536))
        except OSError:  # the other side is closed
            return


@pytest.fixture(autouse=True)
def terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    """A terminal with colours, whatever this process was started in."""
    monkeypatch.setenv("TERM", "xterm-256color")
    for name in ("NO_COLOR", "FORCE_COLOR", "COLUMNS", "LINES"):
        monkeypatch.delenv(name, raising=False)


@pytest.mark.parametrize("name", SCREENS)
@pytest.mark.parametrize("width", [80, 120])
def test_the_screen_is_the_golden_one(name: str, width: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    shown = plain(on_a_terminal(SCREENS[name], width))
    path = GOLDEN / f"terminal_{name}_{width}.txt"
    if "UPDATE_GOLDEN" in os.environ:
        path.parent.mkdir(exist_ok=True)
        path.write_text(shown, encoding="utf-8")
    assert shown == path.read_text(encoding="utf-8")


@pytest.mark.parametrize("name", SCREENS)
def test_nothing_but_what_is_pasted_is_wider_than_the_screen(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    shown = plain(on_a_terminal(SCREENS[name], 80))
    wide = [line for line in shown.splitlines() if len(line) > 80]
    assert all(line.startswith(("   ", " Note", " 1 query", " 2 queries", " 0 queries")) for line in wide), wide


def test_the_verdict_and_what_to_do_come_first() -> None:
    first, second, third, *_ = piped(FAILED).splitlines()
    assert first.startswith(" FAILED  2026-01-09 (batch_2026-01-09_1768624476)")
    assert "0 players were written since the batch" in first + second
    assert third.strip().startswith("Do now Look for staging tables")


def test_a_table_that_was_not_asked_is_not_said_to_hold_no_rows() -> None:
    schema = check(
        "required_columns_present", Outcome.FAILED, "16 of 17 required columns are there: is_active missing."
    )
    unasked = replace(FAILED, checks=(schema,), coverage=(), rows_examined=0, written=Written(), cost=Cost())
    assert " stored " in piped(FAILED)
    assert " stored " not in piped(unasked)


def test_colours_are_for_terminals_and_not_for_those_who_refuse_them(monkeypatch: pytest.MonkeyPatch) -> None:
    assert "\x1b[1;7;31m FAILED \x1b[0m" in on_a_terminal(FAILED, 80)
    assert "\x1b" not in piped(FAILED)
    monkeypatch.setenv("NO_COLOR", "1")
    assert not re.search(r"\x1b\[[0-9;]*3\d", on_a_terminal(FAILED, 80)), "bold and dim are no colours"


def test_names_from_outside_are_shown_and_never_obeyed() -> None:
    evil = "[bold red]x[/]\x1b]0;owned\x07\x1b[2J\r\n\u202etxt"
    hostile = replace(
        FAILED,
        summary=f"2026-01-09 ({evil}): failed.",
        notes=(evil,),
        roster_source=evil,
        claim={"status": evil},
        coverage=(replace(coverage("xgboost_v1", 83), system_id=evil, missing=(evil,)),),
        checks=(
            check("rows_fresh", Outcome.FAILED, evil, remedy=evil),
            check(
                "pairs_covered",
                Outcome.FAILED,
                evil,
                breakdown=({"game_date": "2026-01-09", "system_id": evil, "failing_rows": 1},),
            ),
        ),
    )
    for shown in (piped(hostile), on_a_terminal(hostile, 200)):
        assert "[bold red]x[/]" in shown
        for obeyed in ("\x1b]0;", "\x07", "\x1b[2J", "\r", "\u202e"):
            assert obeyed not in shown


def test_checks_that_are_undecided_on_the_same_date_of_a_range_are_said_once() -> None:
    doubt = "Cannot be decided on 2025-12-25: there is no row."
    shown = piped(
        replace(
            RANGE,
            checks=(
                check("margin_agrees", Outcome.INCONCLUSIVE, f"0 of 900 active rows have a wrong margin. {doubt}"),
                check("edge_plausible", Outcome.INCONCLUSIVE, f"0 of 900 active rows lie too far. {doubt}"),
                check("rows_active", Outcome.INCONCLUSIVE, f"1 of 53 dates has too many. {doubt}", failing_rows=9),
            ),
        )
    )
    lines = [" ".join(line.split()) for line in shown.splitlines() if line.lstrip().startswith("undecided ")]
    assert lines[:2] == [
        "undecided 2 On 2025-12-25: there is no row. margin_agrees, edge_plausible",
        f"undecided rows_active 1 of 53 dates has too many. {doubt}",
    ], "a warning that was found is not hidden"


def test_the_players_of_whom_nothing_is_stored_are_named_before_those_that_one_system_lacks() -> None:
    gone = replace(
        check("players_covered", Outcome.FAILED, "148 of 150 players stored, 2 missing."),
        failing_rows=2,
        sample=({"player_lookup": "starone"}, {"player_lookup": "startwo"}),
    )
    shown = piped(replace(FAILED, checks=(*FAILED.checks, gone)))
    assert " Missing altogether: starone, startwo\n" in shown
    assert shown.index("Missing altogether") < shown.index("Missing from xgboost_v1")
