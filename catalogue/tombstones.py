"""URLs and prefixes (`urls.is_under`) that were forgotten for good: no crawl and no import restores them."""

from __future__ import annotations

from sqlalchemy import delete, select

from . import schema
from .database import Database, now

__all__ = ["Tombstones"]

_tombstones = schema.tombstones


class Tombstones:
    """The tombstones of the catalogue."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def put(self, prefix: str) -> None:
        """Keep out a URL, or all URLs below it, from now on; nothing happens if it is kept out already."""
        statement = self._database.upsert(_tombstones).values(prefix=prefix, since=now())
        with self._database.write() as connection:
            connection.execute(statement.on_conflict_do_nothing(index_elements=["prefix"]))

    def lift(self, prefix: str) -> bool:
        """Remove the tombstone of exactly this URL or prefix; return whether there was one."""
        with self._database.write() as connection:
            return bool(
                connection.execute(delete(_tombstones).where(_tombstones.c.prefix == prefix)).rowcount
            )

    def all(self) -> dict[str, float]:
        """Map every URL or prefix that is kept out to since when (Unix seconds), in order."""
        with self._database.read() as connection:
            return {
                row.prefix: row.since
                for row in connection.execute(select(_tombstones).order_by(_tombstones.c.prefix))
            }
