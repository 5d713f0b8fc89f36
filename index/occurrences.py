"""Where terms occur in a text, for snippets and highlights."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from .analysis import WORD, Analyzer

__all__ = ["occurrences"]

# Letters that folding changes, and apostrophes, which it drops. Written as a negated class, because a range
# up to U+10FFFF takes 4 ms to compile.
_ODD = re.compile(r"[^\x00-&(-\x7f]")
_APOSTROPHES = "'’"
# Letters at the end of a term that a stemmer may have changed: "therapy" becomes "therapi", "dying" becomes
# "die" (docs/measurements.md, highlighting).
_STEMMED = 2


def occurrences(text: str, terms: Iterable[str], analyzers: Sequence[Analyzer]) -> list[tuple[int, int, str]]:
    """Return (start, end, term) of every word that has one of the terms, in order; offsets in characters.

    A word counts if it has the term in the language of any of the analyzers.
    """
    wanted = frozenset(terms)
    first, *others = analyzers
    if not others:
        return list(_in_language(text, wanted, first))
    term_at = {
        (start, end): term
        for analyzer in analyzers
        for start, end, term in _in_language(text, wanted, analyzer)
    }
    return sorted((start, end, term) for (start, end), term in term_at.items())


def _in_language(text: str, wanted: frozenset[str], analyzer: Analyzer) -> Iterator[tuple[int, int, str]]:
    for word in _likely(text, wanted) if analyzer.keeps_beginnings else WORD.finditer(text):
        term = analyzer.term(word.group())
        if term in wanted:
            yield word.start(), word.end(), term


def _likely(text: str, terms: Iterable[str]) -> Iterator[re.Match[str]]:
    """Yield the words of a text that may have one of the terms, in order."""
    return (word for start in sorted(_candidates(text, terms)) if (word := WORD.match(text, start)))


def _candidates(text: str, terms: Iterable[str]) -> set[int]:
    """Return the start offsets of the words that may have one of the terms.

    Those are the words that begin with the first letters of a term, which a stemmer keeps, and the words with
    letters that folding changes.
    """
    lowered = text.lower()
    if len(lowered) != len(text):  # "İ" becomes two characters, and offsets no longer agree
        return {match.start() for match in WORD.finditer(text)}
    starts = set(_odd_words(text))
    for begin in {term[: max(1, len(term) - _STEMMED)] for term in terms}:
        start = lowered.find(begin)
        while start >= 0:
            if _begins(text, start):
                starts.add(start)
            start = lowered.find(begin, start + 1)
    return starts


def _odd_words(text: str) -> Iterator[int]:
    """Yield the start offsets of the words with letters that folding changes."""
    end = 0
    for match in _ODD.finditer(text):
        if match.start() >= end and (match.group() in _APOSTROPHES or match.group().isalnum()):
            first = _first(text, match.start())
            word = WORD.match(text, first)
            end = word.end() if word else match.end()
            yield first


def _begins(text: str, offset: int) -> bool:
    """Whether a word begins at an offset."""
    before = text[offset - 1 : offset]
    if before in _APOSTROPHES and before:
        before = text[offset - 2 : offset - 1]
    return not before.isalnum()


def _first(text: str, offset: int) -> int:
    """Return the start offset of the word that has a character at `offset`."""
    while offset and (
        text[offset - 1].isalnum()
        or (text[offset - 1] in _APOSTROPHES and text[offset - 2 : offset - 1].isalnum())
    ):
        offset -= 1
    return offset
