"""The peers, each as a function of markup and address that gives what it finds. Imported only when asked for."""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

__all__ = ["PEERS", "Found"]


@dataclass(frozen=True, slots=True)
class Found:
    """What a system says of a page."""

    text: str = ""
    title: str = ""
    authors: tuple[str, ...] = ()
    date: str = ""  # YYYY-MM-DD or ""
    tags: tuple[str, ...] = field(default=())


Reader = Callable[[str, str], Found]


def trafilatura() -> Reader:
    import trafilatura as peer

    def read(markup: str, url: str) -> Found:
        found: Any = peer.bare_extraction(markup, url=url, with_metadata=True, include_comments=False)
        if found is None:
            return Found()
        tags = (*(found.tags or ()), *(found.categories or ()))
        return Found(
            found.text or "", found.title or "", _several(found.author), (found.date or "")[:10], tags
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

    tldextract.tldextract.TLD_EXTRACTOR = tldextract.TLDExtract(
        suffix_list_urls=()
    )  # else it asks the network for a list

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
        found = goose.extract(raw_html=markup)
        return Found(
            found.cleaned_text or "",
            found.title or "",
            tuple(found.authors or ()),
            str(found.publish_date or "")[:10],
            tuple(found.tags or ()),
        )

    return read


def _text(value: object) -> str:
    return value if isinstance(value, str) else " ".join(map(str, value)) if isinstance(value, list) else ""


def _several(author: str | None) -> tuple[str, ...]:
    return tuple(part.strip() for part in (author or "").split(";") if part.strip())


def _careful(make: Callable[[], Reader]) -> Callable[[], Reader]:
    """A page a peer falls over is a page it finds nothing on."""

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
