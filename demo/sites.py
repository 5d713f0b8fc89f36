"""The demo sites: every page they serve, and the truth about their articles.

Nothing here uses the network, and only the files of this package are read.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Final

from . import handmade, wordpress
from .manuscript import Manuscript, shelf
from .theme import MISSING

__all__ = ["MISSING", "SITES", "Answer", "DemoArticle", "articles", "site_pages"]

_BUILDERS: Final[dict[str, Callable[[str, str], dict[str, str]]]] = {
    "harborview": wordpress.pages,
    "millbrook": handmade.pages,
}
SITES: Final[tuple[str, ...]] = tuple(_BUILDERS)

_TYPES: Final[dict[str, str]] = {
    "/feed/": "application/rss+xml; charset=utf-8",
    ".xml": "application/xml; charset=utf-8",
    ".txt": "text/plain; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".svg": "image/svg+xml",
}


@dataclass(frozen=True, slots=True)
class Answer:
    status: int
    content_type: str  # with its charset
    body: bytes  # UTF-8


@dataclass(frozen=True, slots=True)
class DemoArticle:
    """What was written into an article, to compare with what is extracted from its page."""

    path: str  # the canonical path
    title: str
    authors: tuple[str, ...]  # names without titles and credentials; empty if nobody signed
    published: date | None  # None if the page has no date
    language: str  # "en" or "es"
    topics: tuple[str, ...]  # as the site prints them: category first, then tags
    reviewers: tuple[str, ...] = ()  # names without titles and credentials
    source: str = ""  # the name in an attribution at the end of the text; "" if there is none
    also_at: tuple[str, ...] = ()  # further paths of the same article
    body: str = ""  # HTML of the article, without title, byline and attribution


def site_pages(name: str, origin: str) -> dict[str, Answer]:
    """Map every path of one site to its answer; `MISSING` has the answer to all other paths."""
    return {path: _answer(path, text) for path, text in _BUILDERS[name](name, origin).items()}


def articles(name: str) -> list[DemoArticle]:
    """Return the articles of one site, sorted by file name."""
    return [_article(script) for script in shelf(name, "articles")]


def _answer(path: str, text: str) -> Answer:
    status = 404 if path == MISSING else 200
    return Answer(status, _content_type(path), text.encode())


def _content_type(path: str) -> str:
    types = (kind for ending, kind in _TYPES.items() if path.endswith(ending))
    return next(types, "text/html; charset=utf-8")


def _article(script: Manuscript) -> DemoArticle:
    return DemoArticle(
        path=script.one("path"),
        title=script.one("title"),
        authors=script.all("author"),
        published=_day(script.one("published")),
        language=script.one("lang", "en"),
        topics=(*script.all("category"), *script.all("tag"), *script.all("topic")),
        reviewers=script.all("reviewer"),
        source=script.one("source"),
        also_at=script.all("also"),
        body=script.body,
    )


def _day(stamp: str) -> date | None:
    return date.fromisoformat(stamp[:10]) if stamp else None
