"""Elements that are marked as the author's, and boxes whose names belong to somebody else."""

from __future__ import annotations

import re
from collections.abc import Iterator

import lxml.etree

from .blocks import Box

__all__ = ["around", "is_mark", "is_quoted", "is_strong_mark"]

_MARK = re.compile(
    r"(?:^|[-_\d]|(?<=[a-z]))(?:[Aa]uthors?|byline|Byline"
    r"|autor|auteur|writer|Writer|contributor)(?=$|[-_A-Z\d])"
)
_MARKED_LINK = re.compile(
    r"/(?:authors?|author-\w+|contributors?|writers?|autor(?:en)?"
    r"|auteurs?|people|profiles?|experts?|users?)/[^/?#]+"
    r"|[?&]author=",
    re.IGNORECASE,
)
_NOT_A_MARK = re.compile(
    r"avatar"
    r"|image"
    r"|img"
    r"|photo"
    r"|bio(?!med)"
    r"|desc"
    r"|box"
    r"|card"
    r"|social"
    r"|comment"
    r"|related"
    r"|list"
    r"|grid"
    r"|archive"
    r"|widget"
    r"|date"
    r"|icon"
    r"|testimonial"
    r"|review"
    r"|quote"
    r"|source"
    r"|media"
    r"|bookmark"
    r"|role"
    r"|position",
    re.IGNORECASE,
)
_QUOTED = re.compile(
    r"testimonial"
    r"|review(?!ed)"
    r"|(?:staff|team|doctor|provider)s?[-_]*(?:card|member|list|grid|profile|info)"
    r"|our[-_]?(?:team|staff|doctors)",
    re.IGNORECASE,
)


def around(box: Box) -> Iterator[Box]:
    """Yield a box and up to two boxes around it."""
    yield box
    for _ in range(2):
        if box.parent is None:
            return
        box = box.parent
        yield box


def is_quoted(box: Box) -> bool:
    """Whether a box stands in a testimonial, a review or a staff card."""
    return any(_QUOTED.search(candidate.names) for candidate in around(box) if candidate.names)


def is_mark(element: lxml.etree._Element) -> bool:
    """Whether an element is marked as the author's: by a strong mark, by its link or by its class."""
    attributes = element.attrib
    if is_strong_mark(element):
        return True
    if element.tag == "a" and _MARKED_LINK.search(attributes.get("href", "")):
        return True
    return any(
        _MARK.search(name) and not _NOT_A_MARK.search(name) for name in attributes.get("class", "").split()
    )


def is_strong_mark(element: lxml.etree._Element) -> bool:
    """Whether an element is marked as the author's by rel=author or itemprop=author."""
    return "author" in element.get("rel", "").split() or element.get("itemprop") == "author"
