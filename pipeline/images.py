"""The pictures in the text of an article, with their alternative texts and captions."""

from __future__ import annotations

from collections.abc import Sequence

import lxml.etree

from .. import urls
from ..records import Image
from .blocks import GROUPS, Block, Inside, Picture, Segments
from .parsed_page import text_of

__all__ = ["of", "source_of", "within"]

_SMALLEST = 50  # pixels; smaller pictures are icons and counters; chosen by hand
_MOST = 200  # pictures of one article; chosen by hand
_ELSEWHERE = Inside.NAV | Inside.FOOTER | Inside.ASIDE | Inside.FORM
_BESIDE = sum(
    GROUPS[name]
    for name in ("comments", "navigation", "sidebar", "share", "related", "author", "ad", "cookie")
)
# attributes with which scripts load a picture late
_SOURCES = ("src", "data-src", "data-lazy-src", "data-original", "data-lazy")


def of(segments: Segments, kept: Sequence[Block], url: str) -> tuple[Image, ...]:
    """Return the pictures of an article in order, each once."""
    images: dict[str, Image] = {}
    for picture in within(segments, kept):
        target = source_of(picture.element, url)
        if target:
            alt = " ".join((picture.element.get("alt") or "").split())
            images.setdefault(target, Image(target, alt, _caption(picture.element)))
    return tuple(images.values())[:_MOST]


def within(segments: Segments, kept: Sequence[Block]) -> list[Picture]:
    """Return the pictures that stand in the text: between its first and its last block, beside a block of it.

    `place` is then the index among the kept blocks before which the picture stands.
    """
    chosen = {id(block): number for number, block in enumerate(kept)}
    numbers = [chosen.get(id(block)) for block in segments.blocks]
    found = []
    for picture in segments.pictures:
        around = [n for n in numbers[max(0, picture.place - 2) : picture.place + 2] if n is not None]
        if not around or _is_elsewhere(picture, kept) or _is_icon(picture.element):
            continue
        before = next((n for n in numbers[picture.place :] if n is not None), len(kept))
        found.append(Picture(picture.element, picture.box, before))
    return found


def _is_elsewhere(picture: Picture, kept: Sequence[Block]) -> bool:
    around = kept[0].inside & kept[-1].inside
    groups = kept[0].groups | kept[-1].groups
    return bool(picture.box.inside & _ELSEWHERE & ~around or picture.box.groups & _BESIDE & ~groups)


def _is_icon(element: lxml.etree._Element) -> bool:
    sizes = (element.get(name, "").removesuffix("px") for name in ("width", "height"))
    return any(size.isdecimal() and int(size) < _SMALLEST for size in sizes)


def source_of(element: lxml.etree._Element, url: str) -> str | None:
    """Return the URL of a picture; None for one that is written into the page or has none."""
    for name in _SOURCES:
        value = (element.get(name) or "").strip()
        if value and not value.startswith("data:"):
            return urls.canonical(value, url)
    return None


def _caption(element: lxml.etree._Element) -> str:
    """Return the caption of the <figure>, or of WordPress's older box, around a picture."""
    for holder in element.iterancestors():
        if holder.tag == "figure" or "wp-caption" in holder.get("class", ""):
            captions = (
                e
                for e in holder.iter()
                if e.tag == "figcaption" or (isinstance(e.tag, str) and "caption-text" in e.get("class", ""))
            )
            caption = next(captions, None)
            return " ".join(text_of(caption).split()) if caption is not None else ""
        if holder.tag in ("article", "main", "body"):
            break
    return ""
