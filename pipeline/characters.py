"""Counts of characters, words and marks for many texts at once.

Python looks at a text character by character; numpy looks at all texts of a page in one go, which is about ten times
as fast. A Chinese, Japanese, Korean, Thai or Burmese character counts as a word of its own, because those scripts set no spaces.
"""

from __future__ import annotations

import functools
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

__all__ = ["Census", "census", "count_words"]

Counts = NDArray[np.int64]

_WORD, _ALONE, _UPPER, _DIGIT, _MARK, _COMMA = 1, 2, 4, 8, 16, 32
_SINGLE = (
    (0x0E00, 0x0E7F),
    (0x1000, 0x109F),
    (0x3040, 0x30FF),
    (0x3400, 0x4DBF),
    (0x4E00, 0x9FFF),
    (0xAC00, 0xD7AF),
)
_MARKS = ",;:.!?，。；：！？、"
_COMMAS = ",，、"


@dataclass(frozen=True, slots=True)
class Census:
    """One count a text, in the order of the texts."""

    words: Counts  # runs of letters and digits; CJK characters one by one
    upper: Counts  # upper-case letters
    digits: Counts
    marks: Counts  # punctuation that structures a sentence
    commas: Counts


@functools.cache  # a table of constants, not a cache of data
def _classes() -> NDArray[np.uint8]:
    """Give the class bits of every character of the Basic Multilingual Plane; those beyond count as letters."""
    every = [chr(code) for code in range(0x10000)]
    bits = np.array([_WORD if c.isalnum() or c == "_" else 0 for c in every], dtype=np.uint8)
    bits |= np.array([_UPPER if c.isupper() else 0 for c in every], dtype=np.uint8)
    bits |= np.array([_DIGIT if c.isdecimal() else 0 for c in every], dtype=np.uint8)
    for mark in _MARKS:
        bits[ord(mark)] |= _MARK
    for comma in _COMMAS:
        bits[ord(comma)] |= _COMMA
    for first, last in _SINGLE:
        letters = bits[first : last + 1]
        letters[letters & _WORD > 0] |= _ALONE
    return bits


def census(texts: Sequence[str]) -> Census:
    """Count in every text; the texts hold no NUL."""
    if not texts:
        nothing = np.zeros(0, dtype=np.int64)
        return Census(nothing, nothing, nothing, nothing, nothing)
    joined = "\x00".join(texts) + "\x00"
    codes = np.frombuffer(joined.encode("utf-32-le", "replace"), dtype=np.uint32)
    bits = _classes()[np.minimum(codes, 0xFFFF)]
    bits = np.where(codes > 0xFFFF, np.uint8(_WORD), bits)
    ends = np.flatnonzero(codes == 0)
    starts = np.concatenate(([0], ends[:-1] + 1))
    word = bits & _WORD > 0
    alone = bits & _ALONE > 0
    begins = word & (alone | ~np.concatenate(([False], (word & ~alone)[:-1])))
    masks = np.stack(
        (begins, bits & _UPPER > 0, bits & _DIGIT > 0, bits & _MARK > 0, bits & _COMMA > 0)
    ).astype(np.int64)
    return Census(*np.add.reduceat(masks, starts, axis=1))


def count_words(text: str) -> int:
    """Count the words of one text, as `census` does."""
    return int(census([text.replace("\x00", " ")]).words[0])
