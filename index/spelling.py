"""Help for a query that finds little.

That is the word of the index nearest to an unknown one, and titles, topics and authors that begin alike.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping

from .folding import fold

__all__ = ["distance", "meant", "nearby", "nearest"]

_WORD = re.compile(r"[^\W_]+")
_SHORTEST = 4  # letters, chosen by hand; shorter words have too many neighbours
_LONGEST = 20  # letters; chosen by hand
_FAR_FROM = 7  # letters, chosen by hand; two edits are allowed in words of this length or more


def meant(text: str, mended: Mapping[str, str]) -> str | None:
    """Return a query with the `mended` words in place of those typed; None if there are none."""
    return _WORD.sub(lambda match: mended.get(fold(match.group()), match.group()), text) if mended else None


def nearby(words: Iterable[str], suggest: Callable[[str], Iterable[str]], most: int = 5) -> list[str]:
    """Return up to `most` titles, topics and authors that begin like the words of a query.

    For a query that found nothing, when there is nothing better to offer.
    """
    entries = (entry for word in words if len(word) >= _SHORTEST for entry in suggest(word[:_SHORTEST]))
    return list(dict.fromkeys(entries))[:most]


def nearest(word: str, within: Callable[[str, int, int], Iterable[tuple[str, int]]]) -> str | None:
    """Return the nearest known word, of equally near ones the most frequent; None if none is near.

    `within(word, distance, same)` returns (known word, frequency) of the known words within an edit distance
    that share the first `same` letters.
    """
    if not _SHORTEST <= len(word) <= _LONGEST or not word.isalpha():
        return None
    for distance in (1, 2) if len(word) >= _FAR_FROM else (1,):
        candidates = sorted(
            (-count, known) for known, count in within(word, distance, 1) if count and known != word
        )
        if candidates:
            return candidates[0][1]
    return None


def distance(word: str, other_word: str) -> int:
    """Count the edits between two words (Damerau and Levenshtein).

    An edit adds, drops or changes a letter, or swaps two neighbouring letters.
    """
    before: list[int] = []
    row = list(range(len(other_word) + 1))
    for i, letter in enumerate(word, 1):
        before, last, row = row, before, [i]
        for j, its in enumerate(other_word, 1):
            least = min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (letter != its))
            if last and j > 1 and letter == other_word[j - 2] and word[i - 2] == its:
                least = min(least, last[j - 2] + 1)
            row.append(least)
    return row[-1]
