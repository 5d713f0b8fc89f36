"""What helps when a question finds little: the word of the index that is nearest to one it does not know, and what begins alike."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping

from .analysis import fold

__all__ = ["distance", "meant", "nearby", "nearest"]

_WORD = re.compile(r"[^\W_]+")
_SHORTEST = 4  # letters; shorter words have too many neighbours
_LONGEST = 20
_FAR_FROM = 7  # letters from which two edits are allowed


def meant(text: str, mended: Mapping[str, str]) -> str | None:
    """Give a question with its mended words in place of those typed; None if none is mended."""
    return _WORD.sub(lambda match: mended.get(fold(match.group()), match.group()), text) if mended else None


def nearby(words: Iterable[str], suggest: Callable[[str], Iterable[str]], most: int = 5) -> list[str]:
    """Give titles, topics and authors that begin like the words of a question that found nothing; for whoever has nothing better."""
    found = (entry for word in words if len(word) >= _SHORTEST for entry in suggest(word[:_SHORTEST]))
    return list(dict.fromkeys(found))[:most]


def nearest(word: str, within: Callable[[str, int, int], Iterable[tuple[str, int]]]) -> str | None:
    """Give the nearest known word, of equally near ones the most frequent; None if none is near.

    `within(word, distance, same)` gives (known word, frequency) within an edit distance, the first `same` letters the same.
    """
    if not _SHORTEST <= len(word) <= _LONGEST or not word.isalpha():
        return None
    for distance in (1, 2) if len(word) >= _FAR_FROM else (1,):
        found = sorted(
            (-count, known) for known, count in within(word, distance, 1) if count and known != word
        )
        if found:
            return found[0][1]
    return None


def distance(one: str, other: str) -> int:
    """Count the letters to add, drop, change or swap with their neighbour (Damerau and Levenshtein) between two words."""
    before: list[int] = []
    row = list(range(len(other) + 1))
    for i, letter in enumerate(one, 1):
        before, last, row = row, before, [i]
        for j, its in enumerate(other, 1):
            least = min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (letter != its))
            if last and j > 1 and letter == other[j - 2] and one[i - 2] == its:
                least = min(least, last[j - 2] + 1)
            row.append(least)
    return row[-1]
