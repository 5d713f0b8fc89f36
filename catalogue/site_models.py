"""What was learned about each site, stored as a record that the pipeline understands."""

from __future__ import annotations

import logging
from typing import Any

from sqlalchemy import select

from . import schema
from .damage import DECODING
from .database import Database
from .packing import pack_json, unpack_json

__all__ = ["SiteModels"]

_log = logging.getLogger(__name__)


class SiteModels:
    """The site models of the catalogue."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def get(self, site: str) -> dict[str, Any] | None:
        """Return the record of a site's model; None if none was learned, or if it is damaged."""
        with self._database.read() as connection:
            model = select(schema.models.c.record).where(schema.models.c.site == site)
            data = connection.execute(model).scalar_one_or_none()
        try:
            return unpack_json(data) if data else None
        except DECODING as error:
            _log.warning("%s: what was learned of the site is damaged (%s); it is learned again", site, error)
            return None

    def put(self, site: str, version: str, record: dict[str, Any]) -> None:
        """Store the model of a site in place of the previous one."""
        values = {"version": version, "record": pack_json(record)}
        statement = self._database.upsert(schema.models).values(site=site, **values)
        with self._database.write() as connection:
            connection.execute(statement.on_conflict_do_update(index_elements=["site"], set_=values))
