"""Articles whose page is gone, or is not an article any more: counted, and deleted when a run ends."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, delete, exists, select, update

from . import schema
from .changes import note_removal
from .database import Database, now, portions
from .moves import moved_urls
from .near_links import unlink
from .schema import VISIBLE

__all__ = ["Lost", "drop", "drop_all"]

_articles, _pages = schema.articles, schema.pages


class Lost:
    """The lost articles of one site."""

    def __init__(self, database: Database, site: str) -> None:
        self._database = database
        self._site = site

    def losses(self) -> tuple[dict[str, int], int]:
        """Return the number of lost articles of a site by reason, and the number of all articles it had.

        An article that only moved, or is kept at another URL, does not count as lost.
        """
        with self._database.read() as connection:
            columns = (_articles.c.url, _articles.c.kept_as, _articles.c.settled_id, _articles.c.lost,
                       _articles.c.away)  # fmt: skip
            rows = connection.execute(select(*columns).where(_articles.c.site == self._site)).all()
            moved = moved_urls(connection, self._site)
        alive = {row.kept_as for row in rows if not row.lost} | set(moved)
        visible = [row for row in rows if row.kept_as == row.url and row.settled_id and not row.away]
        return dict(Counter(row.lost for row in visible if row.lost and row.url not in alive)), len(visible)

    def let_go(self) -> int:
        """Delete the lost articles of a site and return how many; one that moved passes its id on."""
        with self._database.change(self._site) as connection:
            for old, new in moved_urls(connection, self._site).items():
                self._pass_on(connection, old, new)
        return drop_all(self._database, self._site, _articles.c.lost.is_not(None))

    def _pass_on(self, connection: Connection, old: str, new: str) -> None:
        mine = _articles.c.site == self._site
        is_kept = _articles.c.kept_as == _articles.c.url  # also one that was not shown
        left = select(_articles.c.id).where(mine, _articles.c.url == old, is_kept)
        there = select(_articles).where(mine, _articles.c.url == new, _articles.c.settled_id.is_(None))
        id_ = connection.execute(left).scalar_one_or_none()
        arrived = connection.execute(there).one_or_none()
        if id_ is None or arrived is None:
            return
        # The id lives on: its removal is not noted.
        connection.execute(delete(_articles).where(mine, _articles.c.url == old))
        if arrived.kept_as == new:
            note_removal(self._database, connection, arrived.id)
        values = {"id": id_, "settled_id": id_, "change": self._database.next_change(connection)}
        connection.execute(update(_articles).where(mine, _articles.c.url == new).values(**values))

    def urls(self) -> set[str]:
        """Return the URLs of the lost articles that did not move."""
        with self._database.read() as connection:
            mine = (_articles.c.site == self._site, _articles.c.lost.is_not(None))
            lost = set(connection.execute(select(_articles.c.url).where(*mine)).scalars())
            return lost - moved_urls(connection, self._site).keys()

    def expire(self) -> int:
        """Mark as lost the articles whose pages want to be shown no longer from now on; return how many."""
        over = exists().where(
            _pages.c.site == _articles.c.site, _pages.c.url == _articles.c.url, _pages.c.expires <= now()
        )
        with self._database.write(self._site) as connection:
            mine = (_articles.c.site == self._site, _articles.c.lost.is_(None), over)
            return connection.execute(
                update(_articles).where(*mine).values(lost="unavailable_after")
            ).rowcount

    def drop(self, urls: Sequence[str]) -> int:
        """Delete the articles at exactly these URLs; return how many."""
        with self._database.write(self._site) as connection:  # another URL may have to stand for an article
            mine = schema.sites.c.name == self._site
            connection.execute(update(schema.sites).where(mine).values(unsettled=1))
        return sum(drop_all(self._database, self._site, _articles.c.url.in_(some)) for some in portions(urls))


def drop_all(database: Database, site: str, which: Any) -> int:
    """Delete articles of a site in short transactions, so no other writer waits long; return how many."""
    with database.read() as connection:
        urls_ = (
            connection.execute(
                select(_articles.c.url).where(_articles.c.site == site, which).order_by(_articles.c.url)
            )
            .scalars()
            .all()
        )
    count = 0
    for some in portions(urls_):
        with database.change(site) as connection:
            count += drop(
                database, connection, (_articles.c.site == site) & which & _articles.c.url.in_(some)
            )
    return count


def drop(database: Database, connection: Connection, which: Any) -> int:
    """Delete articles inside a write transaction that assigns change numbers; return how many."""
    rows = connection.execute(
        select(_articles.c.id, _articles.c.url, _articles.c.near).where(which, VISIBLE)
    ).all()
    gone, lost = [row.id for row in rows], {row.url for row in rows}
    unlink(database, connection, {url for row in rows for url in json.loads(row.near)} - lost, lost)
    count = connection.execute(delete(_articles).where(which)).rowcount
    for id_ in gone:
        if not connection.execute(
            select(_articles.c.id).where(_articles.c.id == id_, VISIBLE).limit(1)
        ).first():
            note_removal(database, connection, id_)
    return count
