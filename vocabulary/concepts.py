"""A vocabulary of concepts, and the places where a text mentions them.

Terms are matched as whole words, longest first, blind to case, to a plural s and to Roman numbers of types. An acronym matches only in capitals,
and only where the text also has one of its long forms: "MLS" alone is no McLeod syndrome.
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
_LONGEST_TERM = 7  # words
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
    """One place where a text mentions a concept."""

    concept: str  # its id
    start: int  # index of the first word in the text, from 0
    words: int  # length of the term


class Vocabulary:
    """Concepts by id and by term. Immutable after construction; hand it around."""

    def __init__(self, concepts: Iterable[Concept]) -> None:
        self.concepts = {concept.id: concept for concept in concepts}
        self._terms: dict[
            str, str
        ] = {}  # folded words joined by spaces -> concept id; the first concept keeps a term
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
        """Find the concept whose label or synonym this text is."""
        concept = self._terms.get(" ".join(_folded_words(text)))
        return self.concepts[concept] if concept else None

    def mentions(self, text: str) -> list[Mention]:
        """Find every mention in a text, in order; mentions never overlap."""
        raw = _WORD.findall(text)
        words = _folded(raw)
        found = list(self._terms_in(words))
        spelled_out = {mention.concept for mention in found}
        for place, word in enumerate(raw):
            concept = self._acronyms.get(word.rstrip("s")) if len(word) > 1 and word[:2].isupper() else None
            if concept in spelled_out:
                found.append(Mention(concept, place, 1))
        return sorted(found, key=lambda mention: mention.start)

    def _terms_in(self, words: list[str]) -> Iterator[Mention]:
        place = 0
        while place < len(words):
            length = min(self._longest.get(words[place], 0), len(words) - place)
            while length and " ".join(words[place : place + length]) not in self._terms:
                length -= 1
            if length:
                yield Mention(self._terms[" ".join(words[place : place + length])], place, length)
            place += length or 1


def _folded_words(text: str) -> list[str]:
    return _folded(_WORD.findall(text))


def _folded(words: list[str]) -> list[str]:
    """Fold every word; "type II" and "type 2" are one."""
    folded = [_fold(word) for word in words]
    return [
        _NUMERALS.get(word, word) if place and folded[place - 1] == "type" else word
        for place, word in enumerate(folded)
    ]


def _fold(word: str) -> str:
    """Fold case, possessive and plural: "Exercises" and "exercise", "therapies" and "therapy" are one word."""
    word = word.casefold().replace("’", "'").removesuffix("'s")
    if len(word) > 4 and word.endswith("ies"):
        return word[:-3] + "y"
    if len(word) > 3 and word.endswith("s") and not word.endswith(("ss", "us", "is")):
        return word[:-1]
    return word


def parse(table: str) -> Vocabulary:
    """Read a tab-separated table: id, label, synonyms and broader (separated by "|"), frequency.

    ValueError names the row that does not fit.
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
