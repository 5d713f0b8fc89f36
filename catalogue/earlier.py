"""What was stored of a page before this run fetched something else in its place.

A redirect, a login page or a maintenance page may stand in for an article for a moment only. Whether it does
is known when the run ends; until then the earlier version is kept, and it is put back if the article is kept.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection, delete, func, select, update

from .. import urls
from ..records import OutcomeKind, VisitOutcome
from . import schema
from .database import Database, now, portions
from .refused import next_try

__all__ = ["GONE_AFTER", "Earlier", "keep", "put_aside"]

_earlier, _pages, _articles, _frontier = schema.earlier, schema.pages, schema.articles, schema.frontier
# Seconds after the first 404 of an article until a 404 is believed (docs/decisions/0026).
GONE_AFTER = 86400.0
_FEWEST_SAME = 3  # URLs that show one text until it can be a login or maintenance page (chosen by hand)
_MOST_MOVES = 5  # redirects of one page that are followed, as for robots.txt (RFC 9309 §2.3.1.2)
_NOT_FOLLOWED = VisitOutcome(kind=OutcomeKind.MOVED, detail="to where we do not look")
_IN_CIRCLES = VisitOutcome(kind=OutcomeKind.MOVED, detail="in circles")


def keep(database: Database, connection: Connection, site: str, url: str) -> None:
    """Keep what is stored of a page that holds an article, before it is overwritten.

    Nothing happens if a version is kept already: the first of a run is the one that is believed. The article
    itself stays as it is until the run ends; `put_aside` takes what becomes of it.
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


def put_aside(connection: Connection, site: str, url: str, values: Mapping[str, Any]) -> bool:
    """Put aside the new values of an article whose earlier version is kept; return whether there is one."""
    mine = (_earlier.c.site == site, _earlier.c.url == url)
    new = {f"article_{name}": values[name] for name in schema.OF_ARTICLE}
    return bool(connection.execute(update(_earlier).where(*mine).values(**new)).rowcount)


class Earlier:
    """The earlier versions of the pages of one site, while a run decides about them."""

    def __init__(self, database: Database, site: str) -> None:
        self._database = database
        self._site = site

    def open_moves(self) -> dict[str, VisitOutcome]:
        """Map the URLs of articles that now redirect to where nothing is found, to what is there instead.

        Those that redirect to a page that answers are not among them: they have moved. Nor are those that
        have led to a 404 for GONE_AFTER seconds: they are gone.
        """
        with self._database.read() as connection:
            mine = (_earlier.c.site == self._site) & (_pages.c.site == self._site)
            moved = select(_earlier.c.url).where(mine, _pages.c.url == _earlier.c.url, _pages.c.status >= 300)
            starts = connection.execute(moved.where(_pages.c.status < 400)).scalars().all()
            ends = {url: self._end_of(connection, url) for url in starts}
            struck = (_frontier.c.site == self._site, _frontier.c.struck_at <= now() - GONE_AFTER)
            gone = set(connection.execute(select(_frontier.c.url).where(*struck)).scalars())
        return {
            url: end
            for url, end in ends.items()
            if end is not None and (end.status != 404 or url not in gone)
        }

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

        The text is named by the digest of its words. It is one that at least _FEWEST_SAME URLs show.
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
            before[row.article_digest].add(row.digest)
        return {
            row.url: row.article_digest for row in rows if len(before[row.article_digest]) >= _FEWEST_SAME
        }

    def accept(self) -> None:
        """Let the articles be what their pages show now, and drop the earlier versions."""
        for some in portions(self.urls()):
            with self._database.change(self._site) as connection:
                which = (_earlier.c.site == self._site, _earlier.c.url.in_(some))
                for row in connection.execute(select(_earlier).where(*which)).mappings().all():
                    self._accept(connection, row)
                connection.execute(delete(_earlier).where(*which))

    def _accept(self, connection: Connection, row: Any) -> None:
        mine = (_articles.c.site == self._site, _articles.c.url == row["url"])
        new = {name: row[f"article_{name}"] for name in schema.OF_ARTICLE}
        columns = [_articles.c[name] for name in schema.OF_ARTICLE]
        known = connection.execute(select(*columns).where(*mine)).mappings().one_or_none()
        if known is not None and dict(known) != new:
            new["change"] = self._database.next_change(connection)
            connection.execute(update(_articles).where(*mine).values(**new))

    def urls(self) -> list[str]:
        """Return the URLs that have an earlier version, in order."""
        with self._database.read() as connection:
            mine = select(_earlier.c.url).where(_earlier.c.site == self._site).order_by(_earlier.c.url)
            return list(connection.execute(mine).scalars())

    def put_back(self, instead: Mapping[str, VisitOutcome]) -> None:
        """Put the earlier versions of some URLs back; `instead` says what each of them shows.

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
        known = (_frontier.c.site == self._site, _frontier.c.url == row["url"])
        since = connection.execute(select(_frontier.c.refused_at).where(*known)).scalar_one_or_none() or now()
        is_404 = outcome.status == 404
        values = {"outcome": str(outcome), "etag": "", "last_modified": "", "due": next_try(since, now())}
        values |= (
            {"struck_at": func.coalesce(_frontier.c.struck_at, now())} if is_404 else {"refused_at": since}
        )
        connection.execute(update(_frontier).where(*known).values(**values))
