"""clinicdex collects the articles of clinic websites, keeps what the author wrote, and makes them searchable.

    sites ─▶ crawler ──Page──▶ catalogue ──Page──▶ pipeline ──Article──▶ catalogue
             fetch             store               extract               store

    catalogue ──Article──▶ index ──Hit──▶ cli, searchbox
    store                  search         show

The package `flow` is the application, which connects all of these. From Python:

    >>> import clinicdex
    >>> clinicdex.crawl("https://clinic.example/", data="articles", contact="you@clinic.example")
    >>> with clinicdex.open_index("articles") as index:
    ...     index.search("low back pain", topic="Exercise").hits

`docs/python.md` shows all of it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .api import OpenIndex, crawl, extract, open_index
    from .errors import CatalogueError, ConfigError, EngineError, Error, IndexMissing, SiteError
    from .flow.crawling import CrawlOutcome, Progress, Summary
    from .index.engine import Facet, Hit, Results
    from .index.snippet import Snippet
    from .records import Article, Person, Reason, Rejection, Source, Topic

__version__ = "0.1.0"
__all__ = [
    "Article", "CatalogueError", "ConfigError", "CrawlOutcome", "EngineError", "Error", "Facet", "Hit",
    "IndexMissing", "OpenIndex", "Person", "Progress", "Reason", "Rejection", "Results", "SiteError",
    "Snippet", "Source", "Summary", "Topic", "__version__", "crawl", "extract", "open_index",
]  # fmt: skip

_HOMES = {
    "api": ("OpenIndex", "crawl", "extract", "open_index"),
    "errors": ("CatalogueError", "ConfigError", "EngineError", "Error", "IndexMissing", "SiteError"),
    "flow.crawling": ("CrawlOutcome", "Progress", "Summary"),
    "index.engine": ("Facet", "Hit", "Results"),
    "index.snippet": ("Snippet",),
    "records": ("Article", "Person", "Reason", "Rejection", "Source", "Topic"),
}


def __getattr__(name: str) -> Any:
    """Import a public name on first use (PEP 562), so that `import clinicdex` alone loads nothing heavy."""
    home = next((module for module, names in _HOMES.items() if name in names), None)
    if home is None:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    return getattr(import_module(f".{home}", __name__), name)


def __dir__() -> list[str]:
    """Return the public names, whether they were used yet or not."""
    return sorted(__all__)
