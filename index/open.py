"""Open an engine by its index address."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

from ..errors import ConfigError

if TYPE_CHECKING:
    from .engine import Engine, Reader

__all__ = ["check", "engine_at", "reader_at"]

_WHOOSH = "whoosh+file://"
_OPENSEARCH = "opensearch+"


def check(url: str) -> None:
    """Check an index address without loading its engine.

    Raises ConfigError if the kind of address is not known, or the library of its engine is not installed.
    """
    if url.startswith(_OPENSEARCH):
        from .opensearch.address import parse

        parse(url)
        if find_spec("opensearchpy") is None:
            raise ConfigError("index: opensearchpy is not installed; run: pip install 'clinicdex[scale]'")
    elif not url.startswith(_WHOOSH):
        address = url.rpartition("@")[2]  # without a password
        raise ConfigError(
            f"{address!r} is not an index address; write whoosh+file:///FOLDER, "
            "or opensearch+https://HOST:9200/articles"
        )


def engine_at(url: str) -> Engine:
    """Return the engine at an index address; nothing is opened or created yet. ConfigError as of `check`."""
    check(url)
    if url.startswith(_WHOOSH):
        from .whoosh.engine import WhooshEngine

        return WhooshEngine(Path(url.removeprefix(_WHOOSH)))
    from .opensearch.address import parse
    from .opensearch.engine import OpenSearchEngine

    return OpenSearchEngine(parse(url))


def reader_at(url: str) -> Reader:
    """Open a reader of the newest commit at an index address.

    What the engine shares is closed together with the reader.
    """
    engine = engine_at(url)
    try:
        return engine.reader()
    finally:
        engine.close()
