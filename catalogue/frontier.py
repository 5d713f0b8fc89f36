"""The frontier of one site: addresses known but not yet fetched, safe against `kill -9` at any moment.

Fills the Protocol that `crawler/frontier.py` declares. What was taken but not finished when a process died is
queued again by `open_run`.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import Connection, func, select, update

from ..article import Page
from ..errors import CatalogueError
from . import schema
from .database import Database, now
from .pages import store

__all__ = ["Frontier"]

_frontier, _pages, _sites = schema.frontier, schema.pages, schema.sites
_Link = tuple[str, str, int, int]  # url, kind, depth, priority
_Entry = tuple[int, str, str, int, int, str, str]  # id, url, kind, depth, tries, etag, last modified
_Visit = tuple[int, str, Page | None, Sequence[_Link], float | None]  # id, outcome, page, links, retry at (None: finished)


class Frontier:
    """The addresses of one site, worked on by the holder of its lease."""

    def __init__(self, database: Database, site: str, owner: str, *, conditional: bool = True) -> None:
        """Give entries the validators of the stored page, unless `conditional` is false."""
        self._database = database
        self._conditional = conditional
        self._site = site
        self._owner = owner

    def open_run(self, seeds: Iterable[_Link]) -> bool:
        """Go on with the run that did not end, or begin a new one; tell whether it is a new one.

        A new run queues the seeds and every address known from before. Either way, addresses taken by a process that
        died are queued again.
        """
        seeds = list(seeds)
        with self._database.write() as connection:
            self._check_lease(connection)
            fresh = not connection.execute(select(_sites.c.run_open).where(_sites.c.name == self._site)).scalar_one()
            mine = _frontier.c.site == self._site
            again = mine if fresh else (mine & (_frontier.c.state == schema.TAKEN))
            connection.execute(update(_frontier).where(again).values(state=schema.QUEUED, tries=0, not_before=0.0))
            self._add(connection, seeds)
            if fresh:
                connection.execute(update(_sites).where(_sites.c.name == self._site).values(run=_sites.c.run + 1, run_open=1))
        return fresh

    def close_run(self) -> None:
        """Mark the run as ended: the next one begins from the seeds again."""
        with self._database.write() as connection:
            self._check_lease(connection)
            connection.execute(update(_sites).where(_sites.c.name == self._site).values(run_open=0))

    def take(self, most: int) -> list[_Entry]:
        """Take up to `most` addresses to fetch now, best priority first, then oldest."""
        ready = (_frontier.c.site == self._site, _frontier.c.state == schema.QUEUED, _frontier.c.not_before <= now())
        columns = (_frontier.c.id, _frontier.c.url, _frontier.c.kind, _frontier.c.depth, _frontier.c.tries, _pages.c.headers)
        stored = (_pages.c.site == _frontier.c.site) & (_pages.c.url == _frontier.c.url)
        query = select(*columns).select_from(_frontier.outerjoin(_pages, stored)).where(*ready)
        order = (_frontier.c.priority.desc(), _frontier.c.id)
        with self._database.write() as connection:
            self._check_lease(connection)
            rows = [_entry(row, self._conditional) for row in connection.execute(query.order_by(*order).limit(most))]
            taken = update(_frontier).where(_frontier.c.id.in_([row[0] for row in rows])).values(state=schema.TAKEN)
            if rows:
                connection.execute(taken)
        return rows

    def commit(self, visits: Sequence[_Visit]) -> None:
        """Write what became of visits, their pages and their links, in one transaction.

        CatalogueError if the lease was lost meanwhile; then nothing is written.
        """
        with self._database.write() as connection:
            self._check_lease(connection)
            for id_, outcome, page, links, retry_at in visits:
                if page is not None:
                    store(self._database, connection, self._site, page)
                self._add(connection, links)
                finished = {"state": schema.DONE, "outcome": outcome} if retry_at is None else {
                    "state": schema.QUEUED, "outcome": outcome, "tries": _frontier.c.tries + 1, "not_before": retry_at}  # fmt: skip
                connection.execute(update(_frontier).where(_frontier.c.id == id_).values(**finished))

    def waiting(self) -> int:
        """Count the addresses queued, also those whose time has not come."""
        queued = (_frontier.c.site == self._site, _frontier.c.state == schema.QUEUED)
        with self._database.read() as connection:
            return int(connection.execute(select(func.count()).select_from(_frontier).where(*queued)).scalar_one())

    def unfinished(self) -> int:
        """Count the addresses that this run has yet to finish, those in hand included."""
        open_ = (_frontier.c.site == self._site, _frontier.c.state.in_((schema.QUEUED, schema.TAKEN)))
        with self._database.read() as connection:
            return int(connection.execute(select(func.count()).select_from(_frontier).where(*open_)).scalar_one())

    def visited(self) -> int:
        """Count the addresses finished in this run."""
        done = (_frontier.c.site == self._site, _frontier.c.state == schema.DONE)
        with self._database.read() as connection:
            return int(connection.execute(select(func.count()).select_from(_frontier).where(*done)).scalar_one())

    def outcomes(self) -> dict[str, int]:
        """Count the finished addresses by outcome."""
        done = (_frontier.c.site == self._site, _frontier.c.state == schema.DONE)
        grouped = select(_frontier.c.outcome, func.count()).where(*done).group_by(_frontier.c.outcome)
        with self._database.read() as connection:
            return {row[0]: row[1] for row in connection.execute(grouped)}

    def _add(self, connection: Connection, links: Sequence[_Link]) -> None:
        rows: list[dict[str, Any]] = [
            {"site": self._site, "url": url, "kind": kind, "depth": depth, "priority": priority} for url, kind, depth, priority in links
        ]
        if rows:
            connection.execute(self._database.upsert(_frontier).on_conflict_do_nothing(index_elements=["site", "url"]), rows)

    def _check_lease(self, connection: Connection) -> None:
        owner = connection.execute(select(_sites.c.owner).where(_sites.c.name == self._site)).scalar_one_or_none()
        if owner != self._owner:
            raise CatalogueError(f"the site {self._site!r} is held by another run by now; this one stops")


def _entry(row: Any, conditional: bool) -> _Entry:
    headers = dict(json.loads(row.headers or "[]")) if conditional else {}
    return (row.id, row.url, row.kind, row.depth, row.tries, headers.get("etag", ""), headers.get("last-modified", ""))
