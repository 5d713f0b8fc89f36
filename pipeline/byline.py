"""Who wrote the article, who reviewed it, and where the publisher found it.

Candidates come with their provenance and are asked in this order: the attribution in the text ("–Name, MD, found on …"),
the visible byline, the author's link or box, the metadata. A visible byline beats metadata because metadata often names
the account that typed the article in. The attribution line is read here, and only then taken out of the text.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from .. import urls
from ..article import Person, Source
from . import metadata, person
from .blocks import GROUPS, Block
from .document import Document
from .site import SiteModel

__all__ = ["Byline", "find", "find_in_text", "near"]

_LONGEST = 40  # words of a block that may be a byline
_EDGE = 6  # blocks at the start and end of the text in which an attribution may stand

_WROTE = r"(?:(?:medically )?written|authored|posted|published|article|words|story|text) by|by|author|autor(?:a|in)?|von|par|por|di|door|escrito por|verfasst von|geschrieben von|écrit par|rédigé par"
_REVIEWED = r"(?:medically |clinically |fact[- ])?(?:reviewed|checked|verified) by|(?:medical )?reviewer|revisad[oa] por|medizinisch geprüft von|geprüft von|relu par"
_BYLINE = re.compile(rf"^(?:{_WROTE})\s*:?\s+(?P<who>\S.*)$", re.IGNORECASE | re.DOTALL)
_REVIEW = re.compile(rf"(?:^|[|•·\n])\s*(?:{_REVIEWED})\s*:?\s*(?P<who>\S[^|•·\n]*)", re.IGNORECASE)
_LABEL_WROTE = re.compile(rf"^(?:{_WROTE})\s*:?$", re.IGNORECASE)
_LABEL_REVIEWED = re.compile(rf"^(?:{_REVIEWED})\s*:?$", re.IGNORECASE)
_INNER_BY = re.compile(r"(?:^|[/|•·\n]|\s-\s)\s*(?:written |posted )?by:?\s+(?P<who>[^/|•·\n]+)", re.IGNORECASE)
# "–Peter F. Ullrich, Jr., MD, found on Spine-Health": a dash, a name, and perhaps where it was found
_ATTRIBUTION = re.compile(
    r"^[–—―-]\s*(?:by\s+)?(?P<who>\S.{2,120}?)(?:,?\s+(?:as )?(?:found|seen|published|from|originally published)\s+(?:on|at|in|by)\b\s*(?P<where>.*))?$",
    re.IGNORECASE | re.DOTALL,
)
_FOUND = re.compile(
    r"^(?:source|via|originally published (?:on|at|in|by)|reprinted from|courtesy of|found on)\s*:?\s+(?P<where>\S.{1,80})$", re.IGNORECASE
)
# What stands behind a name in a byline: a date, reading time, comment count, category
_TAIL = re.compile(
    r"\s*(?:[|•·/\n]|\s[-–—]\s(?=\d|jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)|\bon\s+(?=\w+\s+\d)|\bupdated\b|\bpublished\b|\bposted\b|\bin\s+[A-Z]|\d+\s*(?:min|comment)"
    r"|\b(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.?\s+\d|\d{1,2}[./]\d).*$",
    re.IGNORECASE | re.DOTALL,
)


@dataclass(frozen=True, slots=True)
class Byline:
    """Who is named, and which blocks said so: those leave the text."""

    authors: tuple[Person, ...] = ()
    reviewed_by: tuple[Person, ...] = ()
    source: Source | None = None
    origin: str = "none"  # where the authors come from: attribution, byline, link, metadata, none
    blocks: tuple[Block, ...] = field(default=())


def find(document: Document, blocks: Sequence[Block], kept: Sequence[Block], model: SiteModel) -> Byline:
    """Find who is named on a page; `kept` are the blocks of its main content, `blocks` all of them."""
    found = _attribution(kept, document.url)
    reviewed, review_blocks = _reviewers(blocks)
    authors, origin, used = found.authors, found.origin, [*found.blocks, *review_blocks]
    if not authors:
        around = near(blocks, kept)
        authors, origin, visible = _first(("byline", _labelled(around)), ("link", _linked(document, around)))
        used += visible
    if not authors:
        authors, origin = _from_metadata(document, model), "metadata"
    authors = tuple(one for one in authors if one.name not in {other.name for other in reviewed})
    return Byline(authors, reviewed, found.source, origin if authors else "none", tuple(used))


def find_in_text(kept: Sequence[Block]) -> Byline:
    """Find who is named in a plain text, which has no markup and no head."""
    found = _attribution(kept, "")
    reviewed, review_blocks = _reviewers(kept)
    authors, visible = (found.authors, []) if found.authors else _labelled(kept)
    origin = found.origin if found.authors else "byline" if authors else "none"
    return Byline(authors, reviewed, found.source, origin, (*found.blocks, *review_blocks, *visible))


_Found = tuple[tuple[Person, ...], list[Block]]


def _first(*candidates: tuple[str, _Found]) -> tuple[tuple[Person, ...], str, list[Block]]:
    return next(((people, origin, used) for origin, (people, used) in candidates if people), ((), "none", []))


def near(blocks: Sequence[Block], kept: Sequence[Block]) -> list[Block]:
    """Give the blocks that may sign the article: from a little above its first block to its end, comments left out."""
    if not kept:
        return list(blocks)
    first, last = blocks.index(kept[0]), blocks.index(kept[-1])
    around = blocks[max(0, first - 15) : last + 10]
    return [block for block in around if not block.groups & (GROUPS["comments"] | GROUPS["related"])]


def _attribution(kept: Sequence[Block], url: str) -> Byline:
    """Read an attribution in the first or last blocks of the text."""
    edge = list(dict.fromkeys([*kept[-_EDGE:][::-1], *kept[:3]]))
    for block in edge:
        if block.words > _LONGEST:
            continue
        match = _ATTRIBUTION.match(block.text)
        people = person.split(match["who"]) if match else []
        if match and people:
            return Byline(tuple(people), (), _source(match["where"], block, url), "attribution", (block,))
        match = _FOUND.match(block.text)
        if match and block.link_chars:
            return Byline((), (), _source(match["where"], block, url), "none", (block,))
    return Byline()


def _source(where: str | None, block: Block, url: str) -> Source | None:
    """Name the source by the link's text; null where the page lost its name."""
    if where is None:
        return None
    links = [link for link in block.element.iter("a") if link.get("href")] if block.element is not None else []
    if links:
        name = " ".join(links[-1].text_content().split()) or " ".join(where.split())
        return Source(name, urls.canonical(links[-1].get("href"), url)) if name else None
    name = " ".join(where.split()).strip(" .")
    return Source(name) if name else None


