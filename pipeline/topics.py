"""What an article is about: the publisher's own topics, then concepts of the health vocabulary.

Publisher signals, most trusted first, as measured on clinic sites (right/wrong): WordPress post classes 149/1, rel=tag inside
the article 59/0, JSON-LD articleSection 42/5, article:section 22/4. Meta keywords (0/73) and JSON-LD keywords (2/43) are local
search-engine phrases there and are not read.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import lxml.etree

from ..article import Topic
from ..vocabulary.concepts import Vocabulary
from . import metadata
from .document import Document, text_of

__all__ = ["Wording", "find", "from_publisher", "from_vocabulary"]

MOST_CONCEPTS = 5
_LEAST_SCORE = 1.6  # set by hand on the development half of the clinic articles; one passing mention stays below it
_TITLE_WEIGHT = 2.0
_HEADING_WEIGHT = 1.0
_POST_CLASS = re.compile(r"^(?:category|tag|post_tag|portfolio_category)-(.+)$")
_POST = re.compile(r"\b(?:hentry|type-\w+|post-\d+)\b")
_NOT_TOPICS = frozenset(
    ("uncategorized uncategorised blog news articles article post posts general featured all home other allgemein sin-categoria").split()
)
_NOT_WORD = re.compile(r"[\W_]+")


@dataclass(frozen=True, slots=True)
class Wording:
    """The words of an article, as far as topics are concerned."""

    title: str
    headings: tuple[str, ...]
    text: str


def find(document: Document, region: lxml.etree._Element | None, wording: Wording, vocabulary: Vocabulary) -> tuple[Topic, ...]:
    """Give the topics of an article, the publisher's first; no concept twice."""
    given = tuple(_known(label, vocabulary) for label in from_publisher(document, region))
    taken = {topic.concept for topic in given} | {_plain(topic.label) for topic in given}
    found = [topic for topic in from_vocabulary(wording, vocabulary) if topic.concept not in taken and _plain(topic.label) not in taken]
    return given + tuple(found)


def _known(label: str, vocabulary: Vocabulary) -> Topic:
    concept = vocabulary.named(label)
    return Topic(label, concept.id if concept else None, "publisher")


def from_publisher(document: Document, region: lxml.etree._Element | None) -> list[str]:
    """Give the labels the publisher put on the page, spelled as shown where a link shows them."""
    linked = list(_linked_tags(document, region))
    spelled = {_plain(label): label for label in linked}
    labels = [spelled.get(_plain(slug), slug.replace("-", " ").title()) for slug in _post_classes(document)]
    labels += linked
    if not labels:
        labels = [text for node in metadata.articles(document) for text in metadata.strings(node.get("articleSection"))]
        labels += document.meta.get("article:section", ())
    kept = {_plain(label): label for label in reversed(labels) if _plain(label) and _plain(label) not in _PLAIN_NOT_TOPICS}
    return list(reversed(list(kept.values())))


def _plain(label: str) -> str:
    return _NOT_WORD.sub("", label.casefold())


_PLAIN_NOT_TOPICS = {_plain(word) for word in _NOT_TOPICS}


def _post_classes(document: Document) -> Iterator[str]:
    """Read "category-back-pain tag-stretching" from the post's own element, if the page shows one post only."""
    posts = [e for e in document.root.iter("article", "div", "section") if _POST.search(e.get("class") or "") and "hentry" in e.get("class")]
    for name in posts[0].get("class").split() if posts else ():
        match = _POST_CLASS.match(name)
        if match and not match[1].isdigit():
            yield match[1]


def _linked_tags(document: Document, region: lxml.etree._Element | None) -> Iterator[str]:
    """Read rel=tag links near the article: those of sidebars and related posts belong to other pages."""
    holder = next((e for e in region.iterancestors("article", "main")), region) if region is not None else document.root
    for link in (holder if holder is not None else document.root).iter("a"):
        rel = (link.get("rel") or "").lower().split()
        if "tag" in rel and not any("cloud" in (e.get("class") or "") for e in link.iterancestors()):
            label = " ".join(text_of(link).split()).lstrip("#")
            if label:
                yield label


def from_vocabulary(wording: Wording, vocabulary: Vocabulary) -> list[Topic]:
    """Give at most MOST_CONCEPTS concepts an article is about, best first.

    score = log(1 + mentions) x rarity x (1 + 0.25 per further word of the term) x (2 near the start, falling to 1)
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
        near = 1 + math.exp(-first.get(concept, 0) / 60)
        score = math.log1p(counts.get(concept, 0)) * rarity * (1 + 0.25 * min(words - 1, 3)) * near
        score += _TITLE_WEIGHT * (1 + rarity) if concept in titled else 0
        scores[concept] = score + (_HEADING_WEIGHT * rarity if concept in headed else 0)
    ranked = sorted((concept for concept, score in scores.items() if score >= _LEAST_SCORE), key=lambda c: (-scores[c], c))
    return [Topic(vocabulary.concepts[c].label, c, "vocabulary") for c in _specific(ranked, vocabulary)[:MOST_CONCEPTS]]


def _rarity(frequency: float) -> float:
    """Give 1 for a concept no reference document mentions, near 0 for one that all mention."""
    return min(1.0, -math.log(frequency + 1e-3) / -math.log(1e-3))


def _specific(ranked: Sequence[str], vocabulary: Vocabulary) -> list[str]:
    """Leave out a concept right behind a more specific one: "low back pain" says "back pain" already."""
    broader = {parent for concept in ranked[:MOST_CONCEPTS] for parent in vocabulary.concepts[concept].broader}
    return [c for place, c in enumerate(ranked) if c not in broader or place == 0]
