"""Text to terms, the same for every engine: words, folded, without possessive and stop words, stemmed.

Folding is Unicode NFKD without marks; the stemmer is Snowball's Porter2 for English, which leaves most other words alone.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

import Stemmer

__all__ = ["STOP_WORDS", "fold", "spans", "terms"]

# The 33 words of Lucene's English default, which most engines share.
STOP_WORDS = frozenset(
    ("a an and are as at be but by for if in into is it no not of on or such that the their then there these they this to was will with").split()
)
_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")
_LONGEST = 64  # characters; longer words are cut, nobody types them


def fold(text: str) -> str:
    """Fold case and accents: "Café" and "cafe" are one word."""
    plain = unicodedata.normalize("NFKD", text.casefold())
    return plain if plain.isascii() else "".join(c for c in plain if not unicodedata.combining(c))


def spans(text: str) -> Iterator[tuple[int, int, str]]:
    """Give (start, end, term) of every word in a text that is searched for; offsets in characters."""
    stem = Stemmer.Stemmer("english").stemWord
    for match in _WORD.finditer(text):
        word = fold(match.group().replace("’", "'"))[:_LONGEST].removesuffix("'s").replace("'", "")
        if word and word not in STOP_WORDS:
            yield match.start(), match.end(), stem(word)


def terms(text: str) -> list[str]:
    """Give the terms of a text, in order."""
    return [term for _, _, term in spans(text)]
