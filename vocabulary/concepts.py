"""A vocabulary of concepts with labels by language, and the positions at which a text mentions them.

Terms match whole words, longest term first; `words.py` says what makes no difference. An acronym matches only
in capitals, and only if the text also has one of its long forms: "MLS" alone is not McLeod syndrome.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from . import words as wording

__all__ = [
    "ANY", "PASSED_OVER", "Concept", "Mention", "Names", "Vocabulary", "is_acronym", "parse", "parse_names",
]  # fmt: skip

ANY = ""  # the language of names that count in every language
PASSED_OVER = "-"  # in a table of names: terms that hold the name of a concept and mean something else
_ACRONYM = re.compile(r"[A-Z][A-Z0-9]{1,5}s?")
_LONGEST_TERM = 14  # words, or characters of a script without spaces; chosen by hand


@dataclass(frozen=True, slots=True)
class Names:
    """What a concept is called in one language."""

    language: str  # ISO 639-1; ANY
    label: str  # preferred, for people
    synonyms: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Concept:
    """One thing a health article can be about."""

    id: str  # "mesh:D017116", "medlineplus:backpain"
    label: str  # preferred, for people
    synonyms: tuple[str, ...] = ()
    broader: tuple[str, ...] = ()  # ids of more general concepts
    frequency: float = 0.0  # share of the reference documents that mention it, 0 to 1
    language: str = "en"  # of label and synonyms; ANY
    # names of one word that everyday language uses for other things too ("speed"), folded
    everyday: frozenset[str] = frozenset()
    elsewhere: tuple[Names, ...] = ()  # names in other languages
    # the synonyms are folded, with the label among them, and none is another concept's: as parse() gives them
    is_folded: bool = False


@dataclass(frozen=True, slots=True)
class Mention:
    """One position at which a text mentions a concept."""

    concept: str  # its id
    start: int  # index of the first word in the text, from 0
    words: int  # length of the term
    everyday: bool = False  # by a word that may mean something else, and is not the concept's label
    doubtful: bool = False  # by a label of one such word


class Vocabulary:
    """Concepts by id and, for each language, by term.

    Its concepts never change, so it can be shared. The terms of a language are arranged on first use.
    """

    def __init__(
        self, concepts: Iterable[Concept], passed_over: Mapping[str, Sequence[str]] | None = None
    ) -> None:
        """Take concepts, and by language terms that are no concept's although they hold one's name."""
        self.concepts = {concept.id: concept for concept in concepts}
        self.passed_over = dict(passed_over or {})
        self._arranged: dict[str, _Terms] = {}

    def __len__(self) -> int:
        return len(self.concepts)

    def labelled(self, label: str) -> tuple[Concept, str] | None:
        """Return the concept with this preferred label in any language, and the language; English first."""
        if concept := self.named(label):
            return concept, "en"
        return self._labels.get(label.casefold())

    @cached_property
    def _labels(self) -> dict[str, tuple[Concept, str]]:
        """The preferred labels in all languages but English, without case, and those of heads."""
        found: dict[str, tuple[Concept, str]] = {}
        for concept in self.concepts.values():
            for names in concept.elsewhere:
                found.setdefault(names.label.casefold(), (concept, names.language))
            if concept.language != "en" or (concept.is_folded and not concept.synonyms):
                found.setdefault(concept.label.casefold(), (concept, concept.language))
        return found

    def names(self, concept: str, language: str | None) -> Names | None:
        """Return what a concept is called in a language; None if it has no name there."""
        return _names(self.concepts[concept], language or ANY)

    def named(self, text: str, language: str | None = "en") -> Concept | None:
        """Return the concept that has this text as its label or synonym in a language; None without one.

        The order of the words makes no difference if no name has them in this order.
        """
        concept = self._terms(language).named(text)
        return self.concepts[concept] if concept else None

    def mentions(self, text: str, language: str | None = "en") -> list[Mention]:
        """Return every mention in a text written in a language, in order; none if there are no names in it.

        Mentions of terms never overlap; the mention of an acronym may lie within that of a term.
        """
        return self._terms(language).mentions(text)

    def _terms(self, language: str | None) -> _Terms:
        wanted = language or ANY
        if wanted not in self._arranged:
            others = self.passed_over.get(wanted, ())
            self._arranged[wanted] = _Terms(self.concepts.values(), others, wanted)
        return self._arranged[wanted]


def _names(concept: Concept, language: str) -> Names | None:
    if concept.language == language:
        return Names(concept.language, concept.label, concept.synonyms)
    elsewhere = next((names for names in concept.elsewhere if names.language == language), None)
    return elsewhere or next(
        (
            names
            for names in (Names(concept.language, concept.label, concept.synonyms), *concept.elsewhere)
            if names.language == ANY
        ),
        None,
    )


_NONE = Concept("", "")
_Called = list[tuple[Concept, Names]]


def _sorted_out(concepts: Iterable[Concept], language: str) -> tuple[_Called, _Called, list[Concept]]:
    """Return the owner's names in a language, the shipped ones, and the concepts whose names are folded."""
    own: _Called = []
    shipped: _Called = []
    folded = []
    for concept in concepts:
        if concept.is_folded and concept.language == language:
            folded.append(concept)
        elif names := _names(concept, language):
            (shipped if concept.is_folded else own).append((concept, names))
    return own, shipped, folded


