"""Open an engine by its address."""

from __future__ import annotations

from pathlib import Path

from ..errors import ConfigError
from .engine import Engine

__all__ = ["engine_at"]

_WHOOSH = "whoosh+file://"


def engine_at(url: str) -> Engine:
    """Give the engine at an address; nothing is opened or made yet. ConfigError if the address is of no known sort."""
    if url.startswith(_WHOOSH):
        from .whoosh import WhooshEngine

        return WhooshEngine(Path(url.removeprefix(_WHOOSH)))
    raise ConfigError(f"{url!r} is no index address; write whoosh+file:///FOLDER")
