"""Put a collection into one of our indexes: numbers are the ids, and searches return the documents' names."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from clinicdex.index.engine import Engine
from clinicdex.index.query import BATCH, parse
from clinicdex.records import Article

__all__ = ["Document", "article", "filled", "named"]

Document = tuple[str, str, str]  # name, title, text
AT_ONCE = 500  # articles in one commit


def article(number: int, title: str, text: str) -> Article:
    return Article(
        id=f"{number:020x}",
        url=f"https://a.example/{number}",
        site="a",
        language="en",
        title=title,
        text=text,
    )


def filled(engine: Engine, documents: Iterable[Document]) -> list[str]:
    """Put documents into a new generation, 500 per commit; return their names in the order of their ids."""
    names: list[str] = []
    with engine.writer(fresh=True) as writer:
        batch: list[Article] = []
        for name, title, text in documents:
            batch.append(article(len(names), title, text))
            names.append(name)
            if len(batch) == AT_ONCE:
                writer.replace(batch)
                writer.commit(0)
                batch = []
        writer.replace(batch)
        writer.commit(1)
        writer.swap()
    return names


def named(reader: Any, names: list[str], question: str, most: int) -> list[str]:
    """Return the names of the best documents, best first."""
    return [names[int(id_, 16)] for id_ in reader.ranked_ids(parse(question, size=most, limits=BATCH))]
