"""Count characters, words and punctuation marks of many texts at once.

numpy counts all texts of a page in one pass, about ten times as fast as Python counts character by character.
A Chinese, Japanese, Korean, Thai or Burmese character counts as a word of its own, because most of these
scripts put no spaces between words.
"""

from __future__ import annotations

import functools
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

__all__ = ["Census", "census", "count_words"]

Counts = NDArray[np.int64]

# Class bits of a character; _ALONE: it is a word of its own
_WORD, _ALONE, _UPPER, _DIGIT, _MARK, _COMMA = 1, 2, 4, 8, 16, 32
# Code points, first and last, of Thai, Burmese, kana, CJK extension A, CJK and Hangul
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
    """Counts per text, in the order of the texts."""

    words: Counts  # runs of letters and digits; each CJK character counts as one word
    upper: Counts  # upper-case letters
    digits: Counts  # decimal digits
    marks: Counts  # punctuation that structures a sentence
    commas: Counts  # commas, among them the Chinese and Japanese ones


@functools.cache  # a table of constants, not a cache of data
def _classes() -> NDArray[np.uint8]:
    """Return the class bits of every character of the Basic Multilingual Plane."""
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
    """Count the words and characters of every text.

    The texts must not contain NUL, which separates them here. Characters beyond the Basic Multilingual Plane
    count as letters.
    """
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
    """Count the words of one text as `census` does."""
    return int(census([text.replace("\x00", " ")]).words[0])
