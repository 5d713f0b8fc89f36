"""Import and export of articles: from JSON lines; to JSON lines for programs, to CSV for spreadsheets."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Any

from ..errors import ConfigError
from ..pipeline.imported import article_from
from ..records import Article, to_record
from ..urls import is_under
from .extraction import link_near
from .indexing import check_catalogue, index
from .shipped import shipped_persons
from .workspace import Workspace

__all__ = ["take_in", "write"]

_BATCH = 500  # articles in one transaction (chosen by hand)
_COLUMNS = (
    "id",
    "url",
    "site",
    "title",
    "authors",
    "reviewed_by",
    "published",
    "modified",
    "reviewed_on",
    "review_due",
    "language",
    "topics",
    "word_count",
    "summary",
    "text",
)
_FORMULA = ("=", "+", "-", "@", "\t", "\r")  # what a spreadsheet's formula may start with


def take_in(workspace: Workspace, records: Iterator[tuple[int, Any]]) -> int:
    """Import articles as they are, from (line number, record) pairs; return how many.

    ConfigError names the line at fault; the articles before it are kept.
    """
    check_catalogue(workspace)
    persons = shipped_persons()
    batch: list[Article] = []
    forgotten = tuple(workspace.catalogue.tombstones.all())
    count = 0
    touched: set[str] = set()
    for line, record in records:
        try:
            article = article_from(record, persons)
            if is_under(article.url, forgotten):
                raise ValueError(
                    f"{article.url} was forgotten for good; leave it out, or `clinicdex forget "
                    f"--undo` it first"
                )
            batch.append(
                replace(article, site=workspace.catalogue.articles.site_of(article.url) or article.site)
            )
            touched.add(batch[-1].site)
        except ValueError as error:
            workspace.catalogue.articles.add(batch)
            raise ConfigError(f"line {line}: {error}") from error
        if len(batch) == _BATCH:
            count += workspace.catalogue.articles.add(batch)
            batch = []
    count += workspace.catalogue.articles.add(batch)
    for site in sorted(touched):
        link_near(workspace, site)
    index(workspace)
    return count


def write(articles: Iterable[Article], shape: str, file: Any) -> None:
    """Write all articles to an open text file; `shape` is "jsonl" or "csv"."""
    if shape == "jsonl":
        for article in articles:
            line = json.dumps(to_record(article), ensure_ascii=False)
            file.write(line.encode("utf-8", "replace").decode("utf-8") + "\n")
        return
    table = csv.writer(file)
    table.writerow(_COLUMNS)
    for article in articles:
        table.writerow([_cell(value) for value in _row(article)])


def _row(article: Article) -> list[str]:
    values = to_record(article) | {
        "authors": "; ".join(person.as_written for person in article.authors),
        "reviewed_by": "; ".join(person.as_written for person in article.reviewed_by),
        "topics": "; ".join(topic.label for topic in article.topics),
    }
    return [str(values[name] if values[name] is not None else "") for name in _COLUMNS]


def _cell(text: str) -> str:
    """Return a cell's text, with a ' in front if a spreadsheet would take it for a formula."""
    return f"'{text}" if text.startswith(_FORMULA) else text
