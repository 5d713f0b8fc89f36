"""What a page shows of who signed it: bylines, author boxes, reviewers.

A signature is a line of its own near the article: "By Name", a label with the name beside it, an element marked as the author's.
Names in the running text, of commenters and of related posts sign nothing.
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

LONGEST = 40  # words of a block that may be a byline
_ABOVE, _INTO, _BELOW = (
    15,
    4,
    10,
)  # blocks before the text, at its start and end, and after it, in which a signature may stand
_MOST_CHARACTERS = 600  # of such a block
_LONGEST_LABEL = 4  # words
_MOST_NAME_WORDS = 7  # of a name that nothing but a date beside it gives away
_LONGEST_NAME = 12  # words of an element that holds a name

_ELSEWHERE = (
    GROUPS["comments"] | GROUPS["related"] | GROUPS["navigation"] | GROUPS["share"] | GROUPS["cookie"]
)


@dataclass(frozen=True, slots=True)
class Signed:
    """People a page names, and the blocks that name them."""

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
    """Give the blocks that may sign the article: around its start and its end, without comments, related posts and menus.

    `places` are the class names of boxes in which the site is known to sign, wherever they stand.
    """
    if not kept:
        return [block for block in blocks if not block.groups & _ELSEWHERE]
    where = {id(block): place for place, block in enumerate(blocks)}
    first, last = where[id(kept[0])], where[id(kept[-1])]
    into = where[id(kept[min(_INTO, len(kept)) - 1])]
    outof = where[id(kept[-min(_INTO, len(kept))])]
    below = next((p for p in range(last + 1, len(blocks)) if _ends(blocks[p], persons)), len(blocks))
    wanted = [
        *range(max(0, first - _ABOVE), into + 1),
        *range(max(into + 1, outof), min(below, last + _BELOW + 1)),
    ]
    elsewhere_too = {place for place, block in enumerate(blocks) if block.box and block.box.names in places}
    wanted += sorted(elsewhere_too - set(wanted))
    elsewhere = _ELSEWHERE & ~(
        kept[0].groups | kept[-1].groups
    )  # what the text itself stands in means nothing
    beside = (Inside.ASIDE | Inside.NAV | Inside.FORM) & ~(kept[0].inside | kept[-1].inside)
    cards = _cards(blocks)
    found = [blocks[place] for place in [*wanted, *sorted(cards - set(wanted))]]
    return [b for b in found if _may_sign(b, elsewhere, beside) or where[id(b)] in cards]


def _may_sign(block: Block, elsewhere: int, beside: int) -> bool:
    """Whether a block's surroundings let it sign: what is called an author's does even in a sidebar or among share buttons."""
    if block.groups & elsewhere & ~(GROUPS["share"] | GROUPS["navigation"]):
        return False
    called = block.groups & (GROUPS["author"] | GROUPS["byline"]) or (
        block.links and any(is_strong_mark(link) for link in block.element.iter("a"))
    )
    return bool(called) or not (block.groups & elsewhere or block.inside & beside)


def _cards(blocks: Sequence[Block]) -> set[int]:
    """Give the places of labels such as "Written by" that stand alone, with the two blocks below: an author's card, wherever it stands."""
    cards: set[int] = set()
    for place, block in enumerate(blocks):
        if block.words <= _LONGEST_LABEL and any(
            label.match(block.text) for label in (LABEL_CARD, LABEL_ABOUT, LABEL_REVIEWED)
        ):
            cards.update(range(place, min(place + 3, len(blocks))))
    return cards


def _ends(block: Block, persons: PersonParser) -> bool:
    """Whether nothing below a block signs the article: a comment prompt, or a heading that is not about the author."""
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
    """Whether a block is short enough to be read as a line that names somebody."""
    return block.words <= LONGEST and len(block.text) <= _MOST_CHARACTERS


def _who(match: re.Match[str]) -> str:
    return next(found for found in match.groups() if found is not None)


def without_tail(text: str) -> str:
    """Cut what stands behind the names in a byline."""
    return TAIL.sub("", text).rstrip(" ,(")


def labelled(blocks: Sequence[Block], persons: PersonParser) -> Signed:
    """Read "Written by …" in one block, or a label and the name beside it."""
    for place, block in enumerate(blocks):
        if not is_line(block):
            continue
        after = blocks[place + 1] if place + 1 < len(blocks) else None
        if LABEL_WROTE.match(block.text) and after is not None and after.words <= _LONGEST_NAME:
            people = _with_credentials(persons.split(without_tail(after.text)), blocks, place + 2, persons)
            if people:
                return Signed(tuple(people), (block, after))
        people = _in_line(block, persons)
        if people:
            return Signed(tuple(_with_credentials(people, blocks, place + 1, persons)), (block,))
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
    """Read a line of post details: "Name, MD | January 22, 2026 | 4 min read", "22.1.2026 · Name"."""
    parts = re.split(r"\s*[|•·∙⋅●‧\n]\s*|\s[-–—/]\s", block.text)
    if len(parts) == 1 and block.words <= _LONGEST_NAME:
        return _before_date(block.text, persons)
    if not 1 < len(parts) <= 5 or not (block.groups & GROUPS["byline"] or block.words <= _LONGEST_NAME):
        return []
    dated = [without_tail(f" {part}").strip() == "" for part in parts]
    names = [
        [one for one in persons.split(part) if persons.is_likely(one)]
        for part, is_date in zip(parts, dated, strict=True)
        if not is_date
    ]
    return names[0] if any(dated) and names else []


