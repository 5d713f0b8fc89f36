"""Open an engine by its index address."""

from __future__ import annotations

from pathlib import Path

from ..errors import ConfigError
from .engine import Engine, Reader

__all__ = ["engine_at", "reader_at"]

_WHOOSH = "whoosh+file://"
_OPENSEARCH = "opensearch+"


def engine_at(url: str) -> Engine:
    """Return the engine at an index address; nothing is opened or created yet.

    Raises ConfigError if the kind of address is not known, or the library of its engine is not installed.
    """
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
    address = url.rpartition("@")[2]  # without a password
    raise ConfigError(
        f"{address!r} is not an index address; write whoosh+file:///FOLDER, "
        "or opensearch+https://HOST:9200/articles"
    )


def reader_at(url: str) -> Reader:
    """Open a reader of the newest commit at an index address.

    What the engine shares is closed together with the reader.
    """
    engine = engine_at(url)
    try:
        return engine.reader()
    finally:
        engine.close()
