"""Which blocks of a page are its main content (docs/decisions/0021).

First, a trained scorer estimates for every block the probability that the author wrote it (`features.py`,
`forest.py`).

Second, of all sets "the n most probable blocks", the one with the highest expected F-measure is chosen
(Lewis, SIGIR 1995: the optimal set is a cut through the ranking). The expectation is approximated by
(1 + beta²) x expected words right / (words kept + beta² x words expected on the page). A page whose blocks
are all doubtful keeps more of them than a page that is clear, so that no threshold has to fit all pages.

Last, guards remove blocks whatever their score: those repeated across the site, those that hold a boilerplate
phrase, and those after the end of the article.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

import lxml.etree
import numpy as np
from numpy.typing import NDArray

from . import call_boxes, consent, faq, features
from .blocks import GROUPS, Block, Inside, Segments, inside_of
from .boilerplate import NEVER_CONTENT, boilerplate_kind, ends_article, starts_comments
from .parsed_page import ParsedPage
from .run import Run
from .site import SiteModel
from .trained import Trained

__all__ = ["Judgement", "Verdict", "choose", "judge", "judge_chosen", "judge_text"]

_BETA = 0.8  # precision counts a little more than recall (docs/measurements.md, content-beta)
# Share of a site's pages from which a block is boilerplate, whatever its score; chosen by hand
_REPEATED = 0.6
# Probability from which a row or item is chosen with the chosen blocks around it; chosen by hand
_DOUBTFUL = 0.15
_HEADED = 0.3  # probability from which a heading is chosen with the block below it; chosen by hand
_LINKED = 0.5  # share of linked characters below which it is; chosen by hand
_GROUPED = Inside.TABLE | Inside.ITEM | Inside.DEFINITIONS
_BOILERPLATE_INSIDE = Inside.NAV | Inside.FOOTER | Inside.ASIDE | Inside.FORM
# Log-odds after a quarter of the trees, below which the other trees are not evaluated; chosen by hand
_HOPELESS = -4.0
_SURE = 0.5  # probability from which a block in the run of the text outvotes a phrase; chosen by hand
_END_SEEN = 0.75  # share of the main content that must precede a line that ends the article; chosen by hand

_BOILERPLATE_TAGS = (
    (Inside.NAV, "navigation"), (Inside.FOOTER, "footer"), (Inside.ASIDE, "sidebar"), (Inside.FORM, "form"),
    (Inside.HIDDEN, "hidden"), (Inside.BUTTON, "button"),
)  # fmt: skip
_BOILERPLATE_GROUPS = (
    (GROUPS["comments"], "comments"), (GROUPS["navigation"], "navigation"), (GROUPS["footer"], "footer"),
    (GROUPS["sidebar"], "sidebar"), (GROUPS["share"], "share bar"), (GROUPS["related"], "related posts"),
    (GROUPS["author"], "author box"), (GROUPS["signup"], "sign-up"), (GROUPS["cookie"], "cookie banner"),
    (GROUPS["hours"], "office hours"), (GROUPS["byline"], "post details"), (GROUPS["call"], "booking call"),
    (GROUPS["ad"], "advertisement"),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether one block was kept, and why."""

    block: Block
    kept: bool
    reason: str
    score: float | None = None  # probability of being main content; None if it was not computed


@dataclass(frozen=True, slots=True)
class Judgement:
    """The choice of main content on one page. Blocks are numbered by their position in `blocks`."""

    blocks: Sequence[Block]
    scores: Sequence[float]  # one probability per block, 0 to 1
    dropped: dict[int, str]  # position -> why a guard or a later stage removed the block
    chosen: frozenset[int]  # positions of the blocks that scored high enough
    page: tuple[float, ...] = ()  # features of the whole page

    @property
    def kept(self) -> list[Block]:
        """Return the blocks of the main content in reading order."""
        return [self.blocks[position] for position in sorted(self.chosen) if position not in self.dropped]

    def whole(self) -> Judgement:
        """Return the judgement with every block kept, for a page without main content."""
        return replace(self, dropped={}, chosen=frozenset(range(len(self.blocks))))

    def without(self, gone: dict[int, str]) -> Judgement:
        """Return the judgement with further blocks removed: position -> reason. An earlier reason stays."""
        return replace(self, dropped={**gone, **self.dropped})

    def verdicts(self) -> list[Verdict]:
        """Return for every block whether it was kept and why, for people to read."""
        return [
            Verdict(
                block,
                position in self.chosen and position not in self.dropped,
                self._reason(position),
                round(self.scores[position], 3),
            )
            for position, block in enumerate(self.blocks)
        ]

    def _reason(self, position: int) -> str:
        if position in self.dropped:
            return self.dropped[position]
        block = self.blocks[position]
        return (
            "main content"
            if position in self.chosen
            else boilerplate_kind(block.text, block.words) or _around(block) or "outside the main content"
        )


def judge(segments: Segments, parsed_page: ParsedPage, model: SiteModel, trained: Trained) -> Judgement:
    """Choose the main content of a page."""
    blocks = segments.blocks
    shares = model.shares(blocks)
    rows = features.measure(segments, parsed_page, shares, trained.lexicon)
    scores = probabilities(trained.content.score(rows, _HOPELESS))
    beside = call_boxes.call_boxes(segments) | dict.fromkeys(consent.layers(segments), "cookie banner")
    scores[sorted(beside)] = 0.0
    chosen = _with_whole_groups(
        blocks, scores, choose(scores, np.array([block.words for block in blocks], np.float64))
    )
    pairs = faq.declared(parsed_page)
    chosen = sorted({*chosen, *faq.shown(pairs, blocks)}) if pairs and chosen else chosen
    dropped = _guarded(blocks, scores.tolist(), chosen, shares)
    dropped |= beside
    return Judgement(blocks, scores.tolist(), dropped, frozenset(chosen), features.page_of(rows))


