"""The article's title as a reader sees it: without the site's name, and not a heading that every page has."""

from __future__ import annotations

import re
from collections.abc import Sequence

from .. import urls
from . import metadata
from .blocks import Block
from .document import Document
from .site import SEPARATORS, SiteModel

__all__ = ["find", "is_title"]

_NOT_WORD = re.compile(r"\W+")
_LONGEST = 40  # words of a heading that may be the title; chosen by hand
# share of a heading, 0 to 1, that the title must make up for the rest to be a kicker; chosen by hand
_LEAST_OF_TITLE = 0.4


def find(
    document: Document, blocks: Sequence[Block], kept: Sequence[Block], model: SiteModel
) -> tuple[str, str]:
    """Return the title and its origin: "heading", "head", "meta" or "json-ld".

    Without a title, return "" and "none".
    """
    claimed = _claimed(document, model)
    headings = [b for b in _headings_above(blocks, kept) if b.text.casefold() not in model.site_headings]
    agreed = [
        b for b in headings if _plain(b.text) and any(_plain(b.text) == _plain(text) for text, _ in claimed)
    ]
    h1s = [
        b for b in blocks if b.tag == "h1" and b.is_heading and b.text.casefold() not in model.site_headings
    ]
    lower = [b for b in headings if b.tag != "h1" and not model.share(b)]
    # the <h1> names the site, so a lower heading names the page
    hidden = any(b.tag == "h1" for b in blocks) and not h1s
    near = [b for b in h1s if b in headings] or (h1s if len(h1s) == 1 else [])
    for block in (*agreed[:1], *near[-1:], *(lower[-1:] if hidden or not claimed else [])):
        return _without_kicker(_line(block.text), claimed), "heading"
    for text, origin in claimed:
        return text, origin
    return "", "none"


def _without_kicker(heading: str, claimed: Sequence[tuple[str, str]]) -> str:
    """Cut off the kicker, a line that some sites put above the title inside the same <h1>.

    It is cut off if the heading ends with a title that the page claims, and this title is long enough
    (_LEAST_OF_TITLE).
    """
    folded = _plain(heading)
    for text, _ in claimed:
        if (
            len(_plain(text)) >= _LEAST_OF_TITLE * len(folded)
            and folded != _plain(text)
            and folded.endswith(_plain(text))
        ):
            return text
    return heading


def _headings_above(blocks: Sequence[Block], kept: Sequence[Block]) -> list[Block]:
    """Return the headings above the first paragraph of the article."""
    first = next((b for b in kept if not b.is_heading), None)
    above = blocks[: blocks.index(first)] if first is not None else blocks
    return [b for b in above if b.is_heading and b.words <= _LONGEST]


def _claimed(document: Document, model: SiteModel) -> list[tuple[str, str]]:
    """Return the titles that the head claims, without the site's name, with their origins; best first."""
    names = _site_names(document)
    titles = [(without_site(document.title, model, names), "head")]
    titles += [
        (without_site(text, model), "meta")
        for text in (_cut(document.first("og:title"), names), _cut(document.first("twitter:title"), names))
    ]
    titles += [
        (text, "json-ld")
        for node in metadata.articles(document)
        for text in metadata.strings(node.get("headline"))
    ]
    return [(text, origin) for text, origin in titles if text and text.casefold() not in model.site_headings]


def without_site(title: str, model: SiteModel, names: frozenset[str] = frozenset()) -> str:
    """Cut off the parts of a title that the site puts on every page, or that name the site."""
    return _cut(title, names | {_plain(affix) for affix in model.title_affixes})


def _cut(title: str, names: frozenset[str]) -> str:
    parts = SEPARATORS.split(title)
    separators = SEPARATORS.findall(title)
    while len(parts) > 1 and _plain(parts[-1]) in names:
        parts.pop()
        separators.pop()
    while len(parts) > 1 and _plain(parts[0]) in names:
        parts.pop(0)
        separators.pop(0)
    return "".join(part + separator for part, separator in zip(parts, [*separators, ""], strict=True))


def _site_names(document: Document) -> frozenset[str]:
    """Return the names of the site, folded: those in the page's head, in its JSON-LD and in its host name."""
    names = [
        document.first("og:site_name"),
        document.first("application-name"),
        document.first("apple-mobile-web-app-title"),
    ]
    for node in document.data:
        if metadata.types(node) & {"website", "organization", "newsmediaorganization"}:
            names += metadata.strings(node.get("name"))
        names += metadata.strings(node.get("publisher"))
    host, _ = urls.host_port(document.url)
    labels = host.removeprefix("www.").split(".")
    return frozenset(filter(None, map(_plain, (*names, labels[0], ".".join(labels), host))))


def is_title(text: str, title: str) -> bool:
    """Whether a text only repeats the title."""
    return bool(title) and _plain(text) == _plain(title)


def _plain(text: str) -> str:
    return _NOT_WORD.sub("", text.casefold())


def _line(text: str) -> str:
    return " ".join(text.split())
