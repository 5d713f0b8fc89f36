"""The columns of what is measured of a page's blocks, group by group, in the order of `features.FEATURES`."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

import numpy as np

from .blocks import GROUPS, Box, Inside, Segments
from .characters import census
from .document import Document
from .lexicon import UNKNOWN, Lexicon
from .page_features import DATE, GOOD_LINKS, GOOD_WORDS, PRICE, box_of, numbered

__all__ = ["INSIDE_BITS", "NEIGHBOURS", "TAGS", "Columns"]

TAGS = (
    "p div li td h1 h2 h3 h4 h5 h6 blockquote pre th dt dd figcaption caption button section "
    "article form body ul ol header footer address "
    "nav aside main details summary center fieldset legend tr table"
).split()
_TAG_NUMBER = {tag: place + 1 for place, tag in enumerate(TAGS)}
_SHORT = 60  # words; longer blocks are not looked up in the lexicon of short texts
NEIGHBOURS = (-3, -2, -1, 1, 2, 3)
_WINDOW = 5  # blocks before and after
_SPEAKS_AGAINST = -1.0  # mean log-odds of a text from which it counts as furniture
_FAR = 50.0  # blocks; "no prose near"
_SENTENCE_END = ".!?。！？…"
_CLOSING = "”\"»')]』」’"
INSIDE_BITS = 19
_REGION_SHARES = (0.85, 0.6)  # of the page's prose
_FURNITURE_GROUPS = sum(GROUPS[name] for name in GROUPS if name not in ("content", "caption", "byline"))
_FURNITURE_INSIDE = Inside.NAV | Inside.FOOTER | Inside.ASIDE | Inside.FORM | Inside.HIDDEN
_DIGIT = re.compile(r"\d")
_BY = re.compile(r"\s*(?:by|von|par|por|di)\s+\S+(?:\s+\S+){0,4}\s*$", re.IGNORECASE)
_COPYRIGHT = re.compile(r"©|copyright|all rights reserved", re.IGNORECASE)


class Columns:
    """The columns of one page, group by group."""

    def __init__(self, segments: Segments, document: Document, lexicon: Lexicon) -> None:
        self.blocks, self.boxes, self.document, self.lexicon = (
            segments.blocks,
            segments.boxes,
            document,
            lexicon,
        )
        self.texts = [block.text for block in self.blocks]
        self.count = census(self.texts)
        self.words = np.array([block.words for block in self.blocks], np.float64)
        self.chars = np.array([len(text) for text in self.texts], np.float64)
        self.linked = np.minimum(1.0, np.array([block.link_chars for block in self.blocks]) / self.chars)
        self.good = (self.words >= GOOD_WORDS) & (self.linked < GOOD_LINKS)
        self.good_words = np.where(self.good, self.words, 0.0)
        self.total = self.words.sum()
        self.place = np.arange(len(self.blocks))
        self.box = [box_of(block) for block in self.blocks]
        self.tags = np.array([_TAG_NUMBER.get(block.tag, 0) for block in self.blocks], np.float64)
        self.found = np.array(
            [
                _found(text) if count < _SHORT else _NOTHING
                for text, count in zip(self.texts, self.words, strict=True)
            ],
            np.float64,
        )
        self.top = -1  # number of the box that is Readability's top candidate
        self.said = np.array([self.lexicon.of_text(text) for text in self.texts])

    def own(self) -> Any:
        ends = np.array(
            [
                text.rstrip(_CLOSING)[-1:] in _SENTENCE_END and text.rstrip(_CLOSING) != ""
                for text in self.texts
            ]
        )
        parents = np.array(
            [_TAG_NUMBER.get(box.parent.tag, 0) if box.parent else 0 for box in self.box], np.float64
        )
        count, chars = self.count, self.chars
        return np.column_stack(
            [
                np.log1p(self.words), np.log1p(chars), self.linked, [block.links for block in self.blocks], chars / np.maximum(self.words, 1),
                10 * count.marks / chars, count.commas, ends, count.digits / chars, count.upper / chars, [text[0].islower() for text in self.texts],
                [block.broken for block in self.blocks], [block.starts_item for block in self.blocks], self.tags, parents,
                [box.depth for box in self.box], self.place / len(self.blocks), (np.cumsum(self.words) - self.words) / self.total,
            ]
        )  # fmt: skip

    def containers(self) -> Any:
        """Sums over the parent, the grandparent, and all blocks of the same shape."""
        parents = [box.parent or box for box in self.box]
        grands = [box.parent or box for box in parents]
        parent = self._sums([box.number for box in parents])
        grand = self._sums([box.number for box in grands])
        shape = self._sums(numbered([box.shape for box in self.box]))
        return np.column_stack([parent[:, :4], grand, shape])

    def _sums(self, keys: Sequence[int]) -> Any:
        """Give, for the group each block is in: log words, share of linked words, blocks, share of prose, share of the page."""
        weights = (self.words, self.words * self.linked, np.ones(len(keys)), self.good_words)
        words, linked, count, good = (np.bincount(keys, weight)[keys] for weight in weights)
        return np.column_stack([np.log1p(words), linked / words, count, good / words, words / self.total])

    def surroundings(self) -> Any:
        """How far the top candidate and the next prose are."""
        good, count = self.place[self.good], len(self.blocks)
        before = np.full(count, _FAR)
        after = np.full(count, _FAR)
        if len(good):
            left = np.searchsorted(good, self.place, side="right") - 1
            before = np.where(left >= 0, self.place - good[np.maximum(left, 0)], _FAR)
            right = np.searchsorted(good, self.place, side="left")
            after = np.where(right < len(good), good[np.minimum(right, len(good) - 1)] - self.place, _FAR)
        summed = np.concatenate(([0.0], np.cumsum(self.good_words)))
        first, last = (good[0], good[-1]) if len(good) else (0, count)
        return np.column_stack(
            [
                self._from_top(), np.minimum(before, _FAR), np.minimum(after, _FAR),
                np.log1p(summed[self.place + 1] - summed[np.maximum(0, self.place - _WINDOW)]),
                np.log1p(summed[np.minimum(count, self.place + _WINDOW + 1)] - summed[self.place]),
                summed[:-1] / max(summed[-1], 1.0), self.place >= first, self.place <= last,
            ]
        )  # fmt: skip

    def _from_top(self) -> list[int]:
        """Give the steps from each block up to the nearest box around Readability's top candidate, counted from that candidate."""
        scores: dict[int, float] = {}
        for place in np.flatnonzero(self.good).tolist():
            weight = (1 + float(self.count.commas[place]) + min(float(self.chars[place]) / 100, 3)) * (
                1 - float(self.linked[place])
            )
            box: Box | None = self.box[place].parent or self.box[place]
            for part in (1.0, 0.5, 0.25):
                if box is None:
                    break
                scores[box.number] = scores.get(box.number, 0.0) + part * weight
                box = box.parent
        if not scores:
            return [99] * len(self.blocks)
        steps: list[int] = [-1] * len(self.boxes)
        self.top = max(scores, key=lambda number: (scores[number], -number))
        holder: Box | None = self.boxes[self.top]
        step = 0
        while holder is not None:
            steps[holder.number] = step
            holder, step = holder.parent, step + 1
        for box in self.boxes:  # a parent comes before its children
            if steps[box.number] < 0 and box.parent is not None:
                steps[box.number] = steps[box.parent.number]
        return [steps[box.number] for box in self.box]

    def titles(self) -> Any:
        title = self.document.title.casefold()
        folded = [
            text.casefold() if block.words <= _SHORT else ""
            for text, block in zip(self.texts, self.blocks, strict=True)
        ]
        seen: dict[str, int] = {}
        for text in self.texts:
            seen[text] = seen.get(text, 0) + 1
        return np.column_stack(
            [
                [seen[text] > 1 for text in self.texts], [text == title for text in folded], [len(text) > 8 and text in title for text in folded],
                [block.words <= 12 and len(title) > 8 and title in text for text, block in zip(folded, self.blocks, strict=True)],
            ]
        )  # fmt: skip

    def sections(self) -> Any:
        """Where the block stands: after the title, under which heading, behind how much furniture, in which <article>."""
        count = len(self.blocks)
        headings = np.array([block.is_heading for block in self.blocks])
        title = self._title_place()
        last = np.maximum.accumulate(np.where(headings, self.place, -1))
        under = np.where(last >= 0, self.said[np.maximum(last, 0), 0], 0.0)
        boilerplate_kind = np.cumsum((self.said[:, 0] < _SPEAKS_AGAINST) & (self.words < _SHORT))
        dated = self.found[:, 0]
        parents = [(box.parent or box) for box in self.box]
        return np.column_stack(
            [
                self.place > title, np.clip(self.place - title, -_FAR, _FAR), under, np.where(last >= 0, np.minimum(self.place - last, _FAR), _FAR),
                boilerplate_kind / count, self._mean(dated, [box.number for box in parents]), self._mean(dated, [(box.parent or box).number for box in parents]),
                self._articles(), self._regions(),
            ]
        )  # fmt: skip

    def _title_place(self) -> int:
        """Give the block that shows the page's title: the first whose text the <title> holds, best an <h1>."""
        title = self.document.title.casefold()
        shown = [
            place
            for place, block in enumerate(self.blocks)
            if block.words <= _SHORT and len(block.text) > 8 and block.text.casefold() in title
        ]
        return next(
            (p for p in shown if self.blocks[p].tag == "h1"),
            next((p for p in shown if self.blocks[p].is_heading), -1),
        )

    def _mean(self, values: Any, keys: Sequence[int]) -> Any:
        return (np.bincount(keys, values) / np.maximum(np.bincount(keys), 1))[keys]

    def _articles(self) -> Any:
        """Count the <article> elements, and tell how much of the page is in this block's, and whether the top candidate is."""
        holder: list[int] = []
        for box in self.boxes:
            holder.append(
                box.number if box.tag == "article" else holder[box.parent.number] if box.parent else -1
            )
        mine = np.array([holder[box.number] for box in self.box])
        share = np.bincount(mine + 1, self.words)[mine + 1] / self.total
        top = holder[self.top] if self.top >= 0 else -1
        return np.column_stack(
            [
                np.full(len(mine), len(set(holder))),
                np.where(mine >= 0, share, 0.0),
                (mine == top) & (mine >= 0),
            ]
        )

    def _regions(self) -> Any:
        """Tell what stands in the smallest box with nearly all of the page's free prose, and in the smallest with most of it."""
        free = [
            block.groups & _FURNITURE_GROUPS == 0 and block.inside & _FURNITURE_INSIDE == 0
            for block in self.blocks
        ]
        words = np.where(self.good & free, self.words, 0.0) if (self.good & free).any() else self.good_words
        held = np.bincount([box.number for box in self.box], words, len(self.boxes)).tolist()
        for box in reversed(self.boxes):  # children come after their parents
            if box.parent is not None:
                held[box.parent.number] += held[box.number]
        columns = []
        for share in _REGION_SHARES:
            holders = [box for box in self.boxes if held[box.number] >= share * held[0]]
            region = max(holders, key=lambda box: box.depth)
            inside = [False] * len(self.boxes)
            inside[region.number] = True
            for box in self.boxes[region.number + 1 :]:
                inside[box.number] = box.parent is not None and inside[box.parent.number]
            columns.append(np.array(inside)[[box.number for box in self.box]])
        columns.append(np.full(len(self.box), (self.words * columns[0]).sum() / self.total))
        return np.column_stack(columns)

    def phrases(self) -> Any:
        return np.column_stack([self.found, self.said])

    def classes(self) -> Any:
        """Weigh the class names of the block's own box and of all boxes around it."""
        known: dict[str, tuple[float, float, float]] = {"": UNKNOWN}
        own: list[tuple[float, float, float]] = []
        around: list[tuple[float, float, float]] = []
        for box in self.boxes:
            if box.names not in known:
                known[box.names] = self.lexicon.of_classes(box.names)
            mine = known[box.names]
            outer = around[box.parent.number] if box.parent is not None else UNKNOWN
            own.append(mine if box.names or box.parent is None else own[box.parent.number])
            around.append((min(outer[0], mine[1]), max(outer[1], mine[2]), outer[2] + mine[0]))
        numbers = [box.number for box in self.box]
        return np.column_stack([np.array(own)[numbers], np.array(around)[numbers]])

    def bits(self) -> Any:
        inside = _unpacked([block.inside for block in self.blocks], INSIDE_BITS)
        return np.column_stack([inside, _unpacked([block.groups for block in self.blocks], len(GROUPS))])

    def neighbours(self) -> Any:
        columns = []
        boxes = np.array([(box.parent or box).number for box in self.box])
        for step in NEIGHBOURS:
            place = self.place + step
            there = (place >= 0) & (place < len(self.blocks))
            place = np.clip(place, 0, len(self.blocks) - 1)
            for values in (np.log1p(self.words), self.linked, self.tags):
                columns.append(np.where(there, values[place], -1.0))
            columns += [there & (boxes[place] == boxes), np.where(there, self.said[place, 0], 0.0)]
        return np.column_stack(columns)

    def site(self, shares: Sequence[float] | None) -> Any:
        """How many of the site's pages show this block and its neighbours; -1 where the site is not known."""
        count = len(self.blocks)
        if shares is None:
            return np.column_stack([np.zeros(count), np.full((count, 4), -1.0)])
        share = np.asarray(shares, np.float64)
        padded = np.concatenate(([0.0], share, [0.0]))
        new = np.where(share == 0, self.words, 0.0).sum() / self.total
        return np.column_stack([np.ones(count), share, padded[:-2], padded[2:], np.full(count, new)])


_NOTHING = (False, False, False, False)


def _found(text: str) -> tuple[bool, bool, bool, bool]:
    """Look for a date, a price, a byline, a copyright mark."""
    digit = _DIGIT.search(text) is not None
    return (
        digit and bool(DATE.search(text)),
        digit and bool(PRICE.search(text)),
        bool(_BY.match(text)),
        bool(_COPYRIGHT.search(text)),
    )


def _unpacked(bits: Sequence[int], count: int) -> Any:
    return (np.array(bits, np.int64)[:, None] >> np.arange(count)) & 1
