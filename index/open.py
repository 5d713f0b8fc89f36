"""Open an engine by its address."""

from __future__ import annotations

from pathlib import Path

from ..errors import ConfigError
from .engine import Engine, Reader

__all__ = ["engine_at", "reader_at"]

_WHOOSH = "whoosh+file://"
_OPENSEARCH = "opensearch+"


def engine_at(url: str) -> Engine:
    """Give the engine at an address; nothing is opened or made yet. ConfigError if the address is of no known sort, or its library is not there."""
    if url.startswith(_WHOOSH):
        from .whoosh.engine import WhooshEngine

        return WhooshEngine(Path(url.removeprefix(_WHOOSH)))
    if url.startswith(_OPENSEARCH):
        try:
            from .opensearch.address import parse
            from .opensearch.engine import OpenSearchEngine
        except ModuleNotFoundError as error:
            raise ConfigError(
                f"index: {error.name} is not installed; run: pip install 'clinicdex[scale]'"
            ) from error
        return OpenSearchEngine(parse(url))
    said = url.rpartition("@")[2]  # without a password
    raise ConfigError(
        f"{said!r} is no index address; write whoosh+file:///FOLDER, or opensearch+https://HOST:9200/articles"
    )


def reader_at(url: str) -> Reader:
    """Open the newest commit at an address. What its engine shares goes with the reader."""
    engine = engine_at(url)
    try:
        return engine.reader()
    finally:
        engine.close()
