"""Who a page shows as author: bylines, author boxes, elements marked as the author's.

A signature is a line of its own near the article: "By Name", a label with the name next to it, or an element
marked as the author's. Names in the running text, of commenters and in related posts are not signatures.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

import lxml.etree

from ..records import Person
from . import person
from .author_marks import around, is_mark, is_quoted, is_strong_mark
from .blocks import GROUPS, Block, Inside, lines_of
from .byline_phrases import ABOUT, BYLINE, DATED, GLUED_BY, INNER_BY, LABEL_ABOUT, LABEL_WROTE
from .parsed_page import text_of
from .person import PersonParser
from .signed import LONGEST_NAME, PARTS, Signed, first_named, is_entry, is_line, without_tail

__all__ = ["boxed", "dated", "labelled", "marked"]

# The limits below are chosen by hand.
_MOST_NAME_WORDS = 7  # words of a name that only a date next to it identifies
_LONGEST_DETAILS = 20  # words of a line of post details that no class name calls so
_SHORTEST_CITED = 3  # words before ", by NAME" from which they are the title of another text
_LONGEST_LETTERS = 30  # characters of credentials that stand in a block of their own


def _who(match: re.Match[str]) -> str:
    return next(name for name in match.groups() if name is not None)


def labelled(blocks: Sequence[Block], persons: PersonParser) -> Signed:
    """Find "Written by …" in one block, or a label with the name in the next block, line or cell."""
    for position, block in enumerate(blocks):
        if not is_line(block):
            continue
        after = blocks[position + 1] if position + 1 < len(blocks) else None
        if LABEL_WROTE.match(block.text) and after is not None and after.words <= LONGEST_NAME:
            people = _with_credentials(first_named(after, persons), blocks, position + 2, persons)
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
    lines = lines_of(block)
    for line, after in zip(lines, [*lines[1:], ""], strict=True):
        if LABEL_WROTE.match(line) and (people := persons.split(without_tail(after))):
            return people
        match = BYLINE.match(line)
        people = persons.split(without_tail(_who(match))) if match else []
        if people:
            return _joined(people, after, persons)
    if people := _beside_date(block, persons):
        return people
    return _within(lines, block, persons)


def _within(lines: Sequence[str], block: Block, persons: PersonParser) -> list[Person]:
    """Find "… | By Name" inside a line of post details."""
    if not block.groups & GROUPS["byline"] and (block.words > _LONGEST_DETAILS or is_entry(block)):
        return []
    for line in lines:
        match = INNER_BY.search(line)
        if match is not None and not _cites(line, match, block):
            people = persons.split(without_tail(_who(match)))
            if people:
                return people
    return []


def _cites(line: str, match: re.Match[str], block: Block) -> bool:
    """Whether a line names another text and its author: "Stop Setting Goals, by NAME at the Review"."""
    before = line[: match.start()].split()
    return (
        match[0].lstrip().startswith(",")
        and len(before) > _SHORTEST_CITED
        and not block.groups & GROUPS["byline"]
    )


def _beside_date(block: Block, persons: PersonParser) -> list[Person]:
    """Find names in post details: "Name, MD | January 22, 2026 | 4 min read", "22.1.2026 · Name"."""
    if is_entry(block):
        return []
    parts = [part for line in lines_of(block) for part in PARTS.split(line)]
    if len(parts) == 1 and block.words <= LONGEST_NAME:
        return _before_date(block.text, persons)
    if not 1 < len(parts) <= 5 or not (block.groups & GROUPS["byline"] or block.words <= LONGEST_NAME):
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
    if blocks[position].links or blocks[position].inside & (Inside.BUTTON | Inside.FORM | Inside.NAV):
        return people  # a label of a button or of a link is no credential
    return _joined(people, blocks[position].text, persons)


def _joined(people: list[Person], behind: str, persons: PersonParser) -> list[Person]:
    """Return one person with the credentials of the text behind the name, if it is nothing else."""
    if len(people) != 1 or not 0 < len(behind) <= _LONGEST_LETTERS:
        return people
    joined = persons.parse(f"{people[0].as_written}, {behind}")
    more = joined is not None and len(joined.credentials) > len(people[0].credentials) and not joined.role
    return [joined] if joined and more else people


def marked(blocks: Sequence[Block], persons: PersonParser) -> Signed:
    """Find elements marked as the author's: rel=author, itemprop=author, or a class such as "byline"."""
    for block in blocks:
        if not is_line(block) or block.box is None or is_quoted(block.box):
            continue
        if any(is_mark(box.element) for box in around(block.box)) and block.words <= LONGEST_NAME:
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
            return Signed(tuple(people), (block,) if block.words <= LONGEST_NAME else ())
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
        if (
            block.words > _MOST_NAME_WORDS
            or is_entry(block)
            or not any(text and not without_tail(f" {text}").strip() for text in neighbours)
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
                people = persons.split(without_tail(after.text)) if after.words <= LONGEST_NAME else []
                if people:
                    return Signed(tuple(people[:1]), ())
        in_box = (
            block.groups & GROUPS["author"]
            and block.words <= LONGEST_NAME
            and not (block.box and is_quoted(block.box))
        )
        match = ABOUT.match(block.text) if block.words <= LONGEST_NAME else None
        author = (
            persons.parse(without_tail(match["who"] if match else _without_by(block.text)))
            if in_box or match
            else None
        )
        if author and persons.is_likely(author):
            return Signed((author,), ())
    return Signed()
