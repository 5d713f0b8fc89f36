"""Who reviewed an article: "Medically reviewed by …", "checked by the clinic's doctor: NAME"."""

from __future__ import annotations

from collections.abc import Sequence

from ..records import Person
from . import person
from .blocks import Block, lines_of
from .byline_phrases import LABEL_REVIEWED, REVIEW
from .date_labels import REVIEWED, ends_of, only_label
from .person import PersonParser
from .person_title import has_title
from .signed import Signed, first_named, is_line, without_tail

__all__ = ["find"]

# The limits below are chosen by hand.
_LONGEST_LABEL = 40  # characters of a label
_MOST_BETWEEN = 6  # words between a word for checking and the name of who checked


def find(blocks: Sequence[Block], persons: PersonParser) -> Signed:
    """Find "Medically reviewed by …" and "Fact checked by …"; a page may have several."""
    people: dict[str, Person] = {}
    used: list[Block] = []
    for index, block in enumerate(blocks):
        if not is_line(block):
            continue
        named = _reviewing(block, persons)
        holders = [block]
        if not named and _is_review_label(block.text) and index + 1 < len(blocks):
            named, holders = first_named(blocks[index + 1], persons), [block, blocks[index + 1]]
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
