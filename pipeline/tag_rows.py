"""The rows of tags and categories that a page shows with its article, above its title or below its text.

What makes a row is its markup (rel=tag, an address under /tag/ or /category/, a class "tags") or the words
before it ("Filed under"); what makes it the article's is its place, as for the people who sign it
(`signing_blocks.py`).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from urllib.parse import parse_qs, unquote, urlsplit

import lxml.etree

from .blocks import Block, Inside
from .boilerplate import boilerplate_kind
from .parsed_page import text_of
from .tag_words import COUNT, LEAD, LEAD_BEFORE, TAXONOMY_CLASS, TAXONOMY_PATH

__all__ = ["labels", "rows_among"]

# The limits below are chosen by hand.
_MOST = 12  # labels of a row; a longer one lists all tags of the site
_MOST_COUNTS = 2  # labels that end with a number; a row of them counts the site's articles
_LONGEST, _MOST_WORDS = 40, 6  # characters and words of a label
_LEAST_SHARE = (
    0.5  # of the row's letters that its labels make up, if nothing but addresses and classes mark them
)
_EDGE = 3  # blocks at the start and the end of a text among which a row of tags may be
_ROW_SHARE = 0.8  # of such a block's letters that its labels make up
_BESIDE = 6  # blocks before and after the text in which navigation holds its tags
_SEPARATOR = re.compile(r"\s*[,;|·•、，/\n]\s*|\s+(?=#)")
_CLASS_WORD = re.compile(r"[A-Z]?[a-z]+|[A-Z]+")
_NOT_A_ROW = frozenset("cloud menu nav breadcrumb breadcrumbs related widget sidebar".split())
_QUERIES = ("tag", "cat", "category", "topic", "tags")


def rows_among(kept: Sequence[Block]) -> list[Block]:
    """Return the blocks at the edges of a text that are rows of tags and nothing else."""
    edges = [*kept[:_EDGE], *kept[max(_EDGE, len(kept) - _EDGE) :]]
    return [block for block in edges if not block.is_heading and _is_row(block)]


def _is_row(block: Block) -> bool:
    marked = [text for e in _leaves(block.element) if (text := _folded(e))]
    return _share(marked, block.text) >= _ROW_SHARE


def labels(blocks: Sequence[Block], around: Sequence[Block], kept: Sequence[Block]) -> list[str]:
    """Return the labels of the rows about an article, in order, each as written.

    They are looked for in the blocks around it, and in navigation beside it that is marked as tags.
    """
    text = {id(block) for block in kept}
    found: list[str] = []
    is_led = False
    for block in [*around, *_marked_beside(blocks, kept)]:
        if id(block) in text:
            is_led = False
            continue
        row = list(_row(block, is_led=is_led))
        if len(row) <= _MOST and sum(bool(COUNT.search(label)) for label in row) < _MOST_COUNTS:
            found += row
        lead = LEAD.match(block.text)
        is_led = bool(lead and lead.end() == len(block.text)) or (is_led and bool(row))
    return list(dict.fromkeys(filter(_is_label, (label.strip(" #\t\n") for label in found))))


def _marked_beside(blocks: Sequence[Block], kept: Sequence[Block]) -> list[Block]:
    places = {id(block): place for place, block in enumerate(blocks)}
    if not kept:
        return []
    first, last = places[id(kept[0])], places[id(kept[-1])]
    beside = [*blocks[max(0, first - _BESIDE) : first], *blocks[last + 1 : last + 1 + _BESIDE]]
    return [
        block
        for block in beside
        if block.inside & Inside.NAV
        and any(_is_marked(e) for e in (block.element, *block.element.iterancestors("nav")))
    ]


def _row(block: Block, *, is_led: bool) -> Iterator[str]:
    if _is_cloud(block.element):
        return iter(())
    certain = [text for e in block.element.iter() if _is_certain(e) and (text := _folded(e))]
    marked = [text for e in _leaves(block.element) if (text := _folded(e))]
    rest = _after_lead(block.text)
    if certain:
        return iter(certain)
    if marked and (rest or is_led or _makes_up(marked, block.text)):
        return iter(marked)
    if rest:
        return _listed(rest, block)
    return iter(_SEPARATOR.split(block.text) if is_led and block.words <= _MOST_WORDS else ())


def _after_lead(text: str) -> str:
    """Return what stands after "Tags:" at the start of a text; "" if nothing leads to tags."""
    lead = LEAD.match(text)
    return text[lead.end() :] if lead and _is_lead(lead[0]) else ""


def _makes_up(marked: Sequence[str], text: str) -> bool:
    return _share(marked, text) >= _LEAST_SHARE or _is_before(marked[0], text)


def _folded(e: lxml.etree._Element) -> str:
    return " ".join(text_of(e).split())


def _is_certain(e: lxml.etree._Element) -> bool:
    if not isinstance(e.tag, str):
        return False
    if e.tag == "a":
        return "tag" in e.get("rel", "").lower().split()
    return bool({"articleSection", "keywords", "about"} & set(e.get("itemprop", "").split()))


def _is_before(label: str, text: str) -> bool:
    """Whether words that lead to tags stand right before a label, as in "2015-05-18 | filed under LABEL"."""
    place = text.find(label)
    return place > 0 and LEAD_BEFORE.search(text[:place]) is not None


def _is_lead(lead: str) -> bool:
    """Whether the words end as before a list: with a colon or a dash, or as "filed under" does."""
    return lead.rstrip()[-1:] in ":：|–—-" or " " in lead.strip()


def _listed(rest: str, block: Block) -> Iterator[str]:
    """Yield the labels after "Tags:": the links, or what commas part."""
    links = [text for e in block.element.iter("a") if (text := _folded(e)) and text in rest]
    yield from links or _SEPARATOR.split(rest)


def _leaves(element: lxml.etree._Element) -> Iterator[lxml.etree._Element]:
    """Yield the innermost elements of a block that are marked as tags or lead to one."""
    for e in element.iter():
        if not isinstance(e.tag, str):
            continue
        if e.tag == "a":
            above = e.getparent()
            if _leads_to_tag(e) or _is_marked(e) or (above is not None and _is_marked(above)):
                yield e
        elif _is_marked(e) and not len(e):
            yield e


def _leads_to_tag(link: lxml.etree._Element) -> bool:
    if {"tag", "category"} & set(link.get("rel", "").lower().split()):
        return True
    try:
        parts = urlsplit(link.get("href", "").strip())
    except ValueError:
        return False
    if parts.query and any(name in _QUERIES for name in parse_qs(parts.query)):
        return True
    segments = [unquote(s).lower() for s in parts.path.split("/") if s and not s.startswith("index.")]
    return any(segment in TAXONOMY_PATH for segment in segments[:-1])


def _is_marked(e: lxml.etree._Element) -> bool:
    words = {word.lower() for word in _CLASS_WORD.findall(e.get("class", ""))}
    return bool(words & TAXONOMY_CLASS) and not words & _NOT_A_ROW


def _is_cloud(element: lxml.etree._Element) -> bool:
    return any("cloud" in e.get("class", "").lower() for e in (element, *element.iterancestors()))


def _share(marked: Sequence[str], text: str) -> float:
    return sum(map(len, marked)) / max(1, len(text))


def _is_label(label: str) -> bool:
    return (
        0 < len(label) <= _LONGEST
        and len(label.split()) <= _MOST_WORDS
        and ":" not in label
        and any(c.isalpha() for c in label)
        and LEAD.fullmatch(label.strip("0123456789() ")) is None  # "7 categories" counts the site's
        and boilerplate_kind(label, len(label.split())) is None
    )
