"""What programs read beside the pages: status.json, the Atom feed of verdict changes, the badge."""

from __future__ import annotations

import uuid
from typing import Any

from prop_quality.site import words
from prop_quality.site.files import date_path, slug
from prop_quality.site.now_page import Now, open_checks
from prop_quality.site.render import render
from prop_quality.site.safe import cut
from prop_quality.site.state import Mark, changes
from prop_quality.verdict import Severity, format_time

MAX_ENTRIES = 50
MAX_DATES = 40
_NAMESPACE = uuid.UUID("c0a4be0e-4b4e-5f0b-9a55-8d8a3c8f2f10")
_COLOURS = {
    Mark.GOOD: "#1d6b45",
    Mark.WARNING: "#7d5600",
    Mark.FAILED: "#a3201d",
    Mark.UNKNOWN: "#5b4a8a",
    Mark.NONE: "#565d66",
}


def status(site: Now) -> dict[str, Any]:
    """What the front page says, as JSON values; `page` is relative to the site."""
    mark, said = site.headline
    newest = site.judged[-1] if site.judged else None
    return {
        "schema_version": 1,
        "generated_at": format_time(site.now),
        "state": str(mark),
        "sentence": said,
        "dates": [
            {
                "game_date": state.game_date.isoformat(),
                "state": str(state.mark),
                "verdict": str(state.newest.verdict),
                "run": state.newest.key,
                "evaluated_at": format_time(state.newest.at),
                "failing": [o.check for o in state.open],
                "page": date_path(state.game_date),
            }
            for state in site.near[:MAX_DATES]
        ],
        "open": [
            {
                "check": o.check,
                "severity": str(o.severity),
                "since": format_time(o.since.at),
                "game_dates": [day.isoformat() for day in o.days],
                "page": f"checks/{slug(o.check)}.html",
            }
            for o in open_checks(site, days_shown=MAX_DATES)
        ],
        "newest_run": newest
        and {
            "run": newest.key,
            "verdict": str(newest.verdict),
            "evaluated_at": format_time(newest.at),
            "page": newest.page,
            "json": newest.page.removesuffix("html") + "json",
        },
    }


def feed(site: Now) -> str:
    """The newest 50 changes of a date's verdict as Atom."""
    entries = []
    for state, run, before in changes(site.states.values())[:MAX_ENTRIES]:
        was = f", was {before.verdict}" if before else ""
        worst = sorted(run.problems.items(), key=lambda item: (list(Severity).index(item[1].severity), item[0]))
        said = " ".join(_sentence(problem.reason) for _, problem in worst[:3]) or "Every check passed."
        name = f"{run.key}/{state.game_date}"
        entries.append(
            {
                "title": f"{words.long_date(state.game_date)}: {run.verdict}{was}",
                "uuid": uuid.uuid5(_NAMESPACE, name),
                "at": run.at,
                "page": run.page,
                "summary": cut(said, 600),
            }
        )
    updated = entries[0]["at"] if entries else site.now
    return render("feed.atom.j2", "feed.atom", entries=entries, updated=updated)


def _sentence(text: str) -> str:
    return text if text.endswith((".", "!", "?", "…")) else f"{text}."


def badge(site: Now) -> str:
    """The state of tonight's data as a small SVG."""
    mark, _ = site.headline
    label, message = "tonight's data", words.WORD[mark]
    left, right = 6.2 * len(label) + 12, 6.2 * len(message) + 14
    values = {"label": label, "message": message, "colour": _COLOURS[mark], "left": int(left), "right": int(right)}
    return render("badge.svg.j2", "badge.svg", **values)
