"""The public Python API: extract a page, crawl a site, search an index."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from .index.closing import Closing

if TYPE_CHECKING:
    from datetime import date

    from .flow.crawling import Progress, Summary
    from .index.engine import Hit, Reader, Results
    from .records import Article, Rejection

__all__ = ["OpenIndex", "crawl", "extract", "open_index"]


def extract(html: str | bytes, url: str) -> Article | Rejection:
    """Extract one page of HTML that came from `url`; ConfigError if that is not an http(s) URL."""
    from .flow.single_pages import extract_html

    return extract_html(html, url)


def crawl(
    url: str,
    *,
    data: str | Path,
    contact: str | None = None,
    max_pages: int | None = None,
    delay: float | None = None,
    allow_hosts: tuple[str, ...] = (),
    full: bool = False,
    progress: Callable[[Progress], None] | None = None,
) -> Summary:
    """Crawl a site into the data folder `data` and index it, as `clinicdex crawl` does; return how it ended.

    `delay` is in seconds, None means 1; `allow_hosts` are "host:port" or networks that may be fetched from
    although not public; with `full` unchanged pages are fetched again as well. The crawler runs in a process
    of its own, so a script calls this under `if __name__ == "__main__":`.

    ConfigError if the site may not be crawled so, SiteError if nothing could be fetched, CatalogueError if
    another run holds the site.
    """
    from .config import Config
    from .flow.crawl_options import ALL, FULL, CrawlOptions
    from .flow.crawling import collect
    from .flow.sites import target_site
    from .flow.workspace import Workspace

    options = CrawlOptions(
        asks=FULL if full else ALL, max_pages=max_pages, delay=delay, allow_hosts=allow_hosts
    )
    with Workspace(Config(data_dir=Path(data).absolute(), contact=contact)) as workspace:
        site = target_site(workspace, url, allow_hosts)
        return collect(workspace, site, options, progress or (lambda _: None), lambda: False)


class OpenIndex(Closing):
    """An index open for searching, as it was when it was opened. Close it, or use a `with` statement."""

    def __init__(self, reader: Reader) -> None:
        self._reader = reader

    def search(
        self,
        query: str,
        *,
        site: str | None = None,
        topic: str | None = None,
        author: str | None = None,
        language: str | None = None,
        since: date | None = None,
        until: date | None = None,
        sort: Literal["relevance", "recent", "date"] = "relevance",
        offset: int = 0,
        size: int = 10,
        facets: bool = False,
    ) -> Results:
        """Search for articles as `clinicdex search` does; `since` and `until` are days of publication."""
        from .index.query import Filters, parse

        filters = Filters(site=site, topic=topic, named=author, language=language, since=since, until=until)
        return self._reader.search(parse(query, filters, sort=sort, offset=offset, size=size), facets=facets)

    def suggest(self, prefix: str, most: int = 8) -> list[str]:
        """Return titles, topics and authors that begin so, as written, sorted."""
        return self._reader.suggest(prefix, most)

    def more_like(self, id: str, most: int = 5) -> list[Hit]:
        """Return articles about the same as the one with this id, without it; none for an unknown id."""
        return self._reader.more_like(id, most)

    def get(self, id: str) -> Article | None:
        """Return the article with this id; None if it is not in the index."""
        return self._reader.get(id)

    def at(self, url: str) -> Article | None:
        """Return the article at a URL, also at one of its other URLs; None if there is none."""
        from . import urls

        return self._reader.at(urls.canonical(url) or url)

    def articles(self) -> Iterator[Article]:
        """Yield every article, in no order."""
        for id_ in self._reader.ids():
            article = self._reader.get(id_)
            if article is not None:
                yield article

    def close(self) -> None:
        """Close the index."""
        self._reader.close()


def open_index(location: str | Path) -> OpenIndex:
    """Open an index: by its data folder, its own folder, or its address ("opensearch+https://…").

    IndexMissing if there is none, EngineError if it does not open.
    """
    from .config import DataFolder
    from .index.open import reader_at

    if isinstance(location, str) and "://" in location:
        return OpenIndex(reader_at(location))
    from .index.whoosh.storage import POINTER

    folder = Path(location).absolute()
    index = folder if (folder / POINTER).exists() else DataFolder(folder).index
    return OpenIndex(reader_at(f"whoosh+file://{index}"))
