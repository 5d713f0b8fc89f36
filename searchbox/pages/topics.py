"""What the first results are about: their own topics, to narrow a query by.

The counts of all results include broader topics, and the broadest come first: "Musculoskeletal Physiological
Phenomena" for a sore knee. The search box without a server chooses in the same way (clinicdex-index.js).
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterable, Sequence

from ...index.engine import Facet
from ...records import Article

__all__ = ["FIRST", "distinct", "focus"]

FIRST = 6  # results: as many as the search box shows
_ENDING = re.compile(r"(?:ies|y|s)\b")


def focus(articles: Sequence[Article], counts: Iterable[Facet], total: int) -> tuple[Facet, ...]:
    """Return topics of the first articles, with their counts among all `total` results, the best first.

    Topics that two of these articles share come first. Otherwise, the best are frequent among these articles
    and rare among all results.
    A topic of all results narrows nothing. Of "Migraine" and "Migraines" one is enough.
    """
    known = {facet.value: facet for facet in counts if facet.count < total}
    frequency = Counter(
        label
        for article in articles[:FIRST]
        for label in dict.fromkeys(topic.label for topic in article.topics)
        if label in known
    )

    def worth(label: str) -> tuple[bool, float]:
        return frequency[label] > 1, frequency[label] * math.log(total / known[label].count)

    return distinct(known[label] for label in sorted(frequency, key=worth, reverse=True))


def distinct(facets: Iterable[Facet]) -> tuple[Facet, ...]:
    """Return the facets without those that are the plural or singular of an earlier one."""
    by_stem: dict[str, Facet] = {}
    for facet in facets:
        by_stem.setdefault(_ENDING.sub("", facet.value.lower()), facet)
    return tuple(by_stem.values())
