"""The frontier of one site: addresses known, which of them a run asks for, and what became of them.

Fills the Protocol that `crawler/frontier.py` declares, safe against `kill -9` at any moment: what was taken but not
finished when a process died is queued again by `open_run`.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import Connection, bindparam, func, select, update

from ..article import Hints, Page
from ..errors import CatalogueError
from . import revisit, schema
from .database import Database, now
from .pages import hints_text, store
from .revisit import Bounds

__all__ = ["ALL", "ANEW", "DUE", "FEEDS", "Frontier"]

ALL, ANEW, DUE, FEEDS = "all", "anew", "due", "feeds"  # what a run asks for; ANEW: all, and unconditionally
MOST_VARIANTS = 100  # queries of one path (docs/measurements.md, traps)
_GONE_AFTER = 86400.0  # seconds between the first and the last time an article was not found, until that is believed
_FEED_KINDS = ("feed", "posts")
_MORE = "more posts"
_frontier, _pages, _sites, _articles = schema.frontier, schema.pages, schema.sites, schema.articles
_Link = tuple[str, str, int, int, float | None, Hints | None]  # url, kind, depth, priority, modified and hints (as the site says elsewhere)
_Entry = tuple[int, str, str, int, int, str, str]  # id, url, kind, depth, tries, etag, last modified
_Visit = tuple[int, str, Page | None, Sequence[_Link], float | None, str, str]  # id, outcome, page, links, retry at (None: finished), etag, modified


class Frontier:
    """The addresses of one site, worked on by the holder of its lease."""

    def __init__(self, database: Database, site: str, owner: str, *, asks: str = ALL, bounds: Bounds | None = None) -> None:
        """Ask in a new run for ALL that is known, for what is DUE, for FEEDS only, or for all ANEW, without validators."""
        self._database = database
        self._asks = asks
        self._bounds = bounds or Bounds()
        self._site = site
        self._owner = owner

    def open_run(self, seeds: Iterable[_Link]) -> bool:
        """Go on with the run that did not end, or begin a new one; tell whether it is a new one.

        A new run queues the seeds and the known addresses it asks for. Either way, addresses taken by a process that
        died are queued again.
        """
        seeds = list(seeds)
        with self._database.write() as connection:
            self._check_lease(connection)
            fresh = not connection.execute(select(_sites.c.run_open).where(_sites.c.name == self._site)).scalar_one()
            mine = _frontier.c.site == self._site
            again = mine & self._asked() if fresh else (mine & (_frontier.c.state == schema.TAKEN))
            connection.execute(update(_frontier).where(again).values(state=schema.QUEUED, tries=0, not_before=0.0))
            if fresh:
                connection.execute(update(_sites).where(_sites.c.name == self._site).values(run=_sites.c.run + 1, run_open=1))
            self._add(connection, seeds)
        return fresh

    def _asked(self) -> Any:
        """Name the known addresses that a new run asks for; what was left over from before always is."""
        if self._asks == FEEDS:
            return _frontier.c.kind.in_(_FEED_KINDS) | (_frontier.c.state == schema.TAKEN)
        if self._asks == DUE:
            return (
                _frontier.c.kind.not_in(("page", _MORE))
                | (_frontier.c.due <= now()) & (_frontier.c.kind == "page")
                | (_frontier.c.state == schema.TAKEN)
            )
        return (_frontier.c.kind != _MORE) | (_frontier.c.state == schema.TAKEN)

    def close_run(self) -> None:
        """Mark the run as ended: the next one begins from the seeds again."""
        with self._database.write() as connection:
            self._check_lease(connection)
            connection.execute(update(_sites).where(_sites.c.name == self._site).values(run_open=0))

    def take(self, most: int) -> list[_Entry]:
        """Take up to `most` addresses to fetch now, best priority first, then oldest."""
        ready = (_frontier.c.site == self._site, _frontier.c.state == schema.QUEUED, _frontier.c.not_before <= now())
        stored = (_pages.c.site == _frontier.c.site) & (_pages.c.url == _frontier.c.url)
        held = (_pages.c.dropped == 0) | _pages.c.read_as.is_not(None)
        query = select(_frontier, held.label("stored")).select_from(_frontier.outerjoin(_pages, stored)).where(*ready)
        order = (_frontier.c.priority.desc(), _frontier.c.id)
        with self._database.write() as connection:
            self._check_lease(connection)
            rows = [self._entry(row) for row in connection.execute(query.order_by(*order).limit(most))]
            taken = update(_frontier).where(_frontier.c.id.in_([row[0] for row in rows])).values(state=schema.TAKEN)
            if rows:
                connection.execute(taken)
        return rows

    def _entry(self, row: Any) -> _Entry:
        conditional = self._asks != ANEW and (row.kind != "page" or bool(row.stored))
        validators = (row.etag, row.last_modified) if conditional else ("", "")
        return (row.id, row.url, row.kind, row.depth, row.tries, *validators)

    def commit(self, visits: Sequence[_Visit]) -> int:
        """Write what became of visits, their pages and their links, in one transaction; count the links that were one query too many.

        CatalogueError if the lease was lost meanwhile; then nothing is written.
        """
        refused = 0
        with self._database.write() as connection:
            self._check_lease(connection)
            run = connection.execute(select(_sites.c.run).where(_sites.c.name == self._site)).scalar_one()
            ids = [visit[0] for visit in visits]
            rows = {row.id: row for row in connection.execute(select(_frontier).where(_frontier.c.id.in_(ids)))}
            updates: dict[tuple[str, ...], list[dict[str, Any]]] = {}  # the columns that change -> their values; one statement for each sort
            for visit in visits:
                refused += self._add(connection, visit[3])
                values = {"its_id": visit[0], "outcome": visit[1]} | self._values(connection, rows[visit[0]], visit, run)
                updates.setdefault(tuple(values), []).append(values)
            for columns, entries in updates.items():
                changed: dict[str, Any] = {column: bindparam(f"new_{column}") for column in columns[1:]}
                statement = update(_frontier).where(_frontier.c.id == bindparam("its_id")).values(changed)
                connection.execute(
                    statement, [{name if name == "its_id" else f"new_{name}": value for name, value in one.items()} for one in entries]
                )
        return refused

    def _values(self, connection: Connection, row: Any, visit: _Visit, run: int) -> dict[str, Any]:
        """Keep a page, and say what is now known of its address."""
        _, outcome, page, _, retry_at, etag, last_modified = visit
        if retry_at is not None:
            return {"state": schema.QUEUED, "tries": row.tries + 1, "not_before": retry_at}
        done = {"state": schema.DONE, "run": run}
        if outcome != "304" and not outcome.startswith("2") and page is None:
            return done  # it did not answer, or may not be asked: what we have stays as it is
        if page is not None and page.status == 404 and not self._is_gone(connection, row):
            return done | {"struck_at": row.struck_at or now()}
        changed = store(self._database, connection, self._site, page) if page is not None else outcome != "304"
        since = now() - row.visited_at if row.visited_at else None
        waits = revisit.after(row.revisit, since, changed, self._bounds)
        known = done | {"visited_at": now(), "revisit": waits, "due": now() + waits, "struck_at": None}
        return known if outcome == "304" else known | {"etag": etag, "last_modified": last_modified}

    def _is_gone(self, connection: Connection, row: Any) -> bool:
        """Believe that an address is gone: at once if it never was an article, else when it was not found a day ago either."""
        if row.struck_at is not None:
            return bool(now() - row.struck_at >= _GONE_AFTER)
        held = select(_articles.c.url).where(_articles.c.site == self._site, _articles.c.url == row.url)
        return connection.execute(held).first() is None

    def has_waiting(self) -> bool:
        """Tell whether any address is queued, also such as wait for their time."""
        queued = select(_frontier.c.id).where(_frontier.c.site == self._site, _frontier.c.state == schema.QUEUED).limit(1)
        with self._database.read() as connection:
            return connection.execute(queued).first() is not None

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
        with self._database.read() as connection:
            return int(connection.execute(select(func.count()).select_from(_frontier).where(*self._done())).scalar_one())

    def outcomes(self) -> dict[str, int]:
        """Count the addresses finished in this run by outcome."""
        grouped = select(_frontier.c.outcome, func.count()).where(*self._done()).group_by(_frontier.c.outcome)
        with self._database.read() as connection:
            return {row[0]: row[1] for row in connection.execute(grouped)}

    def has_feeds(self) -> bool:
        """Tell whether the site has a feed, or a list of posts, that answers."""
        answers = _frontier.c.outcome.in_(("200", "304"))
        feeds = select(_frontier.c.id).where(_frontier.c.site == self._site, _frontier.c.kind.in_(_FEED_KINDS), answers).limit(1)
        with self._database.read() as connection:
            return connection.execute(feeds).first() is not None

    def pages(self) -> list[str]:
        """List the known pages that a new run would ask for, best first."""
        mine = (_frontier.c.site == self._site, _frontier.c.kind == "page", self._asked())
        query = select(_frontier.c.url).where(*mine).order_by(_frontier.c.priority.desc(), _frontier.c.id)
        with self._database.read() as connection:
            return list(connection.execute(query).scalars())

    def known(self, url: str) -> dict[str, Any]:
        """Give what is known of an address: last outcome, last visit, when it is due; empty if nothing is."""
        with self._database.read() as connection:
            row = connection.execute(select(_frontier).where(_frontier.c.site == self._site, _frontier.c.url == url)).one_or_none()
        if row is None:
            return {}
        return {"last_outcome": row.outcome or None, "last_visit": row.visited_at, "due": row.due or None, "depth": row.depth}

    def struck(self) -> int:
        """Count the addresses that were not found, which is not believed yet."""
        struck = (_frontier.c.site == self._site, _frontier.c.struck_at.is_not(None))
        with self._database.read() as connection:
            return int(connection.execute(select(func.count()).select_from(_frontier).where(*struck)).scalar_one())

    def _done(self) -> tuple[Any, ...]:
        run = select(_sites.c.run).where(_sites.c.name == self._site).scalar_subquery()
        return (_frontier.c.site == self._site, _frontier.c.state == schema.DONE, _frontier.c.run == run)

    def _add(self, connection: Connection, links: Sequence[_Link]) -> int:
        """Add addresses that are new, and ask again for those that are said to have changed since; count those refused."""
        kept = self._without_variants(connection, links)
        rows = [{"site": self._site, "url": url, "kind": kind, "depth": depth, "priority": priority} for url, kind, depth, priority, *_ in kept]
        if rows:
            connection.execute(self._database.upsert(_frontier).on_conflict_do_nothing(index_elements=["site", "url"]), rows)
        hints = [{"its_url": link[0], "its_time": link[4]} for link in kept if link[4] is not None]
        if hints:
            self._ask_again(connection, hints)
        self._take_hints(connection, {link[0]: hints_text(link[5]) for link in kept if link[5]})
        return len(links) - len(kept)

    def _ask_again(self, connection: Connection, hints: list[dict[str, Any]]) -> None:
        run = select(_sites.c.run).where(_sites.c.name == self._site).scalar_subquery()
        stale = (
            _frontier.c.site == self._site, _frontier.c.url == bindparam("its_url"), _frontier.c.state == schema.DONE,
            _frontier.c.run < run, _frontier.c.visited_at < bindparam("its_time"),
        )  # fmt: skip
        connection.execute(update(_frontier).where(*stale).values(state=schema.QUEUED, tries=0, not_before=0.0), hints)

    def _take_hints(self, connection: Connection, said: dict[str, str]) -> None:
        """Keep what is said of pages elsewhere; where that is new, the page is read again."""
        mine = (_frontier.c.site == self._site, _frontier.c.url.in_(list(said)))
        known = {row.url: row.hints for row in connection.execute(select(_frontier.c.url, _frontier.c.hints).where(*mine))} if said else {}
        new = [{"its_url": url, "its_hints": said[url]} for url, hints in known.items() if hints != said[url]]
        if new:
            there = (_frontier.c.site == self._site, _frontier.c.url == bindparam("its_url"))
            connection.execute(update(_frontier).where(*there).values(hints=bindparam("its_hints")), new)
            page = (_pages.c.site == self._site, _pages.c.url == bindparam("its_url"))
            connection.execute(update(_pages).where(*page).values(read_as=None), [{"its_url": one["its_url"]} for one in new])

    def _without_variants(self, connection: Connection, links: Sequence[_Link]) -> list[_Link]:
        """Leave out pages that are one more query of a path that has enough of them."""
        known: dict[str, set[str]] = {}
        kept = []
        for link in links:
            path, asked, _ = link[0].partition("?")
            if asked and link[1] == "page":
                if path not in known:
                    known[path] = self._variants(connection, path)
                if len(known[path]) < MOST_VARIANTS:
                    known[path].add(link[0])
                if link[0] not in known[path]:
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
