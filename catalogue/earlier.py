"""What was stored of a page before this run fetched something else in its place.

A redirect, a login page or a maintenance page may stand in for an article for a moment only. Whether it does
is known when the run ends; until then the earlier version is kept, and it is put back if the article is kept.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection, delete, func, literal, select, update

from .. import urls
from ..records import OutcomeKind, VisitOutcome
from . import schema
from .database import Database, now, portions
from .refused import next_try

__all__ = ["Earlier", "keep"]

_earlier, _pages, _articles, _frontier = schema.earlier, schema.pages, schema.articles, schema.frontier
_MOST_MOVES = 5  # redirects of one page that are followed, as for robots.txt (RFC 9309 §2.3.1.2)
_NOT_FOLLOWED = VisitOutcome(kind=OutcomeKind.MOVED, detail="to where we do not look")
_IN_CIRCLES = VisitOutcome(kind=OutcomeKind.MOVED, detail="in circles")


def keep(database: Database, connection: Connection, site: str, url: str) -> None:
    """Keep what is stored of a page that holds an article, before it is overwritten.

    Nothing happens if a version is kept already: the first of a run is the one that is believed.
    """
    columns = [_pages.c[name] for name in schema.OF_PAGE] + [_articles.c[name] for name in schema.OF_ARTICLE]
    there = (_pages.c.site == site, _pages.c.url == url, _articles.c.lost.is_(None))
    stored = select(*columns).select_from(
        _pages.join(_articles, (_articles.c.site == _pages.c.site) & (_articles.c.url == _pages.c.url))
    )
    names = [column.name for column in _earlier.columns]
    statement = database.upsert(_earlier).from_select(
        names, stored.where(*there, _articles.c.settled_id.is_not(None))
    )
    connection.execute(statement.on_conflict_do_nothing(index_elements=["site", "url"]))


class Earlier:
    """The earlier versions of the pages of one site, while a run decides about them."""

    def __init__(self, database: Database, site: str) -> None:
        self._database = database
        self._site = site

    def any(self) -> bool:
        """Whether this run has fetched something else in place of an article."""
        with self._database.read() as connection:
            mine = select(_earlier.c.url).where(_earlier.c.site == self._site).limit(1)
            return connection.execute(mine).first() is not None

    def open_moves(self) -> dict[str, VisitOutcome]:
        """Map the URLs of articles that now redirect to where nothing is found, to what is there instead.

        Those that redirect to a page that answers are not among them: they have moved.
        """
        with self._database.read() as connection:
            mine = (_earlier.c.site == self._site) & (_pages.c.site == self._site)
            moved = select(_earlier.c.url).where(mine, _pages.c.url == _earlier.c.url, _pages.c.status >= 300)
            starts = connection.execute(moved.where(_pages.c.status < 400)).scalars().all()
            ends = {url: self._end_of(connection, url) for url in starts}
        return {url: end for url, end in ends.items() if end is not None}

    def _end_of(self, connection: Connection, url: str) -> VisitOutcome | None:
        """Return what stands at the end of a chain of redirects; None if it is a page that answers."""
        for _ in range(_MOST_MOVES):
            moved = (_pages.c.site == self._site, _pages.c.url == url, _pages.c.status.between(300, 399))
            headers = connection.execute(select(_pages.c.headers).where(*moved)).scalar_one_or_none()
            location = dict(json.loads(headers or "[]")).get("location", "")
            target = urls.canonical(location, url)
            known = (_frontier.c.site == self._site, _frontier.c.url == target)
            row = connection.execute(
                select(_frontier.c.outcome, _frontier.c.state).where(*known)
            ).one_or_none()
            if target is None or row is None or row.state != schema.DONE:
                return _NOT_FOLLOWED
            outcome = VisitOutcome.from_text(row.outcome)
            if outcome.is_success or outcome.is_unchanged:
                return None
            if outcome.kind is not OutcomeKind.MOVED:
                return outcome
            url = target
        return _IN_CIRCLES

    def sames(self) -> dict[str, str]:
        """Map URLs whose articles differed before this run to the one text that they all show now.

        The text is named by the digest of its words. Texts shown by a single URL are left out.
        """
        both = (_articles.c.site == _earlier.c.site) & (_articles.c.url == _earlier.c.url)
        changed = (_articles.c.lost.is_(None), _articles.c.digest != _earlier.c.article_digest)
        query = select(_articles.c.url, _articles.c.digest, _earlier.c.article_digest).select_from(
            _earlier.join(_articles, both)
        )
        with self._database.read() as connection:
            rows = connection.execute(query.where(_earlier.c.site == self._site, *changed)).all()
        before: dict[str, set[str]] = defaultdict(set)
        for row in rows:
            before[row.digest].add(row.article_digest)
        return {row.url: row.digest for row in rows if len(before[row.digest]) > 1}

    def urls(self) -> list[str]:
        """Return the URLs that have an earlier version, in order."""
        with self._database.read() as connection:
            mine = select(_earlier.c.url).where(_earlier.c.site == self._site).order_by(_earlier.c.url)
            return list(connection.execute(mine).scalars())

    def put_back(self, instead: Mapping[str, VisitOutcome]) -> None:
        """Put the earlier versions of some URLs back; `instead` says what each of them shows for now.

        The pages are asked for again in full, and count as refused from now on.
        """
        for some in portions(sorted(instead)):
            with self._database.change(self._site) as connection:
                mine = (_earlier.c.site == self._site, _earlier.c.url.in_(some))
                for row in connection.execute(select(_earlier).where(*mine)).mappings().all():
                    self._put_back(connection, row, instead[row["url"]])
                connection.execute(delete(_earlier).where(*mine))

    def _put_back(self, connection: Connection, row: Any, outcome: VisitOutcome) -> None:
        of_page = {name: row[name] for name in schema.OF_PAGE}
        page = (_pages.c.site == self._site, _pages.c.url == row["url"])
        connection.execute(update(_pages).where(*page).values(**of_page))
        mine = (_articles.c.site == self._site, _articles.c.url == row["url"])
        connection.execute(update(_articles).where(*mine).values(lost=None))
        of_article = {name: row[f"article_{name}"] for name in schema.OF_ARTICLE}
        other = _articles.c.record != literal(row["article_record"], _articles.c.record.type)
        if connection.execute(select(_articles.c.url).where(*mine, other)).first():
            changed = {"change": self._database.next_change(connection)}
            connection.execute(update(_articles).where(*mine).values(**of_article, **changed))
        known = (_frontier.c.site == self._site, _frontier.c.url == row["url"])
        since = connection.execute(select(_frontier.c.refused_at).where(*known)).scalar_one_or_none() or now()
        is_404 = outcome.status == 404
        values = {"outcome": str(outcome), "etag": "", "last_modified": "", "due": next_try(since, now())}
        values |= (
            {"struck_at": func.coalesce(_frontier.c.struck_at, now())} if is_404 else {"refused_at": since}
        )
        connection.execute(update(_frontier).where(*known).values(**values))

    def clear(self) -> None:
        """Drop the earlier versions that are left: what the run fetched stands."""
        with self._database.write(self._site) as connection:
            connection.execute(delete(_earlier).where(_earlier.c.site == self._site))
