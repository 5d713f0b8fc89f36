"""The article's title as a reader sees it: without the site's name, and not a heading that every page has."""

from __future__ import annotations

import re
from collections.abc import Sequence

from . import metadata
from .blocks import Block
from .parsed_page import ParsedPage
from .site import SEPARATORS, SiteModel

__all__ = ["find", "is_title"]

_NOT_WORD = re.compile(r"\W+")
_LONGEST = 40  # words of a heading that may be the title; chosen by hand
# share of a heading, 0 to 1, that the title must make up for the rest to be a kicker; chosen by hand
_LEAST_OF_TITLE = 0.4


def find(
    parsed_page: ParsedPage, blocks: Sequence[Block], kept: Sequence[Block], model: SiteModel
) -> tuple[str, str]:
    """Return the title and its origin: "heading", "head", "meta" or "json-ld".

    Without a title, return "" and "none".
    """
    claimed = _claimed(parsed_page, model)
    headings = _headings_above(blocks, kept, model)
    candidates = (
        *_agreed(headings, claimed)[:1],
        *_page_headings(blocks, headings, model)[-1:],
        *_lower(headings, model, alone=not claimed or _names_site(blocks, model))[-1:],
    )
    for block in candidates:
        return _without_kicker(_line(block.text), claimed), "heading"
    return claimed[0] if claimed else ("", "none")


def _agreed(headings: Sequence[Block], claimed: Sequence[tuple[str, str]]) -> list[Block]:
    """Return the headings that are a title which the head claims, too."""
    titles = {_plain(text) for text, _ in claimed} - {""}
    return [block for block in headings if _plain(block.text) in titles]


def _page_headings(blocks: Sequence[Block], headings: Sequence[Block], model: SiteModel) -> list[Block]:
    """Return every <h1> above the text; if there is none, the only <h1> of the page."""
    h1s = [block for block in blocks if block.tag == "h1" and _is_heading_of_page(block, model)]
    return [block for block in h1s if block in headings] or (h1s if len(h1s) == 1 else [])


def _names_site(blocks: Sequence[Block], model: SiteModel) -> bool:
    """Whether the page has an <h1>, but only one that names the site: then a lower heading names the page."""
    h1s = [block for block in blocks if block.tag == "h1"]
    return bool(h1s) and not any(_is_heading_of_page(block, model) for block in h1s)


def _lower(headings: Sequence[Block], model: SiteModel, *, alone: bool) -> list[Block]:
    """Return the headings below <h1> that may name the page if nothing else does (`alone`)."""
    return [block for block in headings if alone and block.tag != "h1" and not model.share(block)]


def _is_heading_of_page(block: Block, model: SiteModel) -> bool:
    return block.is_heading and block.text.casefold() not in model.site_headings


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


def _headings_above(blocks: Sequence[Block], kept: Sequence[Block], model: SiteModel) -> list[Block]:
    """Return the headings above the first paragraph of the article, without those of the site."""
    first = next((b for b in kept if not b.is_heading), None)
    above = blocks[: blocks.index(first)] if first is not None else blocks
    return [b for b in above if b.words <= _LONGEST and _is_heading_of_page(b, model)]


def _claimed(parsed_page: ParsedPage, model: SiteModel) -> list[tuple[str, str]]:
    """Return the titles that the head claims, without the site's name, with their origins; best first."""
    names = frozenset(filter(None, map(_plain, metadata.site_names(parsed_page))))
    titles = [(without_site(parsed_page.title, model, names), "head")]
    titles += [
        (without_site(text, model), "meta")
        for text in (
            _cut(parsed_page.first("og:title"), names),
            _cut(parsed_page.first("twitter:title"), names),
        )
    ]
    titles += [
        (text, "json-ld")
        for node in metadata.articles(parsed_page)
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


def is_title(text: str, title: str) -> bool:
    """Whether a text only repeats the title."""
    return bool(title) and _plain(text) == _plain(title)


def _plain(text: str) -> str:
    return _NOT_WORD.sub("", text.casefold())


def _line(text: str) -> str:
    return " ".join(text.split())
