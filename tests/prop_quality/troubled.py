"""A real HTTP server before the embedded warehouse that answers some requests as BigQuery in trouble does."""

from __future__ import annotations

import json
import re
import socket
import struct
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.request import Request, urlopen

TABLES = r"/datasets/[^/]+/tables/"
CONTEXT_TABLE = r"/tables/upcoming_player_game_context"
SEND_JOB = r"POST .*/jobs"
CANCEL_JOB = r"POST .*/cancel"
RESULTS = r"GET .*/queries/"


@dataclass
class Trouble:
    """Requests whose `METHOD /path` matches `where` are answered so, `times` times after the first `after` ones."""

    where: str
    status: int = 0
    reason: str = ""
    message: str = ""
    kind: str = "error"
    times: int = 1_000_000
    after: int = 0
    seen: int = field(default=0, init=False)

    def takes(self, request: str) -> bool:
        """Whether this request meets it."""
        if not re.search(self.where, request):
            return False
        self.seen += 1
        return self.after < self.seen <= self.after + self.times


@contextmanager
def troubled(endpoint: str, *troubles: Trouble, heard: list[Any] | None = None) -> Iterator[str]:
    """The address of a server that has `troubles` and passes all other requests on to `endpoint`.

    The bodies of all jobs that were sent are added to `heard`.
    """
    released = threading.Event()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the library's name
            pass

        def answer(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            if heard is not None and re.search(SEND_JOB, f"{self.command} {self.path}"):
                heard.append(json.loads(body))
            trouble = next((t for t in troubles if t.takes(f"{self.command} {self.path}")), None)
            if trouble is None:
                self.pass_on(body)
            elif trouble.kind in _BY_HAND:
                _BY_HAND[trouble.kind](self, released)
                self.close_connection = True
            elif trouble.kind == "reset":
                self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
                self.close_connection = True
            elif trouble.kind == "failed_job":
                self.say(200, _failed_job(json.loads(body), trouble))
            else:
                self.say(trouble.status, _error(trouble))

        do_GET = do_POST = do_PUT = do_DELETE = answer  # noqa: N815 - the library's names

        def pass_on(self, body: bytes) -> None:
            headers = {k: v for k, v in self.headers.items() if k.lower() not in ("host", "accept-encoding")}
            request = Request(endpoint + self.path, body or None, headers, method=self.command)
            with urlopen(request, timeout=60) as answer:
                self.say(answer.status, json.loads(answer.read() or b"{}"))

        def say(self, status: int, content: Any) -> None:
            text = json.dumps(content).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(text)))
            self.end_headers()
            self.wfile.write(text)

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        released.set()
        server.shutdown()
        server.server_close()
        thread.join(5)


@contextmanager
def silent_socket() -> Iterator[str]:
    """An address where connections are accepted and nothing is ever said."""
    with socket.create_server(("127.0.0.1", 0), backlog=16) as listening:
        yield f"http://127.0.0.1:{listening.getsockname()[1]}"


def closed_port() -> str:
    """An address where nothing listens."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        return f"http://127.0.0.1:{listening.getsockname()[1]}"


def _hang(handler: BaseHTTPRequestHandler, released: threading.Event) -> None:
    del handler
    released.wait(60)


def _drip(handler: BaseHTTPRequestHandler, released: threading.Event) -> None:
    """An answer that never stands still and never ends."""
    handler.send_response(200)
    handler.send_header("Content-Length", "1000000")
    handler.end_headers()
    with suppress(OSError):
        while not released.wait(0.2):
            handler.wfile.write(b" ")


def _page(handler: BaseHTTPRequestHandler, released: threading.Event) -> None:
    """What a proxy that wants a sign-in answers in place of BigQuery."""
    del released
    handler.send_response(200)
    handler.end_headers()
    handler.wfile.write(b"<html>Please sign in</html>")


_BY_HAND = {"hang": _hang, "drip": _drip, "page": _page}


def _error(trouble: Trouble) -> Any:
    if trouble.kind == "garbage":
        return ["no answer that anybody knows"]
    one = {"reason": trouble.reason, "message": trouble.message, "domain": "global"}
    return {"error": {"code": trouble.status, "message": trouble.message, "errors": [one], "status": "ERROR"}}


def _failed_job(sent: dict[str, Any], trouble: Trouble) -> dict[str, Any]:
    """A job that BigQuery accepted and that ended at once with an error, such as the byte cap's."""
    problem = {"reason": trouble.reason, "message": trouble.message}
    return {
        "kind": "bigquery#job",
        "id": "job",
        "jobReference": sent["jobReference"],
        "configuration": sent["configuration"],
        "status": {"state": "DONE", "errorResult": problem, "errors": [problem]},
        "statistics": {"creationTime": "0", "startTime": "0", "endTime": "0", "totalBytesProcessed": "0"},
    }
