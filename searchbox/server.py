"""Run the application with uvicorn until it is told to stop."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import uvicorn

from .. import __version__
from ..errors import ConfigError
from ..index.open import engine_at
from .app import application

__all__ = ["run"]

_DRAIN = 5  # seconds for open requests when it is told to stop


def run(index_url: str, host: str, port: int, cors: Sequence[str], tell: Callable[[str], None]) -> None:
    """Serve until SIGTERM or Ctrl-C. ConfigError if the port cannot be had."""
    import socket

    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((host, port))
    except OSError as error:
        listener.close()
        raise ConfigError(f"cannot listen on {host}:{port}: {error.strerror}; choose another --port") from error
    shown = f"[{host}]" if ":" in host else host
    tell(f"serving on http://{shown}:{listener.getsockname()[1]}/  (Ctrl-C ends it)")
    app = application(engine_at(index_url), __version__, cors)
    config = uvicorn.Config(app, log_level="warning", server_header=False, timeout_graceful_shutdown=_DRAIN, timeout_keep_alive=30)
    uvicorn.Server(config).run(sockets=[listener])
