"""How strongly a word indicates main content: log-odds learned from pages whose main content is known.

There are two vocabularies: words of class and id attributes ("entry-content", "sidebar"), and words of short
blocks ("share", "reply"). `benchmarks/extraction/train.py` learns them and keeps a word if enough different
domains use it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

__all__ = ["Lexicon", "class_words", "text_words"]

_CLASS_WORD = re.compile(r"[A-Z]?[a-z]+|[A-Z]+")
_TEXT_WORD = re.compile(r"[^\W\d_]+|\d+|[©|»→]")
_MOST_NAMES = 30  # words of one class attribute that are used; chosen by hand
_MOST_WORDS = 24  # words of one block that are used; chosen by hand

# mean, lowest and highest log-odds of the known words; all 0 if no word is known
Odds = tuple[float, float, float]
UNKNOWN: Odds = (0.0, 0.0, 0.0)


@dataclass(frozen=True, slots=True)
class Lexicon:
    """Log-odds of words: positive indicates main content, negative boilerplate. Unknown words are ignored."""

    classes: Mapping[str, float] = field(default_factory=dict)
    texts: Mapping[str, float] = field(default_factory=dict)

    def of_classes(self, names: str) -> Odds:
        """Return the odds of the words of a class attribute; UNKNOWN if no word is known."""
        return _odds(self.classes, class_words(names))

    def of_text(self, text: str) -> Odds:
        """Return the odds of the words of a text; UNKNOWN if no word is known."""
        return _odds(self.texts, text_words(text))


def _odds(known: Mapping[str, float], words: Iterable[str]) -> Odds:
    odds = [known[word] for word in words if word in known]
    return (sum(odds) / len(odds), min(odds), max(odds)) if odds else UNKNOWN


def class_words(names: str) -> list[str]:
    """Return class names and the words in them: "entryContent" gives "entrycontent", "entry", "content"."""
    whole = names.lower().replace("_", "-").split()
    parts = [part.lower() for part in _CLASS_WORD.findall(names)]
    return (whole + parts)[:_MOST_NAMES] if len(parts) > len(whole) else whole[:_MOST_NAMES]


def text_words(text: str) -> list[str]:
    """Return the first words of a block in lower case, with every number as "0"."""
    return [
        "0" if word.isdecimal() else word for word in _TEXT_WORD.findall(text[:180].lower())[:_MOST_WORDS]
    ]
