"""The visible articles of a site at one moment, each by what shows later whether it changed."""

from __future__ import annotations

import zlib
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from . import schema
from .damage import DECODING
from .database import Database, portions
from .packing import unpack_json
from .schema import VISIBLE

__all__ = ["Known", "missing", "snapshot", "titles"]

_articles, _frontier = schema.articles, schema.frontier


@dataclass(frozen=True, slots=True)
class Known:
    """One article, as it was."""

    url: str
    digest: str  # of its normalised text
    record: int  # checksum of its whole record

    def differs_from(self, other: Known, *, whole_record: bool) -> bool:
        """Whether the text of an article is another one, or with `whole_record` anything of it."""
        return self.digest != other.digest or (whole_record and self.record != other.record)


def snapshot(database: Database, site: str) -> dict[str, Known]:
    """Map the ids of the visible articles of a site to what is known of them now."""
    columns = (_articles.c.id, _articles.c.url, _articles.c.digest, _articles.c.record)
    query = select(*columns).where(_articles.c.site == site, VISIBLE)
    with database.read() as connection, connection.execution_options(yield_per=1000).execute(query) as rows:
        return {row.id: Known(row.url, row.digest, zlib.crc32(row.record)) for row in rows}


def missing(database: Database, site: str) -> list[str]:
    """Return the ids of the visible articles whose pages were not found once."""
    both = (_frontier.c.site == _articles.c.site) & (_frontier.c.url == _articles.c.url)
    query = select(_articles.c.id).where(both, _articles.c.site == site, _frontier.c.struck_at.is_not(None))
    with database.read() as connection:
        return list(connection.execute(query.where(VISIBLE)).scalars())


def titles(database: Database, site: str, ids: Collection[str]) -> dict[str, str]:
    """Map the ids of some articles to their titles, or to their URLs if they have none."""
    found = {}
    for some in portions(sorted(ids)):
        query = select(_articles.c.id, _articles.c.url, _articles.c.record)
        with database.read() as connection:
            rows = connection.execute(query.where(_articles.c.site == site, _articles.c.id.in_(some))).all()
        found.update({row.id: _title(row) for row in rows})
    return found


def _title(row: Any) -> str:
    try:
        return str(unpack_json(row.record).get("title") or row.url)
    except DECODING:
        return str(row.url)
