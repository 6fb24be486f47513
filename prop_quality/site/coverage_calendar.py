"""Months as tables of systems × days: each cell says how much is covered, and its state."""

from __future__ import annotations

import calendar
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from prop_quality.site import words
from prop_quality.site.files import date_path
from prop_quality.site.render import month_name
from prop_quality.site.state import DateState, Mark, SystemState


def calendar_month(
    month: str,
    states: Mapping[date, DateState],
    *,
    first: date = date.min,
    last: date = date.max,
    today: date | None = None,
    systems: Sequence[str] | None = None,
) -> dict[str, Any]:
    """One month as the rows and cells of a calendar; days outside `first`..`last` are left out."""
    year, number = int(month[:4]), int(month[5:7])
    all_days = [date(year, number, n + 1) for n in range(calendar.monthrange(year, number)[1])]
    days = [day for day in all_days if first <= day <= last]
    if systems is None:
        systems = sorted({name for day in days if day in states for name in states[day].systems})
    rows = []
    for name in systems:
        held = [states[day].systems.get(name) if day in states else None for day in days]
        if any(held):
            rows.append({"system": name, "cells": [_cell(x) for x in held]})
    heads = [_head(day, states.get(day), today) for day in days]
    return {"month": month, "name": month_name(month), "days": heads, "rows": rows}


def _head(day: date, state: DateState | None, today: date | None) -> dict[str, Any]:
    if state is None:
        return {"number": day.day, "mark": Mark.NONE, "word": "", "href": None, "today": day == today}
    head = {"number": day.day, "mark": state.mark, "word": words.date_word(state)}
    return head | {"href": date_path(day), "today": day == today}


def _cell(held: SystemState | None) -> dict[str, Any] | None:
    if held is None:
        return None
    percent = words.percent(held.stored, held.expected).removesuffix("\u00a0%")
    return {"mark": held.mark, "percent": percent}
