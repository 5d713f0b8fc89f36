"""Buttons of a page, and links that stand alone like buttons."""

from __future__ import annotations

from collections.abc import Sequence

from .blocks import Block, Box, Inside, boxes_around

__all__ = ["around", "is_button"]

_LONGEST = 8  # words; chosen by hand
_ALL = 0.9  # share of linked characters from which a block is all link: links side by side; chosen by hand


def is_button(block: Block) -> bool:
    """Whether a block is a button, or a short link and nothing else."""
    looks_so = block.inside & Inside.BUTTON or block.tag == "button" or block.link_density >= _ALL
    return bool(looks_so) and block.words <= _LONGEST


def around(blocks: Sequence[Block], box: Box, position: int) -> range:
    """Return the positions of the blocks in a box that holds the block at `position`."""
    first = last = position
    while first > 0 and box in boxes_around(blocks[first - 1]):
        first -= 1
    while last + 1 < len(blocks) and box in boxes_around(blocks[last + 1]):
        last += 1
    return range(first, last + 1)
