"""The run of the main content: from its first paragraph to its last, in the box that holds most of it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from .blocks import GROUPS, Block, Box, Inside, boxes_around
from .boilerplate import boilerplate_kind

__all__ = ["Run", "kind_of_box"]

# The limits below are chosen by hand.
_PROSE = 12  # words from which a block is a paragraph
_SURE = 0.5  # probability of being main content from which it is one of the text
_MOST = 0.8  # share of the text's words that the box of the run holds
_LINKED = 0.5  # share of linked characters below which a block may belong to the run
_SMALL = 80  # words of a box with a telling name that is taken out of the run as a whole
# Whole class names of boxes that builders put into a text, by what they hold; a word such as "comment" in a
# longer name ("comment-exercise") says nothing. Collected from WordPress blocks, Elementor, Divi, Webflow,
# HubSpot, Squarespace and Drupal.
_NAMED = {
    "booking call": "cta ctas call-to-action calltoaction booking-cta book-now book-online appointment-cta "
                    "schedule-cta consult-cta promo-cta contact-cta request-appointment booking-box",
    "sign-up": "newsletter subscribe subscription signup sign-up opt-in optin email-signup mailing-list "
               "mailchimp mc4wp paywall popup pop-up modal lead-magnet leadmagnet",
    "share bar": "share sharing social-share share-buttons sharedaddy addtoany addthis sharethis share-links "
                 "social-links social-icons social-buttons",
    "related posts": "related related-posts relatedposts related-articles related-content related-links "
                     "read-next read-also also-read see-also read-more-box recommended yarpp "
                     "further-articles more-articles recent-posts recommended-posts you-may-also-like",
    "advertisement": "ad ads advert advertisement adsense adsbygoogle ad-slot ad-unit ad-container sponsored "
                     "promo promotion banner-ad",
    "cookie banner": "cookie cookies cookie-banner cookie-notice cookie-consent consent consent-banner gdpr",
    "comments": "comments comments-area comment-list commentlist comment-respond respond disqus_thread "
                "comment-form comments-list",
}  # fmt: skip
_KIND_OF = {word: kind for kind, words in _NAMED.items() for word in words.split()}
_PREFIX = re.compile(
    r"^(?:(?:wp-block|wp|elementor-widget|elementor|et_pb|vc|sc|fl|bt_bb|hs|sqs|field|widget|post|entry|article"
    r"|blog|site|page|inline|mid|content|block|section|js|c|m|o)[-_]{1,2})+"
)
_SUFFIX = re.compile(
    r"(?:[-_]{1,2}(?:box|block|section|wrap|wrapper|container|area|widget|banner|bar|inner|content|module|row|card"
    r"|panel|component|group|\d+))+$"
)
_FOREIGN = sum(
    GROUPS[name] for name in ("call", "signup", "share", "related", "ad", "cookie", "navigation", "hours")
)
_LEAVES = ("p", "li", "h1", "h2", "h3", "h4")
_BESIDE = Inside.NAV | Inside.FOOTER | Inside.ASIDE | Inside.FORM


@dataclass(frozen=True, slots=True)
class Run:
    """Where the author's text runs on one page."""

    blocks: Sequence[Block]
    prose: tuple[int, ...]  # positions of its paragraphs, in order
    lists: frozenset[int]  # numbers of the lists with an entry of the text that no phrase speaks against
    box: Box | None  # the smallest box that holds most of them

    @classmethod
    def of(cls, blocks: Sequence[Block], scores: Sequence[float], chosen: Sequence[int]) -> Run:
        """Find the run of the chosen blocks."""
        prose = tuple(
            position
            for position in chosen
            if blocks[position].words >= _PROSE
            and scores[position] >= _SURE
            and blocks[position].link_density < _LINKED
        )
        inside: dict[int, int] = {}
        boxes: dict[int, Box] = {}
        for position in prose:
            for box in boxes_around(blocks[position]):
                inside[box.number] = inside.get(box.number, 0) + blocks[position].words
                boxes[box.number] = box
        total = sum(blocks[position].words for position in prose)
        holders = [boxes[number] for number, words in inside.items() if words >= _MOST * total]
        holder = max(holders, key=lambda box: box.depth, default=None)
        sure = (blocks[n] for n in chosen if scores[n] >= _SURE)
        lists = {_list_of(block) for block in sure if not boilerplate_kind(block.text, block.words)} - {-1}
        return cls(blocks, prose, frozenset(lists), holder)

    def holds(self, position: int) -> bool:
        """Whether a block stands in the run, and in no box of another kind inside it."""
        block = self.blocks[position]
        if not self.prose or position < self.prose[0]:
            return False
        if position > self.prose[-1] and _list_of(block) not in self.lists:
            return False
        between = self._between(block)
        if between is None or block.link_density >= _LINKED:
            return False
        return not any(box.own & _FOREIGN for box in between) and not self._beside(block)

    def goes_on_after(self, position: int) -> bool:
        """Whether paragraphs of the run follow a block in its boxes."""
        return any(after > position and self.holds(after) for after in self.prose)

    def intruder(self, position: int) -> str | None:
        """Return what kind of box a block stands in that is no part of the text; None if it stands in none.

        Such a box is inside that of the run, is small, and its own class names call it a booking call, a
        sign-up form or the like.
        """
        for box in self._between(self.blocks[position]) or ():
            kind = kind_of_box(box.names) if box.names and box.tag not in _LEAVES else None
            if kind and self._words_in(box) <= _SMALL:
                return kind
        return None

    def _words_in(self, box: Box) -> int:
        return sum(block.words for block in self.blocks if any(other is box for other in boxes_around(block)))

    def _between(self, block: Block) -> list[Box] | None:
        """Return the boxes from a block's own up to that of the run, without it; None if it is outside."""
        between: list[Box] = []
        for box in boxes_around(block):
            if box is self.box:
                return between
            between.append(box)
        return None

    def _beside(self, block: Block) -> bool:
        around = self.box.inside if self.box is not None else 0
        return bool(block.inside & _BESIDE & ~around)


def _list_of(block: Block) -> int:
    """Return the number of the list that a block is an entry of; -1 if it is none."""
    box = block.box
    return box.parent.number if box is not None and box.tag == "li" and box.parent is not None else -1


def kind_of_box(names: str) -> str | None:
    """Return the kind of boilerplate that a box's class names say it holds; None if they say nothing."""
    for name in names.lower().split():
        kind = _KIND_OF.get(name) or _KIND_OF.get(_SUFFIX.sub("", _PREFIX.sub("", name)))
        if kind:
            return kind
    return None
