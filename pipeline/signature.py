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
from .blocks import GROUPS, Block, Inside, lines_of
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
from .date_labels import REVIEWED, ends_of, only_label
from .parsed_page import text_of
from .person import PersonParser
from .person_title import has_title

__all__ = [
    "LONGEST",
    "Signed",
    "boxed",
    "dated",
    "is_line",
    "labelled",
    "marked",
    "professional",
    "reviewers",
    "without_tail",
]

# The limits below are chosen by hand.
LONGEST = 40  # words of a block that may be a byline
_MOST_CHARACTERS = 600  # characters of a block that may be a byline
_MOST_NAME_WORDS = 7  # words of a name that only a date next to it identifies
_PARTS = re.compile(r"\s*[|•·∙⋅●‧]\s*|\s[-–—/]\s")
_LONGEST_ROLE = 10  # words of a name and role that end like a sentence; chosen by hand
_ELSEWHERE = Inside.FOOTER | Inside.ASIDE | Inside.NAV | Inside.FORM
_SHORTEST_CITED = 3  # words before ", by NAME" from which they are the title of another text
_LONGEST_LETTERS = 30  # characters of credentials that stand in a block of their own
_LONGEST_LABEL = 40  # characters of a label
_MOST_BETWEEN = 6  # words between a word for checking and the name of who checked
_BELOW = 3  # blocks below the text in which its author may be named
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
    """Find "Written by …" in one block, or a label with the name in the next block, line or cell."""
    for position, block in enumerate(blocks):
        if not is_line(block):
            continue
        after = blocks[position + 1] if position + 1 < len(blocks) else None
        if LABEL_WROTE.match(block.text) and after is not None and after.words <= _LONGEST_NAME:
            people = _with_credentials(_first_named(after, persons), blocks, position + 2, persons)
            if people:
                return Signed(tuple(people), (block, after))
        people = _in_line(block, persons)
        if people:
            return Signed(tuple(_with_credentials(people, blocks, position + 1, persons)), (block,))
    return Signed()


def _first_named(block: Block, persons: PersonParser) -> list[Person]:
    return persons.split(without_tail(lines_of(block)[0]))


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
    if block.groups & GROUPS["byline"] or (block.words <= 20 and not _is_entry(block)):
        for line in lines:
            match = INNER_BY.search(line)
            if match is None or _cites(line, match, block):
                continue
            if people := persons.split(without_tail(_who(match))):
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


def _is_entry(block: Block) -> bool:
    """Whether a block is an entry of a list, which may name authors of other texts."""
    return bool(block.inside & (Inside.ITEM | Inside.QUOTE)) and not block.groups & GROUPS["byline"]


def _beside_date(block: Block, persons: PersonParser) -> list[Person]:
    """Find names in post details: "Name, MD | January 22, 2026 | 4 min read", "22.1.2026 · Name"."""
    if _is_entry(block):
        return []
    parts = [part for line in lines_of(block) for part in _PARTS.split(line)]
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


def reviewers(blocks: Sequence[Block], persons: PersonParser) -> Signed:
    """Find "Medically reviewed by …" and "Fact checked by …"; a page may have several."""
    people: dict[str, Person] = {}
    used: list[Block] = []
    for index, block in enumerate(blocks):
        if not is_line(block):
            continue
        named = _reviewing(block, persons)
        holders = [block]
        if not named and _is_review_label(block.text) and index + 1 < len(blocks):
            named, holders = _first_named(blocks[index + 1], persons), [block, blocks[index + 1]]
        elif not named and block.tag == "tr" and _is_review_label(block.text.split(" | ")[0]):
            named = persons.split(without_tail(block.text.split(" | ")[1]))
        people |= {reviewer.name: reviewer for reviewer in named if reviewer.name not in people}
        used += holders if named else []
    return Signed(tuple(people.values()), tuple(used))


def _reviewing(block: Block, persons: PersonParser) -> list[Person]:
    lines = lines_of(block)
    named = [
        reviewer
        for match in REVIEW.finditer("\n".join(lines))
        for reviewer in persons.split(without_tail(match["who"]))
    ]
    for line, after in zip(lines, [*lines[1:], ""], strict=True):
        if not named and _is_review_label(line):
            named = persons.split(without_tail(after))
        named = named or _checked(line, persons)
    return named


def _is_review_label(text: str) -> bool:
    """Whether a text is a label such as "Medically reviewed by" and nothing else."""
    return bool(LABEL_REVIEWED.match(text)) or (
        len(text) <= _LONGEST_LABEL and only_label(text) and bool(ends_of(text, REVIEWED))
    )


def _checked(line: str, persons: PersonParser) -> list[Person]:
    """Find who stands behind a word for checking: "checked by the clinic's doctor: NAME, speciality".

    At most _MOST_BETWEEN words stand between, and the name must be likely.
    """
    for end in ends_of(line, REVIEWED):
        words = line[end:].lstrip(" :：-–—").split()
        for start in range(min(len(words), _MOST_BETWEEN)):
            # a name begins after a colon or with a title, or it follows the word at once
            opens = start == 0 or words[start - 1].endswith((":", "：")) or has_title(" ".join(words[start:]))
            people = persons.split(without_tail(" ".join(words[start:]))) if opens else []
            people = [someone for someone in people if person.is_full(someone) and persons.is_likely(someone)]
            if people:
                return people
    return []


def professional(blocks: Sequence[Block], kept: Sequence[Block], persons: PersonParser) -> Signed:
    """Find a line that is a name with a title, letters, a profession or a register number, and nothing else.

    It stands between the title and the text, or right below the text.
    """
    for block in (*_under_title(blocks, kept), *_under_text(blocks, kept)):
        if block.is_heading or _is_entry(block) or not is_line(block) or block.words > _LONGEST_NAME + 8:
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
    for part in _PARTS.split(lines[0]):
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
    prose = next((block for block in kept if block.words > _LONGEST_NAME and not block.is_heading), None)
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
        if (
            block.words > _MOST_NAME_WORDS
            or _is_entry(block)
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
