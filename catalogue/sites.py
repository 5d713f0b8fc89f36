"""The sites of the catalogue, who holds each of them, and how their runs ended."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from dataclasses import asdict, dataclass
from typing import Any

from sqlalchemy import delete, func, insert, or_, select, update

from ..errors import CatalogueError
from ..records import RobotsAnswer
from . import schema
from .database import Database, now

__all__ = ["Lease", "Run", "Site", "Sites"]

_sites, _runs = schema.sites, schema.runs
REMOVED = "removed"  # outcome of the entry that remembers the settings of a site that was removed


@dataclass(frozen=True, slots=True)
class Site:
    """One site, as the owner added it."""

    name: str
    url: str  # canonical; crawls start here
    every: str | None = None  # "6h", "1d"; None if not scheduled by interval
    cron: str | None = None  # five fields; None if not scheduled by expression
    delay: float | None = None  # seconds between two requests; None: the general setting
    allow: tuple[str, ...] = ()  # globs on path and query
    deny: tuple[str, ...] = ()
    allow_hosts: tuple[str, ...] = ()  # "host:port" that may be fetched although not public
    starts: tuple[str, ...] = ()  # further pages, feeds and sitemaps that a crawl begins with
    next_due: float | None = None  # Unix seconds; None: not scheduled
    anchor: float | None = None  # Unix seconds, from which `every` is counted; None: not fixed yet


@dataclass(frozen=True, slots=True)
class Lease:
    """Who holds a site, and when the lease expires unless renewed."""

    site: str
    owner: str
    until: float  # Unix seconds


@dataclass(frozen=True, slots=True)
class Run:
    """One crawl of a site, as it is recorded."""

    site: str
    started: float  # Unix seconds
    ended: float | None  # None while it runs
    outcome: str  # running, done, partial, held, stopped, failed; removed: the site was
    counts: Mapping[str, Any]  # the fields of its Summary; empty for a run that failed


class Sites:
    """The list of sites, their leases and their runs."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def add(self, site: Site) -> None:
        """Add a site or replace its settings; its pages and articles stay."""
        values = {"url": site.url, "settings": json.dumps(_settings(site)), "next_due": site.next_due,
                  "anchor": site.anchor}  # fmt: skip
        statement = self._database.upsert(_sites).values(name=site.name, **values)
        with self._database.write() as connection:
            connection.execute(statement.on_conflict_do_update(index_elements=["name"], set_=values))

    def get(self, name: str) -> Site | None:
        """Return the site with a name; None if there is none."""
        with self._database.read() as connection:
            row = connection.execute(select(_sites).where(_sites.c.name == name)).one_or_none()
        return _site(row) if row else None

    def all(self) -> list[Site]:
        """Return every site, ordered by name."""
        with self._database.read() as connection:
            return [_site(row) for row in connection.execute(select(_sites).order_by(_sites.c.name))]

    def remove(self, name: str, counts: Mapping[str, Any] | None = None) -> bool:
        """Remove a site with its frontier, runs and model; return whether it was there.

        Its pages and articles are deleted by `Pages.forget` and `Articles.forget`. With `counts` its settings
        stay in the list of runs, next to what was removed.
        """
        with self._database.write() as connection:
            row = connection.execute(select(_sites).where(_sites.c.name == name)).one_or_none()
            for table in (schema.frontier, schema.runs, schema.models):
                connection.execute(delete(table).where(table.c.site == name))
            if row is not None and counts is not None:
                kept = dict(counts) | {"url": row.url, "settings": json.loads(row.settings)}
                values = {"started": now(), "ended": now(), "outcome": REMOVED, "counts": json.dumps(kept)}
                connection.execute(insert(_runs).values(site=name, **values))
            return bool(connection.execute(delete(_sites).where(_sites.c.name == name)).rowcount)

    def is_due(self, name: str, when: float, *, feeds: bool = False) -> bool:
        """Whether a site, or with `feeds` its feeds, is due at a time (Unix seconds)."""
        column = _sites.c.feeds_due if feeds else _sites.c.next_due
        with self._database.read() as connection:
            due = connection.execute(select(column).where(_sites.c.name == name)).scalar_one_or_none()
        return due is not None and due <= when

    def set_next_due(
        self, name: str, when: float | None, failures: int = 0, anchor: float | None = None
    ) -> None:
        """Set when a site is due next (None: not scheduled), and how often in a row it has failed.

        With `anchor`, its interval is counted from there from now on.
        """
        values = {"next_due": when, "failures": failures} | ({"anchor": anchor} if anchor else {})
        with self._database.write() as connection:
            connection.execute(update(_sites).where(_sites.c.name == name).values(**values))

    def set_feeds_due(self, name: str, when: float | None) -> None:
        """Set when the feeds of a site are fetched next between two runs; None: never."""
        with self._database.write() as connection:
            connection.execute(update(_sites).where(_sites.c.name == name).values(feeds_due=when))

    def failures(self, name: str) -> int:
        """Count the latest scheduled runs of a site that failed in a row."""
        with self._database.read() as connection:
            return int(
                connection.execute(
                    select(_sites.c.failures).where(_sites.c.name == name)
                ).scalar_one_or_none()
                or 0
            )

    def is_settled(self, name: str) -> bool:
        """Whether no page was extracted since the site was last settled."""
        with self._database.read() as connection:
            return (
                connection.execute(
                    select(_sites.c.unsettled).where(_sites.c.name == name)
                ).scalar_one_or_none()
                == 0
            )

    def note_settled(self, name: str) -> None:
        """Record that the site is learned and settled with all extracted pages."""
        with self._database.write() as connection:
            connection.execute(update(_sites).where(_sites.c.name == name).values(unsettled=0))

    def robots(self, name: str) -> dict[str, RobotsAnswer]:
        """Map every origin of a site to its last robots.txt."""
        return {
            origin: RobotsAnswer(fetched_at=fetched_at, status=status, text=text)
            for origin, (fetched_at, status, text) in self._by_origin(name, _sites.c.robots).items()
        }

    def put_robots(self, name: str, robots: Mapping[str, RobotsAnswer]) -> None:
        """Store the robots.txt of some origins of a site; those of other origins stay."""
        new = {origin: [answer.fetched_at, answer.status, answer.text] for origin, answer in robots.items()}
        together = json.dumps(self._by_origin(name, _sites.c.robots) | new)
        with self._database.write() as connection:
            connection.execute(update(_sites).where(_sites.c.name == name).values(robots=together))

    def _by_origin(self, name: str, column: Any) -> dict[str, Any]:
        """Return what a column of a site holds by origin; nothing if it is damaged: it is fetched again."""
        with self._database.read() as connection:
            known = connection.execute(select(column).where(_sites.c.name == name)).scalar_one_or_none()
        try:
            return dict(json.loads(known or "{}"))
        except ValueError:
            return {}

    def opt_outs(self, name: str) -> dict[str, str]:
        """Map every origin of a site to the text of its tdmrep.json; "" if it has none."""
        return self._by_origin(name, _sites.c.opt_outs)

    def put_opt_outs(self, name: str, opt_outs: Mapping[str, str]) -> None:
        """Store the tdmrep.json of some origins of a site; those of other origins stay."""
        together = json.dumps(self.opt_outs(name) | dict(opt_outs))
        with self._database.write() as connection:
            connection.execute(update(_sites).where(_sites.c.name == name).values(opt_outs=together))

    def last_complete(self, name: str) -> float:
        """Return when the last run that was not cut short began (Unix seconds); 0 if there was none."""
        query = select(func.max(_runs.c.started)).where(
            _runs.c.site == name, _runs.c.outcome.in_(("done", "partial"))
        )
        with self._database.read() as connection:
            return float(connection.execute(query).scalar_one_or_none() or 0.0)

    def lease(self, name: str, owner: str, seconds: float) -> Lease:
        """Acquire or renew the lease of a site for `seconds`, unless another owner holds it.

        Return the lease as it stands afterwards; it is ours if its owner is `owner`. One statement decides,
        so two processes never both win. CatalogueError if there is no such site.
        """
        clock = self._database.clock()
        free = or_(self._is_free(), _sites.c.owner == owner)
        with self._database.write() as connection:
            connection.execute(
                update(_sites)
                .where(_sites.c.name == name, free)
                .values(owner=owner, lease_until=clock + seconds)
            )
            row = connection.execute(
                select(_sites.c.owner, _sites.c.lease_until).where(_sites.c.name == name)
            ).one_or_none()
        if row is None:
            raise CatalogueError(f"there is no site {name!r}; `clinicdex site list` shows those there are")
        return Lease(name, row.owner, row.lease_until)

    def holder(self, name: str) -> str | None:
        """Return the owner of the lease of a site; None if nobody holds it."""
        leased = (_sites.c.name == name, _sites.c.lease_until >= self._database.clock())
        with self._database.read() as connection:
            return connection.execute(select(_sites.c.owner).where(*leased)).scalar_one_or_none()

    def holders(self) -> dict[str, str]:
        """Map every site that is leased to the owner of its lease, expired or not."""
        with self._database.read() as connection:
            rows = connection.execute(
                select(_sites.c.name, _sites.c.owner).where(_sites.c.owner.is_not(None))
            )
            return {row.name: row.owner for row in rows}

    def release(self, name: str, owner: str) -> None:
        """Release a lease; nothing happens if another owner holds it now."""
        with self._database.write() as connection:
            ours = (_sites.c.name == name, _sites.c.owner == owner)
            connection.execute(update(_sites).where(*ours).values(owner=None, lease_until=None))

    def claim(
        self, owner: str, seconds: float, when: float, *, feeds: bool = False, but: Collection[str] = ()
    ) -> Site | None:
        """Acquire the lease of the longest due site that nobody holds, and return it; None if there is none.

        `when` is the time in Unix seconds. With `feeds`, the site is chosen by when its feeds are due. Sites
        that another process is acquiring at this moment are skipped, not waited for; so are those named in
        `but`.
        """
        column = _sites.c.feeds_due if feeds else _sites.c.next_due
        due = (
            select(_sites.c.name)
            .where(column <= when, self._is_free(), _sites.c.name.not_in(but))
            .order_by(column, _sites.c.name)
            .limit(1)
        )
        leased = update(_sites).where(
            _sites.c.name == due.with_for_update(skip_locked=True).scalar_subquery(), self._is_free()
        )
        with self._database.write() as connection:
            values = {"owner": owner, "lease_until": self._database.clock() + seconds}
            row = connection.execute(leased.values(**values).returning(_sites)).one_or_none()
        return _site(row) if row else None

    def _is_free(self) -> Any:
        return or_(_sites.c.owner.is_(None), _sites.c.lease_until < self._database.clock())

    def start_run(self, name: str) -> int:
        """Record that a run begins and return its number; a run of the site still open counts as failed."""
        with self._database.write() as connection:
            still_open = (_runs.c.site == name, _runs.c.outcome == "running")
            connection.execute(update(_runs).where(*still_open).values(outcome="failed", ended=now()))
            added = insert(_runs).values(site=name, started=now()).returning(_runs.c.id)
            return int(connection.execute(added).scalar_one())

    def end_run(self, run: int, outcome: str, counts: Mapping[str, Any]) -> None:
        """Record how a run ended."""
        with self._database.write() as connection:
            values = {"ended": now(), "outcome": outcome, "counts": json.dumps(dict(counts))}
            connection.execute(update(_runs).where(_runs.c.id == run).values(**values))

    def forget_titles(self, name: str) -> None:
        """Take the titles and URLs of articles out of the runs of a site; the counts stay."""
        with self._database.write() as connection:
            for row in connection.execute(
                select(_runs.c.id, _runs.c.counts).where(_runs.c.site == name)
            ).all():
                counts = json.loads(row.counts)
                for some in (counts.get("changes") or {}).values():
                    some["first"] = []
                values = {"counts": json.dumps(counts)}
                connection.execute(update(_runs).where(_runs.c.id == row.id).values(**values))

    def runs(self, name: str | None, most: int) -> list[Run]:
        """Return up to `most` runs of a site, or of all sites, newest first."""
        query = select(_runs).order_by(_runs.c.id.desc()).limit(most)
        with self._database.read() as connection:
            rows = connection.execute(query.where(_runs.c.site == name) if name else query).all()
        return [Run(row.site, row.started, row.ended, row.outcome, json.loads(row.counts)) for row in rows]

    def last_runs(self) -> dict[str, Run]:
        """Return the newest run of every site that was ever crawled, by site."""
        newest = select(func.max(_runs.c.id)).where(_runs.c.outcome != REMOVED).group_by(_runs.c.site)
        with self._database.read() as connection:
            rows = connection.execute(select(_runs).where(_runs.c.id.in_(newest))).all()
        return {
            row.site: Run(row.site, row.started, row.ended, row.outcome, json.loads(row.counts))
            for row in rows
        }


_LISTS = ("allow", "deny", "allow_hosts", "starts")
_SETTINGS = ("every", "cron", "delay", *_LISTS)


def _settings(site: Site) -> dict[str, Any]:
    return {name: value for name, value in asdict(site).items() if name in _SETTINGS}


def _site(row: Any) -> Site:
    try:
        settings = json.loads(row.settings)
    except ValueError as error:
        raise CatalogueError(
            f"the settings of the site {row.name} are damaged; remove and add it again, or put a backup back"
        ) from error
    for name in _LISTS:
        settings[name] = tuple(settings.get(name) or ())
    return Site(name=row.name, url=row.url, next_due=row.next_due, anchor=row.anchor, **settings)
