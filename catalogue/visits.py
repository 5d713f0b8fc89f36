"""What the outcome of a visit changes in the catalogue: the row of its URL, and the stored page."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, select

from ..records import Visit
from . import revisit, schema
from .database import Database, now
from .earlier import GONE_AFTER
from .pages import store
from .refused import next_try
from .revisit import Bounds

__all__ = ["values_of"]

_articles, _pages = schema.articles, schema.pages


def values_of(
    database: Database, connection: Connection, row: Any, visit: Visit, run: int, bounds: Bounds
) -> dict[str, Any]:
    """Store the page of a visit, and return the new column values of its URL.

    `row` is the URL's row in the frontier, `run` the number of the run.
    """
    if visit.retry_at is not None:
        return {"state": schema.QUEUED, "tries": row.tries + 1, "not_before": visit.retry_at}
    done = {"state": schema.DONE, "run": run}
    undecided = _undecided(connection, row, visit)
    if undecided is not None:
        return done | undecided
    outcome, page = visit.outcome, visit.page
    changed = store(database, connection, row.site, page) if page is not None else not outcome.is_unchanged
    since_visit = now() - row.visited_at if row.visited_at else None
    waits = revisit.after(row.revisit, since_visit, changed, bounds)
    known: dict[str, Any] = done | {"visited_at": now(), "revisit": waits, "due": now() + waits}
    is_moved = page is not None and 300 <= page.status < 400  # perhaps to a 404, for the second time
    known["struck_at"] = row.struck_at if is_moved else None
    return (
        known if outcome.is_unchanged else known | {"etag": visit.etag, "last_modified": visit.last_modified}
    )


def _undecided(connection: Connection, row: Any, visit: Visit) -> dict[str, Any] | None:
    """Return the new values of a URL whose visit says nothing about its page yet; None if it does."""
    outcome, page = visit.outcome, visit.page
    if outcome.is_inconclusive and (page is None or _is_stored(connection, row)):
        since = row.refused_at or now()
        return {"refused_at": since, "due": next_try(since, now())}
    if page is None and not (outcome.is_unchanged or outcome.is_success):
        return {}  # it moved, and holds no page
    if page is not None and page.status == 404 and not _is_gone(connection, row):
        return {"struck_at": row.struck_at or now()}
    return None


def _is_stored(connection: Connection, row: Any) -> bool:
    """Whether a page of the URL is stored that answered well."""
    stored = (_pages.c.site == row.site, _pages.c.url == row.url, _pages.c.status < 300)
    return connection.execute(select(_pages.c.url).where(*stored)).first() is not None


def _is_gone(connection: Connection, row: Any) -> bool:
    """Whether a 404 is believed.

    It is believed at once if the URL never was an article, else only if the first 404 is at least GONE_AFTER
    old.
    """
    if row.struck_at is not None:
        return bool(now() - row.struck_at >= GONE_AFTER)
    article = select(_articles.c.url).where(_articles.c.site == row.site, _articles.c.url == row.url)
    return connection.execute(article).first() is None
