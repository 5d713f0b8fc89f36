"""What kind of page this is. Only articles go on; every other kind is a Rejection with its reason.

Judged by its address where that is plain, else by a trained judge from the address, what the page says of itself, and what its
main content is made of (`features.about_page` and `measure`).
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from ..records import Reason
from ..urls import path_of
from . import metadata
from .blocks import Block
from .content import Judgement
from .document import Document
from .forest import Forest

__all__ = ["FEWEST_WORDS", "KINDS", "Ruling", "judge", "measure", "probabilities"]

FEWEST_WORDS = 40  # an article has at least so many; shorter ones are teasers, and posts of 42 words were seen (docs/measurements.md, page-kind)
_LISTING_PATH = re.compile(
    r"/(?:category|categories|tags?|author|archives?(?!/\d)|topics?|page|search|feed)(?:/|$)"
    r"|/page/\d+/?$"
    r"|/(?:19|20)\d\d(?:/\d\d){0,2}/?$"
    r"|/(?:blog|news|articles?|posts|sitemap|library|resources"
    r"|testimonials?|reviews?|gallery|portfolio)(?:/index)?(?:\.html?"
    r"|\.php)?/?$",
    re.IGNORECASE,
)
_CONTACT_PATH = re.compile(
    r"/(?:contact(?:[-_]?us)?|kontakt|contacto|(?:new[-_])?appointments?"
    r"|book(?:ing)?(?:[-_]\w+)?|locations?|directions|find[-_]us"
    r"|hours|office[-_](?:hours|tour)|"
    r"about(?:[-_]?us)?"
    r"|staff"
    r"|our[-_]team"
    r"|meet[-_][\w-]+"
    r"|new[-_]patients?(?:[-_]\w+)*"
    r"|insurance"
    r"|payment"
    r"|forms?"
    r"|careers?"
    r"|(?:[\w-]+[-_])?privacy[\w-]*"
    r"|terms[\w-]*"
    r"|(?:[\w-]+[-_])?disclaimer"
    r"|good[-_]faith[-_]estimate"
    r"|"
    r"accessibility[\w-]*"
    r"|cookie[\w-]*"
    r"|legal"
    r"|impressum"
    r"|datenschutz"
    r"|hipaa[\w-]*"
    r"|login"
    r"|register"
    r"|thank[-_]you"
    r"|specials?"
    r"|special[-_]offers?"
    r"|refund[\w-]*"
    r"|shipping[\w-]*)"
    r"(?:\.html?|\.php)?/?$",
    re.IGNORECASE,
)
_HOME_PATH = re.compile(
    r"/(?:index|home(?:[-_]?page)?|default)?(?:\.html?|\.php|\.aspx?)?/?|/(?:[a-z]{2}(?:-[a-z]{2})?)/?",
    re.IGNORECASE,
)
_ERROR = re.compile(
    r"(?:page|file) (?:not found|cannot be found|does not exist)"
    r"|\b404\b"
    r"|nothing (?:was )?found"
    r"|seite nicht gefunden"
    r"|página no encontrada",
    re.IGNORECASE,
)
_LEGAL = re.compile(
    r"(?:\w+ ){0,2}(?:disclaimer|privacy (?:policy|notice"
    r"|practices)|terms (?:of (?:use|service)|and conditions)"
    r"|cookie policy)",
    re.IGNORECASE,
)
_PRODUCT_TYPES = frozenset({"product", "offer", "individualproduct", "productgroup"})
_FORUM_TYPES = frozenset({"discussionforumposting", "qapage"})
_ARTICLE_TYPES = frozenset({"article", "blogposting", "newsarticle", "medicalwebpage"})
# An article's probability from which a page is taken for one (docs/measurements.md, page-kind). Service pages of clinics explain
# conditions and treatments much as articles do, so that only a page quite unlike an article is taken for one.
_KEPT_FOR_A_DOUBT = 0.2
_KEPT_BESIDE_SERVICE = 0.05
_GOOD_WORDS = 12

KINDS = ("article", "documentation", "listing", "service", "product", "forum", "home")
_ARTICLES = ("article", "documentation")  # both are texts to be read, and both go on
_REASONS = {
    "listing": Reason.LISTING,
    "service": Reason.CONTACT,
    "product": Reason.PRODUCT,
    "forum": Reason.FORUM,
    "home": Reason.HOME,
}


@dataclass(frozen=True, slots=True)
class Ruling:
    """What kind of page it is, and why that is no article; `reason` is None for an article."""

    kind: str  # one of KINDS, or "contact"
    reason: Reason | None = None
    detail: str = ""  # what was seen


def measure(judgement: Judgement) -> list[float]:
    """Measure a page for `judge`: what `features` says of the page, and what its main content is made of."""
    blocks, scores = judgement.blocks, judgement.scores
    kept = [place for place in sorted(judgement.chosen) if place not in judgement.dropped]
    words = sum(blocks[place].words for place in kept)
    every = sum(block.words for block in blocks) or 1
    linked = sum(blocks[place].words * blocks[place].link_density for place in kept)
    prose = sum(blocks[place].words >= _GOOD_WORDS for place in kept)
    sure = sum(scores[place] * blocks[place].words for place in kept)
    headings = sum(blocks[place].is_heading for place in kept)
    linked_headings = sum(blocks[place].is_heading and blocks[place].link_density > 0.8 for place in kept)
    count = len(kept) or 1
    return [*judgement.page, math.log1p(words), words / every, linked / (words or 1), prose, prose / count, sure / (words or 1), headings / count,
            linked_headings, math.log1p(count), words / count]  # fmt: skip


def probabilities(row: Sequence[float], trained: Forest) -> dict[str, float]:
    """Give the probability of every kind; they add up to 1."""
    powers = np.exp(trained.score_kinds(np.asarray([row], np.float32), len(KINDS))[0])
    return dict(zip(KINDS, (powers / powers.sum()).tolist(), strict=True))


def judge(document: Document, kept: Sequence[Block], title: str, likely: Mapping[str, float]) -> Ruling:
    """Say what kind of page this is. `likely` are the `probabilities` of its kinds; empty if nobody asked."""
    path = path_of(document.url)
    words = sum(block.words for block in kept)
    if _ERROR.search(title or document.title) and words < 3 * FEWEST_WORDS:
        return Ruling("error", Reason.ERROR_PAGE, f"titled {title or document.title!r}")
    if _HOME_PATH.fullmatch(path) and "?" not in document.url:
        return Ruling("home", Reason.HOME, "the address of a home page")
    if _LISTING_PATH.search(path):
        return Ruling("listing", Reason.LISTING, "the address of a listing")
    if _CONTACT_PATH.search(path):
        return Ruling("contact", Reason.CONTACT, "the address of a contact or service page")
    if _LEGAL.fullmatch(title.strip()):
        return Ruling("contact", Reason.CONTACT, f"titled {title!r}")
    return _by_type(document) or _by_likeness(likely) or _by_length(words)


def _by_type(document: Document) -> Ruling | None:
    """Believe a page that calls itself a product or a forum, and not an article as well."""
    kinds = {kind for node in document.data for kind in metadata.types(node)}
    said = document.first("og:type").lower()
    if (kinds & _PRODUCT_TYPES and not kinds & _ARTICLE_TYPES) or said == "product":
        return Ruling("product", Reason.PRODUCT, "calls itself a product")
    return Ruling("forum", Reason.FORUM, "calls itself a forum") if kinds & _FORUM_TYPES else None


def _by_likeness(likely: Mapping[str, float]) -> Ruling | None:
    article = sum(likely.get(kind, 0.0) for kind in _ARTICLES)
    best = max(_REASONS, key=lambda kind: likely.get(kind, 0.0))
    if not likely or article >= (_KEPT_BESIDE_SERVICE if best == "service" else _KEPT_FOR_A_DOUBT):
        return None
    return Ruling(
        best,
        _REASONS[best],
        f"looks like a {best} page ({likely[best]:.0%}), not like an article ({article:.0%})",
    )


def _by_length(words: int) -> Ruling:
    return (
        Ruling("article", Reason.THIN, f"{words} words of main content")
        if words < FEWEST_WORDS
        else Ruling("article")
    )
