"""The article's title as a reader sees it: without the site's name, and not the one heading that stands on every page."""

from __future__ import annotations

import re
from collections.abc import Sequence

from . import metadata
from .blocks import Block
from .document import Document
from .site import SEPARATORS, SiteModel

__all__ = ["find", "is_title"]

_NOT_WORD = re.compile(r"\W+")
_LONGEST = 40  # words


def find(document: Document, blocks: Sequence[Block], kept: Sequence[Block], model: SiteModel) -> tuple[str, str]:
    """Give the title and where it came from: heading, json-ld, meta, head, or "" and none."""
    claimed = _claimed(document, model)
    headings = [b for b in _headings_above(blocks, kept) if b.text.casefold() not in model.site_headings]
    agreed = [b for b in headings if _plain(b.text) and any(_plain(b.text) == _plain(text) for text, _ in claimed)]
    ones = [b for b in blocks if b.tag == "h1" and b.is_heading and b.text.casefold() not in model.site_headings]
    lower = [b for b in headings if b.tag != "h1" and not model.share(b)]
    hidden = any(b.tag == "h1" for b in blocks) and not ones  # the <h1> names the site, so a lower heading names the page
    near = [b for b in ones if b in headings] or (ones if len(ones) == 1 else [])
    for block in (*agreed[:1], *near[-1:], *(lower[-1:] if hidden or not claimed else [])):
        return _line(block.text), "heading"
    for text, origin in claimed:
        return text, origin
    return "", "none"


def _headings_above(blocks: Sequence[Block], kept: Sequence[Block]) -> list[Block]:
    """Give the headings down to the first paragraph of the article."""
    first = next((b for b in kept if not b.is_heading), None)
    above = blocks[: blocks.index(first)] if first is not None else blocks
    return [b for b in above if b.is_heading and b.words <= _LONGEST]


def _claimed(document: Document, model: SiteModel) -> list[tuple[str, str]]:
    """Give the titles that the head claims, the site's name cut off, best first."""
    found = [(without_site(document.title, model), "head")]
    found += [(without_site(text, model), "meta") for text in (document.first("og:title"), document.first("twitter:title"))]
    found += [(text, "json-ld") for node in metadata.articles(document) for text in metadata.strings(node.get("headline"))]
    return [(text, origin) for text, origin in found if text and text.casefold() not in model.site_headings]


def without_site(title: str, model: SiteModel) -> str:
    """Cut the parts of a title that the site puts on every page."""
    parts = SEPARATORS.split(title)
    separators = SEPARATORS.findall(title)
    while len(parts) > 1 and parts[-1].casefold() in model.title_affixes:
        parts.pop()
        separators.pop()
    while len(parts) > 1 and parts[0].casefold() in model.title_affixes:
        parts.pop(0)
        separators.pop(0)
    return "".join(part + separator for part, separator in zip(parts, [*separators, ""], strict=True))


def is_title(text: str, title: str) -> bool:
    """Tell whether a block only repeats the title."""
    return bool(title) and _plain(text) == _plain(title)


def _plain(text: str) -> str:
    return _NOT_WORD.sub("", text.casefold())


def _line(text: str) -> str:
    return " ".join(text.split())
