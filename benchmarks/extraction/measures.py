"""The usual measures of text extraction.

Shingles: the metric of Scrapinghub's article extraction benchmark (4-grams of tokens with their counts;
precision and recall per page, their means over the set, F1 of the means). Snippets: the with/without lists of
trafilatura's evaluation.
"""

from __future__ import annotations

import random
import statistics
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from labels import tokens

__all__ = ["Score", "interval", "page_score", "set_score", "snippet_score"]

_SHINGLE = 4


@dataclass(frozen=True, slots=True)
class Score:
    """Precision, recall and F1, each from 0 to 1."""

    precision: float
    recall: float

    @property
    def f1(self) -> float:
        both = self.precision + self.recall
        return 2 * self.precision * self.recall / both if both else 0.0


def shingles(text: str) -> Counter[tuple[str, ...]]:
    words = tokens(text)
    return (
        Counter(tuple(words[start : start + _SHINGLE]) for start in range(max(1, len(words) - _SHINGLE + 1)))
        if words
        else Counter()
    )


def page_score(wanted: str, found: str) -> Score:
    """Compare one page's text with its gold text; an empty text has precision 1 and loses only recall."""
    gold, ours = shingles(wanted), shingles(found)
    both = sum((gold & ours).values())
    return Score(both / sum(ours.values()) if ours else 1.0, both / sum(gold.values()) if gold else 1.0)


def set_score(pages: Sequence[Score]) -> Score:
    """Return the mean precision and recall over a set."""
    return (
        Score(statistics.mean(p.precision for p in pages), statistics.mean(p.recall for p in pages))
        if pages
        else Score(0, 0)
    )


def snippet_score(pages: Sequence[tuple[Sequence[str], Sequence[str], str]]) -> Score:
    """Score (with, without, text) over all snippets of a set.

    A snippet is found if the text holds it; differences in white space do not count.
    """
    right = missed = wrong = 0
    for wanted, unwanted, text in pages:
        flat = " ".join(text.split())
        hits = sum(" ".join(snippet.split()) in flat for snippet in wanted)
        right, missed = right + hits, missed + len(wanted) - hits
        wrong += sum(" ".join(snippet.split()) in flat for snippet in unwanted)
    return Score(right / max(1, right + wrong), right / max(1, right + missed))


def interval(values: Sequence[float], seed: int = 1, rounds: int = 1000) -> tuple[float, float]:
    """Return the 95 % bootstrap interval of the mean."""
    chance = random.Random(seed)
    means = sorted(statistics.fmean(chance.choices(values, k=len(values))) for _ in range(rounds))
    return means[int(0.025 * rounds)], means[int(0.975 * rounds)]
