"""The article's title as a reader sees it: without the site's name, and not the one heading that stands on every page."""

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
_LONGEST = 40  # words
_LEAST_OF_TITLE = 0.4  # share of a heading that a title must make up, so that the rest is a kicker


def find(
    document: Document, blocks: Sequence[Block], kept: Sequence[Block], model: SiteModel
) -> tuple[str, str]:
    """Give the title and where it came from: heading, json-ld, meta, head, or "" and none."""
    claimed = _claimed(document, model)
    headings = [b for b in _headings_above(blocks, kept) if b.text.casefold() not in model.site_headings]
    agreed = [
        b for b in headings if _plain(b.text) and any(_plain(b.text) == _plain(text) for text, _ in claimed)
    ]
    ones = [
        b for b in blocks if b.tag == "h1" and b.is_heading and b.text.casefold() not in model.site_headings
    ]
    lower = [b for b in headings if b.tag != "h1" and not model.share(b)]
    hidden = (
        any(b.tag == "h1" for b in blocks) and not ones
    )  # the <h1> names the site, so a lower heading names the page
    near = [b for b in ones if b in headings] or (ones if len(ones) == 1 else [])
    for block in (*agreed[:1], *near[-1:], *(lower[-1:] if hidden or not claimed else [])):
        return _without_kicker(_line(block.text), claimed), "heading"
    for text, origin in claimed:
        return text, origin
    return "", "none"


def _without_kicker(heading: str, claimed: Sequence[tuple[str, str]]) -> str:
    """Cut the line some sites set above the title inside the same <h1>, where a claimed title says what it is without."""
    shown = _plain(heading)
    for text, _ in claimed:
        if (
            len(_plain(text)) >= _LEAST_OF_TITLE * len(shown)
            and shown != _plain(text)
            and shown.endswith(_plain(text))
        ):
            return text
    return heading


def _headings_above(blocks: Sequence[Block], kept: Sequence[Block]) -> list[Block]:
    """Give the headings down to the first paragraph of the article."""
    first = next((b for b in kept if not b.is_heading), None)
    above = blocks[: blocks.index(first)] if first is not None else blocks
    return [b for b in above if b.is_heading and b.words <= _LONGEST]


def _claimed(document: Document, model: SiteModel) -> list[tuple[str, str]]:
    """Give the titles that the head claims, the site's name cut off, best first."""
    names = _site_names(document)
    found = [(without_site(document.title, model, names), "head")]
    found += [
        (without_site(text, model), "meta")
        for text in (_cut(document.first("og:title"), names), _cut(document.first("twitter:title"), names))
    ]
    found += [
        (text, "json-ld")
        for node in metadata.articles(document)
        for text in metadata.strings(node.get("headline"))
    ]
    return [(text, origin) for text, origin in found if text and text.casefold() not in model.site_headings]


def without_site(title: str, model: SiteModel, names: frozenset[str] = frozenset()) -> str:
    """Cut the parts of a title that the site puts on every page, or that name the site."""
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
    """Give what the page says its site is called, folded: in its head, in JSON-LD, and in its host name."""
    said = [
        document.first("og:site_name"),
        document.first("application-name"),
        document.first("apple-mobile-web-app-title"),
    ]
    for node in document.data:
        if metadata.types(node) & {"website", "organization", "newsmediaorganization"}:
            said += metadata.strings(node.get("name"))
        said += metadata.strings(node.get("publisher"))
    host, _ = urls.host_port(document.url)
    labels = host.removeprefix("www.").split(".")
    return frozenset(filter(None, map(_plain, (*said, labels[0], ".".join(labels), host))))


def is_title(text: str, title: str) -> bool:
    """Tell whether a block only repeats the title."""
    return bool(title) and _plain(text) == _plain(title)


def _plain(text: str) -> str:
    return _NOT_WORD.sub("", text.casefold())


def _line(text: str) -> str:
    return " ".join(text.split())
