"""What kind of page this is. Only articles go on; every other kind is a Rejection with its reason.

Judged from the address, what the page says of itself, and what its main content is made of.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

from ..article import Reason
from ..urls import path_of
from . import metadata
from .blocks import Block
from .content import LINKS, Verdict
from .document import Document

__all__ = ["FEWEST_WORDS", "Kind", "judge"]

FEWEST_WORDS = 60  # an article has at least so many; set by hand: the shortest gold article has 68
_LISTING_PATH = re.compile(
    r"/(?:category|categories|tags?|author|archives?(?!/\d)|topics?|page|search|feed)(?:/|$)|/page/\d+/?$|/(?:19|20)\d\d(?:/\d\d){0,2}/?$"
    r"|/(?:blog|news|articles?|posts|sitemap|library|resources|testimonials?|reviews?|gallery|portfolio)(?:/index)?(?:\.html?|\.php)?/?$",
    re.IGNORECASE,
)
_CONTACT_PATH = re.compile(
    r"/(?:contact(?:[-_]?us)?|kontakt|contacto|appointments?|book(?:ing)?(?:[-_]\w+)?|locations?|directions|find[-_]us|hours|office[-_](?:hours|tour)|"
    r"about(?:[-_]?us)?|staff|our[-_]team|meet[-_][\w-]+|new[-_]patients?(?:[-_]\w+)*|insurance|payment|forms?|careers?|privacy[\w-]*|terms[\w-]*|disclaimer|"
    r"accessibility[\w-]*|cookie[\w-]*|legal|impressum|datenschutz|hipaa[\w-]*|login|register|thank[-_]you|special[-_]offer|refund[\w-]*|shipping[\w-]*)"
    r"(?:\.html?|\.php)?/?$",
    re.IGNORECASE,
)
_HOME_PATH = re.compile(r"/(?:index|home|default)?(?:\.html?|\.php|\.aspx?)?/?|/(?:[a-z]{2}(?:-[a-z]{2})?)/?", re.IGNORECASE)
_ERROR = re.compile(
    r"(?:page|file) (?:not found|cannot be found|does not exist)|\b404\b|nothing (?:was )?found|seite nicht gefunden|página no encontrada",
    re.IGNORECASE,
)
_PRODUCT_TYPES = frozenset({"product", "offer", "individualproduct", "productgroup"})
_FORUM_TYPES = frozenset({"discussionforumposting", "qapage"})
_TEASER_LINK = re.compile(r"^(?:read more|continue reading|learn more|more|weiterlesen|leer más|lire la suite|»|…)\W*", re.IGNORECASE)
_FEWEST_TEASERS = 4  # three are what a theme puts below an article

Kind = tuple[Reason, str]  # why a page is no article, and what was seen


def judge(document: Document, verdicts: Sequence[Verdict], title: str) -> Kind | None:
    """Say why a page is no article; None if it is one."""
    path = path_of(document.url)
    kept = [v.block for v in verdicts if v.kept]
    words = sum(block.words for block in kept)
    if _ERROR.search(title or document.title) and words < 3 * FEWEST_WORDS:
        return Reason.ERROR_PAGE, f"titled {title or document.title!r}"
    if _HOME_PATH.fullmatch(path) and "?" not in document.url:
        return Reason.HOME, "the address of a home page"
    return _by_address(path) or _by_type(document) or _by_shape(verdicts, kept, words)


def _by_address(path: str) -> Kind | None:
    if _LISTING_PATH.search(path):
        return Reason.LISTING, "the address of a listing"
    if _CONTACT_PATH.search(path):
        return Reason.CONTACT, "the address of a contact or service page"
    return None


def _by_type(document: Document) -> Kind | None:
    kinds = {kind for node in document.data for kind in metadata.types(node)}
    said = document.first("og:type").lower()
    if (kinds & _PRODUCT_TYPES and not kinds & {"article", "blogposting", "newsarticle", "medicalwebpage"}) or said == "product":
        return Reason.PRODUCT, "calls itself a product"
    if kinds & _FORUM_TYPES:
        return Reason.FORUM, "calls itself a forum"
    return None


def _by_shape(verdicts: Sequence[Verdict], kept: Sequence[Block], words: int) -> Kind | None:
    teasers = _teasers([v.block for v in verdicts if v.kept or v.reason == LINKS])
    if teasers >= _FEWEST_TEASERS and teasers * 150 > words:
        return Reason.LISTING, f"{teasers} teasers"
    if words < FEWEST_WORDS:
        return Reason.THIN, f"{words} words of main content"
    linked = sum(block.words * block.link_density for block in kept)
    if linked > 0.5 * words:
        return Reason.LISTING, f"{linked / words:.0%} of the words are links"
    return None


def _teasers(blocks: Sequence[Block]) -> int:
    """Count linked headings followed by text, and "read more" links: the marks of a listing."""
    more = sum(1 for block in blocks if block.words <= 6 and block.link_density > 0.8 and _TEASER_LINK.match(block.text))
    linked = sum(1 for block, after in pairwise(blocks) if block.is_heading and block.link_density > 0.8 and not after.is_heading)
    return max(more, linked)
