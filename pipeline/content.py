"""Which blocks of a page are its main content (docs/decisions/0021).

Two steps. A trained scorer gives every block the probability that the author wrote it (`features.py`, `forest.py`).
Then the choice: of all sets "the n most probable blocks", the one whose expected F-measure is highest (Lewis, SIGIR 1995:
the optimal set is a cut through the ranking; the expectation is approximated by
(1 + beta²) x expected words right / (words kept + beta² x words expected on the page)). A page whose blocks are all doubtful keeps more of them
than one that is clear, so no threshold has to fit all pages.

Guards stand behind the choice: what every page of the site shows, and what only furniture says, is out however it scored.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

import lxml.etree
import numpy as np
from numpy.typing import NDArray

from . import features
from .blocks import GROUPS, Block, Inside, Segments, inside_of
from .boilerplate import boilerplate_kind, ends_article
from .document import Document
from .site import SiteModel
from .trained import Trained

__all__ = ["Judgement", "Verdict", "choose", "judge", "judge_chosen", "judge_text"]

_BETA = 0.8  # precision counts a little more than recall (docs/measurements.md, content-beta)
_REPEATED = 0.6  # share of a site's pages from which a block is furniture, however it scored
_DOUBTFUL = 0.15  # probability from which a row or item goes with the chosen blocks around it
_LINKED = 0.5  # share of linked characters up to which it does
_GROUPED = Inside.TABLE | Inside.ITEM | Inside.DEFINITIONS
_FURNITURE = Inside.NAV | Inside.FOOTER | Inside.ASIDE | Inside.FORM
_HOPELESS = -4.0  # log-odds after a quarter of the trees below which a block is not looked at further
_END_SEEN = 0.75  # share of the main content that must stand above a line that ends the article

_FURNITURE_TAGS = (
    (Inside.NAV, "navigation"), (Inside.FOOTER, "footer"), (Inside.ASIDE, "sidebar"), (Inside.FORM, "form"),
    (Inside.HIDDEN, "hidden"), (Inside.BUTTON, "button"),
)  # fmt: skip
_FURNITURE_GROUPS = (
    (GROUPS["comments"], "comments"), (GROUPS["navigation"], "navigation"), (GROUPS["footer"], "footer"),
    (GROUPS["sidebar"], "sidebar"), (GROUPS["share"], "share bar"), (GROUPS["related"], "related posts"),
    (GROUPS["author"], "author box"), (GROUPS["signup"], "sign-up"), (GROUPS["cookie"], "cookie banner"),
    (GROUPS["hours"], "office hours"), (GROUPS["byline"], "post details"), (GROUPS["call"], "booking call"),
    (GROUPS["ad"], "advertisement"),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Verdict:
    """What became of one block, and why."""

    block: Block
    kept: bool
    reason: str
    score: float | None = None  # probability of being main content, None where it was not asked


@dataclass(frozen=True, slots=True)
class Judgement:
    """The choice on one page."""

    blocks: Sequence[Block]
    scores: Sequence[float]  # probability a block, 0 to 1
    dropped: dict[int, str]  # place -> why a guard or a later stage took a block out
    chosen: frozenset[int]  # places of the blocks that scored high enough
    page: tuple[float, ...] = ()  # what was measured of the whole page

    @property
    def kept(self) -> list[Block]:
        """Give the main content in reading order."""
        return [self.blocks[place] for place in sorted(self.chosen) if place not in self.dropped]

    def without(self, gone: dict[int, str]) -> Judgement:
        """Take further blocks out, each for its reason."""
        return replace(self, dropped={**gone, **self.dropped})

    def verdicts(self) -> list[Verdict]:
        """Say of every block what became of it, for people."""
        return [
            Verdict(
                block,
                place in self.chosen and place not in self.dropped,
                self._reason(place),
                round(self.scores[place], 3),
            )
            for place, block in enumerate(self.blocks)
        ]

    def _reason(self, place: int) -> str:
        if place in self.dropped:
            return self.dropped[place]
        block = self.blocks[place]
        return (
            "main content"
            if place in self.chosen
            else boilerplate_kind(block.text, block.words) or _around(block) or "outside the main content"
        )


def judge(segments: Segments, document: Document, model: SiteModel, trained: Trained) -> Judgement:
    """Choose the main content of a page."""
    blocks = segments.blocks
    shares = [model.share(block) for block in blocks] if model.pages else None
    rows = features.measure(segments, document, shares, trained.lexicon)
    scores = probabilities(trained.content.score(rows, _HOPELESS))
    chosen = _with_whole_groups(
        blocks, scores, choose(scores, np.array([block.words for block in blocks], np.float64))
    )
    dropped = _guarded(blocks, chosen, shares)
    return Judgement(blocks, scores.tolist(), dropped, frozenset(chosen), features.page_of(rows))


def judge_chosen(blocks: Sequence[Block], chosen: lxml.etree._Element) -> Judgement:
    """Keep what stands in the element that the owner's rule chose, and nothing else."""
    inside = frozenset(place for place, block in enumerate(blocks) if inside_of(block, chosen))
    outside = {place: "outside the owner's choice" for place in range(len(blocks)) if place not in inside}
    return Judgement(
        blocks, [1.0 if place in inside else 0.0 for place in range(len(blocks))], outside, inside
    )


