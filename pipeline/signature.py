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
from .blocks import GROUPS, Block, Inside
from .boilerplate import boilerplate_kind, ends_article
from .byline_phrases import (
    ABOUT,
    BYLINE,
    DATED,
    GLUED_BY,
    INNER_BY,
    LABEL_ABOUT,
    LABEL_CARD,
    LABEL_REVIEWED,
    LABEL_WROTE,
    REVIEW,
    TAIL,
)
from .document import text_of
from .person import PersonParser

__all__ = [
    "LONGEST",
    "Signed",
    "boxed",
    "dated",
    "is_line",
    "labelled",
    "marked",
    "near",
    "reviewers",
    "without_tail",
]

# The limits below are chosen by hand.
LONGEST = 40  # words of a block that may be a byline
# blocks before the text, at its start and end, and after it, in which a signature may stand
_ABOVE, _INTO, _BELOW = 15, 4, 10
_MOST_CHARACTERS = 600  # characters of a block that may be a byline
_LONGEST_LABEL = 4  # words of a label such as "Written by"
_MOST_NAME_WORDS = 7  # words of a name that only a date next to it identifies
_LONGEST_NAME = 12  # words of an element that holds a name

_ELSEWHERE = (
    GROUPS["comments"] | GROUPS["related"] | GROUPS["navigation"] | GROUPS["share"] | GROUPS["cookie"]
)


@dataclass(frozen=True, slots=True)
class Signed:
    """The people that a page names, and the blocks that name them."""

    people: tuple[Person, ...] = ()
    blocks: tuple[Block, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.people)


def near(
    blocks: Sequence[Block],
    kept: Sequence[Block],
    persons: PersonParser,
    places: frozenset[str] = frozenset(),
) -> list[Block]:
    """Return the blocks that may sign the article: around its start and its end, and in authors' cards.

    Comments, related posts and menus are left out. `places` are the class names of the boxes in which the
    site is known to show its authors; such boxes count anywhere on the page.
    """
    if not kept:
        return [block for block in blocks if not block.groups & _ELSEWHERE]
    positions = {id(block): position for position, block in enumerate(blocks)}
    first, last = positions[id(kept[0])], positions[id(kept[-1])]
    into = positions[id(kept[min(_INTO, len(kept)) - 1])]
    outof = positions[id(kept[-min(_INTO, len(kept))])]
    below = next((p for p in range(last + 1, len(blocks)) if _ends(blocks[p], persons)), len(blocks))
    wanted = [
        *range(max(0, first - _ABOVE), into + 1),
        *range(max(into + 1, outof), min(below, last + _BELOW + 1)),
    ]
    known = {position for position, block in enumerate(blocks) if block.box and block.box.names in places}
    wanted += sorted(known - set(wanted))
    # groups around the text itself do not exclude a block
    elsewhere = _ELSEWHERE & ~(kept[0].groups | kept[-1].groups)
    beside = (Inside.ASIDE | Inside.NAV | Inside.FORM) & ~(kept[0].inside | kept[-1].inside)
    cards = _cards(blocks)
    candidates = [blocks[position] for position in [*wanted, *sorted(cards - set(wanted))]]
    return [b for b in candidates if _may_sign(b, elsewhere, beside) or positions[id(b)] in cards]


def _may_sign(block: Block, elsewhere: int, beside: int) -> bool:
    """Whether a block may sign the article where it stands.

    A block whose class names or links call it an author's may sign even in a sidebar or among share buttons.
    """
    if block.groups & elsewhere & ~(GROUPS["share"] | GROUPS["navigation"]):
        return False
    called = block.groups & (GROUPS["author"] | GROUPS["byline"]) or (
        block.links and any(is_strong_mark(link) for link in block.element.iter("a"))
    )
    return bool(called) or not (block.groups & elsewhere or block.inside & beside)


def _cards(blocks: Sequence[Block]) -> set[int]:
    """Return the positions of authors' cards, wherever they stand on the page.

    A card is a label such as "Written by" that stands alone, together with the two blocks below it.
    """
    cards: set[int] = set()
    for position, block in enumerate(blocks):
        if block.words <= _LONGEST_LABEL and any(
            label.match(block.text) for label in (LABEL_CARD, LABEL_ABOUT, LABEL_REVIEWED)
        ):
            cards.update(range(position, min(position + 3, len(blocks))))
    return cards


def _ends(block: Block, persons: PersonParser) -> bool:
    """Whether a block ends the part of the page that may sign the article.

    Such a block is a comment prompt, or a heading that is not about the author.
    """
    if ends_article(block.text, block.words):
        return True
    about_author = (
        block.groups & GROUPS["author"]
        or LABEL_WROTE.match(block.text)
        or LABEL_ABOUT.match(block.text)
        or ABOUT.match(block.text)
        or persons.parse(block.text)
    )
    return block.is_heading and not about_author and boilerplate_kind(block.text, block.words) is None


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
    people: list[Person], blocks: Sequence[Block], place: int, persons: PersonParser
) -> list[Person]:
    """Add credentials that follow one name in the next block: <div>Dana Feldstein</div><div>PhD, RD</div>."""
    if len(people) != 1 or people[0].credentials or place >= len(blocks):
        return people
    behind = blocks[place].text
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
