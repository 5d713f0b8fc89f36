"""A 64-bit simhash: texts that differ in a few words have fingerprints that differ in a few bits.

Charikar, "Similarity estimation techniques from rounding algorithms" (STOC 2002), over shingles of four words as in
Manku, Jain and Das Sarma, "Detecting near-duplicates for web crawling" (WWW 2007), which takes distance 3 of 64 as near.
"""

from __future__ import annotations

import re
from hashlib import blake2b

import numpy as np

__all__ = ["NEAR", "distance", "simhash"]

NEAR = 3  # bits, of 64
_SHINGLE = 4  # words
_WORD = re.compile(r"\w+")


def simhash(text: str) -> int:
    """Give the fingerprint of a text, 0 to 2**64 - 1; 0 for a text without words."""
    words = _WORD.findall(text.casefold())
    if not words:
        return 0
    shingles = {" ".join(words[place : place + _SHINGLE]) for place in range(max(1, len(words) - _SHINGLE + 1))}
    hashes = b"".join(blake2b(shingle.encode(), digest_size=8).digest() for shingle in sorted(shingles))
    bits = np.unpackbits(np.frombuffer(hashes, dtype=np.uint8).reshape(-1, 8), axis=1)
    majority = bits.sum(axis=0, dtype=np.int64) * 2 > len(shingles)
    return int.from_bytes(np.packbits(majority).tobytes(), "big")


def distance(one: int, other: int) -> int:
    """Count the bits in which two fingerprints differ, 0 to 64."""
    return (one ^ other).bit_count()
