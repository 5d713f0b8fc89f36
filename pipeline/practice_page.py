"""Pages about a practice: how to reach it, what it offers and costs, what people ask it.

An article does not hold the office hours, addresses and telephone numbers that a site repeats everywhere, so
the guards of `content.py` remove them. They are the very text of a contact page, a service page or a list of
questions. Such a page therefore keeps everything in its main part that is no part of the site's frame.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from .blocks import GROUPS, Block, Box, Inside, Segments, boxes_around, plain
from .boilerplate import boilerplate_kind
from .content import Judgement
from .run import kind_of_box

__all__ = ["KINDS", "with_facts"]

KINDS = frozenset(("contact", "service", "faq"))  # of pages that keep such facts
# The limits below are chosen by hand.
_REPEATED = 0.3  # share of a site's pages from which only facts are kept
_MOST = 0.8  # share of the chosen words that the main part of a page without <main> holds
_FRAME = Inside.NAV | Inside.FOOTER | Inside.FORM | Inside.HIDDEN | Inside.BUTTON
_FRAME_GROUPS = sum(
    GROUPS[name]
    for name in ("navigation", "footer", "share", "related", "comments", "signup", "cookie", "ad")
)
_FRAME_PHRASES = frozenset(
    ("copyright", "cookie banner", "share bar", "newsletter", "navigation", "posted", "booking call")
)
_FACT = re.compile(r"\d|@")  # an hour, a price, a number of a house or a telephone, an e-mail address
_DAYS = frozenset(("office hours", "address"))


def with_facts(judgement: Judgement, segments: Segments, shares: Sequence[float] | None) -> Judgement:
    """Return the judgement with the main part of a page kept, but for the site's frame.

    `shares` are those of `SiteModel.shares`. Of texts that other pages of the site show too, only facts are
    kept, and each once. What a guard removed as a layer of consent stays removed.
    """
    blocks = segments.blocks
    layer = {position for position, reason in judgement.dropped.items() if reason == "cookie banner"}
    part, around = _main_part(judgement, segments)
    kept: dict[str, int] = {}
    for position in part:
        block = blocks[position]
        repeated = shares is not None and shares[position] >= _REPEATED
        if position in layer or _is_frame(block, around) or (repeated and not _is_fact(block)):
            continue
        kept.setdefault(plain(block.text) if repeated or _is_fact(block) else f"{position}", position)
    chosen = frozenset(kept.values())
    dropped = {position: reason for position, reason in judgement.dropped.items() if position not in chosen}
    return Judgement(blocks, judgement.scores, dropped, chosen, judgement.page) if chosen else judgement


def _main_part(judgement: Judgement, segments: Segments) -> tuple[list[int], int]:
    """Return the positions of the blocks of a page's main part, and the Inside bits around it."""
    blocks = segments.blocks
    inside = [position for position, block in enumerate(blocks) if block.inside & Inside.MAIN]
    if inside:
        return inside, 0
    holder = _holder(judgement)
    if holder is None:
        return list(range(len(blocks))), 0
    members = _members(blocks)
    while holder.parent is not None and not _adds_frame(
        blocks, members[holder.number], members[holder.parent.number], holder.parent
    ):
        holder = holder.parent
    return members[holder.number], holder.inside


def _holder(judgement: Judgement) -> Box | None:
    """Return the smallest box that holds most of the words chosen so far; None without any."""
    words: dict[int, int] = {}
    boxes: dict[int, Box] = {}
    kept = judgement.kept
    for block in kept:
        for box in boxes_around(block):
            words[box.number] = words.get(box.number, 0) + block.words
            boxes[box.number] = box
    most = _MOST * sum(block.words for block in kept)
    return max(
        (boxes[number] for number, held in words.items() if held >= most),
        key=lambda box: box.depth,
        default=None,
    )


def _members(blocks: Sequence[Block]) -> dict[int, list[int]]:
    """Return for the number of every box the positions of the blocks in it."""
    members: dict[int, list[int]] = {}
    for position, block in enumerate(blocks):
        for box in boxes_around(block):
            members.setdefault(box.number, []).append(position)
    return members


def _adds_frame(blocks: Sequence[Block], held: list[int], wider: list[int], parent: Box) -> bool:
    """Whether a box holds, in addition to a smaller one, more of the site's frame than other text."""
    if parent.tag in ("body", "html"):
        return True
    added = [blocks[position] for position in set(wider) - set(held)]
    frame = sum(block.words for block in added if _is_frame(block, parent.inside))
    return bool(added) and 2 * frame >= sum(block.words for block in added)


def _is_frame(block: Block, around: int) -> bool:
    """Whether a block is part of the site's frame; `around` holds the Inside bits of the main part."""
    if block.inside & _FRAME & ~around or block.groups & _FRAME_GROUPS:
        return True
    if any(kind_of_box(box.names) for box in boxes_around(block) if box.tag in ("div", "section", "aside")):
        return True
    return boilerplate_kind(block.text, block.words) in _FRAME_PHRASES


def _is_fact(block: Block) -> bool:
    return bool(_FACT.search(block.text)) or boilerplate_kind(block.text, block.words) in _DAYS
