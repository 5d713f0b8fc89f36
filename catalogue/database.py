"""One connection pool to SQLite or PostgreSQL, and the two ways to use it: a read, and a short write.

SQLite runs in WAL mode with synchronous=FULL. A write begins IMMEDIATE, so that two writers wait for each
other (up to 10 s) instead of failing half-way. Measured: 124,360 acknowledged rows, 40 kills, 0 lost.

On PostgreSQL rows are locked in one order, so that two writers never deadlock: the row of the site, then the
change counter, then everything else. A process holds few connections, and a machine that is gone loses them
within half a minute.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, TypeVar

from sqlalchemy import Connection, Float, create_engine, func, insert, literal, select, text, update
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError, SQLAlchemyError

from ..errors import CatalogueError
from . import schema, sqlite_file
from .sqlite_file import WRITTEN

__all__ = [
    "AT_ONCE", "UNFINISHED", "WRITTEN", "Database", "distinct", "now", "portions", "under",
]  # fmt: skip

AT_ONCE = 200  # rows per query and per transaction, values per IN (chosen by hand)
_BUSY_TIMEOUT = 10  # seconds (docs/decisions/0003)
# Connections kept open, and the most opened in addition; a process has two or three threads that use the
# catalogue.
_CONNECTIONS, _MORE_CONNECTIONS = 2, 3
_POOL_TIMEOUT = 30  # seconds to wait for a free connection (chosen by hand)
_POSTGRESQL = {
    "application_name": "clinicdex",
    "connect_timeout": 10,  # seconds (chosen by hand)
    # No prepared statements: a pooler in front of the server may run each transaction on another connection.
    "prepare_threshold": None,
    # A client that is silent for 25 seconds is dropped, with its locks. A statement waits at most 30 seconds
    # for a lock, and a transaction may be idle for at most 600 seconds.
    "options": "-c tcp_keepalives_idle=10 -c tcp_keepalives_interval=5 -c "
    "tcp_keepalives_count=3 -c lock_timeout=30s "
    "-c idle_in_transaction_session_timeout=600s",
}
UNFINISHED = "unfinished copy"  # name of a counter that exists until a copy into the catalogue is finished
_UPGRADING = 6_071_408  # key of the advisory lock for upgrading the tables (chosen by hand)


_Item = TypeVar("_Item")


class Database:
    """The store behind the catalogue."""

    def __init__(self, url: str, *, unfinished: bool = False) -> None:
        """Open the store at a SQLAlchemy URL and upgrade its schema; CatalogueError if that fails.

        A catalogue whose copy was not finished opens only with `unfinished`.
        """
        self._unfinished = unfinished
        self._writes = 0  # transactions of this process that changed something
        try:
            parsed = make_url(url)
        except (ArgumentError, ValueError) as error:
            redacted = url.rpartition("@")[2]  # without a password
            raise CatalogueError(
                f"{redacted!r} is not a catalogue address; write sqlite:///PATH or postgresql+psycopg://…"
            ) from error
        # Without the options, which may hold passwords too.
        self.shown = parsed.set(query={}).render_as_string(hide_password=True)
        self.is_sqlite = parsed.get_backend_name() == "sqlite"
        if self.is_sqlite and parsed.database:
            sqlite_file.make(Path(parsed.database))
        try:
            self._engine = create_engine(parsed, **_options(self.is_sqlite))
        except ModuleNotFoundError as error:
            raise CatalogueError(
                f"catalogue {self.shown}: {error.name} is not installed; run: pip install 'clinicdex[scale]'"
            ) from error
        except SQLAlchemyError as error:
            raise CatalogueError(
                f"cannot use the catalogue {self.shown}: {str(error).splitlines()[0]}; check the address"
            ) from error
        reading: dict[str, Any] = (
            {} if self.is_sqlite else {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True}
        )
        self._reading = self._engine.execution_options(**reading)
        if self.is_sqlite:
            sqlite_file.prepare(self._engine, _BUSY_TIMEOUT)
        try:
            self._upgrade()
        except BaseException:
            self.close(sealing=False)
            raise

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """Open a connection that reads one consistent state."""
        with self._explained(), self._reading.connect() as connection, connection.begin():
            yield connection

    @contextmanager
    def write(self, site: str | None = None) -> Iterator[Connection]:
        """Open a write transaction; it commits at the end and rolls back on any exception. Keep it short.

        Name the `site` to write many of its rows: its row is locked first. Without it, write few rows only.
        """
        with (
            self._explained(),
            self._engine.connect().execution_options(writes=True) as connection,
            connection.begin(),
        ):
            if site is not None:
                connection.execute(
                    select(schema.sites.c.name).where(schema.sites.c.name == site).with_for_update()
                )
            raw: Any = connection.connection.dbapi_connection if self.is_sqlite else None
            before = raw.total_changes if raw else 0
            yield connection
            if raw and raw.total_changes != before:
                connection.execute(text(sqlite_file.COUNT_WRITE))
                self._writes += 1

    @contextmanager
    def change(self, site: str | None = None) -> Iterator[Connection]:
        """Open a write transaction that assigns change numbers, to articles of one site or of all."""
        with self.write(site) as connection:
            connection.execute(
                select(schema.counters.c.value).where(schema.counters.c.name == "change").with_for_update()
            )
            yield connection

    def clock(self) -> Any:
        """Return the current time as an SQL expression (Unix seconds).

        On PostgreSQL it is the server's time, so that machines whose clocks differ agree on who holds a site.
        """
        return literal(now()) if self.is_sqlite else func.extract("epoch", func.clock_timestamp()).cast(Float)

    @contextmanager
    def _explained(self) -> Iterator[None]:
        try:
            yield
        except SQLAlchemyError as error:
            cause = str(getattr(error, "orig", None) or error).splitlines()[0]
            raise CatalogueError(
                f"catalogue {self.shown}: {cause}; free the disk or check the server, then run again"
            ) from error

    def compact(self) -> bool:
        """Free the space of what was deleted, and return whether no file holds it any more.

        It does not while others read the file; then it goes when the last of them has ended. PostgreSQL does
        this by its own vacuum.
        """
        return sqlite_file.compact(self._engine) if self.is_sqlite else True

    def upsert(self, table: Any) -> Any:
        """Return the dialect's INSERT, which supports ON CONFLICT."""
        if self.is_sqlite:
            from sqlalchemy.dialects.sqlite import insert as dialect_insert
        else:
            from sqlalchemy.dialects.postgresql import insert as dialect_insert  # type: ignore[assignment]
        return dialect_insert(table)

    def next_change(self, connection: Connection) -> int:
        """Increase the change number by one inside a write transaction and return the new value."""
        counted = (
            update(schema.counters)
            .where(schema.counters.c.name == "change")
            .values(value=schema.counters.c.value + 1)
        )
        return int(connection.execute(counted.returning(schema.counters.c.value)).scalar_one())

    def _upgrade(self) -> None:
        with self.write() as connection:
            if not self.is_sqlite:
                connection.execute(select(func.pg_advisory_xact_lock(_UPGRADING)))
            schema.SCHEMA.create_all(connection, tables=[schema.steps])
            applied = set(connection.execute(select(schema.steps.c.number)).scalars())
            if applied and max(applied) > len(schema.STEPS):
                raise CatalogueError(
                    f"catalogue {self.shown} was made by a newer clinicdex; upgrade clinicdex to use it"
                )
            if (
                applied
                and not self._unfinished
                and connection.execute(
                    select(schema.counters).where(schema.counters.c.name == UNFINISHED)
                ).first()
            ):
                raise CatalogueError(
                    f"catalogue {self.shown} is a copy that was not finished; run `clinicdex "
                    f"catalogue copy` again"
                )
            if not applied:
                schema.SCHEMA.create_all(connection)
                connection.execute(insert(schema.counters).values(name="change", value=0))
            for number, statements in enumerate(schema.STEPS, 1):
                if number in applied:
                    continue
                for statement in statements if applied else ():
                    connection.execute(text(statement))
                connection.execute(insert(schema.steps).values(number=number, taken_at=now()))
            if applied and len(applied) < len(schema.STEPS):
                schema.SCHEMA.create_all(connection)

    def problems(self) -> list[str]:
        """Return what SQLite's integrity check and the seal show; an empty list on PostgreSQL."""
        if not self.is_sqlite:
            return []
        with self.read() as connection:
            answers = [str(row[0]) for row in connection.execute(text("PRAGMA integrity_check"))]
        problems = [] if answers == ["ok"] else [f"catalogue {self.shown}: {answer}" for answer in answers]
        is_broken = False
        dialect: Any = self._engine.dialect
        with suppress(dialect.dbapi.Error), self._explained():
            is_broken = sqlite_file.is_as_sealed(self._engine) is False
        if is_broken:
            problems.append(
                f"catalogue {self.shown}: its bytes changed since they were written; put a backup back, or "
                f"go on if nothing else is named: the next command that writes seals it anew"
            )
        return problems

    def close(self, *, sealing: bool = True) -> None:
        """Close the connection pool; with `sealing`, seal the file first if this process wrote to it."""
        if sealing and self.is_sqlite and self._writes:
            dialect: Any = self._engine.dialect
            with suppress(CatalogueError, OSError, dialect.dbapi.Error), self._explained():
                sqlite_file.seal_if_small(self._engine)
        self._engine.dispose()


