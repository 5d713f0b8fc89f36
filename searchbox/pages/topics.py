"""What the first results are about: the topics that they carry themselves, to narrow a question by.

The counts of all results go by broader topics too, and the broadest lead them: "Musculoskeletal Physiological Phenomena" for a sore knee.
The search box without a server chooses in the same way (clinicdex-index.js).
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
    """Choose from the topics of the first articles, with their counts among all `total` results: first what two of them share, then what few others have.

    What all results have narrows nothing, and of "Migraine" and "Migraines" one is enough.
    """
    known = {facet.value: facet for facet in counts if facet.count < total}
    held = Counter(
        label
        for article in articles[:FIRST]
        for label in dict.fromkeys(topic.label for topic in article.topics)
        if label in known
    )

    def worth(label: str) -> tuple[bool, float]:
        return held[label] > 1, held[label] * math.log(total / known[label].count)

    return distinct(known[label] for label in sorted(held, key=worth, reverse=True))


def distinct(facets: Iterable[Facet]) -> tuple[Facet, ...]:
    """Leave out what is another one's plural or singular; the first stays."""
    found: dict[str, Facet] = {}
    for facet in facets:
        found.setdefault(_ENDING.sub("", facet.value.lower()), facet)
    return tuple(found.values())
