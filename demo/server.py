"""The demo server: every demo site on a loopback port of its own.

    python -m clinicdex.demo.server [--port N]

This serves until Ctrl-C or SIGTERM. With `--port N` the sites use the ports N, N+1, …
"""

from __future__ import annotations

import argparse
import hashlib
import logging
import signal
import socketserver
import threading
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime
from email.utils import format_datetime, parsedate_to_datetime
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Final

from .sites import MISSING, SITES, Answer, site_pages

__all__ = ["main", "serve"]

_log = logging.getLogger(__name__)

_HOST: Final = "127.0.0.1"
_CHANGED: Final = datetime(2025, 1, 6, 8, 0, tzinfo=UTC)  # later than every article, always in the past
# seconds a shutdown may wait for the accept loop; the default of 0.5 s would slow every test
_POLL: Final = 0.05


class _Site(ThreadingHTTPServer):
    """One demo site on one port."""

    daemon_threads = True

    def __init__(self, name: str, port: int) -> None:
        super().__init__((_HOST, port), _Handler)
        self.origin = f"http://{_HOST}:{self.server_port}"
        self.pages = site_pages(name, self.origin)

    def server_bind(self) -> None:
        """Bind without the reverse DNS lookup of HTTPServer, which can take seconds on an offline machine."""
        socketserver.TCPServer.server_bind(self)
        self.server_name, self.server_port = _HOST, self.socket.getsockname()[1]

    def answer(self, target: str) -> Answer:
        """Return the answer to a request target; like a static server, ignore an unknown query."""
        path = target.partition("?")[0]
        return self.pages.get(target) or self.pages.get(path) or self.pages[MISSING]


class _Handler(BaseHTTPRequestHandler):
    server: _Site
    protocol_version = "HTTP/1.1"
    server_version = "demo"
    sys_version = ""
    timeout = 5  # seconds a silent client may hold its thread (chosen by hand)

    def do_GET(self) -> None:
        answer = self.server.answer(self.path)
        if answer.status == HTTPStatus.OK and self._has_current(answer):
            self._start(HTTPStatus.NOT_MODIFIED, answer)
        else:
            self._start(answer.status, answer)
            self._write(answer.body)

    do_HEAD = do_GET

    def _has_current(self, answer: Answer) -> bool:
        """Whether the client's copy is fresh; If-None-Match takes precedence (RFC 9110, section 13.2.2)."""
        tags = self.headers.get("If-None-Match")
        if tags is not None:
            return _matches(tags, _etag(answer))
        return _not_before(self.headers.get("If-Modified-Since"), _CHANGED)

    def _start(self, status: int, answer: Answer) -> None:
        self.send_response(status)
        if status != HTTPStatus.NOT_MODIFIED:
            self.send_header("Content-Type", answer.content_type)
            self.send_header("Content-Length", str(len(answer.body)))
        if status != HTTPStatus.NOT_FOUND:
            self.send_header("ETag", _etag(answer))
            self.send_header("Last-Modified", format_datetime(_CHANGED, usegmt=True))
        # A kept-alive connection would outlive the server and cause a warning in some test run.
        self.send_header("Connection", "close")
        self.end_headers()

    def _write(self, body: bytes) -> None:
        if self.command != "HEAD":
            self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        """Log at debug level instead of writing to the terminal."""
        _log.debug("answered " + format, *args)


@contextmanager
def serve(port: int = 0) -> Iterator[dict[str, str]]:
    """Serve all demo sites and yield name -> origin.

    With `port` 0 the sites use free ports, else `port` and those that follow it.
    """
    with ExitStack() as stack:
        origins = {}
        for offset, name in enumerate(SITES):
            site = stack.enter_context(_Site(name, port + offset if port else 0))
            stack.enter_context(_running(site))
            origins[name] = site.origin
        yield origins


@contextmanager
def _running(site: _Site) -> Iterator[None]:
    thread = threading.Thread(target=site.serve_forever, kwargs={"poll_interval": _POLL}, daemon=True)
    thread.start()
    try:
        yield
    finally:
        site.shutdown()
        thread.join()


def _etag(answer: Answer) -> str:
    return f'"{hashlib.sha256(answer.body).hexdigest()[:16]}"'


def _matches(tags: str, etag: str) -> bool:
    """Whether one of the tags matches, compared weakly, as a GET may (RFC 9110, section 8.8.3.2)."""
    known = (tag.strip().removeprefix("W/") for tag in tags.split(","))
    return tags.strip() == "*" or etag in known


def _not_before(stamp: str | None, moment: datetime) -> bool:
    """Whether an HTTP date is at or after `moment`; False for a date that cannot be parsed."""
    try:
        return stamp is not None and parsedate_to_datetime(stamp) >= moment
    except (TypeError, ValueError):  # TypeError: the date has no time zone
        return False


def main(argv: Sequence[str] | None = None) -> int:
    """Serve until SIGINT or SIGTERM; return 0."""
    parser = argparse.ArgumentParser(
        prog="clinicdex.demo.server", description="Serve the demo clinic sites on loopback."
    )
    parser.add_argument(
        "--port", type=int, default=0, metavar="N", help="sites take N, N+1, ... (default: free ports)"
    )
    port = parser.parse_args(argv).port
    stop = threading.Event()
    for name in (signal.SIGINT, signal.SIGTERM):
        signal.signal(name, lambda *_: stop.set())
    try:
        with serve(port) as origins:
            print(*(f"{name} {origin}/" for name, origin in origins.items()), sep="\n", flush=True)
            stop.wait()
    except (OSError, OverflowError) as error:
        parser.exit(1, f"cannot serve on port {port}: {error}\n")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
