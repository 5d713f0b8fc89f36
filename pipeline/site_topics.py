"""The topics of a site's articles, seen together: what is on too many of them, and how the site says it.

A phrase that comes back on every page of a site ("range of motion") makes its concept a topic everywhere.
Where neither the title nor a heading names it, such a topic says nothing about the article.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace

from ..records import Topic
from . import tags

__all__ = ["Found", "settled"]

COMMON_SHARE = 0.3  # of a site's articles above which a topic is on too many of them; chosen by hand
FEWEST_ARTICLES = 10  # of a site that can tell; chosen by hand


@dataclass(frozen=True, slots=True)
class Found:
    """The topics that reading one article found."""

    topics: tuple[Topic, ...]
    unnamed: frozenset[str] = frozenset()  # concepts of those that neither its title nor a heading names


def settled(found: Mapping[str, Found]) -> dict[str, tuple[Topic, ...]]:
    """Return the topics of those articles of a site, by URL, whose topics are others than what reading found.

    Topics of the vocabulary that are on more than COMMON_SHARE of the articles go where only the text names
    them. A concept that the publisher's own labels name otherwise is called as they call it most often.
    """
    concepts = Counter(
        topic.concept
        for one in found.values()
        for topic in one.topics
        if topic.origin == "vocabulary" and topic.concept
    )
    most = COMMON_SHARE * len(found) if len(found) >= FEWEST_ARTICLES else len(found)
    common = {concept for concept, count in concepts.items() if count > most}
    spelled = _spelled(found)
    result = {}
    for url, one in found.items():
        topics = tuple(
            replace(topic, label=_called(topic, spelled))
            for topic in one.topics
            if topic.origin != "vocabulary" or topic.concept not in common & one.unnamed
        )
        if topics != one.topics:
            result[url] = topics
    return result


def _spelled(found: Mapping[str, Found]) -> dict[str, str]:
    """Map concepts to the label that the publisher gives them most often; of equals, the first in order."""
    labels: dict[str, Counter[str]] = {}
    for one in found.values():
        for topic in one.topics:
            if topic.origin == "publisher" and topic.concept:
                labels.setdefault(topic.concept, Counter())[topic.label] += 1
    return {
        concept: min(counts, key=lambda label: (-counts[label], label)) for concept, counts in labels.items()
    }


def _called(topic: Topic, spelled: Mapping[str, str]) -> str:
    own = spelled.get(topic.concept or "", topic.label)
    if topic.origin != "vocabulary" or tags.folded(own) == tags.folded(topic.label):
        return topic.label
    return own
