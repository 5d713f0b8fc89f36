"""What every request passes before it is answered: the host it names, its size, its pace, and the time it takes to arrive."""

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

_LONGEST_ADDRESS = 8 * 1024  # bytes
_LARGEST_BODY = 64 * 1024  # bytes
_SECONDS_FOR_BODY = 10.0
_LOOPBACK_NAMES = {"localhost", "127.0.0.1", "[::1]"}


class Rules:
    """Whom the gate lets in."""

    def __init__(self, hosts: Collection[str] = (), pace: RateLimit | None = None) -> None:
        self.hosts = {host.lower() for host in hosts} | _LOOPBACK_NAMES
        self.pace = pace


class Gate:
    """The part of the application before all answers. Behind proxies that are trusted, the server has put the client's own address in place of theirs."""

    def __init__(self, app: ASGIApp, rules: Rules, refusals: ErrorPages) -> None:
        self._app = app
        self._rules, self._refusals = rules, refusals

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, or say why not."""
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
            raise Problem(414, f"an address has at most {_LONGEST_ADDRESS} bytes")
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
    """Give the host that a request names, without the port."""
    text = (
        next((value.decode("latin-1") for name, value in scope["headers"] if name == b"host"), "")
        .strip()
        .lower()
    )
    return text.partition("]")[0] + "]" if text.startswith("[") else text.partition(":")[0]


async def _body(scope: Scope, receive: Receive) -> Receive:
    """Read a body of bounded size in bounded time, and give what hands it on; after it, whether the client went is asked of the server."""
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
