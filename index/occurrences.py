"""Where terms occur in a text: the places that snippets and highlights show."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from .analysis import WORD, Analyzer

__all__ = ["occurrences"]

# Letters that folding changes, and apostrophes, which it drops; by what they are not, for a range up to U+10FFFF takes 4 ms to compile.
_ODD = re.compile(r"[^\x00-&(-\x7f]")
_APOSTROPHES = "'’"
_STEMMED = 2  # letters at the end of a term that a stemmer may have changed: "therapy" is "therapi", "dying" is "die"


def occurrences(text: str, terms: Iterable[str], analyzers: Sequence[Analyzer]) -> list[tuple[int, int, str]]:
    """Return (start, end, term) of every place where one of the terms stands, in whatever language; offsets in characters."""
    wanted = frozenset(terms)
    first, *others = analyzers
    if not others:
        return list(_in_language(text, wanted, first))
    found = {(start, end): term for one in analyzers for start, end, term in _in_language(text, wanted, one)}
    return sorted((start, end, term) for (start, end), term in found.items())


def _in_language(text: str, wanted: frozenset[str], analyzer: Analyzer) -> Iterator[tuple[int, int, str]]:
    for word in _likely(text, wanted) if analyzer.keeps_beginnings else WORD.finditer(text):
        term = analyzer.term(word.group())
        if term in wanted:
            yield word.start(), word.end(), term


def _likely(text: str, terms: Iterable[str]) -> Iterator[re.Match[str]]:
    """Give the words of a text that may have one of the terms, in order."""
    return (word for start in sorted(_candidates(text, terms)) if (word := WORD.match(text, start)))


def _candidates(text: str, terms: Iterable[str]) -> set[int]:
    """Give where words begin that may have one of the terms: those with its first letters, as a stemmer keeps them, and those whose letters folding changes."""
    lowered = text.lower()
    if len(lowered) != len(text):  # "İ" becomes two
        return {match.start() for match in WORD.finditer(text)}
    found = set(_odd_words(text))
    for begin in {term[: max(1, len(term) - _STEMMED)] for term in terms}:
        place = lowered.find(begin)
        while place >= 0:
            if _begins(text, place):
                found.add(place)
            place = lowered.find(begin, place + 1)
    return found


def _odd_words(text: str) -> Iterator[int]:
    """Give where words begin that have letters which folding changes."""
    end = 0
    for match in _ODD.finditer(text):
        if match.start() >= end and (match.group() in _APOSTROPHES or match.group().isalnum()):
            first = _first(text, match.start())
            word = WORD.match(text, first)
            end = word.end() if word else match.end()
            yield first


def _begins(text: str, place: int) -> bool:
    """Tell whether a word begins here."""
    before = text[place - 1 : place]
    if before in _APOSTROPHES and before:
        before = text[place - 2 : place - 1]
    return not before.isalnum()


def _first(text: str, place: int) -> int:
    """Give where the word begins that has a character here."""
    while place and (
        text[place - 1].isalnum()
        or (text[place - 1] in _APOSTROPHES and text[place - 2 : place - 1].isalnum())
    ):
        place -= 1
    return place
