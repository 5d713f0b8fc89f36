"""Words that recur on many pages of a site and belong to each of them: "Ingredients", "Summary", "2 onions".

Repetition is judged by place: boilerplate stands among boilerplate, such words among words of the page alone.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from .blocks import Block, Inside
from .boilerplate import boilerplate_kind

__all__ = ["is_own"]

# The limits below are chosen by hand.
_LONGEST = 8  # words of a block that may recur and be the page's own; longer ones are disclaimers and calls
_BEFORE, _AFTER = 6, 3  # blocks before and after, among which words of the page alone must stand
_LINKED = 0.5  # share of linked characters from which a block is navigation
_ELSEWHERE = Inside.NAV | Inside.FOOTER | Inside.ASIDE | Inside.FORM


def is_own(position: int, blocks: Sequence[Block], shares: Sequence[float]) -> bool:
    """Whether a repeated block is the page's own: blocks that no other page shows surround it in its boxes.

    `shares` hold for each block the share of the site's pages that show it, 0 to 1.
    """
    block = blocks[position]
    if block.words > _LONGEST or block.link_density >= _LINKED or block.inside & _ELSEWHERE:
        return False
    if boilerplate_kind(block.text, block.words):
        return False
    homes = set(_homes(block))
    before = range(max(0, position - _BEFORE), position)
    reach = 1 if block.is_heading else _AFTER  # what a heading heads begins right below it
    after = range(position + 1, min(len(blocks), position + 1 + reach))
    return all(
        any(
            not shares[other]
            and blocks[other].link_density < _LINKED
            and not homes.isdisjoint(_homes(blocks[other]))
            for other in side
        )
        for side in (before, after)
    )


def _homes(block: Block) -> Iterator[int]:
    """Yield the numbers of the box around a block's own and of the next one."""
    box = block.box.parent if block.box else None
    for _ in range(2):
        if box is None or box.tag in ("body", "html"):
            return
        yield box.number
        box = box.parent
