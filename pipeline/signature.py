"""Who a page shows as author or reviewer: bylines, author boxes, lines that name reviewers.

A signature is a line of its own near the article: "By Name", a label with the name next to it, or an element
marked as the author's. Names in the running text, of commenters and in related posts are not signatures.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

import lxml.etree

from ..records import Person
from . import person
from .author_marks import around, is_mark, is_quoted, is_strong_mark
from .blocks import GROUPS, Block
from .byline_phrases import (
    ABOUT,
    BYLINE,
    DATED,
    GLUED_BY,
    INNER_BY,
    LABEL_ABOUT,
    LABEL_REVIEWED,
    LABEL_WROTE,
    REVIEW,
    TAIL,
)
from .parsed_page import text_of
from .person import PersonParser

__all__ = [
    "LONGEST",
    "Signed",
    "boxed",
    "dated",
    "is_line",
    "labelled",
    "marked",
    "reviewers",
    "without_tail",
]

# The limits below are chosen by hand.
LONGEST = 40  # words of a block that may be a byline
_MOST_CHARACTERS = 600  # characters of a block that may be a byline
_MOST_NAME_WORDS = 7  # words of a name that only a date next to it identifies
_LONGEST_NAME = 12  # words of an element that holds a name


@dataclass(frozen=True, slots=True)
class Signed:
    """The people that a page names, and the blocks that name them."""

    people: tuple[Person, ...] = ()
    blocks: tuple[Block, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.people)


def is_line(block: Block) -> bool:
    """Whether a block is short enough to be a line that names somebody."""
    return block.words <= LONGEST and len(block.text) <= _MOST_CHARACTERS


def _who(match: re.Match[str]) -> str:
    return next(name for name in match.groups() if name is not None)


def without_tail(text: str) -> str:
    """Cut off what follows the names in a byline."""
    return TAIL.sub("", text).rstrip(" ,(")


def labelled(blocks: Sequence[Block], persons: PersonParser) -> Signed:
    """Find "Written by …" in one block, or a label with the name in the next block or cell."""
    for position, block in enumerate(blocks):
        if not is_line(block):
            continue
        after = blocks[position + 1] if position + 1 < len(blocks) else None
        if LABEL_WROTE.match(block.text) and after is not None and after.words <= _LONGEST_NAME:
            people = _with_credentials(persons.split(without_tail(after.text)), blocks, position + 2, persons)
            if people:
                return Signed(tuple(people), (block, after))
        people = _in_line(block, persons)
        if people:
            return Signed(tuple(_with_credentials(people, blocks, position + 1, persons)), (block,))
    return Signed()


def _in_line(block: Block, persons: PersonParser) -> list[Person]:
    cells = block.text.split(" | ")
    if block.tag == "tr" and len(cells) == 2 and LABEL_WROTE.match(cells[0]):
        return persons.split(without_tail(cells[1]))
    for line in block.text.split("\n"):
        match = BYLINE.match(line)
        people = persons.split(without_tail(_who(match))) if match else []
        if people:
            return people
    if people := _beside_date(block, persons):
        return people
    match = INNER_BY.search(block.text) if block.groups & GROUPS["byline"] or block.words <= 20 else None
    return persons.split(without_tail(_who(match))) if match else []


def _beside_date(block: Block, persons: PersonParser) -> list[Person]:
    """Find names in post details: "Name, MD | January 22, 2026 | 4 min read", "22.1.2026 · Name"."""
    parts = re.split(r"\s*[|•·∙⋅●‧\n]\s*|\s[-–—/]\s", block.text)
    if len(parts) == 1 and block.words <= _LONGEST_NAME:
        return _before_date(block.text, persons)
    if not 1 < len(parts) <= 5 or not (block.groups & GROUPS["byline"] or block.words <= _LONGEST_NAME):
        return []
    dated = [without_tail(f" {part}").strip() == "" for part in parts]
    names = [
        [author for author in persons.split(part) if persons.is_likely(author)]
        for part, is_date in zip(parts, dated, strict=True)
        if not is_date
    ]
    return names[0] if any(dated) and names else []


def _before_date(text: str, persons: PersonParser) -> list[Person]:
    """Find the name in "Name, May 5, 2026" and "Name. 5.5.2026": nothing but a name and a date."""
    name = without_tail(text)
    author = persons.parse(name.rstrip(".")) if name != text and DATED.search(text) else None
    return (
        [author]
        if author and not author.role and person.is_full(author) and persons.is_likely(author)
        else []
    )


def _with_credentials(
    people: list[Person], blocks: Sequence[Block], position: int, persons: PersonParser
) -> list[Person]:
    """Add credentials that follow one name in the next block: <div>Dana Feldstein</div><div>PhD, RD</div>."""
    if len(people) != 1 or people[0].credentials or position >= len(blocks):
        return people
    behind = blocks[position].text
    joined = persons.parse(f"{people[0].as_written}, {behind}") if len(behind) <= 30 else None
    return [joined] if joined and joined.credentials and not joined.role else people


def reviewers(blocks: Sequence[Block], persons: PersonParser) -> Signed:
    """Find "Medically reviewed by …" and "Fact checked by …"; a page may have several."""
    people: dict[str, Person] = {}
    used: list[Block] = []
    for index, block in enumerate(blocks):
        if not is_line(block):
            continue
        named = [
            reviewer
            for match in REVIEW.finditer(block.text)
            for reviewer in persons.split(without_tail(match["who"]))
        ]
        holders = [block]
        if not named and LABEL_REVIEWED.match(block.text) and index + 1 < len(blocks):
            named, holders = persons.split(without_tail(blocks[index + 1].text)), [block, blocks[index + 1]]
        elif not named and block.tag == "tr" and LABEL_REVIEWED.match(block.text.split(" | ")[0]):
            named = persons.split(without_tail(block.text.split(" | ")[1]))
        people |= {reviewer.name: reviewer for reviewer in named if reviewer.name not in people}
        used += holders if named else []
    return Signed(tuple(people.values()), tuple(used))


def marked(blocks: Sequence[Block], persons: PersonParser) -> Signed:
    """Find elements marked as the author's: rel=author, itemprop=author, or a class such as "byline"."""
    for block in blocks:
        if not is_line(block) or block.box is None or is_quoted(block.box):
            continue
        if any(is_mark(box.element) for box in around(block.box)) and block.words <= _LONGEST_NAME:
            people = [
                author
                for author in persons.split(without_tail(_without_by(block.text)))
                if persons.is_likely(author)
            ]
            if people:
                return Signed(tuple(people), (block,))
        # otherwise the element holds other blocks, too
        alone = len(text_of(block.element)) <= 2 * len(block.text) + 20
        people = _inside(block.element, persons) if alone else []
        if people:
            return Signed(tuple(people), (block,) if block.words <= _LONGEST_NAME else ())
    return Signed()


