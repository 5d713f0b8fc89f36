"""Articles that say nearly the same: linked, never merged.

Two texts are near when their fingerprints differ in at most NEAR of 64 bits. Cut into four quarters of 16 bits, two such
fingerprints agree on one quarter at least (Manku, Jain and Das Sarma, WWW 2007), so only those that share a quarter are compared.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from .fingerprint import NEAR, distance

__all__ = ["Text", "link"]

_QUARTERS = range(0, 64, 16)


@dataclass(frozen=True, slots=True)
class Text:
    """What linking needs to know of an article."""

    url: str
    fingerprint: int


def link(mine: Iterable[Text], others: Iterable[Text]) -> dict[str, set[str]]:
    """Map the address of each text of `mine` to those of its near-duplicates among both; texts without any are left out."""
    mine, others = ([text for text in texts if text.fingerprint] for texts in (mine, others))
    sharing: dict[tuple[int, int], list[Text]] = defaultdict(list)
    for text in (*mine, *others):
        for quarter in _quarters(text):
            sharing[quarter].append(text)
    found = {text.url: {other.url for quarter in _quarters(text) for other in sharing[quarter] if _are_near(text, other)} for text in mine}
    return {url: near for url, near in found.items() if near}


def _quarters(text: Text) -> list[tuple[int, int]]:
    return [(shift, text.fingerprint >> shift & 0xFFFF) for shift in _QUARTERS]


def _are_near(one: Text, other: Text) -> bool:
    return one.url != other.url and distance(one.fingerprint, other.fingerprint) <= NEAR
