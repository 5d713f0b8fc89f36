"""Text to terms, the same for every engine.

The words of a text (`words.py`) lose stop words and are stemmed by the text's language. The stemmers are
Snowball's (Porter2 for English). A query has no language of its own: its words are stemmed in every language
that the index holds.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

import Stemmer

from . import stop_words
from .words import joined, words_of, written

__all__ = ["STOP_WORDS", "Analyzer", "QueryAnalyzer"]

# The 33 words of Lucene's English default, which most engines share.
STOP_WORDS = frozenset(
    (
        "a an and are as at be but by for if in into is it no not of on or such that the "
        "their then there these they this to was will with"
    ).split()
)
_MOST_KNOWN = 200_000  # words that an analyzer remembers; chosen by hand
_SNOWBALL = {
    "ar": "arabic", "ca": "catalan", "da": "danish", "de": "german", "el": "greek", "en": "english",
    "es": "spanish", "et": "estonian", "eu": "basque", "fi": "finnish", "fr": "french", "ga": "irish",
    "hi": "hindi", "hu": "hungarian", "hy": "armenian", "id": "indonesian", "it": "italian",
    "lt": "lithuanian", "ne": "nepali", "nb": "norwegian", "nl": "dutch", "nn": "norwegian",
    "no": "norwegian", "pt": "portuguese", "ro": "romanian", "ru": "russian", "sr": "serbian",
    "sv": "swedish", "ta": "tamil", "tr": "turkish", "yi": "yiddish",
}  # fmt: skip
# Stemmers that change more of a word than its end: Dutch drops "ge-", Indonesian drops "ber-", German turns
# "oedeem" into "odem". All others left the first letters of 222,377 words as they were
# (docs/measurements.md, highlighting).
_CHANGE_BEGINNINGS = frozenset(
    {"dutch", "estonian", "finnish", "german", "indonesian", "irish", "serbian", "turkish"}
)


def _stemmer(language: str | None) -> Callable[[str], str]:
    """Return the stemmer of a language (ISO 639-1).

    None means English. For a language that has no stemmer, words come back unchanged.
    """
    name = _SNOWBALL.get(language or "en")
    stemmer = Stemmer.Stemmer(name) if name else None
    return stemmer.stemWord if stemmer else str


class Analyzer:
    """Turns texts of one language into terms. Not thread-safe: it remembers the words that it has seen."""

    def __init__(self, language: str | None = "en") -> None:
        self._stem = _stemmer(language)
        # Whether stemming leaves the first letters of a word as they are.
        self.keeps_beginnings = _SNOWBALL.get(language or "en") not in _CHANGE_BEGINNINGS
        self._stops = STOP_WORDS if (language or "en") == "en" else frozenset[str]()
        self._asking = stop_words.of(language)
        self._known: dict[str, tuple[str, ...]] = {}  # word as written -> terms; () for a stop word

    def terms(self, text: str) -> list[str]:
        """Return the terms of a text, in order."""
        known = self._known
        return [term for raw in written(text) for term in (known[raw] if raw in known else self.of_raw(raw))]

    def joined(self, text: str) -> list[str]:
        """Return the terms of a text's joined words."""
        return [term for word in self.joined_words(text) if (term := self.of_word(word))]

    def joined_words(self, text: str) -> list[str]:
        """Return a text's joined words (`words.joined`)."""
        return joined(text, self._asking)

    def of_raw(self, raw: str) -> tuple[str, ...]:
        """Return the terms of a word as written in a text; () for a stop word."""
        if raw in self._known:
            return self._known[raw]
        if len(self._known) >= _MOST_KNOWN:
            self._known.clear()
        terms = self._known[raw] = tuple(term for word in words_of(raw) if (term := self.of_word(word)))
        return terms

    def of_word(self, word: str) -> str:
        """Return the term of a folded word; "" for a stop word."""
        if "_" in word:
            return word
        return "" if word in self._stops else self._stem(word)


class QueryAnalyzer:
    """Turns the words of a query into terms of an index, which holds texts of some languages."""

    def __init__(self, languages: Iterable[str] = ()) -> None:
        self.analyzers = [Analyzer(language) for language in sorted(set(languages) or {"en"})]

    def terms(self, word: str) -> tuple[str, ...]:
        """Return the terms that a folded word can have in the index, each once; empty for a stop word."""
        return tuple(dict.fromkeys(term for analyzer in self.analyzers if (term := analyzer.of_word(word))))

    def phrases(self, phrase: Iterable[str]) -> list[tuple[str, ...]]:
        """Return the terms that folded words in a row can have in the index, one tuple per language."""
        listed = list(phrase)
        by_language = (
            tuple(term for word in listed if (term := analyzer.of_word(word))) for analyzer in self.analyzers
        )
        return [terms for terms in dict.fromkeys(by_language) if terms]

    def beginning(self, text: str, prefix: str) -> set[str]:
        """Return the terms of a text that a prefix stands for.

        Those are the terms that begin with it and the prefix's own term: "exercise*" also means "exercis".
        """
        terms = {term for analyzer in self.analyzers for term in analyzer.terms(text)}
        return {term for term in terms if term.startswith(prefix)} | (terms & set(self.terms(prefix)))