class _Terms:
    """The terms of all concepts in one language, those of no language included."""

    def __init__(self, concepts: Iterable[Concept], passed_over: Sequence[str], language: str) -> None:
        self._language = language
        # folded words joined by spaces -> concept id, "" for a term passed over. The first concept keeps
        # a term: the owner's before the shipped, labels before synonyms.
        self._terms: dict[str, str] = {}
        self._acronyms: dict[str, str] = {}
        self._longest: dict[str, int] = {}  # first word -> words in the longest term that starts with it
        self._everyday: set[str] = set()
        self._doubtful: set[str] = set()
        # for a stem: the names of one word that have it, bare, and their concepts
        self._names: dict[str, dict[str, str]] = {}
        own, shipped, folded = _sorted_out(concepts, language)
        self._add_all(own)
        self._add_all(shipped)
        for concept in folded:
            for term in concept.synonyms:
                self._put(term, concept)
        for term in passed_over:
            self._put(wording.key(term, language), _NONE)

    def _add_all(self, called: Sequence[tuple[Concept, Names]]) -> None:
        for concept, names in called:
            self._add(names.label, concept)
        for concept, names in called:
            for synonym in names.synonyms:
                self._add(synonym, concept)

    @cached_property
    def _any_order(self) -> dict[str, str]:
        return {_sorted(term): id_ for term, id_ in reversed(self._terms.items())}

    def _add(self, term: str, concept: Concept) -> None:
        words = wording.folded(raw := wording.split(term), self._language)
        self._put(term if is_acronym(term) else " ".join(words), concept)
        if len(words) == 1 and not is_acronym(term) and wording.is_inflected(self._language):
            self._names.setdefault(words[0], {}).setdefault(wording.bare(raw[0]), concept.id)

    def _put(self, term: str, concept: Concept) -> None:
        if term[:1].isupper():
            self._acronyms.setdefault(term.rstrip("s"), concept.id)
            return
        first, length = term.split(" ", 1)[0], term.count(" ") + 1
        if first and length <= _LONGEST_TERM:
            if self._terms.setdefault(term, concept.id) == concept.id and term in concept.everyday:
                self._everyday.add(term)
                if term == wording.key(concept.label, self._language):
                    self._doubtful.add(term)
            if length > self._longest.get(first, 0):
                self._longest[first] = length

    def named(self, text: str) -> str | None:
        key = wording.key(text, self._language)
        return self._terms.get(key) or self._any_order.get(_sorted(key)) or self._acronyms.get(text.strip())

    def mentions(self, text: str) -> list[Mention]:
        if not self._longest:
            return []
        raw = wording.split(text)
        mentions = list(self._found(wording.folded(raw, self._language), raw))
        spelled_out = {mention.concept for mention in mentions}
        for index, word in enumerate(raw):
            concept = self._acronyms.get(word.rstrip("s")) if len(word) > 1 and word[:2].isupper() else None
            if concept in spelled_out:
                mentions.append(Mention(concept, index, 1))
        return sorted(mentions, key=lambda mention: mention.start)

    def _found(self, words: list[str], raw: list[str]) -> Iterator[Mention]:
        begins = [place for place, word in enumerate(words) if word in self._longest]
        end = 0
        for start in begins:
            if start < end:
                continue
            length = min(self._longest[words[start]], len(words) - start)
            while length and " ".join(words[start : start + length]) not in self._terms:
                length -= 1
            term = " ".join(words[start : start + length])
            concept = self._terms.get(term)
            if length == 1 and term in self._names:
                concept = self._form(term, raw[start])
            if concept:
                doubtful = term in self._doubtful
                yield Mention(concept, start, length, term in self._everyday and not doubtful, doubtful)
            end = start + length

    def _form(self, stem: str, word: str) -> str | None:
        """Return the concept of which a word is a name, of those that have its stem."""
        bare = wording.bare(word)
        names = [name for name in self._names[stem] if wording.is_form(bare, name)]
        return self._names[stem][max(names, key=len)] if names else None


def is_acronym(term: str) -> bool:
    """Whether a term matches only as written, in capitals."""
    return _ACRONYM.fullmatch(term) is not None


def _sorted(key: str) -> str:
    return " ".join(sorted(key.split()))


def parse(table: str) -> list[Concept]:
    """Read a tab-separated table with the columns id, label, terms, broader, frequency and everyday.

    The terms are folded English names, the label's among them, and acronyms in capitals; they, the broader
    concepts and the everyday terms are separated by "|". ValueError names the row that does not fit.
    """
    concepts = []
    for number, row in enumerate(_rows(table), 1):
        try:
            id_, label, terms, broader, frequency, everyday = row
            concepts.append(
                Concept(id_, label, _listed(terms), _listed(broader), float(frequency or 0), "en",
                        frozenset(_listed(everyday)), (), is_folded=True)
            )  # fmt: skip
        except ValueError as error:
            raise ValueError(
                f"concept {number}: needs id, label, terms, broader, frequency, everyday ({error})"
            ) from None
    return concepts


def parse_names(table: str, language: str) -> dict[str, Names]:
    """Read a tab-separated table with the columns id, label and synonyms: names in one language, by concept.

    The names under the id PASSED_OVER are no concept's.
    """
    return {row[0]: Names(language, row[1], _listed(row[2])) for row in _rows(table) if row[1]}


def _rows(table: str) -> Iterator[list[str]]:
    for line in table.split("\n"):
        if line and not line.startswith("#"):
            yield line.split("\t")


def _listed(field: str) -> tuple[str, ...]:
    return tuple(field.split("|")) if field else ()
