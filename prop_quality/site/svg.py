"""Drawings made safe and themed: only shapes and words pass, colours become classes that the style sheet fills in."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET  # our own renderer's output, bounded by MAX_BYTES and free of a DOCTYPE
from collections.abc import Mapping

from markupsafe import Markup, escape

NAMESPACE = "{http://www.w3.org/2000/svg}"
MAX_BYTES = 400_000
_SHAPES = {"g", "path", "line", "rect", "circle", "text", "tspan", "polygon", "polyline"}
_ATTRIBUTES = {
    *("d", "x", "y", "x1", "x2", "y1", "y2", "r", "cx", "cy", "dx", "dy", "width", "height", "points"),
    *("transform", "stroke-width", "stroke-dasharray", "opacity", "fill-opacity", "text-anchor", "font-size"),
    *("stroke-linecap", "stroke-linejoin", "fill", "stroke"),
}
_VALUE = re.compile(r"[\w\s.,()+#%-]{0,20000}")
_EMPTY = re.compile(r"<g>\s*</g>|<g/>")
_LONG_NUMBER = re.compile(r"-?\d+\.\d{2,}")
_DEFAULTS = {("opacity", "1"), ("stroke-width", "1"), ("x2", "0"), ("y2", "0"), ("transform", "translate(0,0)")}


class UnsafeDrawing(ValueError):
    """The text is not a drawing of shapes and words."""


def themed(text: str, colours: Mapping[str, str], *, title: str, description: str, key: str) -> Markup:
    """The SVG `text` for use inside a page, with nothing in it that could run, load or link.

    Args:
        text: an SVG document.
        colours: the class for each colour that the drawing may use; other colours are dropped.
        title: its name, for those who do not see it.
        description: what it shows, in a sentence.
        key: an id, unique on its page.

    Raises:
        UnsafeDrawing: not well-formed, with a DOCTYPE, or over 400,000 bytes.
    """
    if len(text) > MAX_BYTES or "<!" in text:
        raise UnsafeDrawing("the drawing is too large, or declares entities")
    try:
        root = ET.fromstring(text)  # noqa: S314  # no DOCTYPE, so no entities; the size is bounded above
    except ET.ParseError as error:
        raise UnsafeDrawing(str(error)) from error
    box = root.get("viewBox", "")
    if not re.fullmatch(r"[\d. -]{1,60}", box):
        raise UnsafeDrawing("the drawing has no viewBox")
    inner = "".join(_element(child, colours) for child in root)
    for _ in range(12):
        inner, count = _EMPTY.subn("", inner)
        if not count:
            break
    head = Markup(
        '<svg class="chart" viewBox="{}" role="img" aria-labelledby="{k}-t {k}-d" focusable="false">'
        '<title id="{k}-t">{}</title><desc id="{k}-d">{}</desc>'
    ).format(box, title, description, k=key)
    return head + Markup(inner) + Markup("</svg>")  # noqa: S704  # built from the allowed parts below


def _element(node: ET.Element, colours: Mapping[str, str]) -> str:
    name = node.tag.removeprefix(NAMESPACE) if isinstance(node.tag, str) else ""
    if name not in _SHAPES or node.get("display") == "none" or (name == "path" and not node.get("d")):
        return ""
    attributes, classes = [], []
    for attribute, value in node.attrib.items():
        if attribute not in _ATTRIBUTES or not _VALUE.fullmatch(value):
            continue
        if attribute in ("fill", "stroke"):
            colour = value.lower()
            if colour in colours:
                classes.append(f"{attribute[0]}-{colours[colour]}")
            elif colour in ("none", "transparent"):
                attributes.append(f'{attribute}="none"')
            continue
        value = _LONG_NUMBER.sub(lambda found: f"{float(found[0]):.1f}".removesuffix(".0"), value)
        if (attribute, value) not in _DEFAULTS:
            attributes.append(f'{attribute}="{escape(value)}"')
    if classes:
        attributes.append(f'class="{" ".join(classes)}"')
    inner = escape(node.text or "") if name in ("text", "tspan") else ""
    inner += "".join(_element(child, colours) for child in node)
    opening = " ".join((name, *attributes))
    if name in ("rect", "path") and "fill=" not in opening and not classes:
        return ""
    return f"<{opening}>{inner}</{name}>" if inner or name == "g" else f"<{opening}/>"
