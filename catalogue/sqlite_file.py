"""What only a SQLite catalogue needs: its file, its pragmas, its seal, and the space of what was deleted."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, event

from ..errors import CatalogueError
from . import seal

__all__ = ["COUNT_WRITE", "WRITTEN", "compact", "is_as_sealed", "make", "prepare", "seal_if_small"]

WRITTEN = "written"  # name of the counter of write transactions
COUNT_WRITE = (
    f"INSERT INTO counters (name, value) VALUES ('{WRITTEN}', 1) "
    "ON CONFLICT (name) DO UPDATE SET value = value + 1"
)
# A larger file is not sealed: nobody can write to it while it is hashed, which takes 0.2 s for so many bytes.
_LARGEST_SEALED = 200_000_000  # bytes (chosen by hand)


def make(file: Path) -> None:
    """Make a file and its folder that only their owner can read; nothing happens if they are there."""
    try:
        file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    except OSError as error:
        raise CatalogueError(
            f"cannot make the folder {file.parent}: {error.strerror}; check its parent, or name "
            f"another with -d DIR"
        ) from error
    if not file.exists():  # a file that SQLite may have open must not be opened here; see seal.py
        with suppress(OSError):  # SQLite explains what is wrong with the file
            os.close(os.open(file, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600))


def prepare(engine: Engine, busy_timeout: int) -> None:
    """Set up every connection of an engine; a writer waits `busy_timeout` seconds for another."""

    def connected(connection: Any, _record: Any) -> None:
        connection.isolation_level = None  # we begin transactions ourselves
        # Bytes that are not UTF-8 are damage (damage.py); they must not end a query that only passes by them.
        connection.text_factory = lambda data: data.decode("utf-8", "surrogateescape")
        for pragma in (
            "journal_mode=WAL",
            "synchronous=FULL",
            f"busy_timeout={busy_timeout * 1000}",
            "foreign_keys=ON",
            "secure_delete=ON",
        ):
            connection.execute(f"PRAGMA {pragma}")

    event.listen(engine, "connect", connected)
    event.listen(engine, "begin", _begin)


def _begin(connection: Connection) -> None:
    connection.exec_driver_sql(
        "BEGIN IMMEDIATE" if connection.get_execution_options().get("writes") else "BEGIN"
    )


def compact(engine: Engine) -> bool:
    """Free the space of what was deleted; return whether no file holds it any more."""
    dialect: Any = engine.dialect
    busy = 1
    with suppress(dialect.dbapi.Error), engine.connect() as connection:
        raw: Any = connection.connection.dbapi_connection
        raw.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        raw.execute("VACUUM")
        busy = raw.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]
    return not busy


def is_as_sealed(engine: Engine) -> bool | None:
    """Whether the file is as it was sealed; None if that cannot be told now."""
    with _at_rest(engine) as state:
        return seal.matches(*state) if state else None


def seal_if_small(engine: Engine) -> None:
    """Seal the file, unless it is large, or others use it now."""
    with _at_rest(engine) as state:
        if state and state[0].stat().st_size <= _LARGEST_SEALED:
            seal.put(*state)


@contextmanager
def _at_rest(engine: Engine) -> Iterator[tuple[Path, int] | None]:
    """Yield the file and its counter of writes while nobody can write; None if others use it now."""
    with engine.connect() as connection:
        raw: Any = connection.connection.dbapi_connection
        file = Path(engine.url.database or "")
        busy = raw.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]
        if busy or not file.is_file():
            yield None
            return
        raw.execute("BEGIN IMMEDIATE")
        try:
            row = raw.execute("SELECT value FROM counters WHERE name = ?", (WRITTEN,)).fetchone()
            wal = file.with_name(f"{file.name}-wal")
            is_empty = not wal.exists() or wal.stat().st_size == 0
            yield (file, row[0]) if row and is_empty else None
        finally:
            raw.execute("ROLLBACK")
