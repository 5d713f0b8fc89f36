"""Features of a whole page, measured before its blocks are judged: every block of it gets the same values."""

from __future__ import annotations

import re
from collections.abc import Hashable, Iterator, Sequence

import numpy as np

from .. import urls
from . import metadata
from .blocks import GROUPS, Block, Box, Segments, plain
from .parsed_page import ParsedPage

__all__ = [
    "GOOD_LINKS",
    "GOOD_WORDS",
    "NO_PHRASES",
    "PAGE_FEATURES",
    "box_of",
    "measure_page",
    "numbered",
    "phrases_in",
]

GOOD_WORDS = 12  # words from which a block counts as prose; as in the measured prototype
# share of a block's characters inside links, 0 to 1, below which it counts as prose; as in the same prototype
GOOD_LINKS = 0.35
_SHORT = 12  # words of the longest block in which a price or date is counted; chosen by hand
_DATE = re.compile(
    r"\b(?:19|20)\d\d\b|\b(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.? \d", re.IGNORECASE
)
_PRICE = re.compile(r"[$€£¥]\s?\d|\d\s?(?:€|usd|eur)", re.IGNORECASE)
_DIGIT = re.compile(r"\d")
_BY = re.compile(r"\s*(?:by|von|par|por|di)\s+\S+(?:\s+\S+){0,4}\s*$", re.IGNORECASE)
_COPYRIGHT = re.compile(r"©|copyright|all rights reserved", re.IGNORECASE)
NO_PHRASES = (False, False, False, False)

_PAGE_TYPES = (
    (
        "article",
        frozenset(
            (
                "article newsarticle blogposting medicalwebpage scholarlyarticle report socialmediaposting"
            ).split()
        ),
    ),
    ("product", frozenset("product offer productgroup individualproduct".split())),
    ("forum", frozenset("discussionforumposting qapage question answer".split())),
    ("list", frozenset("itemlist collectionpage searchresultspage blog".split())),
    ("technical", frozenset("techarticle apireference softwareapplication softwaresourcecode howto".split())),
    (
        "service",
        frozenset(
            (
                "service localbusiness medicalbusiness medicalclinic dentist physician medicalorganization"
            ).split()
        ),
    ),
    ("faq", frozenset(("faqpage",))),
)
_PATHS = tuple(
    (name, re.compile(pattern, re.IGNORECASE))
    for name, pattern in (
        (
            "path_forum",
            r"forum|thread|topic|discussion|viewtopic|showthread|/t/|/questions?/|community|/r/|comments/",
        ),
        ("path_product", r"/products?/|/shop/|/store/|/item|/p/|/dp/|/buy|-p-\d|/collections?/.+/"),
        (
            "path_docs",
            r"/docs?[/.]"
            r"|documentation"
            r"|/api/"
            r"|reference"
            r"|/guides?/"
            r"|manual"
            r"|/wiki"
            r"|tutorial"
            r"|/learn"
            r"|/help"
            r"|/kb/"
            r"|support"
            r"|^/en/(?:latest|stable)",
        ),
        ("path_service", r"services?|solutions?|treatments?|about|pricing|features|contact|team"),
        (
            "path_list",
            r"/categor"
            r"|/tags?/"
            r"|/archive"
            r"|/search"
            r"|/topics?/"
            r"|/author/"
            r"|/page/\d"
            r"|/blog/?$"
            r"|/news/?$"
            r"|/articles?/?$"
            r"|/resources/?$",
        ),
        ("path_collection", r"/collections?/|/categor|/c/|/shop/?$|/products/?$|/catalog"),
        ("path_post", r"/blog/.|/news/.|/articles?/.|/posts?/.|/(?:19|20)\d\d/\d\d?/|/stor(?:y|ies)/."),
    )
)

PAGE_FEATURES = [
    "page_blocks", "page_words", "page_good", "page_linked", "page_headings", "page_items", "page_prices",
    "page_dates", "page_comments", "page_long", "page_repeated_shape",
    "page_published", "page_og_article", "page_og_product", "page_og_website",
    *(f"page_is_{name}" for name, _ in _PAGE_TYPES),
    "path_parts", "path_words", "path_digits", "path_root", *(name for name, _ in _PATHS),
]  # fmt: skip


def measure_page(segments: Segments, parsed_page: ParsedPage) -> list[float]:
    """Measure a whole page: return a value for each of PAGE_FEATURES."""
    return [
        float(value)
        for value in (*_of_blocks(segments), *_of_head(parsed_page), *_of_path(urls.path_of(parsed_page.url)))
    ]


def _of_blocks(segments: Segments) -> Iterator[float]:
    """Yield the features "page_blocks" to "page_repeated_shape"."""
    good = [
        block for block in segments.blocks if block.words >= GOOD_WORDS and block.link_density < GOOD_LINKS
    ]
    yield from _of_all(segments.blocks, sum(block.words for block in good))
    yield sum(bool(block.groups & GROUPS["comments"]) for block in good)
    yield max((block.words for block in good), default=0)
    shapes = numbered([box_of(block).shape for block in good])
    yield max(np.bincount(shapes).tolist()) if shapes else 0


def _of_all(blocks: Sequence[Block], good_words: int) -> Iterator[float]:
    """Yield the features "page_blocks" to "page_dates"."""
    count, words = len(blocks), sum(block.words for block in blocks) or 1
    short = [block.text for block in blocks if block.words <= _SHORT and not block.text.isalpha()]
    yield np.log1p(count)
    yield np.log1p(words)
    yield good_words / words
    yield sum(block.words * block.link_density for block in blocks) / words
    yield sum(block.is_heading for block in blocks) / (count or 1)
    yield sum(block.starts_item for block in blocks) / (count or 1)
    yield sum(bool(_PRICE.search(text)) for text in short)
    yield sum(bool(_DATE.search(text)) for text in short)


def _of_head(parsed_page: ParsedPage) -> Iterator[float]:
    """Yield the features "page_published" to the last "page_is_…"."""
    kinds = {kind for node in parsed_page.data for kind in metadata.types(node)}
    claimed = parsed_page.first("og:type").lower()
    yield bool(parsed_page.first("article:published_time"))
    yield "article" in claimed
    yield "product" in claimed
    yield claimed == "website"
    for _, types in _PAGE_TYPES:
        yield bool(kinds & types)


def _of_path(path: str) -> Iterator[float]:
    """Yield the features "path_parts" to the last of _PATHS."""
    parts = [part for part in path.split("?")[0].split("/") if part]
    yield len(parts)
    yield plain(parts[-1]).count(" ") if parts else 0
    yield sum(char.isdigit() for char in path)
    yield path == "/"
    for _, pattern in _PATHS:
        yield bool(pattern.search(path))


def box_of(block: Block) -> Box:
    """Return the box of a block; a new box for a block of a plain text, which has none."""
    return block.box or Box(
        0, None, block.element, block.tag, 0, "", block.inside, block.groups, 0, ("", block.tag, "")
    )


def numbered(keys: Sequence[Hashable]) -> list[int]:
    """Return a number for each key, from 0 in order of first appearance; equal keys get equal numbers."""
    numbers: dict[Hashable, int] = {}
    return [numbers.setdefault(key, len(numbers)) for key in keys]


def phrases_in(text: str) -> tuple[bool, bool, bool, bool]:
    """Whether a text holds a date, a price, a byline and a copyright notice, in this order."""
    digit = _DIGIT.search(text) is not None
    return (
        digit and bool(_DATE.search(text)),
        digit and bool(_PRICE.search(text)),
        bool(_BY.match(text)),
        bool(_COPYRIGHT.search(text)),
    )
