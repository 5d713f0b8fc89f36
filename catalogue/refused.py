"""Articles whose pages do not answer at present: kept, counted, asked for again, and shown for a month."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import ColumnElement, Connection, or_, select, update

from ..records import VisitOutcome
from . import schema
from .changes import note_removal
from .database import Database, now

__all__ = ["Refused", "RefusedArticle", "next_try"]

_articles, _frontier = schema.articles, schema.frontier
# Seconds without a good answer after which an article is not shown; chosen by hand.
AWAY_AFTER = 30 * 86400.0
# The bounds of the pause before a page that was refused is asked for again in scheduled runs; in between, the
# pause is as long as the page has been refused, so that it doubles each time. Chosen by hand.
_SHORTEST_PAUSE, _LONGEST_PAUSE = 3_600.0, 7 * 86400.0


@dataclass(frozen=True, slots=True, kw_only=True)
class RefusedArticle:
    """An article whose page does not answer at present."""

    url: str
    outcome: VisitOutcome  # of the last visit
    since: float  # Unix seconds
    is_shown: bool  # false once it has left the results


def next_try(since: float, at: float) -> float:
    """Return when a page that has been refused since a time is asked for again (Unix seconds)."""
    return at + min(max(at - since, _SHORTEST_PAUSE), _LONGEST_PAUSE)


class Refused:
    """The articles of one site whose pages do not answer at present."""

    def __init__(self, database: Database, site: str) -> None:
        self._database = database
        self._site = site

    def articles(self) -> list[RefusedArticle]:
        """Return them, ordered by URL."""
        columns = (_articles.c.url, _articles.c.away, _frontier.c.outcome, _frontier.c.refused_at)
        query = select(*columns).where(*self._mine(), _articles.c.kept_as == _articles.c.url)
        with self._database.read() as connection:
            rows = connection.execute(query.order_by(_articles.c.url)).all()
        return [
            RefusedArticle(
                url=row.url,
                outcome=VisitOutcome.from_text(row.outcome),
                since=row.refused_at,
                is_shown=row.away is None,
            )
            for row in rows
        ]

    def _mine(self) -> tuple[ColumnElement[bool], ...]:
        """Return the condition for refused articles, over articles and frontier together."""
        both = (_frontier.c.site == _articles.c.site) & (_frontier.c.url == _articles.c.url)
        return (both, _articles.c.site == self._site, _frontier.c.refused_at.is_not(None))

    def note_answers(self) -> None:
        """Record which pages answered again in their last visit."""
        good = or_(_frontier.c.outcome == "304", _frontier.c.outcome.like("2__%"))
        mine = (_frontier.c.site == self._site, _frontier.c.refused_at.is_not(None), good)
        with self._database.write(self._site) as connection:
            connection.execute(update(_frontier).where(*mine).values(refused_at=None))

    def show_or_hide(self) -> int:
        """Hide what has not answered for AWAY_AFTER, and show again what answers; return how many changed."""
        old = _frontier.c.refused_at <= now() - AWAY_AFTER
        hide = select(_articles.c.url, _articles.c.id, _articles.c.kept_as, _frontier.c.outcome).where(
            *self._mine(), old, _articles.c.away.is_(None), _articles.c.settled_id.is_not(None)
        )
        still = select(_articles.c.url).where(*self._mine())
        back = select(_articles.c.url).where(
            _articles.c.site == self._site, _articles.c.away.is_not(None), _articles.c.url.not_in(still)
        )
        with self._database.change(self._site) as connection:
            hidden = connection.execute(hide).all()
            for row in hidden:
                if row.kept_as == row.url:
                    note_removal(self._database, connection, row.id)
                self._set_away(connection, row.url, row.outcome)
            shown = connection.execute(back).scalars().all()
            for url in shown:
                self._set_away(connection, url, None)
        return len(hidden) + len(shown)

    def _set_away(self, connection: Connection, url: str, why: str | None) -> None:
        mine = (_articles.c.site == self._site, _articles.c.url == url)
        values = {"away": why, "change": self._database.next_change(connection)}
        connection.execute(update(_articles).where(*mine).values(**values))
