"""Lines that are a name with a title, letters, a profession or a register number, and nothing else."""

from __future__ import annotations

from collections.abc import Sequence

from ..records import Person
from . import person
from .author_marks import is_quoted
from .blocks import Block, Inside, lines_of
from .person import PersonParser
from .signed import LONGEST_NAME, PARTS, Signed, is_entry, is_line, without_tail

__all__ = ["find"]

# The limits below are chosen by hand.
_LONGEST = LONGEST_NAME + 8  # words of such a line
_LONGEST_ROLE = 10  # words of a name and role that end like a sentence
_BELOW = 3  # blocks below the text in which its author may be named
_ELSEWHERE = Inside.FOOTER | Inside.ASIDE | Inside.NAV | Inside.FORM


def find(blocks: Sequence[Block], kept: Sequence[Block], persons: PersonParser) -> Signed:
    """Find a line that is a name with a title, letters, a profession or a register number, and nothing else.

    It stands between the title and the text, or right below the text.
    """
    for block in (*_under_title(blocks, kept), *_under_text(blocks, kept)):
        if block.is_heading or is_entry(block) or not is_line(block) or block.words > _LONGEST:
            continue
        if block.box and is_quoted(block.box):
            continue
        people = _professionals(lines_of(block), persons)
        if people:
            return Signed(tuple(people), (block,))
    return Signed()


def _professionals(lines: Sequence[str], persons: PersonParser) -> list[Person]:
    """Return the people of a line that says what they are; empty if it says more, or of one says less."""
    people: list[Person] = []
    for part in PARTS.split(lines[0]):
        someone = persons.parse(without_tail(part))
        if someone is None or not person.is_full(someone) or not persons.is_likely(someone):
            return people
        role = " ".join([someone.role or "", *lines[1:2]]).strip()
        if len(part.split()) > _LONGEST_ROLE and lines[0].rstrip().endswith((".", "!", "?")):
            return people  # a sentence about somebody
        if not someone.credentials and not persons.names_profession(role):
            return people
        people.append(someone)
    return people


def _under_title(blocks: Sequence[Block], kept: Sequence[Block]) -> Sequence[Block]:
    """Return the blocks between the title and the first paragraph of the text."""
    prose = next((block for block in kept if block.words > LONGEST_NAME and not block.is_heading), None)
    first = blocks.index(prose) if prose is not None and prose in blocks else 0
    title = max((n for n, block in enumerate(blocks[:first]) if block.tag in ("h1", "h2")), default=first)
    near = blocks[title + 1 : max(first, title + 1 + _BELOW)]
    return [block for block in near if not block.inside & _ELSEWHERE]


def _under_text(blocks: Sequence[Block], kept: Sequence[Block]) -> Sequence[Block]:
    """Return the short blocks that end the text and the few below it, up to a heading."""
    if not kept or kept[-1] not in blocks:
        return ()
    last = blocks.index(kept[-1])
    ending = [block for block in kept[-_BELOW:] if is_line(block) and block in blocks]
    below = blocks[last + 1 : last + _BELOW]
    end = next((n for n, block in enumerate(below) if block.is_heading), len(below))
    return [*ending, *(block for block in below[:end] if not block.inside & _ELSEWHERE)]