def _labelled(blocks: Sequence[Block]) -> _Found:
    """Read "Written by …" in one block, or a label and the name in the block after it."""
    for place, block in enumerate(blocks):
        if block.words > _LONGEST:
            continue
        if _LABEL_WROTE.match(block.text) and place + 1 < len(blocks):
            people = person.split(_TAIL.sub("", blocks[place + 1].text))
            if people and blocks[place + 1].words <= _LONGEST:
                return tuple(people), [block, blocks[place + 1]]
        match = _BYLINE.match(block.text) or _in_details(block)
        people = person.split(_TAIL.sub("", match["who"])) if match else []
        if people:
            return tuple(people), [block]
    return (), []


def _in_details(block: Block) -> re.Match[str] | None:
    """Find "… / By Name" inside a line of post details."""
    return _INNER_BY.search(block.text) if block.groups & GROUPS["byline"] or block.words <= 20 else None


def _reviewers(blocks: Sequence[Block]) -> _Found:
    for place, block in enumerate(blocks):
        if block.words > _LONGEST:
            continue
        match = _REVIEW.search(block.text)
        people = person.split(_TAIL.sub("", match["who"])) if match else []
        if people:
            return tuple(people), [block]
        if _LABEL_REVIEWED.match(block.text) and place + 1 < len(blocks):
            people = person.split(_TAIL.sub("", blocks[place + 1].text))
            if people:
                return tuple(people), [block, blocks[place + 1]]
    return (), []


def _linked(document: Document, around: Sequence[Block]) -> _Found:
    """Read the author's own link or element: rel=author, itemprop=author, class "author"."""
    elements = {block.element for block in around}
    for link in document.root.iter("a", "span", "div", "p", "address"):
        if not _signs(link) or not (link in elements or any(parent in elements for parent in link.iterancestors())):
            continue
        people = person.split(_TAIL.sub("", _without_by(" ".join(link.text_content().split())[:200])))
        if people:
            return tuple(people), []
    return (), []


def _signs(element: object) -> bool:
    get = element.get  # type: ignore[attr-defined]
    classes = (get("class") or "").lower().split()
    return "author" in (get("rel") or "").split() or get("itemprop") == "author" or "author" in classes or "author-name" in classes


def _without_by(text: str) -> str:
    match = _BYLINE.match(text)
    return match["who"] if match else text


def _from_metadata(document: Document, model: SiteModel) -> tuple[Person, ...]:
    """Believe metadata only where it names a person, and not the one account that signs the whole site."""
    people: Iterable[Person | None] = (person.parse(name) for name in metadata.authors(document) if name.casefold() not in model.accounts)
    return tuple({one.name: one for one in people if one}.values())
