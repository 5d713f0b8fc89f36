"""Where terms occur in a text, for snippets and highlights."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from .analysis import Analyzer
from .folding import MARKS
from .words import APOSTROPHES, RAW, elided, is_spaceless, raw_words

__all__ = ["occurrences"]

# Letters that folding changes, and apostrophes, which it drops. Written as a negated class, because a range
# up to U+10FFFF takes 4 ms to compile.
_ODD = re.compile(r"[^\x00-&(-\x7f]")
_IN_WORD = re.compile(rf"[^\W_]|[{MARKS}]")
# Letters at the end of a term that a stemmer may have changed: "therapy" becomes "therapi", "dying" becomes
# "die" (docs/measurements.md, highlighting).
_STEMMED = 2
_FEWEST_JOINED = 2  # letters of a term that may be written apart
_BETWEEN = "[-‐‑ \u00a0\u202f]?"  # what may stand between two letters of a joined word
Place = tuple[int, int, str]  # start, end, term


def occurrences(text: str, terms: Iterable[str], analyzers: Sequence[Analyzer]) -> list[Place]:
    """Return (start, end, term) of every word that has one of the terms, in order; offsets in characters.

    A word counts if it has the term in the language of any of the analyzers. Of a script without spaces, the
    characters of the terms are marked, and of a joined word its parts. No two places overlap.
    """
    wanted = frozenset(terms)
    if "_" in text:
        text = text.replace("_", " ")
    found = {
        (start, end): term
        for analyzer in analyzers
        for start, end, term in _in_language(text, wanted, analyzer)
    }
    places = [(start, end, term) for (start, end), term in found.items()]
    seen = {term for _, _, term in places}
    for term in sorted(wanted - seen):
        places += _spaceless(text, term) if is_spaceless(term) else _apart(text, term)
    return _merged(sorted(places))


def _in_language(text: str, wanted: frozenset[str], analyzer: Analyzer) -> Iterator[Place]:
    for word in _likely(text, wanted) if analyzer.keeps_beginnings else raw_words(text):
        for term in analyzer.of_raw(word.group()):
            if term in wanted and not is_spaceless(term):
                yield word.start() + elided(word.group()), word.end(), term


def _spaceless(text: str, term: str) -> Iterator[Place]:
    start = text.find(term)
    while start >= 0:
        yield start, start + len(term), term
        start = text.find(term, start + 1)


def _apart(text: str, term: str) -> Iterator[Place]:
    """Yield where a term is written in two words, or with a hyphen: "x-ray" for "xray"."""
    if len(term) < _FEWEST_JOINED or not term.replace("_", "").isalnum():
        return
    spelled = _BETWEEN.join(map(re.escape, term)) if "_" not in term else re.escape(term).replace("_", " ")
    for match in re.finditer(rf"(?<!\w){spelled}", text, re.IGNORECASE):
        if not match.group().isalnum():
            word = RAW.match(text, match.end() - 1)
            yield match.start(), word.end() if word else match.end(), term


def _merged(places: Sequence[Place]) -> list[Place]:
    """Return places without overlaps; two that overlap become one, with the term of the first."""
    merged: list[Place] = []
    for start, end, term in places:
        if merged and start < merged[-1][1]:
            before = merged[-1]
            merged[-1] = (before[0], max(before[1], end), before[2])
        else:
            merged.append((start, end, term))
    return merged


def _likely(text: str, terms: Iterable[str]) -> Iterator[re.Match[str]]:
    """Yield the words of a text that may have one of the terms, in order."""
    return (word for start in sorted(_candidates(text, terms)) if (word := RAW.match(text, start)))


def _candidates(text: str, terms: Iterable[str]) -> set[int]:
    """Return the start offsets of the words that may have one of the terms.

    Those are the words that begin with the first letters of a term, which a stemmer keeps, and the words with
    letters that folding changes.
    """
    lowered = text.lower()
    if len(lowered) != len(text):  # "İ" becomes two characters, and offsets no longer agree
        return {match.start() for match in RAW.finditer(text)}
    starts = set(_odd_words(text))
    for begin in {term[: max(1, len(term) - _STEMMED)] for term in terms if not is_spaceless(term)}:
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
        if match.start() >= end and (match.group() in APOSTROPHES or _IN_WORD.match(match.group())):
            first = _first(text, match.start())
            word = RAW.match(text, first)
            end = word.end() if word else match.end()
            yield first


def _begins(text: str, offset: int) -> bool:
    """Whether a word begins at an offset."""
    before = text[offset - 1 : offset]
    if before in APOSTROPHES and before:
        before = text[offset - 2 : offset - 1]
    return not before.isalnum()


def _first(text: str, offset: int) -> int:
    """Return the start offset of the word that has a character at `offset`."""
    while offset and (
        _IN_WORD.match(text[offset - 1])
        or (text[offset - 1] in APOSTROPHES and text[offset - 2 : offset - 1].isalnum())
    ):
        offset -= 1
    return offset