def _before_date(text: str, persons: PersonParser) -> list[Person]:
    """Read "Name, May 5, 2026" and "Name. 5.5.2026": nothing but a name and a date."""
    name = without_tail(text)
    one = persons.parse(name.rstrip(".")) if name != text and DATED.search(text) else None
    return [one] if one and not one.role and person.is_full(one) and persons.is_likely(one) else []


def _with_credentials(
    people: list[Person], blocks: Sequence[Block], place: int, persons: PersonParser
) -> list[Person]:
    """Add credentials that stand in a block of their own behind one name: <div>Dana Feldstein</div><div>PhD, RD</div>."""
    if len(people) != 1 or people[0].credentials or place >= len(blocks):
        return people
    behind = blocks[place].text
    joined = persons.parse(f"{people[0].as_written}, {behind}") if len(behind) <= 30 else None
    return [joined] if joined and joined.credentials and not joined.role else people


def reviewers(blocks: Sequence[Block], persons: PersonParser) -> Signed:
    """Read "Medically reviewed by …" and "Fact checked by …": several may stand on a page."""
    people: dict[str, Person] = {}
    used: list[Block] = []
    for place, block in enumerate(blocks):
        if not is_line(block):
            continue
        found = [
            one for match in REVIEW.finditer(block.text) for one in persons.split(without_tail(match["who"]))
        ]
        holders = [block]
        if not found and LABEL_REVIEWED.match(block.text) and place + 1 < len(blocks):
            found, holders = persons.split(without_tail(blocks[place + 1].text)), [block, blocks[place + 1]]
        elif not found and block.tag == "tr" and LABEL_REVIEWED.match(block.text.split(" | ")[0]):
            found = persons.split(without_tail(block.text.split(" | ")[1]))
        people |= {one.name: one for one in found if one.name not in people}
        used += holders if found else []
    return Signed(tuple(people.values()), tuple(used))


def marked(blocks: Sequence[Block], persons: PersonParser) -> Signed:
    """Read the elements that are marked as the author's: rel=author, itemprop=author, a class such as "byline"."""
    for block in blocks:
        if not is_line(block) or block.box is None or is_quoted(block.box):
            continue
        if any(is_mark(box.element) for box in around(block.box)) and block.words <= _LONGEST_NAME:
            people = [
                one for one in persons.split(without_tail(_without_by(block.text))) if persons.is_likely(one)
            ]
            if people:
                return Signed(tuple(people), (block,))
        alone = (
            len(text_of(block.element)) <= 2 * len(block.text) + 20
        )  # else the element holds other blocks, too
        people = _inside(block.element, persons) if alone else []
        if people:
            return Signed(tuple(people), (block,) if block.words <= _LONGEST_NAME else ())
    return Signed()


def _inside(element: lxml.etree._Element, persons: PersonParser) -> list[Person]:
    found: list[Person] = []
    for inner in element.iter("a", "span", "strong", "b", "em", "i", "address", "cite", "small"):
        if is_mark(inner):
            people = persons.split(without_tail(_without_by(" ".join(text_of(inner).split())[:200])))
            found += [one for one in people if is_strong_mark(inner) or persons.is_likely(one)]
    return list({one.name: one for one in reversed(found)}.values())[::-1]


def dated(blocks: Sequence[Block], kept: Sequence[Block], persons: PersonParser) -> Signed:
    """Read a name that stands alone beside a date above the text."""
    first = blocks.index(kept[0]) if kept and kept[0] in blocks else len(blocks)
    for place, block in enumerate(blocks[: first + 1]):
        beside = [blocks[other].text for other in (place - 1, place + 1) if 0 <= other < len(blocks)]
        if block.words > _MOST_NAME_WORDS or not any(
            text and not without_tail(f" {text}").strip() for text in beside
        ):
            continue
        one = persons.parse(block.text)
        if one and not one.role and person.is_full(one) and persons.is_likely(one):
            return Signed((one,), (block,))
    return Signed()


def _without_by(text: str) -> str:
    text = GLUED_BY.sub("", text)
    match = BYLINE.match(text)
    return _who(match) if match else text


def boxed(blocks: Sequence[Block], persons: PersonParser) -> Signed:
    """Read the box about the author: the name under "About the author", or the heading of an author box."""
    for place, block in enumerate(blocks):
        if LABEL_ABOUT.match(block.text):
            for after in blocks[place + 1 : place + 3]:
                people = persons.split(without_tail(after.text)) if after.words <= _LONGEST_NAME else []
                if people:
                    return Signed(tuple(people[:1]), ())
        in_box = (
            block.groups & GROUPS["author"]
            and block.words <= _LONGEST_NAME
            and not (block.box and is_quoted(block.box))
        )
        match = ABOUT.match(block.text) if block.words <= _LONGEST_NAME else None
        one = (
            persons.parse(without_tail(match["who"] if match else _without_by(block.text)))
            if in_box or match
            else None
        )
        if one and persons.is_likely(one):
            return Signed((one,), ())
    return Signed()
