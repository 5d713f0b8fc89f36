"""The public Python API: extract an article, open an index."""

from __future__ import annotations

from datetime import date
from types import TracebackType
from typing import Literal, Self

from .index.engine import Reader, Results
from .index.open import reader_at
from .index.query import Filters, parse
from .records import Article, Rejection

__all__ = ["OpenIndex", "extract", "open_index"]


def extract(html: str | bytes, url: str) -> Article | Rejection:
    """Extract one page of HTML; `url` is where it came from. ConfigError if that is not an http(s) URL."""
    from .flow.single_pages import extract_html

    return extract_html(html, url)


class OpenIndex:
    """An index open for searching, as it was when it was opened."""

    def __init__(self, reader: Reader) -> None:
        self._reader = reader

    def search(
        self, query: str, *, site: str | None = None, topic: str | None = None, author: str | None = None, language: str | None = None,
        since: date | None = None, until: date | None = None, sort: Literal["relevance", "recent", "date"] = "relevance", offset: int = 0, size: int = 10,
        facets: bool = False,
    ) -> Results:  # fmt: skip
        """Find articles the way `clinicdex search` does."""
        filters = Filters(site, topic, None, language, since, until, author)
        return self._reader.search(parse(query, filters, sort=sort, offset=offset, size=size), facets=facets)

    def close(self) -> None:
        """Let go of the index."""
        self._reader.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def open_index(url: str) -> OpenIndex:
    """Open an index by its address; IndexUnreadable if there is none."""
    return OpenIndex(reader_at(url))
