"""The article's title as a reader sees it: without the site's name, and not a heading that every page has."""

from __future__ import annotations

import re
from collections.abc import Sequence

from .. import urls
from . import metadata
from .blocks import Block
from .parsed_page import ParsedPage
from .site import SEPARATORS, SiteModel

__all__ = ["find", "is_title"]

_NOT_WORD = re.compile(r"\W+")
_MARKS = " ¶§#🔗"  # signs of links to a heading
_LINKED = 0.9  # share of linked characters from which a heading is a link
# what separates the parts of a <title>, a colon among them
_PARTS = re.compile(r"\s+[|·•»«–—/-]\s+|\s+::\s+|:\s+|\s*[|｜_]\s*")
_LONGEST = 40  # words of a heading that may be the title; chosen by hand
# share of a heading, 0 to 1, that the title must make up for the rest to be a kicker; chosen by hand
_LEAST_OF_TITLE = 0.4


def find(
    parsed_page: ParsedPage, blocks: Sequence[Block], kept: Sequence[Block], model: SiteModel
) -> tuple[str, str]:
    """Return the title and its origin: "heading", "head", "meta" or "json-ld".

    Without a title, return "" and "none".
    """
    names = frozenset(filter(None, map(_plain, metadata.site_names(parsed_page))))
    claimed = _claimed(parsed_page, model, names)
    page = _Headings(blocks, model, names, parsed_page.url)
    headings = page.above(kept)
    candidates = (
        *_agreed(headings, claimed)[:1],
        *_part_of_title([b for b in headings if not model.share(b)], parsed_page.title)[:1],
        *page.highest(headings)[-1:],
        *page.lower(headings, alone=not claimed or page.only_name_site())[-1:],
    )
    for block in candidates:
        return _without_kicker(_line(block.text), claimed), "heading"
    return claimed[0] if claimed else ("", "none")


def _agreed(headings: Sequence[Block], claimed: Sequence[tuple[str, str]]) -> list[Block]:
    """Return the headings that are a title which the head claims, too."""
    titles = {_plain(text) for text, _ in claimed} - {""}
    return [block for block in headings if _plain(block.text) in titles]


def _part_of_title(headings: Sequence[Block], title: str) -> list[Block]:
    """Return the headings that are one part of <title>, between its separators."""
    parts = {_plain(part) for part in _PARTS.split(title)} - {""}
    return [block for block in headings if _plain(block.text) in parts] if len(parts) > 1 else []


class _Headings:
    """The headings of one page that may be its title."""

    def __init__(self, blocks: Sequence[Block], model: SiteModel, names: frozenset[str], url: str) -> None:
        self._blocks, self._model, self._names, self._url = blocks, model, names, url

    def above(self, kept: Sequence[Block]) -> list[Block]:
        """Return the headings above the first paragraph of the article, without those of the site."""
        first = next((block for block in kept if not block.is_heading and block.tag != "h1"), None)
        above = self._blocks[: self._blocks.index(first)] if first is not None else self._blocks
        return [block for block in above if self._may_be_title(block)]

    def highest(self, headings: Sequence[Block]) -> list[Block]:
        """Return every <h1> above the text; if there is none, the only <h1> of the page."""
        h1s = [block for block in self._blocks if block.tag == "h1" and self._may_be_title(block)]
        return [block for block in h1s if block in headings] or (h1s if len(h1s) == 1 else [])

    def only_name_site(self) -> bool:
        """Whether the page has an <h1>, but only one that names the site: a lower one names the page."""
        h1s = [block for block in self._blocks if block.tag == "h1"]
        return bool(h1s) and not any(map(self._may_be_title, h1s))

    def lower(self, headings: Sequence[Block], *, alone: bool) -> list[Block]:
        """Return the headings below <h1> that may name the page if nothing else does (`alone`)."""
        return [block for block in headings if alone and block.tag != "h1" and not self._model.share(block)]

    def _may_be_title(self, block: Block) -> bool:
        heads = block.is_heading or block.tag == "h1"
        if not heads or (block.words > _LONGEST and not block.is_heading):
            return False
        text = block.text.casefold()
        return (
            text not in self._model.site_headings
            and _plain(text) not in self._names
            and not self._leads_home(block)
        )

    def _leads_home(self, block: Block) -> bool:
        """Whether the whole heading is a link to the home page: it names the site."""
        if block.link_density < _LINKED:
            return False
        home = urls.canonical("/", self._url)
        links = (urls.canonical(link.get("href") or "", self._url) for link in block.element.iter("a"))
        return home is not None and home != self._url and home in links


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


def _claimed(parsed_page: ParsedPage, model: SiteModel, names: frozenset[str]) -> list[tuple[str, str]]:
    """Return the titles that the head claims, without the site's name, with their origins; best first."""
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
    return [
        (text.strip(_MARKS), origin)
        for text, origin in titles
        if text and text.casefold() not in model.site_headings and _plain(text) not in names
    ]


def without_site(title: str, model: SiteModel, names: frozenset[str] = frozenset()) -> str:
    """Cut off the parts of a title that the site puts on every page, or that name the site."""
    return _cut(title, names | {_plain(affix) for affix in model.title_affixes})


def _cut(title: str, names: frozenset[str]) -> str:
    """Cut off the site's name at the end with the tagline behind it, or at the start ("Site: Title")."""
    parts = SEPARATORS.split(title)
    separators = SEPARATORS.findall(title)
    name = next((n for n in range(1, len(parts)) if _plain(parts[n]) in names), len(parts))
    del parts[name:], separators[name - 1 :]
    while len(parts) > 1 and _plain(parts[0]) in names:
        parts.pop(0)
        separators.pop(0)
    rest = "".join(part + separator for part, separator in zip(parts, [*separators, ""], strict=True))
    before, colon, after = rest.partition(": ")
    return after.strip() if colon and _plain(before) in names and after.strip() else rest


def is_title(text: str, title: str) -> bool:
    """Whether a text only repeats the title."""
    return bool(title) and _plain(text) == _plain(title)


def _plain(text: str) -> str:
    return _NOT_WORD.sub("", text.casefold())


def _line(text: str) -> str:
    return " ".join(text.split()).strip(_MARKS)
