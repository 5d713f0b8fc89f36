"""Words that phrase a question but are not what is searched for, in the language of the question.

They count if a query has no other words (docs/measurements.md, asking-words). The lists of languages other
than English are in `stop_words.json`; benchmarks/vocabulary/stop_words.py says where they come from.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cache
from pathlib import Path

from .question_words import QUESTION_WORDS

__all__ = ["lists", "of", "spoken"]

_FILE = Path(__file__).with_name("stop_words.json")


@cache
def lists() -> Mapping[str, frozenset[str]]:
    """Return the stop words of every language that has a list, folded, by ISO 639-1 code."""
    others = json.loads(_FILE.read_text(encoding="utf-8"))
    return {"en": QUESTION_WORDS} | {code: frozenset(listed.split()) for code, listed in others.items()}


def of(language: str | None) -> frozenset[str]:
    """Return the stop words of a language (ISO 639-1), folded; English ones for None, maybe none."""
    code = language or "en"
    return (
        QUESTION_WORDS if code == "en" else lists().get("nb" if code in ("no", "nn") else code, frozenset())
    )


def spoken(
    words: Sequence[str], languages: Iterable[str], is_there: Callable[[str], bool] | None = None
) -> frozenset[str]:
    """Return the stop words of the language that a question is in.

    That is the language of the index whose stop words the question has most of; if several have as many, all
    of them. If the question has none of any, and `is_there` shows that the index does not know all of its
    words, it is in a language that the index may not hold: then every list is compared, but for the last
    word, which no article or preposition is ("effexor ED").
    """
    found = _most(words, [of(language) for language in languages])
    if found or is_there is None or all(map(is_there, words)):
        return found
    return _most(words[:-1], lists().values()) - set(words[-1:])


def _most(words: Sequence[str], candidates: Iterable[frozenset[str]]) -> frozenset[str]:
    """Return the union of those lists that have most of the words; empty if none has any."""
    counted = [(sum(word in listed for word in words), listed) for listed in candidates]
    most = max((count for count, _ in counted), default=0)
    return frozenset().union(*(listed for count, listed in counted if count == most)) if most else frozenset()
