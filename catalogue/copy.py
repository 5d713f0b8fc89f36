"""Copy a catalogue to another store: either every row is copied, counted and checked, or the copy fails.

The source is read as it was at one moment. A catalogue whose copy was not finished cannot be opened; copying
again starts from the beginning.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Table, delete, func, insert, select, text

from ..errors import CatalogueError
from . import schema
from .database import UNFINISHED, WRITTEN, Database

__all__ = ["CopiedTable", "copy"]

_ROWS = 500  # rows per transaction (chosen by hand)
_TABLES = [table for table in schema.SCHEMA.sorted_tables if table is not schema.steps]
_NUMBERED = (schema.frontier, schema.runs)  # tables whose rows PostgreSQL numbers by a sequence


@dataclass(frozen=True, slots=True)
class CopiedTable:
    """What was copied of one table; equal for source and target."""

    table: str
    rows: int
    digest: str  # SHA-256 over all rows in the order of their keys


def copy(source_url: str, target_url: str, tell: Callable[[str, int], None]) -> list[CopiedTable]:
    """Copy a catalogue into an empty one; `tell` is called with (table, rows so far).

    Leases are not copied, because nobody works on the copy. CatalogueError if a site is being crawled, if the
    target already holds anything, or if a table differs from its source afterwards.
    """
    source = Database(source_url)
    try:
        target = Database(target_url, unfinished=True)
        try:
            return _copy(source, target, tell)
        finally:
            target.close()
    finally:
        source.close()


def _copy(source: Database, target: Database, tell: Callable[[str, int], None]) -> list[CopiedTable]:
    _check_idle(source)
    _begin(target)
    with source.read() as reading:
        written = [_copy_table(reading, target, table, tell) for table in _TABLES]
    for copied, table in zip(written, _TABLES, strict=True):
        with target.read() as connection:
            arrived = _summed(table, _rows(connection, table))
        if arrived != copied:
            raise CatalogueError(
                f"{target.shown}: {table.name} has {arrived.rows} rows that are not the "
                f"{copied.rows} of the source; copy again"
            )
    with target.write() as connection:
        _renumber(target, connection)
        connection.execute(delete(schema.counters).where(schema.counters.c.name == UNFINISHED))
    return written


def _check_idle(source: Database) -> None:
    leased = select(schema.sites.c.name).where(schema.sites.c.lease_until >= source.clock())
    with source.read() as connection:
        names = connection.execute(leased).scalars().all()
    if names:
        raise CatalogueError(
            f"{source.shown}: {', '.join(names)} is being crawled; wait for it to end, then copy"
        )


def _begin(target: Database) -> None:
    """Delete what an earlier copy left behind, and mark the target as unfinished."""
    with target.write() as connection:
        left = connection.execute(
            select(schema.counters.c.name).where(schema.counters.c.name == UNFINISHED)
        ).first()
        used = [
            table.name
            for table in (schema.sites, schema.articles, schema.pages)
            if connection.execute(select(table.c[0]).limit(1)).first()
        ]
        if used and not left:
            raise CatalogueError(
                f"{target.shown} already holds {' and '.join(used)}; name an empty catalogue"
            )
        for table in _TABLES:
            connection.execute(delete(table))
        connection.execute(insert(schema.counters).values(name=UNFINISHED, value=1))


def _copy_table(
    reading: Connection, target: Database, table: Table, tell: Callable[[str, int], None]
) -> CopiedTable:
    batch: list[dict[str, Any]] = []
    count = 0

    def write() -> None:
        with target.write() as connection:
            connection.execute(insert(table), batch)
        tell(table.name, count)
        batch.clear()

    def passing() -> Iterator[dict[str, Any]]:
        nonlocal count
        for row in _rows(reading, table):
            batch.append(row)
            count += 1
            yield row
            if len(batch) == _ROWS:
                write()

    summed = _summed(table, passing())
    if batch:
        write()
    return summed


def _rows(connection: Connection, table: Table) -> Iterator[dict[str, Any]]:
    """Yield the rows of a table as they are copied, in the order of its key."""
    query = select(table).order_by(*table.primary_key.columns)
    if table is schema.counters:
        query = query.where(table.c.name.not_in((UNFINISHED, WRITTEN)))
    with connection.execution_options(yield_per=_ROWS).execute(query) as rows:
        for row in rows.mappings():
            yield dict(row) | ({"owner": None, "lease_until": None} if table is schema.sites else {})


def _summed(table: Table, rows: Iterator[dict[str, Any]]) -> CopiedTable:
    count, digest = 0, hashlib.sha256()
    for row in rows:
        count += 1
        for value in row.values():
            encoded = (
                bytes(value)
                if isinstance(value, bytes | memoryview)
                else repr(value).encode("utf-8", "surrogatepass")
            )
            digest.update(len(encoded).to_bytes(8) + encoded)
    return CopiedTable(table.name, count, digest.hexdigest())


def _renumber(target: Database, connection: Connection) -> None:
    """Set the sequences of PostgreSQL so that new rows are numbered after the copied ones."""
    for table in () if target.is_sqlite else _NUMBERED:
        last = select(func.coalesce(func.max(table.c.id), 0) + 1).scalar_subquery()
        connection.execute(
            select(func.setval(func.pg_get_serial_sequence(table.name, "id"), last, text("false")))
        )
