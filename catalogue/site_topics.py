"""The topics that a site's articles show, where seeing them together changes what reading found."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any

from sqlalchemy import select, update

from ..records import Topic
from . import schema
from .damage import DECODING
from .database import Database, portions
from .packing import unpack_json
from .schema import VISIBLE

__all__ = ["SettledOf", "settle_topics"]

_articles = schema.articles
# for every URL the topics found, and the concepts of those that only the text names -> the topics shown, for
# the URLs where they are others
SettledOf = Callable[
    [Mapping[str, tuple[tuple[Topic, ...], frozenset[str]]]], Mapping[str, tuple[Topic, ...]]
]


def settle_topics(database: Database, site: str, settled_of: SettledOf) -> int:
    """Store the topics that the articles of a site show; return how many articles changed theirs."""
    query = select(_articles.c.url, _articles.c.record, _articles.c.topics)
    with database.read() as connection:
        rows = connection.execute(query.where(VISIBLE, _articles.c.site == site)).all()
    wanted = settled_of({row.url: found for row in rows if (found := _found(row)) is not None})
    changed = [
        (row.url, new)
        for row in rows
        if (new := _packed(wanted[row.url]) if row.url in wanted else None) != row.topics
    ]
    for some in portions(changed):
        with database.change(site) as connection:
            for url, topics in some:
                values = {"topics": topics, "change": database.next_change(connection)}
                there = (_articles.c.site == site, _articles.c.url == url)
                connection.execute(update(_articles).where(*there).values(**values))
    return len(changed)


def _found(row: Any) -> tuple[tuple[Topic, ...], frozenset[str]] | None:
    try:
        record = unpack_json(row.record)
        return tuple(Topic(**topic) for topic in record["topics"]), frozenset(record.get("unnamed", ()))
    except DECODING:  # `clinicdex verify` names it
        return None


def _packed(topics: tuple[Topic, ...]) -> str:
    return json.dumps([[topic.label, topic.concept, topic.origin] for topic in topics], ensure_ascii=False)
