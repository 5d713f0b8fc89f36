"""The steps of every search, whatever the engine: understand the query, get one page, group near-duplicates.

An engine implements `Source`; queries, notices for people and results are the same for all engines.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Protocol

from .cursor import Position, write
from .engine import Facet, Hit, Results
from .near_duplicates import without_near_duplicates
from .query import Query
from .wording import completed, named, named_in_phrase, pruned, rejoined, relaxed, widened

__all__ = ["Names", "Page", "Source", "answer", "understood"]

Names = Callable[[str], Iterable[Sequence[str]]]  # a word -> the names that mean the same, each word by word


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """One page of the results of an engine."""

    total: int  # articles that match, exact
    hits: Iterable[Hit]  # in order
    end: Position | None  # position of the last result; None if no more follow
    facets: Mapping[str, tuple[Facet, ...]] = field(default_factory=dict)


class Source(Protocol):
    """An index that knows which words it contains and can return one page of results."""

    @property
    def languages(self) -> Collection[str]:
        """The languages of its articles, as ISO 639-1 codes."""

    @property
    def documents(self) -> int:
        """The number of its articles."""

    def frequency(self, word: str) -> int:
        """Count the articles that contain a folded word; 0 for a stop word."""

    def has_word(self, word: str) -> bool:
        """Whether any article contains a folded word; true for a stop word."""

    def has_beginning(self, prefix: str) -> bool:
        """Whether a word of any article begins with this prefix."""

    def has_phrase(self, phrase: Sequence[str]) -> bool:
        """Whether any article contains these words in a row; true if all of them are stop words."""

    def page(self, query: Query, *, facets: bool) -> Page:
        """Return the page of results that a query asks for."""


def understood(query: Query, source: Source, names: Names) -> tuple[Query, tuple[str, ...]]:
    """Return the query to search for, and notices for people: the steps of `wording.py`.

    A phrase that no article has is replaced by its words. A word that no article has gets synonyms added.
    """
    languages, typed = source.languages, query.words
    query = pruned(query, languages, source.has_word)
    also = tuple(filter(source.has_word, named(typed, query.words)))
    quoted = (name for phrase in query.phrases for name in named_in_phrase(phrase) if source.has_word(name))
    query = replace(query, required=(*query.required, *quoted))
    query = completed(query, source.has_word, source.has_beginning)
    query, phrases = relaxed(query, source.has_phrase, languages)
    query = rejoined(query, typed, languages, source.frequency, source.documents)
    query, words = widened(query, source.has_word, names)
    return replace(query, words=(*query.words, *also)) if also else query, phrases + words


def answer(query: Query, source: Source, names: Names, *, facets: bool = False) -> Results:
    """Return one page of results, without near-duplicates of its hits."""
    query, notices = understood(query, source, names)
    page = source.page(query, facets=facets)
    cursor = write(page.end) if page.end else None
    return Results(page.total, without_near_duplicates(page.hits), cursor, dict(page.facets), notices, query)
