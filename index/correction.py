"""What helps when a question finds little: the word of the index that is nearest to one it does not know, and what begins alike."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping

from .analysis import fold

__all__ = ["meant", "nearby", "nearest"]

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
        found = sorted((-count, known) for known, count in within(word, distance, 1) if count and known != word)
        if found:
            return found[0][1]
    return None