def judge_text(blocks: Sequence[Block]) -> Judgement:
    """Choose the main content of a plain text, which has no markup to score: all that no guard speaks against."""
    every = range(len(blocks))
    return Judgement(blocks, [1.0] * len(blocks), _guarded(blocks, list(every), None), frozenset(every))


def probabilities(odds: NDArray[np.float64]) -> NDArray[np.float64]:
    """Turn log-odds into probabilities, rounded so that no machine's last digit decides about a block."""
    return np.round(1 / (1 + np.exp(-odds)), 6)


def choose(scores: NDArray[np.float64], words: NDArray[np.float64]) -> list[int]:
    """Give the places of the n most probable blocks, n chosen for the highest expected F-measure."""
    if not len(scores):
        return []
    order = np.argsort(-scores, kind="stable")
    expected = np.cumsum((scores * words)[order])
    quality = (1 + _BETA**2) * expected / (np.cumsum(words[order]) + _BETA**2 * expected[-1])
    return sorted(order[: int(np.argmax(quality)) + 1].tolist())


def _with_whole_groups(blocks: Sequence[Block], scores: NDArray[np.float64], chosen: list[int]) -> list[int]:
    """Add the rows and items that stand between chosen blocks: a table or a list is kept whole, or not at all."""
    added: list[int] = []
    for before, after in pairwise(chosen):
        between = range(before + 1, after)
        if between and all(_fits(blocks[place], scores[place]) for place in between):
            added += between
    return sorted([*chosen, *added])


def _fits(block: Block, score: float) -> bool:
    return (
        score >= _DOUBTFUL
        and bool(block.inside & _GROUPED)
        and not block.inside & _FURNITURE
        and block.link_density < _LINKED
    )


def _guarded(
    blocks: Sequence[Block], chosen: Sequence[int], shares: Sequence[float] | None
) -> dict[int, str]:
    """Name what must go though it was chosen."""
    dropped: dict[int, str] = {}
    for place in chosen:
        block = blocks[place]
        if shares is not None and shares[place] >= _REPEATED:
            dropped[place] = "repeated across the site"
        elif said := boilerplate_kind(block.text, block.words):
            dropped[place] = said
    return _after_end(blocks, [place for place in chosen if place not in dropped]) | dropped


def _after_end(blocks: Sequence[Block], kept: Sequence[int]) -> dict[int, str]:
    """Drop all that follows a comment prompt or a related-posts heading, once most of the text has been seen above it."""
    total = sum(blocks[place].words for place in kept)
    seen = 0
    above = set(kept)
    for place, block in enumerate(blocks):
        if seen >= _END_SEEN * total and ends_article(block.text, block.words):
            return dict.fromkeys((after for after in kept if after >= place), "after the article's end")
        seen += block.words if place in above else 0
    return {}


def _around(block: Block) -> str | None:
    """Name the kind of furniture a block stands in."""
    inside = next((name for bit, name in _FURNITURE_TAGS if block.inside & bit), None)
    return inside or next((name for bit, name in _FURNITURE_GROUPS if block.groups & bit), None)
