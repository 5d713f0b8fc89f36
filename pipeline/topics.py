"""What an article is about: the publisher's own topics (`tags.py`), then concepts of the health vocabulary."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from ..records import Topic
from ..vocabulary.concepts import Vocabulary
from . import tags

__all__ = ["Wording", "find", "from_vocabulary"]

MOST_CONCEPTS = 5
_LEAST_SCORE = (
    1.6  # set by hand on the development half of the clinic articles; one passing mention stays below it
)
_LEAST_BEST_SCORE = 1.0  # of the best concept: named once, but in the first words
_FIRST_WORDS = 30  # after so many the weight of a concept's first mention has fallen to 1 + 1/e
_TITLE_WEIGHT = 2.0
_HEADING_WEIGHT = 1.0


@dataclass(frozen=True, slots=True)
class Wording:
    """The words of an article, as far as topics are concerned."""

    title: str
    headings: tuple[str, ...]
    text: str


def find(labels: Sequence[str], wording: Wording, vocabulary: Vocabulary) -> tuple[Topic, ...]:
    """Give the topics of an article, those with the publisher's `labels` first; no concept twice."""
    given = tuple(_known(label, vocabulary) for label in labels)
    taken = {topic.concept for topic in given} | {tags.folded(topic.label) for topic in given}
    found = [
        topic
        for topic in from_vocabulary(wording, vocabulary)
        if topic.concept not in taken and tags.folded(topic.label) not in taken
    ]
    return given + tuple(found)


def _known(label: str, vocabulary: Vocabulary) -> Topic:
    concept = vocabulary.named(label)
    return Topic(label, concept.id if concept else None, "publisher")


def from_vocabulary(wording: Wording, vocabulary: Vocabulary) -> list[Topic]:
    """Give at most MOST_CONCEPTS concepts an article is about, best first.

    score = log(1 + mentions) x rarity x (1 + 0.4 per further word of the term) x (2 near the start, falling to 1)
    + what the title and the headings add; the shape of the formula and its weights are those measured on MedQuAD (docs/measurements.md, topic-score).
    """
    counts: dict[str, int] = {}
    first: dict[str, int] = {}
    longest: dict[str, int] = {}
    for mention in vocabulary.mentions(wording.text):
        counts[mention.concept] = counts.get(mention.concept, 0) + 1
        first.setdefault(mention.concept, mention.start)
        longest[mention.concept] = max(longest.get(mention.concept, 0), mention.words)
    titled = {mention.concept: mention.words for mention in vocabulary.mentions(wording.title)}
    headed = {mention.concept for heading in wording.headings for mention in vocabulary.mentions(heading)}
    scores = {}
    for concept in {*counts, *titled}:
        rarity = _rarity(vocabulary.concepts[concept].frequency)
        words = max(longest.get(concept, 0), titled.get(concept, 0))
        near = 1 + math.exp(-first.get(concept, 0) / _FIRST_WORDS)
        score = math.log1p(counts.get(concept, 0)) * rarity * (1 + 0.4 * min(words - 1, 3)) * near
        score += _TITLE_WEIGHT * (1 + rarity) if concept in titled else 0
        scores[concept] = score + (_HEADING_WEIGHT * rarity if concept in headed else 0)
    ranked = sorted(
        (concept for concept, score in scores.items() if score >= _LEAST_BEST_SCORE),
        key=lambda c: (-scores[c], c),
    )
    ranked = [concept for place, concept in enumerate(ranked) if not place or scores[concept] >= _LEAST_SCORE]
    return [
        Topic(vocabulary.concepts[c].label, c, "vocabulary")
        for c in _specific(ranked, vocabulary)[:MOST_CONCEPTS]
    ]


def _rarity(frequency: float) -> float:
    """Give 1 for a concept no reference document mentions, near 0 for one that all mention."""
    return min(1.0, -math.log(frequency + 1e-3) / -math.log(1e-3))


def _specific(ranked: Sequence[str], vocabulary: Vocabulary) -> list[str]:
    """Leave out a concept right behind a more specific one: "low back pain" says "back pain" already."""
    broader = {
        parent for concept in ranked[:MOST_CONCEPTS] for parent in vocabulary.concepts[concept].broader
    }
    return [c for place, c in enumerate(ranked) if c not in broader or place == 0]
