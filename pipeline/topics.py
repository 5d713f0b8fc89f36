"""What an article is about: the publisher's topics (`tags.py`), then concepts of the health vocabulary."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from ..records import Topic
from ..vocabulary.concepts import Mention, Vocabulary
from . import tags

__all__ = ["Wording", "find", "from_vocabulary", "unnamed"]

MOST_CONCEPTS = 5  # of one article; chosen by hand
# chosen by hand on the development half of the clinic articles; one passing mention stays below it
_LEAST_SCORE = 1.6
# of the best concept: one mention suffices if it is among the first words (docs/measurements.md, topic-score)
_LEAST_BEST_SCORE = 1.0
# words after which the weight of a concept's first mention has fallen to 1 + 1/e (docs/measurements.md,
# topic-score)
_FIRST_WORDS = 30
_TITLE_WEIGHT = 2.0
_HEADING_WEIGHT = 1.0


@dataclass(frozen=True, slots=True)
class Wording:
    """The parts of an article in which concepts are looked for."""

    title: str
    headings: tuple[str, ...]
    text: str


def find(
    labels: Sequence[str], wording: Wording, vocabulary: Vocabulary, language: str | None
) -> tuple[Topic, ...]:
    """Return the topics of an article, the publisher's `labels` first; no concept appears twice."""
    from_publisher = tuple(_known(label, vocabulary, language) for label in labels)
    seen = {topic.concept for topic in from_publisher} | {
        tags.folded(topic.label) for topic in from_publisher
    }
    others = [
        topic
        for topic in from_vocabulary(wording, vocabulary, language)
        if topic.concept not in seen and tags.folded(topic.label) not in seen
    ]
    return from_publisher + tuple(others)


def unnamed(
    found: Sequence[Topic], wording: Wording, vocabulary: Vocabulary, language: str | None
) -> tuple[str, ...]:
    """Return the concepts of an article's topics that neither its title nor a heading names."""
    said = "\n".join((wording.title, *wording.headings))
    named = {mention.concept for mention in vocabulary.mentions(said, language)}
    return tuple(
        topic.concept
        for topic in found
        if topic.origin == "vocabulary" and topic.concept and topic.concept not in named
    )


def _known(label: str, vocabulary: Vocabulary, language: str | None) -> Topic:
    concept = vocabulary.named(label, language)
    return Topic(label, concept.id if concept else None, "publisher")


def from_vocabulary(wording: Wording, vocabulary: Vocabulary, language: str | None) -> list[Topic]:
    """Return at most MOST_CONCEPTS concepts that an article in a language is about, best first.

    score = log(1 + mentions) x rarity x (1 + 0.4 per further word of the term, for at most 3)
            x (2 near the start, falling to 1) + what the title and the headings add

    The formula's shape and weights are those measured on MedQuAD (docs/measurements.md, topic-score). A word
    that everyday language uses for other things too decides only beside another name of the concept, or as
    its label in the title or a heading. There are none in a language in which the vocabulary has no names.
    """
    said = _said(vocabulary.mentions(wording.text, language))
    titled = {mention.concept: mention for mention in vocabulary.mentions(wording.title, language)}
    headings = "\n".join(wording.headings)
    headed = {mention.concept: mention for mention in vocabulary.mentions(headings, language)}
    certain = {c for c, uses in said.items() if uses.is_certain}
    certain |= {c for c, mention in (titled | headed).items() if not mention.everyday}
    scores = {
        concept: _score(
            said.get(concept, _Uses()),
            titled[concept].words if concept in titled else 0,
            _rarity(vocabulary.concepts[concept].frequency),
            is_headed=concept in headed,
        )
        for concept in certain & {*said, *titled}
    }
    ranked = sorted(
        (concept for concept, score in scores.items() if score >= _LEAST_BEST_SCORE),
        key=lambda c: (-scores[c], c),
    )
    ranked = [concept for rank, concept in enumerate(ranked) if not rank or scores[concept] >= _LEAST_SCORE]
    best = _specific(ranked, vocabulary)[:MOST_CONCEPTS]
    return [Topic(names.label, c, "vocabulary") for c in best if (names := vocabulary.names(c, language))]


@dataclass(slots=True)
class _Uses:
    """How a text names one concept."""

    count: int = 0
    first: int = 0  # word at which it does so first
    longest: int = 0  # words of the longest name
    ways: int = 0  # bits: 1 by a label of one everyday word, 2 by another such name, 4 by a name that is none

    @property
    def is_certain(self) -> bool:
        """Whether more than one everyday word says so."""
        return self.ways >= 3


def _score(uses: _Uses, titled: int, rarity: float, *, is_headed: bool) -> float:
    """Return the score of a concept, of which the title has a name of `titled` words; 0 for none."""
    near = 1 + math.exp(-uses.first / _FIRST_WORDS)
    score = math.log1p(uses.count) * rarity * (1 + 0.4 * min(max(uses.longest, titled) - 1, 3)) * near
    score += _TITLE_WEIGHT * (1 + rarity) if titled else 0
    return score + (_HEADING_WEIGHT * rarity if is_headed else 0)


def _said(mentions: Sequence[Mention]) -> dict[str, _Uses]:
    found: dict[str, _Uses] = {}
    for mention in mentions:
        uses = found.setdefault(mention.concept, _Uses(first=mention.start))
        uses.count += 1
        uses.longest = max(uses.longest, mention.words)
        uses.ways |= 1 if mention.doubtful else 2 if mention.everyday else 4
    return found


def _rarity(frequency: float) -> float:
    """Return 1 for a concept that no reference document mentions, about 0 for one that all mention."""
    return min(1.0, -math.log(frequency + 1e-3) / -math.log(1e-3))


def _specific(ranked: Sequence[str], vocabulary: Vocabulary) -> list[str]:
    """Leave out concepts directly broader than one of the best: "low back pain" already says "back pain".

    The best concept always stays.
    """
    broader = {
        parent for concept in ranked[:MOST_CONCEPTS] for parent in vocabulary.concepts[concept].broader
    }
    return [c for rank, c in enumerate(ranked) if c not in broader or rank == 0]
