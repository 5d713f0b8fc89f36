"""What was learned about each site, stored as a record that the pipeline understands."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select

from . import schema
from .database import Database, pack_json, unpack_json

__all__ = ["SiteModels"]


class SiteModels:
    """The site models of the catalogue."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def get(self, site: str) -> dict[str, Any] | None:
        """Return the record of a site's model; None if none was learned."""
        with self._database.read() as connection:
            data = connection.execute(
                select(schema.models.c.record).where(schema.models.c.site == site)
            ).scalar_one_or_none()
        return unpack_json(data) if data else None

    def put(self, site: str, version: str, record: dict[str, Any]) -> None:
        """Store the model of a site in place of the previous one."""
        values = {"version": version, "record": pack_json(record)}
        statement = self._database.upsert(schema.models).values(site=site, **values)
        with self._database.write() as connection:
            connection.execute(statement.on_conflict_do_update(index_elements=["site"], set_=values))
