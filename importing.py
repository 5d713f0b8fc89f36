"""Take articles in that come from somewhere else."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from .article import Article
from .errors import ConfigError
from .flow import House, index, link_near
from .pipeline.imported import article_from
from .urls import is_under

__all__ = ["take_in"]

_BATCH = 500  # articles in one transaction


def take_in(house: House, records: Iterator[tuple[int, Any]]) -> int:
    """Import articles as they are, from (line number, record) pairs; count them. ConfigError names the line at fault."""
    batch: list[Article] = []
    forgotten = tuple(house.catalogue.tombstones.all())
    count = 0
    touched: set[str] = set()
    for line, record in records:
        try:
            article = article_from(record)
            if is_under(article.url, forgotten):
                raise ValueError(f"{article.url} was forgotten for good; leave it out, or `clinicdex forget --undo` it first")
            batch.append(replace(article, site=house.catalogue.articles.site_of(article.url) or article.site))
            touched.add(batch[-1].site)
        except ValueError as error:
            house.catalogue.articles.add(batch)
            raise ConfigError(f"line {line}: {error}") from error
        if len(batch) == _BATCH:
            count += house.catalogue.articles.add(batch)
            batch = []
    count += house.catalogue.articles.add(batch)
    for site in sorted(touched):
        link_near(house, site)
    index(house)
    return count
