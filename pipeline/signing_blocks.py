"""Which blocks of a page may sign its article: those around its start and its end, and authors' cards."""

from __future__ import annotations

from collections.abc import Sequence

from .author_marks import is_strong_mark
from .blocks import GROUPS, Block, Inside, lines_of
from .boilerplate import boilerplate_kind, ends_article
from .byline_phrases import ABOUT, LABEL_ABOUT, LABEL_CARD, LABEL_REVIEWED, LABEL_WROTE
from .date_labels import REVIEWED, UPDATED, ends_of, kinds_in
from .person import PersonParser

__all__ = ["near"]

# The limits below are chosen by hand.
# blocks before the text, at its start and end, and after it, in which a signature may stand
_ABOVE, _INTO, _BELOW = 15, 4, 10
_LONGEST_REVIEW = 60  # words of a block that says who reviewed the text
_NEAR_START = 40  # characters of a line within which it says so
_LABELLED = 2 * _NEAR_START  # characters in which a label is looked for
_LONGEST_DATE = 25  # characters of a date at the end of a line
_LONGEST_LABEL = 4  # words of a label such as "Written by"
_ELSEWHERE = sum(GROUPS[name] for name in ("comments", "related", "navigation", "share", "cookie"))


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
    known |= {p for p in range(into + 1, outof) if _says_when(blocks[p])}
    wanted += sorted(known - set(wanted))
    # groups around the text itself do not exclude a block
    elsewhere = _ELSEWHERE & ~(kept[0].groups | kept[-1].groups)
    beside = (Inside.ASIDE | Inside.NAV | Inside.FORM) & ~(kept[0].inside | kept[-1].inside)
    cards = _cards(blocks)
    candidates = [blocks[position] for position in [*wanted, *sorted(cards - set(wanted))]]
    return [b for b in candidates if _may_sign(b, elsewhere, beside) or positions[id(b)] in cards]


def _says_when(block: Block) -> bool:
    return _says_reviewed(block) or _says_updated(block)


def _says_reviewed(block: Block) -> bool:
    """Whether a block in the middle of the text says who reviewed it, as above questions and answers."""
    return (
        block.words <= _LONGEST_REVIEW
        and REVIEWED in kinds_in(block.text)
        and any(end < _NEAR_START for line in lines_of(block) for end in ends_of(line[:_LABELLED], REVIEWED))
    )


def _says_updated(block: Block) -> bool:
    """Whether a block in the middle of the text, but no entry of a list, ends with the day of the update."""
    if block.words > _LONGEST_REVIEW or block.inside & Inside.ITEM or UPDATED not in kinds_in(block.text):
        return False
    return any(
        end > 0
        for line in lines_of(block)
        if any(map(str.isdigit, line[-_LONGEST_DATE:]))
        for end in ends_of(line[-_LONGEST_DATE - _LABELLED :], UPDATED)
        if end >= min(len(line), _LONGEST_DATE + _LABELLED) - _LONGEST_DATE
    )


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
