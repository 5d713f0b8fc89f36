"""Near-duplicate articles: their texts are fingerprinted and the articles are linked, never merged.

A fingerprint is a 64-bit simhash: texts that differ in a few words have fingerprints that differ in a few
bits. The method is that of Charikar, "Similarity estimation techniques from rounding algorithms" (STOC 2002),
over shingles of four words as in Manku, Jain and Das Sarma, "Detecting near-duplicates for web crawling"
(WWW 2007), which counts fingerprints as near if at most 3 of their 64 bits differ.

If fingerprints are split into four quarters of 16 bits, two near ones agree on at least one quarter (same
paper). So only fingerprints that share a quarter are compared.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable
from hashlib import blake2b

import numpy as np

from ..records import Fingerprinted

__all__ = ["NEAR", "distance", "link", "simhash"]

NEAR = 3  # most bits of 64 in which near-duplicates differ (Manku, Jain and Das Sarma)
_SHINGLE = 4  # words (same paper)
_QUARTERS = range(0, 64, 16)
_WORD = re.compile(r"\w+")


def simhash(text: str) -> int:
    """Return the fingerprint of a text, 0 to 2**64 - 1; 0 for a text without words."""
    words = _WORD.findall(text.casefold())
    if not words:
        return 0
    shingles = {
        " ".join(words[start : start + _SHINGLE]) for start in range(max(1, len(words) - _SHINGLE + 1))
    }
    hashes = b"".join(blake2b(shingle.encode(), digest_size=8).digest() for shingle in sorted(shingles))
    bits = np.unpackbits(np.frombuffer(hashes, dtype=np.uint8).reshape(-1, 8), axis=1)
    majority = bits.sum(axis=0, dtype=np.int64) * 2 > len(shingles)
    return int.from_bytes(np.packbits(majority).tobytes(), "big")


def distance(mine: int, theirs: int) -> int:
    """Count the bits in which two fingerprints differ, 0 to 64."""
    return (mine ^ theirs).bit_count()


def link(alike: Iterable[Fingerprinted], site: str) -> dict[str, set[str]]:
    """Map the URL of each text of `site` to the URLs of its near-duplicates among all texts.

    Texts without near-duplicates are left out.
    """
    texts = [text for text in alike if text.fingerprint]
    sharing: dict[tuple[int, int], list[Fingerprinted]] = defaultdict(list)
    for text in texts:
        for quarter in _quarters(text):
            sharing[quarter].append(text)
    near = {
        text.url: {
            theirs.url
            for quarter in _quarters(text)
            for theirs in sharing[quarter]
            if _are_near(text, theirs)
        }
        for text in texts
        if text.site == site
    }
    return {url: others for url, others in near.items() if others}


def _quarters(text: Fingerprinted) -> list[tuple[int, int]]:
    return [(shift, text.fingerprint >> shift & 0xFFFF) for shift in _QUARTERS]


def _are_near(mine: Fingerprinted, theirs: Fingerprinted) -> bool:
    return mine.url != theirs.url and distance(mine.fingerprint, theirs.fingerprint) <= NEAR
