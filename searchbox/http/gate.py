"""Check each request before it is answered.

Checked are the host that it names, its size, the client's rate, and the time that the body takes to arrive.
"""

from __future__ import annotations

import math
import time
from collections.abc import Collection

import anyio
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from .error_page import ErrorPages
from .problem import Problem
from .rate_limit import RateLimit

__all__ = ["Gate", "Rules"]

# all chosen by hand
_LONGEST_ADDRESS = 8 * 1024  # bytes of a URL's path and query string
_LARGEST_BODY = 64 * 1024  # bytes
_SECONDS_FOR_BODY = 10.0  # for the whole body to arrive
_LOOPBACK_NAMES = {"localhost", "127.0.0.1", "[::1]"}


class Rules:
    """Host names and rate limit that requests are checked against."""

    def __init__(self, hosts: Collection[str] = (), pace: RateLimit | None = None) -> None:
        self.hosts = {host.lower() for host in hosts} | _LOOPBACK_NAMES
        self.pace = pace


class Gate:
    """ASGI middleware that checks requests before the application sees them.

    Behind trusted proxies, the server has already replaced the proxy's IP address with the client's.
    """

    def __init__(self, app: ASGIApp, rules: Rules, refusals: ErrorPages) -> None:
        self._app = app
        self._rules, self._refusals = rules, refusals

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, or answer with the reason why not."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        try:
            self._check(scope)
            whole = await _body(scope, receive)
        except Problem as problem:
            await self._refusals.answer(Request(scope), problem)(scope, receive, send)
            return
        await self._app(scope, whole, send)

    def _check(self, scope: Scope) -> None:
        if len(scope.get("raw_path") or b"") + len(scope.get("query_string") or b"") > _LONGEST_ADDRESS:
            raise Problem(414, f"a URL has at most {_LONGEST_ADDRESS} bytes")
        host = _host(scope)
        if "*" not in self._rules.hosts and host not in self._rules.hosts:
            raise Problem(
                421,
                f"this server does not answer for {host[:100]!r}; its owner names its hosts in "
                f"clinicdex.toml (hosts)",
            )
        if self._rules.pace is not None:
            wait = self._rules.pace.wait(str((scope.get("client") or ("",))[0]), time.monotonic())
            if wait:
                raise Problem(429, "too many requests; ask a little later", retry_after=math.ceil(wait))


def _host(scope: Scope) -> str:
    """Return the host that a request names, in lower case and without the port."""
    text = (
        next((value.decode("latin-1") for name, value in scope["headers"] if name == b"host"), "")
        .strip()
        .lower()
    )
    return text.partition("]")[0] + "]" if text.startswith("[") else text.partition(":")[0]


async def _body(scope: Scope, receive: Receive) -> Receive:
    """Read a body of bounded size in bounded time; return a `receive` that hands it on.

    After the body, this `receive` waits for the server's, which reports when the client disconnects.
    Problem 413 if the body is too large, 408 if it takes too long.
    """
    if scope["method"] in ("GET", "HEAD", "OPTIONS"):
        return receive
    parts, size = [], 0
    with anyio.move_on_after(_SECONDS_FOR_BODY) as waiting:
        more = True
        while more:
            message = await receive()
            parts.append(message.get("body", b""))
            size += len(parts[-1])
            if size > _LARGEST_BODY:
                raise Problem(413, f"a body has at most {_LARGEST_BODY} bytes")
            more = bool(message.get("more_body")) and message["type"] == "http.request"
    if waiting.cancelled_caught:
        raise Problem(408, f"the body did not come within {_SECONDS_FOR_BODY:.0f} seconds")
    left: list[Message] = [{"type": "http.request", "body": b"".join(parts), "more_body": False}]

    async def hand_on() -> Message:
        return left.pop() if left else await receive()

    return hand_on
