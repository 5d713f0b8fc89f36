"""What a line that signs looks like, and the people whom such lines name."""

from __future__ import annotations

import re
from dataclasses import dataclass

from ..records import Person
from .blocks import GROUPS, Block, Inside, lines_of
from .byline_phrases import TAIL
from .person import PersonParser

__all__ = ["LONGEST_NAME", "PARTS", "Signed", "first_named", "is_entry", "is_line", "without_tail"]

# The limits below are chosen by hand.
LONGEST_NAME = 12  # words of an element that holds a name
_LONGEST = 40  # words of a block that may be a byline
_MOST_CHARACTERS = 600  # characters of a block that may be a byline
PARTS = re.compile(r"\s*[|•·∙⋅●‧]\s*|\s[-–—/]\s")  # what separates the parts of post details


@dataclass(frozen=True, slots=True)
class Signed:
    """The people that a page names, and the blocks that name them."""

    people: tuple[Person, ...] = ()
    blocks: tuple[Block, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.people)


def is_line(block: Block) -> bool:
    """Whether a block is short enough to be a line that names somebody."""
    return block.words <= _LONGEST and len(block.text) <= _MOST_CHARACTERS


def without_tail(text: str) -> str:
    """Cut off what follows the names in a byline."""
    return TAIL.sub("", text).rstrip(" ,(")


def is_entry(block: Block) -> bool:
    """Whether a block is an entry of a list, which may name authors of other texts."""
    return bool(block.inside & (Inside.ITEM | Inside.QUOTE)) and not block.groups & GROUPS["byline"]


def first_named(block: Block, persons: PersonParser) -> list[Person]:
    """Return the people in the first line of a block that a label stands before."""
    return persons.split(without_tail(lines_of(block)[0]))
