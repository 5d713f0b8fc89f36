"""What is known about the URLs of one site: counted and looked up, never changed, so no lease is needed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import exists, func, select

from ..records import UrlKind, VisitOutcome
from . import schema
from .database import Database

__all__ = ["FrontierState", "KnownUrl"]

_FEED_KINDS = (UrlKind.FEED.value, UrlKind.POSTS.value)
_articles, _frontier, _sites = schema.articles, schema.frontier, schema.sites


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownUrl:
    """What the frontier knows about one URL."""

    last_outcome: str | None  # text form of a VisitOutcome; None if never visited
    last_visit: float | None  # Unix seconds
    due: float | None  # when to visit it again, Unix seconds; None if not planned
    depth: int  # links followed from a seed to reach it


class FrontierState:
    """The URLs of one site in their current state."""

    def __init__(self, database: Database, site: str) -> None:
        self._database = database
        self._site = site

    def waiting(self) -> int:
        """Count the queued URLs, including those that must not be fetched yet."""
        return self._count(_frontier.c.state == schema.QUEUED)

    def unfinished(self) -> int:
        """Count the URLs that this run has yet to finish, including those being fetched."""
        return self._count(_frontier.c.state.in_((schema.QUEUED, schema.TAKEN)))

    def visited(self) -> int:
        """Count the URLs finished in this run."""
        return self._count(*self._done())

    def not_found_once(self) -> int:
        """Count the URLs that answered 404 but are not believed to be gone yet."""
        return self._count(_frontier.c.struck_at.is_not(None))

    def outcomes(self) -> dict[VisitOutcome, int]:
        """Count the URLs finished in this run, by outcome; a site need not have a tdmrep.json."""
        done = (_frontier.c.site == self._site, _frontier.c.kind != UrlKind.TDMREP.value, *self._done())
        grouped = select(_frontier.c.outcome, func.count()).where(*done).group_by(_frontier.c.outcome)
        with self._database.read() as connection:
            return {VisitOutcome.from_text(outcome): count for outcome, count in connection.execute(grouped)}

    def visited_articles(self) -> int:
        """Count the URLs finished in this run that hold an article."""
        both = (_articles.c.site == _frontier.c.site) & (_articles.c.url == _frontier.c.url)
        return self._count(*self._done(), exists().where(both))

    def outcome(self, url: str) -> VisitOutcome:
        """Return the outcome of the last visit of a known URL."""
        known = (_frontier.c.site == self._site, _frontier.c.url == url)
        with self._database.read() as connection:
            outcome = connection.execute(select(_frontier.c.outcome).where(*known)).scalar_one()
        return VisitOutcome.from_text(outcome)

    def has_feeds(self) -> bool:
        """Whether the site has a feed or a list of posts that answers."""
        answers = (_frontier.c.kind.in_(_FEED_KINDS), _frontier.c.outcome.in_(("200", "304")))
        return self._count(*answers) > 0

    def pages(self) -> list[str]:
        """Return the URLs of the known pages, highest priority first."""
        mine = (_frontier.c.site == self._site, _frontier.c.kind == UrlKind.PAGE.value)
        query = select(_frontier.c.url).where(*mine).order_by(_frontier.c.priority.desc(), _frontier.c.id)
        with self._database.read() as connection:
            return list(connection.execute(query).scalars())

    def known(self, url: str) -> KnownUrl | None:
        """Return what is known about a URL; None if nothing is."""
        query = select(_frontier).where(_frontier.c.site == self._site, _frontier.c.url == url)
        with self._database.read() as connection:
            row = connection.execute(query).one_or_none()
        if row is None:
            return None
        return KnownUrl(
            last_outcome=row.outcome or None, last_visit=row.visited_at, due=row.due or None, depth=row.depth
        )

    def _count(self, *which: Any) -> int:
        query = select(func.count()).select_from(_frontier).where(_frontier.c.site == self._site, *which)
        with self._database.read() as connection:
            return int(connection.execute(query).scalar_one())

    def _done(self) -> tuple[Any, ...]:
        run = select(_sites.c.run).where(_sites.c.name == self._site).scalar_subquery()
        return (_frontier.c.state == schema.DONE, _frontier.c.run == run)
