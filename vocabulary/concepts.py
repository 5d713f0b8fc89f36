"""A vocabulary of concepts, and the positions at which a text mentions them.

Terms match whole words, longest term first. Case, a plural s and Roman numerals after "type" make no
difference. An acronym matches only in capitals, and only if the text also has one of its long forms: "MLS"
alone is not McLeod syndrome.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

__all__ = ["Concept", "Mention", "Vocabulary", "parse"]

_WORD = re.compile(r"[^\W_]+(?:['’][^\W\d_]+)?")
_ACRONYM = re.compile(r"[A-Z][A-Z0-9]{1,5}s?")
_LONGEST_TERM = 7  # words, as many as the longest synonym that benchmarks/vocabulary/build.py keeps
_NUMERALS = {
    "i": "1",
    "ii": "2",
    "iii": "3",
    "iv": "4",
    "v": "5",
    "vi": "6",
    "vii": "7",
    "viii": "8",
    "ix": "9",
    "x": "10",
}


@dataclass(frozen=True, slots=True)
class Concept:
    """One thing a health article can be about."""

    id: str  # "mesh:D017116", "medlineplus:backpain"
    label: str  # preferred, for people
    synonyms: tuple[str, ...] = ()
    broader: tuple[str, ...] = ()  # ids of more general concepts
    frequency: float = 0.0  # share of the reference documents that mention it, 0 to 1


@dataclass(frozen=True, slots=True)
class Mention:
    """One position at which a text mentions a concept."""

    concept: str  # its id
    start: int  # index of the first word in the text, from 0
    words: int  # length of the term


class Vocabulary:
    """Concepts by id and by term. Immutable after construction, so it can be shared."""

    def __init__(self, concepts: Iterable[Concept]) -> None:
        self.concepts = {concept.id: concept for concept in concepts}
        # folded words joined by spaces -> concept id; the first concept keeps a term
        self._terms: dict[str, str] = {}
        self._acronyms: dict[str, str] = {}
        self._longest: dict[str, int] = {}  # first word -> words in the longest term that starts with it
        for concept in self.concepts.values():
            self._add(concept.label, concept.id)
        for concept in self.concepts.values():
            for synonym in concept.synonyms:
                self._add(synonym, concept.id)

    def _add(self, term: str, concept: str) -> None:
        if _ACRONYM.fullmatch(term):
            self._acronyms.setdefault(term.rstrip("s"), concept)
            return
        words = _folded_words(term)
        if 0 < len(words) <= _LONGEST_TERM:
            self._terms.setdefault(" ".join(words), concept)
            self._longest[words[0]] = max(self._longest.get(words[0], 0), len(words))

    def __len__(self) -> int:
        return len(self.concepts)

    def named(self, text: str) -> Concept | None:
        """Return the concept that has this text as its label or synonym; None if there is none."""
        concept = self._terms.get(" ".join(_folded_words(text)))
        return self.concepts[concept] if concept else None

    def mentions(self, text: str) -> list[Mention]:
        """Return every mention in a text, in order.

        Mentions of terms never overlap; the mention of an acronym may lie within that of a term.
        """
        raw = _WORD.findall(text)
        words = _folded(raw)
        mentions = list(self._terms_in(words))
        spelled_out = {mention.concept for mention in mentions}
        for index, word in enumerate(raw):
            concept = self._acronyms.get(word.rstrip("s")) if len(word) > 1 and word[:2].isupper() else None
            if concept in spelled_out:
                mentions.append(Mention(concept, index, 1))
        return sorted(mentions, key=lambda mention: mention.start)

    def _terms_in(self, words: list[str]) -> Iterator[Mention]:
        start = 0
        while start < len(words):
            length = min(self._longest.get(words[start], 0), len(words) - start)
            while length and " ".join(words[start : start + length]) not in self._terms:
                length -= 1
            if length:
                yield Mention(self._terms[" ".join(words[start : start + length])], start, length)
            start += length or 1


def _folded_words(text: str) -> list[str]:
    return _folded(_WORD.findall(text))


def _folded(words: list[str]) -> list[str]:
    """Fold every word; "type II" and "type 2" become the same."""
    folded = [_fold(word) for word in words]
    return [
        _NUMERALS.get(word, word) if index and folded[index - 1] == "type" else word
        for index, word in enumerate(folded)
    ]


def _fold(word: str) -> str:
    """Fold case, possessive and plural: "Exercises" becomes "exercise", "therapies" becomes "therapy"."""
    word = word.casefold().replace("’", "'").removesuffix("'s")
    if len(word) > 4 and word.endswith("ies"):
        return word[:-3] + "y"
    if len(word) > 3 and word.endswith("s") and not word.endswith(("ss", "us", "is")):
        return word[:-1]
    return word


def parse(table: str) -> Vocabulary:
    """Read a tab-separated table with the columns id, label, synonyms, broader and frequency.

    Synonyms and broader concepts are separated by "|". ValueError names the row that does not fit.
    """
    concepts = []
    for number, row in enumerate(csv.reader(io.StringIO(table), delimiter="\t", quoting=csv.QUOTE_NONE), 1):
        if not row or row[0].startswith("#"):
            continue
        try:
            id_, label, synonyms, broader, frequency = row
            concepts.append(Concept(id_, label, _listed(synonyms), _listed(broader), float(frequency or 0)))
        except ValueError as error:
            raise ValueError(
                f"row {number}: needs id, label, synonyms, broader, frequency ({error})"
            ) from None
    return Vocabulary(concepts)


def _listed(field: str) -> tuple[str, ...]:
    return tuple(part for part in field.split("|") if part)
