"""The numbered changes that an index follows, across all sites.

Each visible change of an article gets the next number, so an index that knows the last number it applied can
ask for the rest, and a crash in between loses and duplicates nothing.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, select

from ..errors import RecordDamaged
from ..records import Article, from_record
from . import schema
from .damage import OnDamage, pass_over, reading
from .database import Database
from .packing import unpack_json
from .schema import VISIBLE

__all__ = ["Change", "article_of", "changes", "newest", "note_removal", "read"]

_articles, _removals = schema.articles, schema.removals
_TOPIC = ("label", "concept", "origin")  # what the column "topics" holds of each


@dataclass(frozen=True, slots=True)
class Change:
    """One change that an index has to apply."""

    number: int  # grows monotonically over the whole catalogue
    id: str
    article: Article | None  # None: the article is gone
    is_damaged: bool = False  # it cannot be read; what an index has of it stays as it is


def changes(database: Database, after: int, most: int) -> list[Change]:
    """Return the first changes after a number, in order and without a gap.

    At most `most` articles and at most `most` removals are among them. A damaged article
    counts as a change of its own kind.
    """
    changed = select(_articles).where(_articles.c.change > after, VISIBLE).order_by(_articles.c.change)
    gone = select(_removals).where(_removals.c.change > after).order_by(_removals.c.change)
    with database.read() as connection:
        articles = connection.execute(changed.limit(most)).all()
        removed = connection.execute(gone.limit(most)).all()
    steps = [_change(row) for row in articles]
    steps += [Change(row.change, row.id, None) for row in removed]
    ends = [rows[-1].change for rows in (articles, removed) if len(rows) == most]
    return sorted(
        (step for step in steps if not ends or step.number <= min(ends)), key=lambda step: step.number
    )


def _change(row: Any) -> Change:
    article = read(row, pass_over)
    return Change(row.change, row.id, article, is_damaged=article is None)


def newest(database: Database) -> int:
    """Return the highest change number so far; 0 in an empty catalogue."""
    query = select(schema.counters.c.value).where(schema.counters.c.name == "change")
    with database.read() as connection:
        return int(connection.execute(query).scalar_one())


def note_removal(database: Database, connection: Connection, id_: str) -> None:
    """Record the removal of an article under the next change number."""
    values = {"change": database.next_change(connection)}
    statement = database.upsert(_removals).values(id=id_, **values)
    connection.execute(statement.on_conflict_do_update(index_elements=["id"], set_=values))


def article_of(row: Any) -> Article:
    """Return the article that a row of the table holds; RecordDamaged if it cannot be read."""
    with reading("article", row):
        lists = {"also_at": json.loads(row.also_at), "near": json.loads(row.near)}
        if row.topics is not None:
            lists["topics"] = [dict(zip(_TOPIC, topic, strict=True)) for topic in json.loads(row.topics)]
        article = from_record(unpack_json(row.record) | {"id": row.id} | lists)
        if article.url != row.url:
            raise ValueError
    return article


def read(row: Any, on_damage: OnDamage) -> Article | None:
    """Return the article that a row holds; None if it is damaged, which `on_damage` is told."""
    try:
        return article_of(row)
    except RecordDamaged as damage:
        on_damage(damage)
        return None
