"""The peers that clinicdex is compared with, each a function of markup and URL that returns what it finds.

A peer's library is imported only when the peer is used.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

__all__ = ["PEERS", "Found"]


@dataclass(frozen=True, slots=True)
class Found:
    """What a system finds on a page."""

    text: str = ""
    title: str = ""
    authors: tuple[str, ...] = ()
    date: str = ""  # YYYY-MM-DD or ""
    tags: tuple[str, ...] = field(default=())


Reader = Callable[[str, str], Found]


def trafilatura() -> Reader:
    import trafilatura as peer

    def read(markup: str, url: str) -> Found:
        document: Any = peer.bare_extraction(markup, url=url, with_metadata=True, include_comments=False)
        if document is None:
            return Found()
        tags = (*(document.tags or ()), *(document.categories or ()))
        return Found(
            document.text or "",
            document.title or "",
            _several(document.author),
            (document.date or "")[:10],
            tags,
        )

    return read


def readability_lxml() -> Reader:
    import html_text
    import readability

    def read(markup: str, url: str) -> Found:
        document = readability.Document(markup, url=url)
        author = document.author()
        return Found(
            html_text.extract_text(document.summary()),
            document.short_title(),
            () if author == "[no-author]" else (author,),
        )

    return read


def newspaper4k() -> Reader:
    import newspaper
    import tldextract

    # Otherwise it downloads a list of suffixes.
    tldextract.tldextract.TLD_EXTRACTOR = tldextract.TLDExtract(suffix_list_urls=())

    def read(markup: str, url: str) -> Found:
        article = newspaper.Article(url, fetch_images=False)
        article.download(input_html=markup)
        article.parse()
        day = article.publish_date.isoformat()[:10] if article.publish_date else ""
        return Found(
            article.text or "", article.title or "", tuple(article.authors), day, tuple(article.tags or ())
        )

    return read


def goose3() -> Reader:
    import goose3 as peer

    goose = peer.Goose({"enable_image_fetching": False})

    def read(markup: str, url: str) -> Found:
        article = goose.extract(raw_html=markup)
        return Found(
            article.cleaned_text or "",
            article.title or "",
            tuple(article.authors or ()),
            str(article.publish_date or "")[:10],
            tuple(article.tags or ()),
        )

    return read


def _text(value: object) -> str:
    return value if isinstance(value, str) else " ".join(map(str, value)) if isinstance(value, list) else ""


def _several(author: str | None) -> tuple[str, ...]:
    return tuple(part.strip() for part in (author or "").split(";") if part.strip())


def _careful(make: Callable[[], Reader]) -> Callable[[], Reader]:
    """Wrap a peer so that it finds nothing on a page on which it raises an exception."""

    def made() -> Reader:
        reader = make()

        def read(markup: str, url: str) -> Found:
            with contextlib.suppress(Exception):
                found = reader(markup, url)
                people = tuple(name for name in found.authors if isinstance(name, str))
                return Found(
                    _text(found.text),
                    _text(found.title),
                    people,
                    _text(found.date),
                    tuple(map(_text, found.tags)),
                )
            return Found()

        return read

    return made


PEERS: dict[str, Callable[[], Reader]] = {
    peer.__name__: _careful(peer) for peer in (trafilatura, readability_lxml, newspaper4k, goose3)
}
