"""How much a word speaks for main content: log-odds learned from pages whose main content is known.

Two vocabularies: words of class and id attributes ("entry-content", "sidebar"), and words of short blocks ("share", "reply").
`benchmarks/extraction/train.py` learns them; a word is kept when enough different domains use it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

__all__ = ["Lexicon", "class_words", "text_words"]

_CLASS_WORD = re.compile(r"[A-Z]?[a-z]+|[A-Z]+")
_TEXT_WORD = re.compile(r"[^\W\d_]+|\d+|[©|»→]")
_MOST_NAMES = 30  # words of one class attribute that are looked at
_MOST_WORDS = 24  # of one block

Odds = tuple[float, float, float]  # mean, lowest, highest log-odds of the known words; zeros if none is known
UNKNOWN: Odds = (0.0, 0.0, 0.0)


@dataclass(frozen=True, slots=True)
class Lexicon:
    """Log-odds of words: positive speaks for content, negative for furniture, unknown words for nothing."""

    classes: Mapping[str, float] = field(default_factory=dict)
    texts: Mapping[str, float] = field(default_factory=dict)

    def of_classes(self, names: str) -> Odds:
        """Weigh the words of a class attribute."""
        return _odds(self.classes, class_words(names))

    def of_text(self, text: str) -> Odds:
        """Weigh the words of a text."""
        return _odds(self.texts, text_words(text))


def _odds(known: Mapping[str, float], words: Iterable[str]) -> Odds:
    found = [known[word] for word in words if word in known]
    return (sum(found) / len(found), min(found), max(found)) if found else UNKNOWN


def class_words(names: str) -> list[str]:
    """Cut class names into themselves and their words: "entryContent" gives "entrycontent", "entry", "content"."""
    whole = names.lower().replace("_", "-").split()
    parts = [part.lower() for part in _CLASS_WORD.findall(names)]
    return (whole + parts)[:_MOST_NAMES] if len(parts) > len(whole) else whole[:_MOST_NAMES]


def text_words(text: str) -> list[str]:
    """Give the first words of a block in lower case, numbers as "0"."""
    return [
        "0" if word.isdecimal() else word for word in _TEXT_WORD.findall(text[:180].lower())[:_MOST_WORDS]
    ]
