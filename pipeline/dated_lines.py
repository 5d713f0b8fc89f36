"""What the short lines around an article say about its dates: which day, and what they call it."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date

from .author_marks import is_quoted
from .blocks import GROUPS, Block, Inside
from .date_labels import PUBLISHED, UPDATED, kinds_after, kinds_before, only_label
from .days import Day, Writing, days_in, iso_day
from .inline import text_of_pieces

__all__ = ["Said", "said"]

# words of a line that may date the article; of one that does so without saying what the date is; by hand
_LONGEST, _LONGEST_BARE = 40, 12
_LONGEST_BLOCK = 120  # words of a block whose lines are read; chosen by hand
_SEPARATOR = re.compile(r"\s*[|•·∙⋅●‧\n]\s*|\s[-–—/]\s")
_SOURCES = Inside.ITEM | Inside.QUOTE | Inside.FIGURE
_CALLED = re.compile(r"(publish|pubdate|posted-on)|updated|modified|(?<=[-_])changed", re.IGNORECASE)
_DATE_CLASS = re.compile(r"(?:^|[-_\s])(?:date|datum|fecha|data|time|posted|published)(?:$|[-_\s])", re.I)
_ABOUT_PAGE = GROUPS["byline"] | GROUPS["author"]


@dataclass(frozen=True, slots=True)
class Said:
    """One day in a line, and what the line calls it: kinds of `date_labels`, none if it does not say."""

    day: date
    kinds: frozenset[str]
    whole: bool = True  # whether the line names the day and not only the month
    told: bool = False  # whether the line is a sentence of the text


def said(near: Sequence[Block], kept: Sequence[Block], writing: Writing) -> list[Said]:
    """Return the days in the lines around an article, those closest to its title first.

    A day without a label counts only above the text, next to it in a block of its own, or where class names
    speak of post details: elsewhere it is an event's, a source's or a comment's.
    """
    order, first = _order(near, kept, writing)
    carried = {n: near[n - 1].text for n in range(1, len(near)) if only_label(near[n - 1].text)}
    own = {id(block) for block in kept}
    found: list[Said] = []
    for n in order:
        block = near[n]
        if not _may_date(block):
            continue
        bare = n < first or _may_be_bare(block, inside_text=id(block) in own)
        told = id(block) in own and block.words > _LONGEST_BARE  # in a sentence of the text
        lines = _in_block(block, carried.get(n, ""), writing)
        found += [replace(line, told=told) for line in lines if line.kinds or bare]
    return sorted(found, key=lambda line: (line.told, not line.whole))


def _order(near: Sequence[Block], kept: Sequence[Block], writing: Writing) -> tuple[list[int], int]:
    """Return the positions of the blocks, those between title and text first, and that of the text."""
    prose = next((block for block in kept if block.words > _LONGEST_BARE and not block.is_heading), None)
    first = next((n for n, block in enumerate(near) if block is prose), len(near))
    titles = (
        n for n in range(first - 1, -1, -1) if near[n].is_heading and not days_in(near[n].text, writing)
    )
    title = next(titles, -1)
    return [*range(title + 1, first), *range(title, -1, -1), *range(first, len(near))], first


def _may_date(block: Block) -> bool:
    quoted = block.box is not None and is_quoted(block.box)
    return block.words <= _LONGEST_BLOCK and block.tag != "h1" and not quoted


def _may_be_bare(block: Block, *, inside_text: bool) -> bool:
    """Whether a day without a label may be the article's in a block at or below the end of the text."""
    called = block.groups & _ABOUT_PAGE or (block.box and _DATE_CLASS.search(block.box.names))
    if called and block.words <= _LONGEST_BARE and not block.inside & _SOURCES:
        return True
    return not inside_text and not block.inside & _SOURCES and block.words <= 5


def _in_block(block: Block, label: str, writing: Writing) -> Iterator[Said]:
    """Yield the days of a block; `label` is the label in the block before it, or ""."""
    marked = dict(_times(block))
    seen: set[date] = set()
    for part in (piece for run in block.runs for piece in _SEPARATOR.split(run)):
        part = unicodedata.normalize("NFC", part)
        days = days_in(part, writing) if len(part.split()) <= _LONGEST else []
        if not days:
            label = part if only_label(part) else ""
            continue
        for line in _labelled(part, days, label):
            seen.add(line.day)
            bare = not line.kinds and len(part.split()) > _LONGEST_BARE
            kinds = line.kinds or marked.get(line.day) or _called(block)
            if kinds or not bare:
                yield Said(line.day, kinds, line.whole)
        label = ""
    yield from (Said(day, kinds) for day, kinds in marked.items() if day not in seen)


def _labelled(part: str, days: Sequence[Day], label: str) -> Iterator[Said]:
    at = 0
    for n, day in enumerate(days):
        before = f"{label if not n else ''} {part[at : day.start]}"
        behind = part[day.end : days[n + 1].start if n + 1 < len(days) else len(part)]
        yield Said(day.day, kinds_before(before) or kinds_after(behind), day.whole)
        at = day.end


def _called(block: Block) -> frozenset[str]:
    """Return what the class names of a block's element call its date."""
    match = _CALLED.search(block.box.names) if block.box else None
    return frozenset({PUBLISHED if match[1] else UPDATED}) if match else frozenset()


def _times(block: Block) -> Iterator[tuple[date, frozenset[str]]]:
    """Yield the days of the <time> elements in a block, with what their class or the words before say."""
    for n, piece in enumerate(block.pieces):
        if isinstance(piece, str) or not piece[1] or piece[0].tag not in ("time", "abbr"):
            continue
        day = iso_day(piece[0].get("datetime", "") or piece[0].get("title", ""))
        if day:
            names = piece[0].get("class", "").lower() + piece[0].get("itemprop", "").lower()
            kinds = kinds_before(text_of_pieces(block.pieces[:n]))
            if "published" in names:
                kinds = frozenset({PUBLISHED})
            elif "updated" in names or "modified" in names:
                kinds = frozenset({UPDATED})
            yield day, kinds
