"""Write articles out: JSON lines for programs, CSV for a spreadsheet."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterable
from typing import Any

from .article import Article, to_record

__all__ = ["write"]

_COLUMNS = ("id", "url", "site", "title", "authors", "reviewed_by", "published", "modified", "language", "topics", "word_count", "summary", "text")
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


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
    """Put a ' before what a spreadsheet would take for a formula."""
    return f"'{text}" if text.startswith(_FORMULA) else text
