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
    query = query.where(VISIBLE, _articles.c.site == site)
    with database.read() as connection, connection.execution_options(yield_per=1000).execute(query) as rows:
        read = {row.url: (row.topics, _found(row)) for row in rows}
    wanted = settled_of({url: found for url, (_, found) in read.items() if found is not None})
    changed = [
        (url, new)
        for url, (shown, _) in read.items()
        if (new := _packed(wanted[url]) if url in wanted else None) != shown
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
