"""Shows the site on loopback: `prop-quality site serve`."""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Event, Thread

from prop_quality.errors import DeliveryError, UsageError
from prop_quality.site.types import content_type

HOST = "127.0.0.1"


class Handler(SimpleHTTPRequestHandler):
    """Plain files, none hidden, none from outside the folder, asked for by this machine's own names only."""

    timeout = 30

    def do_GET(self) -> None:
        """Answer a request for a page."""
        if self._allowed():
            super().do_GET()

    def do_HEAD(self) -> None:
        """Answer a request for a page's headers."""
        if self._allowed():
            super().do_HEAD()

    def guess_type(self, path: object) -> str:
        """The same types as in a bucket."""
        return content_type(str(path))

    def list_directory(self, path: object) -> None:
        """Say that there is no such page, instead of what else is there."""
        self.send_error(404)

    def end_headers(self) -> None:
        """Forbid guesses of the content's type and a cached front page."""
        self.send_header("X-Content-Type-Options", "nosniff")
        self.send_header("Cache-Control", "no-cache")
        super().end_headers()

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        """Say nothing: the terminal belongs to the command."""

    def _allowed(self) -> bool:
        host = (self.headers.get("Host") or "").partition(":")[0]
        hidden = any(part.startswith(".") for part in self.path.split("?")[0].split("/"))
        if host not in (HOST, "localhost") or hidden or "%2e" in self.path.lower():
            self.send_error(404)
            return False
        return True


def show(site_dir: Path, say: Callable[[str], None], *, port: int = 0, seconds: float | None = None) -> None:
    """Serve `site_dir` until Ctrl-C, or for `seconds`; `say` is told the address. Raises what `serve` raises."""
    with serve(site_dir, port) as address, suppress(KeyboardInterrupt):
        say(f"{address} (Ctrl-C ends it)")
        Event().wait(seconds)


@contextmanager
def serve(site_dir: Path, port: int = 0) -> Iterator[str]:
    """Serve `site_dir` on 127.0.0.1 while the context lasts; yields the address of the front page.

    Args:
        site_dir: a site that `build_site` made.
        port: 0 takes any free port.

    Raises:
        UsageError: there is no site in `site_dir`.
        DeliveryError: the port is taken.
    """
    if not (site_dir / "index.html").is_file():
        raise UsageError(f"There is no site in {site_dir}; run `prop-quality site build` first.")
    handler = functools.partial(Handler, directory=str(site_dir))
    try:
        server = ThreadingHTTPServer((HOST, port), handler)
    except (OSError, OverflowError) as error:
        why = (getattr(error, "strerror", None) or str(error)).lower()
        raise DeliveryError(f"Port {port} of {HOST} cannot be used: {why}. Choose another with --port.") from error
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.1}, daemon=True)
    thread.start()
    try:
        yield f"http://{HOST}:{server.server_port}/index.html"
    finally:
        server.shutdown()
        server.server_close()
        thread.join(timeout=10)
