"""Articles that say nearly the same: linked, never merged.

Two texts are near when their fingerprints differ in at most NEAR of 64 bits. Cut into four parts of 16 bits, two such
fingerprints agree on one part at least (Manku, Jain and Das Sarma, WWW 2007), so only those that share a part are compared.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from .fingerprint import NEAR, distance

__all__ = ["Text", "link"]

_PARTS = range(0, 64, 16)
_MOST_IN_A_PART = 2_000  # texts that share 16 bits; more is a template, and every pair of it is not worth the time


@dataclass(frozen=True, slots=True)
class Text:
    """What linking needs to know of an article."""

    url: str
    fingerprint: int
    source: str | None = None  # address the article names as where it was found


def link(texts: Iterable[Text]) -> dict[str, tuple[str, ...]]:
    """Map the address of each article to those of its near-duplicates: the one it names as its source first, then by address."""
    known = sorted((text for text in texts if text.fingerprint), key=lambda text: text.url)
    found: dict[str, set[str]] = defaultdict(set)
    for shift in _PARTS:
        parts: dict[int, list[Text]] = defaultdict(list)
        for text in known:
            parts[text.fingerprint >> shift & 0xFFFF].append(text)
        for sharing in parts.values():
            for one, other in _near_pairs(sharing[:_MOST_IN_A_PART]):
                found[one.url].add(other.url)
                found[other.url].add(one.url)
    return {text.url: tuple(sorted(found[text.url], key=lambda url: (url != text.source, url))) for text in known if text.url in found}


def _near_pairs(texts: list[Text]) -> Iterable[tuple[Text, Text]]:
    for place, one in enumerate(texts):
        for other in texts[place + 1 :]:
            if one.url != other.url and distance(one.fingerprint, other.fingerprint) <= NEAR:
                yield one, other
