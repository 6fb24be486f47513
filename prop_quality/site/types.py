"""What a file of the site is, for those who serve it: its media type and how long it may be kept."""

from __future__ import annotations

_TYPES = {
    "html": "text/html; charset=utf-8",
    "css": "text/css; charset=utf-8",
    "js": "text/javascript; charset=utf-8",
    "json": "application/json",
    "svg": "image/svg+xml",
    "atom": "application/atom+xml",
}


def content_type(path: str) -> str:
    """The media type of `path` by its ending."""
    return _TYPES.get(path.rpartition(".")[2], "application/octet-stream")


def cache_control(path: str) -> str:
    """How long a copy of `path` stays good: for ever with a hash in its name, a day for a run, else ask each time."""
    if path.startswith("assets/"):
        return "public, max-age=31536000, immutable"
    if path.startswith("runs/") and not path.endswith("/index.html"):
        return "public, max-age=86400"
    return "no-cache"
