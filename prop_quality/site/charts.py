"""Trend charts as static SVG: Altair describes them, vl-convert draws them; there is no browser and no network.

Both are optional. Without them a page shows the numbers alone, in the table that stands beneath every chart.
"""

from __future__ import annotations

import functools
import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from markupsafe import Markup

from prop_quality.site.svg import UnsafeDrawing, themed

WIDTH, HEIGHT = 350, 120
LABELS = 36  # the numbers of the axis take as much in each chart, so that all are drawn at one scale
# Stand-ins that `svg.themed` turns into classes, so that light, dark and print each have their own colours.
COLOURS = {"#000001": "ink", "#000002": "soft", "#000003": "rule", "#000004": "line", "#000005": "failed"}
INK, SOFT, RULE, LINE, FAILED = COLOURS
_LABELS = 3
_DOTS = 24  # of more points the dots touch each other and say no more than the line
_CROSS = "M-.5,-.5L.5,.5M-.5,.5L.5,-.5"


@dataclass(frozen=True)
class Point:
    """One run or date on a chart: its label, its value (None: unknown, a gap), and whether it failed."""

    label: str
    value: float | None
    failed: bool = False


@dataclass(frozen=True)
class Series:
    """What one chart shows.

    `unit` stands on the axis; `top` fixes the upper end, as 100 for per cent; a `quiet` one is not drawn while all its
    values are 0.
    """

    key: str
    title: str
    description: str
    unit: str
    points: tuple[Point, ...]
    top: float | None = None
    quiet: bool = False

    @property
    def flat(self) -> bool:
        """Is there something known, and all of it 0, of a series that is then not drawn?"""
        known = [p.value for p in self.points if p.value is not None]
        return self.quiet and bool(known) and not any(known)


def available() -> bool:
    """Are the charting libraries installed?"""
    try:
        import altair  # noqa: F401
        import vl_convert  # noqa: F401
    except ImportError:
        return False
    return True


@functools.lru_cache(maxsize=64)
def draw(series: Series) -> Markup | None:
    """`series` as inline SVG; None where it cannot be drawn, or where there is nothing to draw."""
    known = [p.value for p in series.points if p.value is not None]
    if len(known) < 2 or series.flat or not available():
        return None
    import vl_convert  # slow to import, and optional
    from altair.utils import schemapi

    try:
        with schemapi.debug_mode(False):  # it checks each part against Vega-Lite's whole schema: half of the time
            specification = _specification(series)
        drawing = vl_convert.vegalite_to_svg(json.dumps(specification))
        return themed(drawing, COLOURS, title=series.title, description=series.description, key=f"chart-{series.key}")
    except (UnsafeDrawing, ValueError):
        return None


def _specification(series: Series) -> dict[str, Any]:
    """The chart as Vega-Lite: a line through all that is known, a larger red mark on each run that failed."""
    import altair as alt  # half a second to import, and optional

    rows = [{"at": i, "value": p.value, "failed": p.failed} for i, p in enumerate(series.points) if p.value is not None]
    ticks, label = _axis(series.points)
    highest = max(row["value"] for row in rows)
    domain = [0, series.top or max(highest, 1)]
    x = alt.X("at:Q", title=None).scale(domain=[-0.5, len(series.points) - 0.5], nice=False)
    x = x.axis(values=ticks, labelExpr=label, grid=False, labelFlush=True, labelPadding=6, tickSize=4)
    if all(float(row["value"]).is_integer() for row in rows):
        # Named one by one: left to itself, Vega puts half a query between none and one.
        marks = _whole_ticks(domain[1])
        y = (
            alt.Y("value:Q", title=series.unit)
            .scale(domain=[0, max(marks[-1], domain[1])])
            .axis(values=marks, format=",d", minExtent=LABELS)
        )
    else:
        y = (
            alt.Y("value:Q", title=series.unit)
            .scale(domain=domain, nice=series.top is None)
            .axis(tickCount=3, minExtent=LABELS)
        )
    base = alt.Chart(alt.NamedData("rows")).encode(x=x, y=y)
    line = base.mark_line(color=LINE, strokeWidth=2, strokeJoin="round")
    dots = base.mark_circle(color=LINE, size=22, opacity=1).transform_filter("!datum.failed")
    plain = [line, dots] if len(rows) <= _DOTS else [line]
    fails = base.mark_point(color=FAILED, shape=_CROSS, filled=False, size=300, strokeWidth=2.5, opacity=1)
    chart = alt.layer(*plain, fails.transform_filter("datum.failed")).properties(width=WIDTH, height=HEIGHT)
    specification: dict[str, Any] = chart.configure(**_look()).to_dict(validate=False)
    return specification | {"datasets": {"rows": rows}}  # last: Altair copies all that it is given, many times


def _whole_ticks(highest: float) -> list[int]:
    """Two to four evenly spaced whole numbers from 0 to at least `highest`."""
    step = 10 ** (len(str(int(highest))) - 1)
    while highest / step > 3:
        step *= 2
    while step > 1 and highest / step < 2:
        step = step // 2
    return list(range(0, int(highest) + step, step))


def _axis(points: Sequence[Point]) -> tuple[list[int], str]:
    """A few positions spread over the axis and a Vega expression that says their labels."""
    count = len(points)
    ticks = sorted({round(i * (count - 1) / (_LABELS - 1)) for i in range(_LABELS)}) if count > 1 else [0]
    cases = "".join(f"datum.value == {i} ? {json.dumps(points[i].label)} : " for i in ticks)
    return ticks, f"{cases}''"


def _look() -> dict[str, Any]:
    axis = {"domainColor": RULE, "tickColor": RULE, "gridColor": RULE, "labelColor": SOFT, "titleColor": SOFT}
    text = {"labelFontSize": 12, "titleFontSize": 12, "titleFontWeight": "normal", "titlePadding": 8}
    return {"aria": False, "background": "transparent", "view": {"stroke": "transparent"}, "axis": {**axis, **text}}
