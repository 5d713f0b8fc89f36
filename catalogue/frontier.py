"""The frontier of one site: its known URLs, which of them a run fetches, and the outcome of each visit.

It implements the Protocol that `crawler/frontier.py` declares, and is safe against `kill -9` at any moment:
entries that were taken but not finished when a process died are queued again by `open_run`.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import Connection, bindparam, select, update

from ..errors import CatalogueError
from ..records import FrontierEntry, Link, UrlKind, Visit
from . import schema
from .database import Database, now
from .pages import hints_text
from .revisit import Bounds
from .visits import values_of

__all__ = ["ALL", "DUE", "FEEDS", "FULL", "Frontier"]

ALL, FULL, DUE, FEEDS = "all", "full", "due", "feeds"  # what a run fetches; FULL: all, without validators
_LONGEST_WAIT = 900.0  # seconds; longer than any wait for a retry that the crawler asks for (chosen by hand)
MOST_VARIANTS = 100  # query strings of one path (docs/measurements.md, traps)
_FEED_KINDS = (UrlKind.FEED.value, UrlKind.POSTS.value)
_PAGE, _MORE = UrlKind.PAGE.value, UrlKind.MORE_POSTS.value
_PAGES = (_PAGE, UrlKind.START.value)
_frontier, _pages, _sites = schema.frontier, schema.pages, schema.sites


class Frontier:
    """The URLs of one site, worked on by the holder of its lease."""

    def __init__(
        self, database: Database, site: str, owner: str, *, asks: str = ALL, bounds: Bounds | None = None
    ) -> None:
        """Choose by `asks` what a new run fetches.

        ALL: every known URL; DUE: the pages that are due, and all feeds and sitemaps; FEEDS: feeds only;
        FULL: every known URL, without validators.
        """
        self._database = database
        self._asks = asks
        self._bounds = bounds or Bounds()
        self._site = site
        self._owner = owner

    def open_run(self, seeds: Iterable[Link]) -> bool:
        """Continue the run that did not end, or begin a new one; return whether it is a new one.

        A new run queues the seeds and the known URLs that `asks` selects. Either way, URLs taken by a process
        that died are queued again.
        """
        seeds = list(seeds)
        with self._database.write() as connection:
            self._check_lease(connection)
            fresh = not connection.execute(
                select(_sites.c.run_open).where(_sites.c.name == self._site)
            ).scalar_one()
            mine = _frontier.c.site == self._site
            again = mine & self._asked() if fresh else (mine & (_frontier.c.state == schema.TAKEN))
            connection.execute(
                update(_frontier).where(again).values(state=schema.QUEUED, tries=0, not_before=0.0)
            )
            if fresh:
                connection.execute(
                    update(_sites).where(_sites.c.name == self._site).values(run=_sites.c.run + 1, run_open=1)
                )
            self._add(connection, seeds)
            starts = [seed.url for seed in seeds if seed.kind is UrlKind.START]
            was_page = mine & (_frontier.c.kind == _PAGE) & _frontier.c.url.in_(starts)
            connection.execute(update(_frontier).where(was_page).values(kind=UrlKind.START.value))
        return fresh

    def _asked(self) -> Any:
        """Return the condition for known URLs that a new run queues; those left over always match."""
        if self._asks == FEEDS:
            return _frontier.c.kind.in_(_FEED_KINDS) | (_frontier.c.state == schema.TAKEN)
        if self._asks == DUE:
            return (
                _frontier.c.kind.not_in((_PAGE, _MORE))
                | (_frontier.c.due <= now()) & (_frontier.c.kind == _PAGE)
                | (_frontier.c.state == schema.TAKEN)
            )
        return (_frontier.c.kind != _MORE) | (_frontier.c.state == schema.TAKEN)

    def close_run(self) -> None:
        """Mark the run as ended, so that the next one begins from the seeds again."""
        with self._database.write() as connection:
            self._check_lease(connection)
            connection.execute(update(_sites).where(_sites.c.name == self._site).values(run_open=0))

    def take(self, most: int) -> list[FrontierEntry]:
        """Take up to `most` URLs to fetch now, highest priority first, then oldest."""
        # A time further away than any wait comes from a clock that was ahead.
        is_ready = (_frontier.c.not_before <= now()) | (_frontier.c.not_before > now() + _LONGEST_WAIT)
        ready = (_frontier.c.site == self._site, _frontier.c.state == schema.QUEUED, is_ready)
        stored = (_pages.c.site == _frontier.c.site) & (_pages.c.url == _frontier.c.url)
        is_stored = (_pages.c.dropped == 0) | _pages.c.read_as.is_not(None)
        query = (
            select(_frontier, is_stored.label("stored"))
            .select_from(_frontier.outerjoin(_pages, stored))
            .where(*ready)
        )
        order = (_frontier.c.priority.desc(), _frontier.c.id)
        with self._database.write() as connection:
            self._check_lease(connection)
            rows = [self._entry(row) for row in connection.execute(query.order_by(*order).limit(most))]
            mark_taken = (
                update(_frontier)
                .where(_frontier.c.id.in_([row.id for row in rows]))
                .values(state=schema.TAKEN)
            )
            if rows:
                connection.execute(mark_taken)
        return rows

    def _entry(self, row: Any) -> FrontierEntry:
        conditional = self._asks != FULL and (row.kind not in _PAGES or bool(row.stored))
        return FrontierEntry(
            id=row.id,
            url=row.url,
            kind=UrlKind(row.kind),
            depth=row.depth,
            tries=row.tries,
            etag=row.etag if conditional else "",
            last_modified=row.last_modified if conditional else "",
        )

    def commit(self, visits: Sequence[Visit]) -> int:
        """Write the outcomes of visits, their pages and their links, in one transaction.

        Return how many links were refused because their path has MOST_VARIANTS query strings already.
        CatalogueError if the lease was lost meanwhile; then nothing is written.
        """
        refused = 0
        with self._database.write() as connection:
            self._check_lease(connection)
            run = connection.execute(select(_sites.c.run).where(_sites.c.name == self._site)).scalar_one()
            ids = [visit.id for visit in visits]
            rows = {
                row.id: row for row in connection.execute(select(_frontier).where(_frontier.c.id.in_(ids)))
            }
            # names of the changed columns -> their values by visit; one statement for each set of columns
            updates: dict[tuple[str, ...], list[dict[str, Any]]] = {}
            for visit in visits:
                refused += self._add(connection, visit.links)
                values = {"its_id": visit.id, "outcome": str(visit.outcome)} | values_of(
                    self._database, connection, rows[visit.id], visit, run, self._bounds
                )
                updates.setdefault(tuple(values), []).append(values)
            for columns, entries in updates.items():
                changed: dict[str, Any] = {column: bindparam(f"new_{column}") for column in columns[1:]}
                statement = update(_frontier).where(_frontier.c.id == bindparam("its_id")).values(changed)
                connection.execute(
                    statement,
                    [
                        {name if name == "its_id" else f"new_{name}": value for name, value in entry.items()}
                        for entry in entries
                    ],
                )
        return refused

    def has_waiting(self) -> bool:
        """Whether any URL is queued, including one that must not be fetched yet."""
        queued = (
            select(_frontier.c.id)
            .where(_frontier.c.site == self._site, _frontier.c.state == schema.QUEUED)
            .limit(1)
        )
        with self._database.read() as connection:
            return connection.execute(queued).first() is not None

    def _add(self, connection: Connection, links: Sequence[Link]) -> int:
        """Add new URLs, and queue again those that are said to have changed since their last visit.

        Return how many were refused.
        """
        accepted = self._without_variants(connection, links)
        rows = [
            {
                "site": self._site,
                "url": link.url,
                "kind": link.kind.value,
                "depth": link.depth,
                "priority": link.priority,
            }
            for link in accepted
        ]
        if rows:
            connection.execute(
                self._database.upsert(_frontier).on_conflict_do_nothing(index_elements=["site", "url"]), rows
            )
        hints = [
            {"its_url": link.url, "its_time": link.modified} for link in accepted if link.modified is not None
        ]
        if hints:
            self._ask_again(connection, hints)
        self._take_hints(connection, {link.url: hints_text(link.hints) for link in accepted if link.hints})
        return len(links) - len(accepted)

    def _ask_again(self, connection: Connection, hints: list[dict[str, Any]]) -> None:
        run = select(_sites.c.run).where(_sites.c.name == self._site).scalar_subquery()
        stale = (
            _frontier.c.site == self._site, _frontier.c.url == bindparam("its_url"),
            _frontier.c.state == schema.DONE, _frontier.c.run < run,
            _frontier.c.visited_at < bindparam("its_time"),
        )  # fmt: skip
        connection.execute(
            update(_frontier).where(*stale).values(state=schema.QUEUED, tries=0, not_before=0.0), hints
        )

    def _take_hints(self, connection: Connection, hints_now: dict[str, str]) -> None:
        """Store hints (URL -> text) about pages; a page whose hints changed is extracted again."""
        mine = (_frontier.c.site == self._site, _frontier.c.url.in_(list(hints_now)))
        known = (
            {
                row.url: row.hints
                for row in connection.execute(select(_frontier.c.url, _frontier.c.hints).where(*mine))
            }
            if hints_now
            else {}
        )
        new = [
            {"its_url": url, "its_hints": hints_now[url]}
            for url, hints in known.items()
            if hints != hints_now[url]
        ]
        if new:
            there = (_frontier.c.site == self._site, _frontier.c.url == bindparam("its_url"))
            connection.execute(update(_frontier).where(*there).values(hints=bindparam("its_hints")), new)
            page = (_pages.c.site == self._site, _pages.c.url == bindparam("its_url"))
            connection.execute(
                update(_pages).where(*page).values(read_as=None),
                [{"its_url": hint["its_url"]} for hint in new],
            )

    def _without_variants(self, connection: Connection, links: Sequence[Link]) -> list[Link]:
        """Leave out new pages of a path that has MOST_VARIANTS query strings already."""
        known: dict[str, set[str]] = {}
        accepted = []
        for link in links:
            path, query, _ = link.url.partition("?")
            if query and link.kind is UrlKind.PAGE:
                if path not in known:
                    known[path] = self._variants(connection, path)
                if len(known[path]) < MOST_VARIANTS:
                    known[path].add(link.url)
                if link.url not in known[path]:
                    continue
            accepted.append(link)
        return accepted

    def _variants(self, connection: Connection, path: str) -> set[str]:
        between = (_frontier.c.url > f"{path}?", _frontier.c.url < f"{path}@")
        few = select(_frontier.c.url).where(_frontier.c.site == self._site, *between).limit(MOST_VARIANTS)
        return set(connection.execute(few).scalars())

    def _check_lease(self, connection: Connection) -> None:
        """Raise CatalogueError unless we hold the lease of the site.

        Its row stays locked, so that the lease cannot change until the transaction ends.
        """
        locked = select(_sites.c.owner).where(_sites.c.name == self._site).with_for_update()
        owner = connection.execute(locked).scalar_one_or_none()
        if owner != self._owner:
            raise CatalogueError(f"the site {self._site!r} is held by another run now; this one stops")
