"""A long run says what it is doing: a log gets a line now and then, a short run leaves it empty."""

from __future__ import annotations

import io
import os
import pty
import time

from prop_quality.commands.progress import Progress


def test_a_log_gets_a_line_now_and_then_and_none_after_the_end() -> None:
    log = io.StringIO()
    with Progress(log, every_seconds=0.05) as progress:
        progress("Reading the tables' columns")
        progress("Asking one query")
        while log.getvalue().count("\n") < 2:
            time.sleep(0.01)
    said = log.getvalue()
    assert said.splitlines()[0] == "Asking one query … 0 s so far"
    assert "Reading" not in said
    time.sleep(0.1)
    assert log.getvalue() == said


def test_a_short_run_leaves_the_log_empty() -> None:
    log = io.StringIO()
    with Progress(log) as progress:
        progress("Asking one query")
    assert log.getvalue() == ""


def test_a_log_that_was_closed_costs_no_verdict() -> None:
    log = io.StringIO()
    with Progress(log, every_seconds=0.01):
        log.close()
        time.sleep(0.05)


def test_a_person_sees_each_step_at_once() -> None:
    master, slave = pty.openpty()
    with os.fdopen(slave, "w", encoding="utf-8") as screen:
        Progress(screen)("Asking one query")
        screen.flush()
        assert os.read(master, 100).decode() == "Asking one query …\r\n"
    os.close(master)