def _inside(element: lxml.etree._Element, persons: PersonParser) -> list[Person]:
    authors: list[Person] = []
    for inner in element.iter("a", "span", "strong", "b", "em", "i", "address", "cite", "small"):
        if is_mark(inner):
            people = persons.split(without_tail(_without_by(" ".join(text_of(inner).split())[:200])))
            authors += [author for author in people if is_strong_mark(inner) or persons.is_likely(author)]
    return list({author.name: author for author in reversed(authors)}.values())[::-1]


def dated(blocks: Sequence[Block], kept: Sequence[Block], persons: PersonParser) -> Signed:
    """Find a name that stands alone next to a date above the text."""
    first = blocks.index(kept[0]) if kept and kept[0] in blocks else len(blocks)
    for position, block in enumerate(blocks[: first + 1]):
        neighbours = [blocks[n].text for n in (position - 1, position + 1) if 0 <= n < len(blocks)]
        if block.words > _MOST_NAME_WORDS or not any(
            text and not without_tail(f" {text}").strip() for text in neighbours
        ):
            continue
        author = persons.parse(block.text)
        if author and not author.role and person.is_full(author) and persons.is_likely(author):
            return Signed((author,), (block,))
    return Signed()


def _without_by(text: str) -> str:
    text = GLUED_BY.sub("", text)
    match = BYLINE.match(text)
    return _who(match) if match else text


def boxed(blocks: Sequence[Block], persons: PersonParser) -> Signed:
    """Find the author named in an author box: under "About the author", or in the heading of the box."""
    for position, block in enumerate(blocks):
        if LABEL_ABOUT.match(block.text):
            for after in blocks[position + 1 : position + 3]:
                people = persons.split(without_tail(after.text)) if after.words <= _LONGEST_NAME else []
                if people:
                    return Signed(tuple(people[:1]), ())
        in_box = (
            block.groups & GROUPS["author"]
            and block.words <= _LONGEST_NAME
            and not (block.box and is_quoted(block.box))
        )
        match = ABOUT.match(block.text) if block.words <= _LONGEST_NAME else None
        author = (
            persons.parse(without_tail(match["who"] if match else _without_by(block.text)))
            if in_box or match
            else None
        )
        if author and persons.is_likely(author):
            return Signed((author,), ())
    return Signed()