def judge_chosen(blocks: Sequence[Block], chosen: lxml.etree._Element) -> Judgement:
    """Keep the blocks in the element that the owner's rule chose, and no others."""
    inside = frozenset(position for position, block in enumerate(blocks) if inside_of(block, chosen))
    outside = {
        position: "outside the owner's choice" for position in range(len(blocks)) if position not in inside
    }
    return Judgement(
        blocks, [1.0 if position in inside else 0.0 for position in range(len(blocks))], outside, inside
    )


def judge_text(blocks: Sequence[Block]) -> Judgement:
    """Choose all blocks of a plain text, which has no markup to score, except those that a guard removes."""
    every = range(len(blocks))
    return Judgement(
        blocks,
        [1.0] * len(blocks),
        _guarded(blocks, [0.0] * len(blocks), list(every), None),
        frozenset(every),
    )


def probabilities(odds: NDArray[np.float64]) -> NDArray[np.float64]:
    """Turn log-odds into probabilities, rounded so that the last digits of one machine decide nothing."""
    return np.round(1 / (1 + np.exp(-odds)), 6)


def choose(scores: NDArray[np.float64], words: NDArray[np.float64]) -> list[int]:
    """Return the positions of the n most probable blocks, where n gives the highest expected F-measure."""
    if not len(scores):
        return []
    order = np.argsort(-scores, kind="stable")
    expected = np.cumsum((scores * words)[order])
    quality = (1 + _BETA**2) * expected / (np.cumsum(words[order]) + _BETA**2 * expected[-1])
    return sorted(order[: int(np.argmax(quality)) + 1].tolist())


def _with_whole_groups(blocks: Sequence[Block], scores: NDArray[np.float64], chosen: list[int]) -> list[int]:
    """Add the table rows and list items between chosen blocks, and the headings right above chosen blocks."""
    added: list[int] = []
    for before, after in pairwise(chosen):
        between = range(before + 1, after)
        if between and all(_fits(blocks[position], scores[position]) for position in between):
            added += between
    every = {*chosen, *added}
    headings = (
        position
        for position, block in enumerate(blocks[:-1])
        if position not in every and position + 1 in every and _heads(block, blocks[position + 1])
    )
    return sorted(every.union(position for position in headings if scores[position] >= _HEADED))


def _heads(block: Block, after: Block) -> bool:
    """Whether a block is a heading below <h1> of what follows it in the same box."""
    if not block.is_heading or block.tag == "h1" or block.inside & _BOILERPLATE_INSIDE:
        return False
    outer = block.box.parent if block.box is not None else None
    return outer is not None and block.link_density < _LINKED and inside_of(after, outer.element)


def _fits(block: Block, score: float) -> bool:
    return (
        score >= _DOUBTFUL
        and bool(block.inside & _GROUPED)
        and not block.inside & _BOILERPLATE_INSIDE
        and block.link_density < _LINKED
    )


def _guarded(
    blocks: Sequence[Block], scores: Sequence[float], chosen: Sequence[int], shares: Sequence[float] | None
) -> dict[int, str]:
    """Return the chosen blocks that must be removed nevertheless: position -> reason.

    A phrase does not remove a block that stands in the run of the main content and scores like it.
    """
    run = Run.of(blocks, scores, chosen)
    dropped: dict[int, str] = {}
    for position in chosen:
        block = blocks[position]
        if shares is not None and shares[position] >= _REPEATED:
            dropped[position] = "repeated across the site"
        elif reason := run.intruder(position):
            dropped[position] = reason
        elif reason := boilerplate_kind(block.text, block.words):
            new = shares is None or not shares[position]
            outvoted = new and scores[position] >= _SURE and run.holds(position)
            if not outvoted or reason in NEVER_CONTENT:
                dropped[position] = reason
    kept = [position for position in chosen if position not in dropped]
    return _after_end(blocks, kept, run) | dropped


def _after_end(blocks: Sequence[Block], kept: Sequence[int], run: Run) -> dict[int, str]:
    """Return the kept blocks after a comment prompt or related-posts heading: position -> reason.

    Such a line counts only if most of the text precedes it, and only comments end a text that goes on below.
    """
    total = sum(blocks[position].words for position in kept)
    seen = 0
    above = set(kept)
    for position, block in enumerate(blocks):
        ends = seen >= _END_SEEN * total and ends_article(block.text, block.words)
        goes_on = ends and position in above and run.goes_on_after(position)
        if seen and (starts_comments(block) or (ends and not goes_on)):
            gone = (after for after in kept if after >= position)
            return dict.fromkeys(gone, "after the article's end")
        seen += block.words if position in above else 0
    return {}


def _around(block: Block) -> str | None:
    """Return the kind of boilerplate that a block stands in; None if it stands in none."""
    inside = next((name for bit, name in _BOILERPLATE_TAGS if block.inside & bit), None)
    return inside or next((name for bit, name in _BOILERPLATE_GROUPS if block.groups & bit), None)
