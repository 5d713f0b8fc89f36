"""Find the articles that the pages of lost articles redirect to."""

from __future__ import annotations

import json

from sqlalchemy import Connection, select

from .. import urls
from . import schema

__all__ = ["moved_urls"]

_articles, _pages = schema.articles, schema.pages


def moved_urls(connection: Connection, site: str) -> dict[str, str]:
    """Map the URLs of lost articles to the URLs they moved to, where these hold an article now."""
    redirects = (
        (_pages.c.site == _articles.c.site)
        & (_pages.c.url == _articles.c.url)
        & _pages.c.status.between(300, 399)
    )
    lost = select(_articles.c.url, _pages.c.headers).select_from(_articles.join(_pages, redirects))
    rows = connection.execute(lost.where(_articles.c.site == site, _articles.c.lost.is_not(None))).all()
    targets = {row.url: _target(row.url, row.headers) for row in rows}
    there = (_articles.c.site == site, _articles.c.lost.is_(None), _articles.c.url.in_(targets.values()))
    articles = set(connection.execute(select(_articles.c.url).where(*there)).scalars())
    return {url: target for url, target in targets.items() if target in articles}


def _target(url: str, headers: str) -> str:
    return urls.canonical(dict(json.loads(headers)).get("location", ""), url) or ""
