"""Which articles are near-duplicates: stored on both sides, each with its own list of URLs."""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, func, select, update

from ..records import Fingerprinted
from . import schema
from .damage import DECODING
from .database import Database, portions
from .packing import unpack_json
from .schema import VISIBLE

__all__ = ["NearOf", "link", "unlink"]

_articles = schema.articles
# Most articles compared that share one quarter of their fingerprint (docs/decisions/0025). More of them share
# a template, and comparing every pair is not worth the time.
_MOST_ALIKE = 2_000
# all articles that may be near-duplicates -> the near-duplicates of each URL of a site
NearOf = Callable[[list[Fingerprinted]], Mapping[str, set[str]]]


def link(database: Database, site: str, near_of: NearOf) -> int:
    """Store the near-duplicates of the articles of a site, on both sides; return how many changed.

    No article of the site can change meanwhile.
    """
    with database.change(site) as connection:
        near = near_of(_alike(connection, site))
        stored = select(_articles.c.url, _articles.c.near).where(_articles.c.site == site)
        mine = {row.url: set(json.loads(row.near)) for row in connection.execute(stored)}
        linked = {url for url in mine if mine[url] or url in near}
        others = {other for urls in (*near.values(), *mine.values()) for other in urls} - mine.keys()
        count = 0
        for some in portions(sorted(linked | others)):
            for row in _visible(connection, some):
                wanted = set() if row.url in mine else set(json.loads(row.near)) - mine.keys()
                wanted |= near.get(row.url, set()) | {url for url in near if row.url in near[url]}
                count += _put(database, connection, row, wanted)
        unseen = (_articles.c.site == site, _articles.c.near != "[]", ~VISIBLE)
        connection.execute(update(_articles).where(*unseen).values(near="[]"))
    return count


def unlink(database: Database, connection: Connection, urls: Collection[str], lost: set[str]) -> None:
    """Remove lost articles from the near-duplicates of the visible articles at `urls`."""
    for row in _visible(connection, urls) if urls else ():
        _put(database, connection, row, set(json.loads(row.near)) - lost)


def _visible(connection: Connection, urls: Collection[str]) -> Sequence[Any]:
    columns = (_articles.c.site, _articles.c.url, _articles.c.near, _articles.c.record)
    query = select(*columns).where(VISIBLE, _articles.c.url.in_(urls))
    return connection.execute(query.order_by(_articles.c.site, _articles.c.url)).all()


def _put(database: Database, connection: Connection, row: Any, wanted: Collection[str]) -> bool:
    """Store the near-duplicates of an article; return whether they changed.

    The one that the article names as its source comes first.
    """
    if not wanted and row.near == "[]":
        return False
    try:
        source = (unpack_json(row.record).get("source") or {}).get("url")
    except DECODING:  # `clinicdex verify` names it
        source = None
    near = json.dumps(sorted(wanted, key=lambda url: (url != source, url)))
    if near == row.near:
        return False
    values = {"near": near, "change": database.next_change(connection)}
    there = (_articles.c.site == row.site, _articles.c.url == row.url)
    connection.execute(update(_articles).where(*there).values(**values))
    return True


def _alike(connection: Connection, site: str) -> list[Fingerprinted]:
    """Return the visible articles of a site, and all that share a quarter of a fingerprint with one of them.

    Of the articles that share one quarter only the first _MOST_ALIKE by URL are returned.
    """
    columns = (_articles.c.site, _articles.c.url, _articles.c.fingerprint)
    there = (VISIBLE, _articles.c.fingerprint != "")
    rows = {
        row.url: row for row in connection.execute(select(*columns).where(*there, _articles.c.site == site))
    }
    for position, quarter in enumerate(schema.QUARTERS):
        wanted = sorted(
            {row.fingerprint[4 * position : 4 * position + 4] for row in rows.values() if row.site == site}
        )
        for some in portions(wanted):
            rank = func.row_number().over(partition_by=quarter, order_by=_articles.c.url).label("rank")
            ranked = select(*columns, rank).where(*there, quarter.in_(some)).subquery()
            rows.update(
                (row.url, row)
                for row in connection.execute(select(ranked).where(ranked.c.rank <= _MOST_ALIKE))
            )
    return [
        Fingerprinted(site=row.site, url=row.url, fingerprint=int(row.fingerprint, 16))
        for row in rows.values()
    ]
