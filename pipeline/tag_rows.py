"""The rows of tags and categories that a page shows with its article, above its title or below its text.

What makes a row is its markup (rel=tag, an address under /tag/ or /category/, a class "tags") or the words before
it ("Filed under"); what makes it the article's is its place, as for the people who sign it (`signing_blocks.py`).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from urllib.parse import parse_qs, unquote, urlsplit

import lxml.etree

from .blocks import Block
from .boilerplate import boilerplate_kind
from .parsed_page import text_of
from .tag_words import COUNT, LEAD, LEAD_BEFORE, TAXONOMY_CLASS, TAXONOMY_PATH

__all__ = ["labels"]

# The limits below are chosen by hand.
_MOST = 12  # labels of a row; a longer one lists all tags of the site
_MOST_COUNTS = 2  # labels that end with a number; a row of them counts the site's articles
_LONGEST, _MOST_WORDS = 40, 6  # characters and words of a label
_LEAST_SHARE = (
    0.5  # of the row's letters that its labels make up, if nothing but addresses and classes mark them
)
_SEPARATOR = re.compile(r"\s*[,;|·•、，/\n]\s*|\s+(?=#)")
_CLASS_WORD = re.compile(r"[A-Z]?[a-z]+|[A-Z]+")
_NOT_A_ROW = frozenset("cloud menu nav breadcrumb breadcrumbs related widget sidebar".split())
_QUERIES = ("tag", "cat", "category", "topic", "tags")


def labels(around: Sequence[Block], kept: Sequence[Block]) -> list[str]:
    """Return the labels of the rows among the blocks around an article, in order, each as written."""
    text = {id(block) for block in kept}
    found: list[str] = []
    is_led = False
    for block in around:
        if id(block) in text:
            is_led = False
            continue
        row = list(_row(block, is_led=is_led))
        if len(row) <= _MOST and sum(bool(COUNT.search(label)) for label in row) < _MOST_COUNTS:
            found += row
        lead = LEAD.match(block.text)
        is_led = bool(lead and lead.end() == len(block.text)) or (is_led and bool(row))
    return list(dict.fromkeys(filter(_is_label, (label.strip(" #\t\n") for label in found))))


def _row(block: Block, *, is_led: bool) -> Iterator[str]:
    marked = [text for e in _leaves(block.element) if (text := " ".join(text_of(e).split()))]
    certain = [e for e in block.element.iter() if isinstance(e.tag, str) and _is_certain(e)]
    lead = LEAD.match(block.text)
    led = lead is not None and (lead.end() < len(block.text)) and _is_lead(lead[0])
    if _is_cloud(block.element):
        return
    if certain:
        yield from (" ".join(text_of(e).split()) for e in certain)
    elif marked and (
        led or is_led or _share(marked, block.text) >= _LEAST_SHARE or _is_before(marked[0], block.text)
    ):
        yield from marked
    elif lead and led and (rest := block.text[lead.end() :]):
        yield from _listed(rest, block)
    elif is_led and block.words <= _MOST_WORDS:
        yield from _SEPARATOR.split(block.text)


def _is_certain(e: lxml.etree._Element) -> bool:
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
    links = [text for e in block.element.iter("a") if (text := " ".join(text_of(e).split())) and text in rest]
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
        and boilerplate_kind(label, len(label.split())) is None
    )
