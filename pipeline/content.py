"""Which blocks of a page are its main content.

Two steps. First the region: the smallest element that holds nearly all good text of the page, where good text is long,
little linked and not inside furniture. Then the verdicts: every block of the region is
kept unless something speaks against it, and that something is its reason.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import lxml.html

from .blocks import GROUPS, Block, Inside, inside_of
from .furniture import ends_article, furniture
from .site import SiteModel

__all__ = ["LINKS", "Verdict", "judge", "judge_chosen"]

# The thresholds of this module were set by hand on the development half of the clinic pages (docs/decisions/0008).
_GOOD_WORDS = 10  # from here a block is taken for prose
_GOOD_LINKS = 0.4  # share of linked characters up to which prose may go
_REGION_SHARE = 0.85  # share of the good words that the region must hold
_LINK_LIST = 0.6  # share of linked characters from which a short block is a list of links
_REPEATED = 0.6  # share of a site's pages from which even a full sentence is furniture

LINKS = "list of links"  # the reason that also speaks for a listing

_FURNITURE_TAGS = (
    (Inside.NAV, "navigation"), (Inside.FOOTER, "footer"), (Inside.ASIDE, "sidebar"), (Inside.FORM, "form"),
    (Inside.HIDDEN, "hidden"),
)  # fmt: skip
_FURNITURE_GROUPS = (
    (GROUPS["comments"], "comments"), (GROUPS["navigation"], "navigation"), (GROUPS["footer"], "footer"),
    (GROUPS["sidebar"], "sidebar"), (GROUPS["share"], "share bar"), (GROUPS["related"], "related posts"),
    (GROUPS["author"], "author box"), (GROUPS["signup"], "sign-up"), (GROUPS["cookie"], "cookie banner"),
    (GROUPS["hours"], "office hours"), (GROUPS["byline"], "post details"), (GROUPS["call"], "booking call"),
    (GROUPS["ad"], "advertisement"),
)  # fmt: skip
_MOST_IN_FURNITURE = 0.5  # share of the good words; a class that holds more of them does not mean furniture on this page


@dataclass(frozen=True, slots=True)
class Verdict:
    """What became of one block, and why."""

    block: Block
    kept: bool
    reason: str


def judge(blocks: Sequence[Block], model: SiteModel) -> list[Verdict]:
    """Give the verdict on every block of a page, in reading order."""
    good = [block for block in blocks if _is_prose(block)]
    tags, groups = _believable(good)
    region = _region([block for block in good if not _furniture_around(block, tags, groups)] or good)
    verdicts = [_verdict(block, region, tags, groups, model) for block in blocks]
    return _trimmed(_cut_after_end(verdicts))


def judge_chosen(blocks: Sequence[Block], chosen: lxml.html.HtmlElement) -> list[Verdict]:
    """Keep what stands in the element that the owner's rule chose, and nothing else."""
    return [
        Verdict(block, True, "chosen by the owner's rule") if inside_of(block, chosen) else Verdict(block, False, "outside the owner's choice")
        for block in blocks
    ]


def _is_prose(block: Block) -> bool:
    return block.words >= _GOOD_WORDS and block.link_density <= _GOOD_LINKS


def _believable(good: Sequence[Block]) -> tuple[int, int]:
    """Give the bits that mean furniture on this page: a mark around most of its prose means nothing."""
    total = sum(block.words for block in good) or 1
    tags = groups = 0
    for bit, _ in _FURNITURE_TAGS:
        if sum(block.words for block in good if block.inside & bit) <= _MOST_IN_FURNITURE * total:
            tags |= bit
    for bit, _ in _FURNITURE_GROUPS:
        if sum(block.words for block in good if block.groups & bit) <= _MOST_IN_FURNITURE * total:
            groups |= bit
    return tags, groups


def _furniture_around(block: Block, tags: int, groups: int) -> str | None:
    if block.inside & tags:
        return next(name for bit, name in _FURNITURE_TAGS if block.inside & tags & bit)
    if block.groups & groups:
        return next(name for bit, name in _FURNITURE_GROUPS if block.groups & groups & bit)
    return None


def _region(good: Sequence[Block]) -> lxml.html.HtmlElement | None:
    """Find the smallest element that holds _REGION_SHARE of the good words."""
    held: Counter[lxml.html.HtmlElement] = Counter()
    for block in good:
        element = block.element
        while element is not None:
            held[element] += block.words
            element = element.getparent()
    needed = _REGION_SHARE * sum(block.words for block in good)
    holders = [element for element, words in held.items() if words >= needed]
    return max(holders, key=_depth, default=None)


def _depth(element: lxml.html.HtmlElement) -> int:
    return sum(1 for _ in element.iterancestors())


def _verdict(block: Block, region: lxml.html.HtmlElement | None, tags: int, groups: int, model: SiteModel) -> Verdict:
    if region is not None and not inside_of(block, region):
        return Verdict(block, False, "outside the main content")
    reason = _furniture_around(block, tags, groups) or furniture(block.text, block.words) or _repeated(block, model)
    if reason:
        return Verdict(block, False, reason)
    if block.link_density > _LINK_LIST and block.words < _GOOD_WORDS and not _linked_item(block):
        return Verdict(block, False, LINKS)
    return Verdict(block, True, "main content")


def _linked_item(block: Block) -> bool:
    """A linked line of a list is kept where the list stands in the article (resources, references)."""
    return block.starts_item or block.tag == "li"


def _repeated(block: Block, model: SiteModel) -> str | None:
    share = model.share(block)
    if not share:
        return None
    sentence = block.words >= _GOOD_WORDS and block.text.rstrip()[-1] in ".!?…"
    return "repeated across the site" if share >= _REPEATED or not sentence else None


def _cut_after_end(verdicts: Sequence[Verdict]) -> list[Verdict]:
    """Drop all that follows a comment prompt or a related-posts heading, once real text has been seen before it."""
    seen = total = sum(v.block.words for v in verdicts if v.kept)
    for place in range(len(verdicts) - 1, -1, -1):
        verdict = verdicts[place]
        seen -= verdict.block.words if verdict.kept else 0
        if ends_article(verdict.block.text, verdict.block.words) and seen >= total / 2:
            return [*verdicts[:place], *(_dropped(v, "after the article's end") for v in verdicts[place:])]
    return list(verdicts)


def _dropped(verdict: Verdict, reason: str) -> Verdict:
    return Verdict(verdict.block, False, reason) if verdict.kept else verdict


def _trimmed(verdicts: Sequence[Verdict]) -> list[Verdict]:
    """Drop headings that introduce nothing: no kept text before the next heading of the same or a higher level."""
    result = list(verdicts)
    below: Iterable[int] = range(len(result) - 1, -1, -1)
    content_follows = False
    for place in below:
        verdict = result[place]
        if not verdict.kept:
            continue
        if not verdict.block.is_heading:
            content_follows = True
        elif not content_follows:
            result[place] = Verdict(verdict.block, False, "heading of nothing")
    return result
