"""A site declared inside a test and served on loopback.

with faux_site({"/": links("/a"), "/a": redirect("/b"), "/b": article("Title", "text …")}) as site:
    site.origin, site.asked
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from hashlib import sha256
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from clinicdex.flow.crawling import Summary

__all__ = [
    "GONE",
    "CrawlFaux",
    "Reply",
    "Site",
    "article",
    "article_text",
    "as_added",
    "faux_site",
    "html",
    "links",
    "redirect",
    "ten",
    "text",
]

CrawlFaux = Callable[..., Summary]  # the type of the fixture `crawled`
WORDS = (
    "stretch bend walk rest lift breathe sleep sit stand reach turn relax hold move ease "
    "strengthen balance support warm cool"
).split()


@dataclass(frozen=True)
class Reply:
    """One answer of the site."""

    body: bytes = b""
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    wait: float = 0.0  # seconds before it is sent


@dataclass
class Site:
    """A site that is being served."""

    origin: str
    host_port: str
    asked: list[str]  # requested paths, in order
    times: list[float]  # of the requests, as time.monotonic()
    requests: list[dict[str, str]]  # headers of the requests, names in lower case


def as_added(site: Site) -> tuple[str, ...]:
    """Return the arguments of clinicdex that add a faux site by the name "faux"."""
    names = ("--name", "faux", "--allow-host", site.host_port, "--delay", "0")
    return ("site", "add", site.origin, *names)


def html(body: str, head: str = "", **headers: str) -> Reply:
    return Reply(
        f"<!doctype html><html><head>{head}</head><body>{body}</body></html>".encode(),
        200,
        {"Content-Type": "text/html; charset=utf-8"} | headers,
    )


def links(*targets: str) -> Reply:
    return html("".join(f'<a href="{target}">{target}</a> ' for target in targets), "<title>Links</title>")


def redirect(target: str, status: int = 302) -> Reply:
    return Reply(b"", status, {"Location": target})


def text(body: str, kind: str = "text/plain", status: int = 200) -> Reply:
    return Reply(body.encode(), status, {"Content-Type": kind})


def article_text(seed: str, sentences: int = 12) -> str:
    """Return sentences that differ from seed to seed."""
    rolls = sha256(seed.encode()).digest()
    lines = []
    for number in range(sentences):
        chosen = [
            WORDS[(rolls[(number + position) % 32] + number * position) % len(WORDS)] for position in range(9)
        ]
        lines.append(f"In {seed} step {number} you " + " and ".join(chosen) + ".")
    return " ".join(lines)


def article(title: str, seed: str | None = None, head: str = "", extra: str = "") -> Reply:
    body = article_text(seed or title)
    half = body.find(".", len(body) // 2) + 1
    return html(
        f"<article><h1>{title}</h1><p>{body[:half]}</p><p>{body[half:]}</p></article>{extra}",
        f"<title>{title}</title>{head}",
    )


Replies = dict[str, Reply | Callable[[int], Reply]]
GONE = text("gone", status=410)


def ten() -> Replies:
    articles: Replies = {f"/{n}": article(f"Article {n}") for n in range(10)}
    return {"/": links(*articles), **articles}


@contextmanager
def faux_site(replies: Mapping[str, Any]) -> Iterator[Site]:
    """Serve a site. Unknown paths answer 404.

    A callable reply is called with the number of earlier requests for its path.
    """
    site = Site("", "", [], [], [])
    counts: dict[str, int] = {}
    lock = threading.Lock()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            with lock:
                before = counts.get(self.path, 0)
                counts[self.path] = before + 1
                site.asked.append(self.path)
                site.times.append(time.monotonic())
                site.requests.append({name.lower(): value for name, value in self.headers.items()})
            answer: Any = replies.get(self.path, Reply(b"not here", 404, {"Content-Type": "text/plain"}))
            reply = answer(before) if callable(answer) else answer
            time.sleep(reply.wait)
            tag = reply.headers.get("ETag")
            status = 304 if tag and self.headers.get("If-None-Match") == tag else reply.status
            body = b"" if status == 304 else reply.body.replace(b"{origin}", site.origin.encode())
            self.send_response(status)
            for name, value in reply.headers.items():
                self.send_header(name, value.replace("{origin}", site.origin))
            if "Content-Length" not in reply.headers:
                self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            try:
                self.wfile.write(body)
            except OSError:
                self.close_connection = True

        def log_message(self, *_: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    site.host_port = f"127.0.0.1:{server.server_port}"
    site.origin = f"http://{site.host_port}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield site
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
