"""The frontier of one site: addresses known, which of them a run asks for, and what became of them.

Fills the Protocol that `crawler/frontier.py` declares, safe against `kill -9` at any moment: what was taken but not
finished when a process died is queued again by `open_run`.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import Connection, bindparam, select, update

from ..errors import CatalogueError
from ..records import FrontierEntry, Link, UrlKind, Visit
from . import revisit, schema
from .database import Database, now
from .pages import hints_text, store
from .revisit import Bounds

__all__ = ["ALL", "ANEW", "DUE", "FEEDS", "Frontier"]

ALL, ANEW, DUE, FEEDS = "all", "anew", "due", "feeds"  # what a run asks for; ANEW: all, and unconditionally
MOST_VARIANTS = 100  # queries of one path (docs/measurements.md, traps)
_GONE_AFTER = (
    86400.0  # seconds between the first and the last time an article was not found, until that is believed
)
_FEED_KINDS = (UrlKind.FEED.value, UrlKind.POSTS.value)
_PAGE, _MORE = UrlKind.PAGE.value, UrlKind.MORE_POSTS.value
_frontier, _pages, _sites, _articles = schema.frontier, schema.pages, schema.sites, schema.articles


class Frontier:
    """The addresses of one site, worked on by the holder of its lease."""

    def __init__(
        self, database: Database, site: str, owner: str, *, asks: str = ALL, bounds: Bounds | None = None
    ) -> None:
        """Ask in a new run for ALL that is known, for what is DUE, for FEEDS only, or for all ANEW, without validators."""
        self._database = database
        self._asks = asks
        self._bounds = bounds or Bounds()
        self._site = site
        self._owner = owner

    def open_run(self, seeds: Iterable[Link]) -> bool:
        """Go on with the run that did not end, or begin a new one; tell whether it is a new one.

        A new run queues the seeds and the known addresses it asks for. Either way, addresses taken by a process that
        died are queued again.
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
        return fresh

    def _asked(self) -> Any:
        """Name the known addresses that a new run asks for; what was left over from before always is."""
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
        """Mark the run as ended: the next one begins from the seeds again."""
        with self._database.write() as connection:
            self._check_lease(connection)
            connection.execute(update(_sites).where(_sites.c.name == self._site).values(run_open=0))

    def take(self, most: int) -> list[FrontierEntry]:
        """Take up to `most` addresses to fetch now, best priority first, then oldest."""
        ready = (
            _frontier.c.site == self._site,
            _frontier.c.state == schema.QUEUED,
            _frontier.c.not_before <= now(),
        )
        stored = (_pages.c.site == _frontier.c.site) & (_pages.c.url == _frontier.c.url)
        held = (_pages.c.dropped == 0) | _pages.c.read_as.is_not(None)
        query = (
            select(_frontier, held.label("stored"))
            .select_from(_frontier.outerjoin(_pages, stored))
            .where(*ready)
        )
        order = (_frontier.c.priority.desc(), _frontier.c.id)
        with self._database.write() as connection:
            self._check_lease(connection)
            rows = [self._entry(row) for row in connection.execute(query.order_by(*order).limit(most))]
            taken = (
                update(_frontier)
                .where(_frontier.c.id.in_([row.id for row in rows]))
                .values(state=schema.TAKEN)
            )
            if rows:
                connection.execute(taken)
        return rows

    def _entry(self, row: Any) -> FrontierEntry:
        conditional = self._asks != ANEW and (row.kind != _PAGE or bool(row.stored))
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
        """Write what became of visits, their pages and their links, in one transaction; count the links that were one query too many.

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
            updates: dict[
                tuple[str, ...], list[dict[str, Any]]
            ] = {}  # the columns that change -> their values; one statement for each sort
            for visit in visits:
                refused += self._add(connection, visit.links)
                values = {"its_id": visit.id, "outcome": str(visit.outcome)} | self._values(
                    connection, rows[visit.id], visit, run
                )
                updates.setdefault(tuple(values), []).append(values)
            for columns, entries in updates.items():
                changed: dict[str, Any] = {column: bindparam(f"new_{column}") for column in columns[1:]}
                statement = update(_frontier).where(_frontier.c.id == bindparam("its_id")).values(changed)
                connection.execute(
                    statement,
                    [
                        {name if name == "its_id" else f"new_{name}": value for name, value in one.items()}
                        for one in entries
                    ],
                )
        return refused

    def _values(self, connection: Connection, row: Any, visit: Visit, run: int) -> dict[str, Any]:
        """Keep a page, and say what is now known of its address."""
        outcome, page = visit.outcome, visit.page
        if visit.retry_at is not None:
            return {"state": schema.QUEUED, "tries": row.tries + 1, "not_before": visit.retry_at}
        done = {"state": schema.DONE, "run": run}
        if page is None and not (outcome.is_unchanged or outcome.is_success):
            return done  # it did not answer, or may not be asked: what we have stays as it is
        if page is not None and page.status == 404 and not self._is_gone(connection, row):
            return done | {"struck_at": row.struck_at or now()}
        changed = (
            store(self._database, connection, self._site, page)
            if page is not None
            else not outcome.is_unchanged
        )
        since = now() - row.visited_at if row.visited_at else None
        waits = revisit.after(row.revisit, since, changed, self._bounds)
        known = done | {"visited_at": now(), "revisit": waits, "due": now() + waits, "struck_at": None}
        return (
            known
            if outcome.is_unchanged
            else known | {"etag": visit.etag, "last_modified": visit.last_modified}
        )

    def _is_gone(self, connection: Connection, row: Any) -> bool:
        """Believe that an address is gone: at once if it never was an article, else when it was not found a day ago either."""
        if row.struck_at is not None:
            return bool(now() - row.struck_at >= _GONE_AFTER)
        held = select(_articles.c.url).where(_articles.c.site == self._site, _articles.c.url == row.url)
        return connection.execute(held).first() is None

    def has_waiting(self) -> bool:
        """Tell whether any address is queued, also such as wait for their time."""
        queued = (
            select(_frontier.c.id)
            .where(_frontier.c.site == self._site, _frontier.c.state == schema.QUEUED)
            .limit(1)
        )
        with self._database.read() as connection:
            return connection.execute(queued).first() is not None

    def _add(self, connection: Connection, links: Sequence[Link]) -> int:
        """Add addresses that are new, and ask again for those that are said to have changed since; count those refused."""
        kept = self._without_variants(connection, links)
        rows = [
            {
                "site": self._site,
                "url": link.url,
                "kind": link.kind.value,
                "depth": link.depth,
                "priority": link.priority,
            }
            for link in kept
        ]
        if rows:
            connection.execute(
                self._database.upsert(_frontier).on_conflict_do_nothing(index_elements=["site", "url"]), rows
            )
        hints = [
            {"its_url": link.url, "its_time": link.modified} for link in kept if link.modified is not None
        ]
        if hints:
            self._ask_again(connection, hints)
        self._take_hints(connection, {link.url: hints_text(link.hints) for link in kept if link.hints})
        return len(links) - len(kept)

    def _ask_again(self, connection: Connection, hints: list[dict[str, Any]]) -> None:
        run = select(_sites.c.run).where(_sites.c.name == self._site).scalar_subquery()
        stale = (
            _frontier.c.site == self._site, _frontier.c.url == bindparam("its_url"), _frontier.c.state == schema.DONE,
            _frontier.c.run < run, _frontier.c.visited_at < bindparam("its_time"),
        )  # fmt: skip
        connection.execute(
            update(_frontier).where(*stale).values(state=schema.QUEUED, tries=0, not_before=0.0), hints
        )

    def _take_hints(self, connection: Connection, said: dict[str, str]) -> None:
        """Keep what is said of pages elsewhere; where that is new, the page is read again."""
        mine = (_frontier.c.site == self._site, _frontier.c.url.in_(list(said)))
        known = (
            {
                row.url: row.hints
                for row in connection.execute(select(_frontier.c.url, _frontier.c.hints).where(*mine))
            }
            if said
            else {}
        )
        new = [{"its_url": url, "its_hints": said[url]} for url, hints in known.items() if hints != said[url]]
        if new:
            there = (_frontier.c.site == self._site, _frontier.c.url == bindparam("its_url"))
            connection.execute(update(_frontier).where(*there).values(hints=bindparam("its_hints")), new)
            page = (_pages.c.site == self._site, _pages.c.url == bindparam("its_url"))
            connection.execute(
                update(_pages).where(*page).values(read_as=None), [{"its_url": one["its_url"]} for one in new]
            )

    def _without_variants(self, connection: Connection, links: Sequence[Link]) -> list[Link]:
        """Leave out pages that are one more query of a path that has enough of them."""
        known: dict[str, set[str]] = {}
        kept = []
        for link in links:
            path, asked, _ = link.url.partition("?")
            if asked and link.kind is UrlKind.PAGE:
                if path not in known:
                    known[path] = self._variants(connection, path)
                if len(known[path]) < MOST_VARIANTS:
                    known[path].add(link.url)
                if link.url not in known[path]:
                    continue
            kept.append(link)
        return kept

    def _variants(self, connection: Connection, path: str) -> set[str]:
        between = (_frontier.c.url > f"{path}?", _frontier.c.url < f"{path}@")
        few = select(_frontier.c.url).where(_frontier.c.site == self._site, *between).limit(MOST_VARIANTS)
        return set(connection.execute(few).scalars())

    def _check_lease(self, connection: Connection) -> None:
        """Make sure that the site is ours, and stays so until this transaction ends."""
        held = select(_sites.c.owner).where(_sites.c.name == self._site).with_for_update()
        owner = connection.execute(held).scalar_one_or_none()
        if owner != self._owner:
            raise CatalogueError(f"the site {self._site!r} is held by another run by now; this one stops")
