"""Serve the web application with uvicorn until the process is told to stop."""

from __future__ import annotations

import asyncio
import ipaddress
import socket
from collections.abc import Callable
from typing import Any

import uvicorn
from uvicorn.protocols.http.h11_impl import H11Protocol

from .. import __version__
from ..config import Config
from ..errors import ConfigError
from ..index.open import engine_at
from .app import application
from .settings import of

__all__ = ["listening", "run"]

# all chosen by hand
_DRAIN = 5  # seconds that open requests have to finish after the signal to stop
_IDLE = 30  # seconds that a connection may stay open between two requests
_SECONDS_FOR_HEADERS = 10.0  # for all headers of a request to arrive
_MOST_HEADERS = 32 * 1024  # bytes of a request's headers; the gate bounds the URL to less


def run(config: Config, host: str, port: int, origins: tuple[str, ...], tell: Callable[[str], None]) -> None:
    """Serve until SIGTERM or Ctrl-C; ConfigError if the port cannot be opened."""
    listener = listening(host, port)
    url_host = f"[{host}]" if ":" in host else host
    tell(f"serving on http://{url_host}:{listener.getsockname()[1]}/  (Ctrl-C ends it)")
    engine = engine_at(config.index_url)
    app = application(engine, of(config, __version__, origins=origins, host=host, local=_is_local(host)))
    settings = uvicorn.Config(
        app,
        http=_Prompt,
        log_level="warning",
        server_header=False,
        proxy_headers=bool(config.trusted_proxies),
        forwarded_allow_ips=list(config.trusted_proxies),
        h11_max_incomplete_event_size=_MOST_HEADERS,
        timeout_graceful_shutdown=_DRAIN,
        timeout_keep_alive=_IDLE,
    )
    try:
        uvicorn.Server(settings).run(sockets=[listener])
    finally:
        engine.close()


def listening(host: str, port: int) -> socket.socket:
    """Return a socket bound to an address; ConfigError if it cannot be bound."""
    # IPPROTO_TCP must be named. Otherwise asyncio leaves Nagle's algorithm on, and every response of a
    # connection except the first waits 40 ms for its body.
    listener = socket.socket(
        socket.AF_INET6 if ":" in host else socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP
    )
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((host, port))
    except OSError as error:
        listener.close()
        raise ConfigError(
            f"cannot listen on {host}:{port}: {error.strerror}; choose another --port"
        ) from error
    return listener


def _is_local(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


class _Prompt(H11Protocol):
    """HTTP with a time limit for the headers of a request.

    uvicorn itself only limits the time between two requests.
    """

    _late: asyncio.TimerHandle | None = None

    def connection_made(self, transport: Any) -> None:
        super().connection_made(transport)
        self._expect_headers()

    def data_received(self, data: bytes) -> None:
        before = self.cycle
        super().data_received(data)
        if self.cycle is not before:
            self._expect_nothing()
        elif before is not None and before.response_complete and self._late is None:
            self._expect_headers()

    def connection_lost(self, exc: Exception | None) -> None:
        self._expect_nothing()
        super().connection_lost(exc)

    def _expect_headers(self) -> None:
        self._late = self.loop.call_later(_SECONDS_FOR_HEADERS, self._give_up)

    def _expect_nothing(self) -> None:
        if self._late is not None:
            self._late.cancel()
            self._late = None

    def _give_up(self) -> None:
        self._late = None
        if not self.transport.is_closing():
            self.transport.abort()
