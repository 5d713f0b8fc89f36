"""Run the application with uvicorn until it is told to stop."""

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

__all__ = ["run"]

_DRAIN = 5  # seconds for open requests when it is told to stop
_IDLE = 30  # seconds between two requests of a connection
_SECONDS_FOR_HEADERS = 10.0
_MOST_HEADERS = 32 * 1024  # bytes; an address is bounded to less by the gate


def run(config: Config, host: str, port: int, origins: tuple[str, ...], tell: Callable[[str], None]) -> None:
    """Serve until SIGTERM or Ctrl-C. ConfigError if the port cannot be had."""
    listener = _listening(host, port)
    shown = f"[{host}]" if ":" in host else host
    tell(f"serving on http://{shown}:{listener.getsockname()[1]}/  (Ctrl-C ends it)")
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


def _listening(host: str, port: int) -> socket.socket:
    # TCP by name: without it asyncio leaves Nagle's algorithm on, and every answer but a connection's first waits 40 ms for its body
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
    """HTTP that does not wait for ever for the headers of a request: uvicorn itself only bounds the time between two."""

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
