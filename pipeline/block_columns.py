"""Feature columns of a page's blocks, computed group by group in the order of `features.FEATURES`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from .blocks import GROUPS, Box, Inside, Segments
from .characters import census
from .lexicon import UNKNOWN, Lexicon
from .page_features import GOOD_LINKS, GOOD_WORDS, NO_PHRASES, box_of, numbered, phrases_in
from .parsed_page import ParsedPage

__all__ = ["INSIDE_BITS", "NEIGHBOURS", "TAGS", "Columns"]

TAGS = (
    "p div li td h1 h2 h3 h4 h5 h6 blockquote pre th dt dd figcaption caption button section "
    "article form body ul ol header footer address "
    "nav aside main details summary center fieldset legend tr table"
).split()
_TAG_NUMBER = {tag: position + 1 for position, tag in enumerate(TAGS)}
# Words; longer blocks are not searched for a date, price, byline, copyright or the title; chosen by hand
_SHORT = 60
NEIGHBOURS = (-3, -2, -1, 1, 2, 3)  # blocks before (negative) and after; chosen by hand
_WINDOW = 5  # blocks before and after; chosen by hand
_SPEAKS_AGAINST = -1.0  # a text with mean log-odds below this counts as boilerplate; chosen by hand
_FAR = 50.0  # blocks; the largest distance, and the value for "no prose near"; chosen by hand
_SENTENCE_END = tuple(".!?。！？…")
_CLOSING = "”\"»')]』」’"
INSIDE_BITS = 19  # number of bits in `blocks.Inside`
_REGION_SHARES = (0.85, 0.6)  # of the page's prose; chosen by hand
_BOILERPLATE_GROUPS = sum(GROUPS[name] for name in GROUPS if name not in ("content", "caption", "byline"))
_BOILERPLATE_INSIDE = Inside.NAV | Inside.FOOTER | Inside.ASIDE | Inside.FORM | Inside.HIDDEN


class Columns:
    """The feature columns of one page.

    Each public method returns one group of columns as an array of shape (blocks, columns).
    """

    def __init__(self, segments: Segments, parsed_page: ParsedPage, lexicon: Lexicon) -> None:
        self.blocks, self.boxes = segments.blocks, segments.boxes
        self.parsed_page, self.lexicon = parsed_page, lexicon
        self.texts = [block.text for block in self.blocks]
        self.count = census(self.texts)
        self.words = np.array([block.words for block in self.blocks], np.float64)
        self.chars = np.array([len(text) for text in self.texts], np.float64)
        self.linked = np.minimum(1.0, np.array([block.link_chars for block in self.blocks]) / self.chars)
        self.good = (self.words >= GOOD_WORDS) & (self.linked < GOOD_LINKS)
        self.good_words = np.where(self.good, self.words, 0.0)
        self.total = self.words.sum()
        self.position = np.arange(len(self.blocks))
        self.box = [box_of(block) for block in self.blocks]
        self.tags = np.array([_TAG_NUMBER.get(block.tag, 0) for block in self.blocks], np.float64)
        self.found = np.array(
            [
                phrases_in(text) if count < _SHORT else NO_PHRASES
                for text, count in zip(self.texts, self.words, strict=True)
            ],
            np.float64,
        )
        self.top = -1  # number of the box that is Readability's top candidate
        self.said = np.array([self.lexicon.of_text(text) for text in self.texts])

    def own(self) -> Any:
        """Measure each block by itself: size, links, punctuation, tags and position."""
        ends = np.array([text.rstrip(_CLOSING).endswith(_SENTENCE_END) for text in self.texts])
        parents = np.array(
            [_TAG_NUMBER.get(box.parent.tag, 0) if box.parent else 0 for box in self.box], np.float64
        )
        count, chars = self.count, self.chars
        return np.column_stack(
            [
                np.log1p(self.words), np.log1p(chars), self.linked,
                [block.links for block in self.blocks], chars / np.maximum(self.words, 1),
                10 * count.marks / chars, count.commas, ends, count.digits / chars, count.upper / chars,
                [text[0].islower() for text in self.texts], [block.broken for block in self.blocks],
                [block.starts_item for block in self.blocks], self.tags, parents,
                [box.depth for box in self.box], self.position / len(self.blocks),
                (np.cumsum(self.words) - self.words) / self.total,
            ]
        )  # fmt: skip

    def containers(self) -> Any:
        """Sum over the blocks of the parent box, of the grandparent box, and of the same shape."""
        parents = [box.parent or box for box in self.box]
        grands = [box.parent or box for box in parents]
        parent = self._sums([box.number for box in parents])
        grand = self._sums([box.number for box in grands])
        shape = self._sums(numbered([box.shape for box in self.box]))
        return np.column_stack([parent[:, :4], grand, shape])

    def _sums(self, keys: Sequence[int]) -> Any:
        """Return five columns about the group that each block is in; `keys` names the group of each block.

        The columns: log of the words, share of linked words, number of blocks, share of prose and share of
        the page.
        """
        weights = (self.words, self.words * self.linked, np.ones(len(keys)), self.good_words)
        words, linked, count, good = (np.bincount(keys, weight)[keys] for weight in weights)
        return np.column_stack([np.log1p(words), linked / words, count, good / words, words / self.total])

    def surroundings(self) -> Any:
        """Measure the distance to Readability's top candidate and the nearest prose, and the prose around."""
        good, count = self.position[self.good], len(self.blocks)
        before = np.full(count, _FAR)
        after = np.full(count, _FAR)
        if len(good):
            left = np.searchsorted(good, self.position, side="right") - 1
            before = np.where(left >= 0, self.position - good[np.maximum(left, 0)], _FAR)
            right = np.searchsorted(good, self.position, side="left")
            after = np.where(right < len(good), good[np.minimum(right, len(good) - 1)] - self.position, _FAR)
        summed = np.concatenate(([0.0], np.cumsum(self.good_words)))
        first, last = (good[0], good[-1]) if len(good) else (0, count)
        return np.column_stack(
            [
                self._from_top(), np.minimum(before, _FAR), np.minimum(after, _FAR),
                np.log1p(summed[self.position + 1] - summed[np.maximum(0, self.position - _WINDOW)]),
                np.log1p(summed[np.minimum(count, self.position + _WINDOW + 1)] - summed[self.position]),
                summed[:-1] / max(summed[-1], 1.0), self.position >= first, self.position <= last,
            ]
        )  # fmt: skip

    def _from_top(self) -> list[int]:
        """Return, for each block, the steps up from Readability's top candidate to a box that holds both.

        0 for a block inside the candidate itself; 99 for every block if the page has no prose.
        """
        scores: dict[int, float] = {}
        for index in np.flatnonzero(self.good).tolist():
            weight = (1 + float(self.count.commas[index]) + min(float(self.chars[index]) / 100, 3)) * (
                1 - float(self.linked[index])
            )
            box: Box | None = self.box[index].parent or self.box[index]
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
        """Compare each block with the page's <title>; the first column flags texts that occur repeatedly."""
        title = self.parsed_page.title.casefold()
        folded = [
            text.casefold() if block.words <= _SHORT else ""
            for text, block in zip(self.texts, self.blocks, strict=True)
        ]
        seen: dict[str, int] = {}
        for text in self.texts:
            seen[text] = seen.get(text, 0) + 1
        return np.column_stack(
            [
                [seen[text] > 1 for text in self.texts], [text == title for text in folded],
                [len(text) > 8 and text in title for text in folded],
                [block.words <= 12 and len(title) > 8 and title in text
                 for text, block in zip(folded, self.blocks, strict=True)],
            ]
        )  # fmt: skip

    def sections(self) -> Any:
        """Relate each block to the title, the heading above it, boilerplate before it and its <article>."""
        count = len(self.blocks)
        headings = np.array([block.is_heading for block in self.blocks])
        title = self._title_place()
        last = np.maximum.accumulate(np.where(headings, self.position, -1))
        under = np.where(last >= 0, self.said[np.maximum(last, 0), 0], 0.0)
        boilerplate_before = np.cumsum((self.said[:, 0] < _SPEAKS_AGAINST) & (self.words < _SHORT))
        dated = self.found[:, 0]
        parents = [(box.parent or box) for box in self.box]
        return np.column_stack(
            [
                self.position > title, np.clip(self.position - title, -_FAR, _FAR), under,
                np.where(last >= 0, np.minimum(self.position - last, _FAR), _FAR), boilerplate_before / count,
                self._mean(dated, [box.number for box in parents]),
                self._mean(dated, [(box.parent or box).number for box in parents]),
                self._articles(), self._regions(),
            ]
        )  # fmt: skip

    def _title_place(self) -> int:
        """Return the index of the heading that shows the page's title; -1 if there is none.

        It is the first <h1> whose text is part of the <title>, else the first such heading of any level.
        """
        title = self.parsed_page.title.casefold()
        matches = [
            index
            for index, block in enumerate(self.blocks)
            if block.words <= _SHORT and len(block.text) > 8 and block.text.casefold() in title
        ]
        return next(
            (p for p in matches if self.blocks[p].tag == "h1"),
            next((p for p in matches if self.blocks[p].is_heading), -1),
        )

    def _mean(self, values: Any, keys: Sequence[int]) -> Any:
        return (np.bincount(keys, values) / np.maximum(np.bincount(keys), 1))[keys]

    def _articles(self) -> Any:
        """Return three columns about the <article> elements of the page.

        The columns: their number, the share of the page's words in the block's own <article>, and whether
        the top candidate is in the same one.
        """
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
        """Return three columns about the boxes that hold the page's prose outside boilerplate.

        The columns: whether the block is in the smallest box with 85 % of that prose, whether it is in the
        smallest box with 60 % of it, and the share of the page's words in the first of these boxes.
        """
        free = [
            block.groups & _BOILERPLATE_GROUPS == 0 and block.inside & _BOILERPLATE_INSIDE == 0
            for block in self.blocks
        ]
        words = np.where(self.good & free, self.words, 0.0) if (self.good & free).any() else self.good_words
        box_words = np.bincount([box.number for box in self.box], words, len(self.boxes)).tolist()
        for box in reversed(self.boxes):  # children come after their parents
            if box.parent is not None:
                box_words[box.parent.number] += box_words[box.number]
        columns = []
        for share in _REGION_SHARES:
            holders = [box for box in self.boxes if box_words[box.number] >= share * box_words[0]]
            region = max(holders, key=lambda box: box.depth)
            inside = [False] * len(self.boxes)
            inside[region.number] = True
            for box in self.boxes[region.number + 1 :]:
                inside[box.number] = box.parent is not None and inside[box.parent.number]
            columns.append(np.array(inside)[[box.number for box in self.box]])
        columns.append(np.full(len(self.box), (self.words * columns[0]).sum() / self.total))
        return np.column_stack(columns)

    def phrases(self) -> Any:
        """Return whether a short text holds a date, price, byline or copyright, and every text's log-odds."""
        return np.column_stack([self.found, self.said])

    def classes(self) -> Any:
        """Return the log-odds of the class names of each block's own box and of all boxes around it."""
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
        """Return one column for each bit of `Inside` and of `GROUPS`."""
        inside = _unpacked([block.inside for block in self.blocks], INSIDE_BITS)
        return np.column_stack([inside, _unpacked([block.groups for block in self.blocks], len(GROUPS))])

    def neighbours(self) -> Any:
        """Return five columns for each of the NEIGHBOURS: words, links, tag, same parent box, log-odds."""
        columns = []
        boxes = np.array([(box.parent or box).number for box in self.box])
        for step in NEIGHBOURS:
            positions = self.position + step
            there = (positions >= 0) & (positions < len(self.blocks))
            positions = np.clip(positions, 0, len(self.blocks) - 1)
            for values in (np.log1p(self.words), self.linked, self.tags):
                columns.append(np.where(there, values[positions], -1.0))
            columns += [there & (boxes[positions] == boxes), np.where(there, self.said[positions, 0], 0.0)]
        return np.column_stack(columns)

    def site(self, shares: Sequence[float] | None) -> Any:
        """Return the share of the site's pages that show each block and its neighbours.

        The first column says whether the site is known; if it is not, the others are -1. The last column is
        the share of the page's words in blocks that are not repeated across the site.
        """
        count = len(self.blocks)
        if shares is None:
            return np.column_stack([np.zeros(count), np.full((count, 4), -1.0)])
        share = np.asarray(shares, np.float64)
        padded = np.concatenate(([0.0], share, [0.0]))
        new = np.where(share == 0, self.words, 0.0).sum() / self.total
        return np.column_stack([np.ones(count), share, padded[:-2], padded[2:], np.full(count, new)])


def _unpacked(bits: Sequence[int], count: int) -> Any:
    return (np.array(bits, np.int64)[:, None] >> np.arange(count)) & 1