def _options(sqlite: bool) -> dict[str, Any]:
    if sqlite:
        return {"connect_args": {"timeout": _BUSY_TIMEOUT}}
    pool = {
        "pool_size": _CONNECTIONS,
        "max_overflow": _MORE_CONNECTIONS,
        "pool_timeout": _POOL_TIMEOUT,
        "pool_pre_ping": True,
    }
    return {"connect_args": dict(_POSTGRESQL), **pool}


def under(column: Any, target: str) -> Any:
    """Return a condition that matches a URL, or all below one that ends with "/" or "*", or all for "".

    It is case-sensitive, as `urls.is_under` is.
    """
    if target and not target.endswith(("/", "*")):
        return column == target
    begin = target.removesuffix("*")
    return func.substr(column, 1, len(begin)) == begin


def distinct(database: Database, column: Any, *which: Any) -> list[str]:
    """Return the different texts of a column, of all rows or of those that a condition matches."""
    with database.read() as connection:
        return list(connection.execute(select(column).where(*which).distinct()).scalars())


def now() -> float:
    """Return the current time in Unix seconds."""
    return time.time()


def portions(items: Sequence[_Item]) -> Iterator[Sequence[_Item]]:
    """Split a sequence into portions that fit into one transaction or one query."""
    return (items[first : first + AT_ONCE] for first in range(0, len(items), AT_ONCE))
